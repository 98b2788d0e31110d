"""Ends what an earlier start left behind after it was killed, and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from launch.child import Child


def command_line(pid: int) -> str:
    """Return the command line of a process, empty when there is none."""
    proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    found = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout


def end_leftovers(found: Iterable[tuple[int, str]], how: signal.Signals, seconds: float) -> None:
    """End the processes of `found`, pairs of process id and a part of the command line.

    A process id alone proves nothing, since ids are used again: the command line must fit. Those that
    have not ended `seconds` after the signal are killed.
    """
    running = [(pid, part) for pid, part in found if pid > 1 and part in command_line(pid)]
    for pid, _ in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
    deadline = time.monotonic() + seconds
    while running and time.monotonic() < deadline:
        time.sleep(0.05)
        running = [(pid, part) for pid, part in running if part in command_line(pid)]
    for pid, _ in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def read_pid(path: Path) -> int:
    """Return the number in the first line of a file, or 0."""
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def record_children(data_dir: Path, children: Iterable[Child]) -> None:
    """Write down which processes run for `data_dir`, so that a later start can end them."""
    found = [{"pid": child.pid, "command": " ".join(child.command)} for child in children]
    half = data_dir / "children.half"
    half.write_text(json.dumps(found))
    half.rename(data_dir / "children.json")


def end_recorded(data_dir: Path, seconds: float = 5.0) -> None:
    """End the recorded processes of a start that was killed, if they still run the same command."""
    try:
        found = json.loads((data_dir / "children.json").read_text())
    except (OSError, ValueError):
        return
    pairs = [(entry["pid"], entry["command"]) for entry in found]
    end_leftovers(pairs, signal.SIGTERM, seconds)
