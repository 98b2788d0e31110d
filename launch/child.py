"""One process that the launcher started: it has a log, a process group, and a way to end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launch.refusal import Refusal, full_disk

TETHER = Path(__file__).with_name("tether.py")
LOG_LIMIT = 10 * 1024 * 1024


@dataclass
class Child:
    """A process with its command, environment and log file.

    `ready` says whether it serves yet. `stop_signal` asks it to end in good order; after `patience`
    seconds its whole process group is killed.
    """

    name: str
    command: list[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path = Path("/")
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """The process id, which is its process group too."""
        if self.process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self.process.pid

    def start(self) -> None:
        """Start the process; its output is appended to the log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        tether = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid())]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*tether, str(int(self.stop_signal)), self.user or "", *self.command],
                env=dict(self.env),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self, seconds: float = 60.0) -> None:
        """Wait until the process serves; refuse, with the end of its log, when it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive:
                break
            if self.ready():
                return
            time.sleep(0.05)
        state = "does not answer" if self.alive else "ended at once"
        end = self.log_end()
        raise Refusal(f"{full_disk(end)}{self.name} {state}. The end of {self.log}:\n{end}")

    def log_end(self, lines: int = 12) -> str:
        """Return the last lines of the log, indented."""
        if not self.log.exists():
            return "    (empty)"
        text = self.log.read_bytes()[-8000:].decode(errors="replace")
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        """Send the signal that ends the process in good order."""
        if self.alive:
            os.kill(self.pid, self.stop_signal)

    def stop(self) -> None:
        """End the process: in good order, or by force with all it started."""
        if self.process is None:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        # The group may outlive its leader: gunicorn's workers, a pool's children.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def kill(self) -> None:
        """Kill the process as a crash would: no warning, its group included."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
