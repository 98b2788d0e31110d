"""Checks an uploaded PDF in a process of its own, which has no database, no secret, and an end.

Whatever a file makes the parser do, the web's process waits for seconds and no longer.
`python -m cases.pdf_apart SECONDS BYTES < FILE` prints why the file is refused, or nothing.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from cases.pdf import REASONS, PdfRefused, check_pdf, check_quickly

# Seconds of computing, bytes of memory; and seconds by the clock, fewer than the web server gives a request.
MOST_SECONDS, MOST_MEMORY = 10, 1024**3
PATIENCE = 20
ROOT = Path(__file__).resolve().parent.parent


def check_apart(data: bytes) -> None:
    """Raise PdfRefused unless `data` is a PDF that may be kept, as `check_pdf` judges it."""
    check_quickly(data)
    command = [sys.executable, "-m", __name__, str(MOST_SECONDS), str(MOST_MEMORY)]
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            check=False,
            cwd=ROOT,
            env={},
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise PdfRefused("costly") from None
    said = done.stdout.decode(errors="replace")
    if done.returncode or said not in {"", *REASONS}:
        raise PdfRefused("costly")
    if said:
        raise PdfRefused(said)


def main(seconds: int, memory: int) -> None:
    """Judge what comes on standard input within these limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        check_pdf(sys.stdin.buffer.read())
    except PdfRefused as refused:
        sys.stdout.write(refused.reason)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
