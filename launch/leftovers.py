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


def end_leftover(pid: int, belongs: str, how: signal.Signals, seconds: float = 20.0) -> bool:
    """End process `pid` if its command line names `belongs`; say whether there was one.

    A process id alone proves nothing, since ids are used again: the command line must name our folder.
    """
    if pid <= 1 or belongs not in command_line(pid):
        return False
    deadline = time.monotonic() + seconds
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            if belongs not in command_line(pid):
                return True
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
    return True


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


def end_leftovers(data_dir: Path) -> None:
    """End the recorded processes of a start that was killed, if they still run the same command."""
    try:
        found = json.loads((data_dir / "children.json").read_text())
    except (OSError, ValueError):
        return
    for entry in reversed(found):
        end_leftover(entry["pid"], entry["command"], signal.SIGTERM)
