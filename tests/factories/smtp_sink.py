"""A mail server for fault tests: a process of its own that appends each accepted Message-ID to a file.

`python -m tests.factories.smtp_sink PORT FILE`. A line is written before the server says 250: what was
accepted is on disk, whatever happens to the sender.
"""

from __future__ import annotations

import email
import signal
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Handler:
    """Keeps the Message-ID and drops the mail."""

    def __init__(self, path: Path) -> None:
        self.log = path.open("a", buffering=1)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Accept every mail."""
        message = email.message_from_bytes(envelope.content)
        self.log.write(f"{message['Message-ID']}\n")
        return "250 OK"


if __name__ == "__main__":
    controller = Controller(Handler(Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    signal.sigwait([signal.SIGTERM, signal.SIGINT])
    controller.stop()
