"""The demonstration: starts everything, says where it is, and keeps it running until Ctrl-C."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from launch.refusal import Refusal, in_words
from launch.stack import ROOT, Stack

DEFAULT_PORT = "8000"
MAILBOX_PORT = 8025
PASSWORD = "demo-only-password"  # noqa: S105 - printed on the screen; accepted by demonstrations only
ROLE_NAMES = {
    "member": "Referring member",
    "chair": "Chair",
    "coordinator": "Coordinator",
    "nurse": "Monitoring nurse",
    "curator": "Curator",
    "registry": "Registry lead",
    "administrator": "Administrator",
}


class Stop(BaseException):
    """Raised in the main thread when the person or the system asks to end."""


def chosen_port() -> int:
    """Return the port of the environment, refusing what is no number."""
    value = os.environ.get("PORT") or DEFAULT_PORT
    if not value.isdigit():
        raise Refusal(f"PORT is {value!r}: give a number, such as PORT=8123 make demo.")
    return int(value)


def sign_ins(accounts: Path) -> str:
    """Return the demonstration's accounts as lines, by board and role."""
    if not accounts.exists():
        return ""
    rows = json.loads(accounts.read_text())
    lines = []
    for board, members in itertools.groupby(rows, key=lambda row: row.get("board", "")):
        lines.append(f"  {board}")
        for row in members:
            role = ROLE_NAMES.get(row["role"], row["role"])
            lines.append(f"    {role:<18}{row['email']:<38}{row['name']}")
    return "\n".join(lines)


def banner(stack: Stack) -> str:
    """Return what the person needs to know once everything runs."""
    return (
        f"\nRechallenge is ready:  {stack.url}\n"
        f"Its mails:             {stack.mail_url}\n\n"
        f"Sign in with the password {PASSWORD} as one of\n"
        f"{sign_ins(ROOT / 'demo' / 'accounts.json')}\n\n"
        f"Data and logs are kept in {stack.data_dir}. Ctrl-C ends everything."
    )


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)


def _ask_to_end(number: int, frame: FrameType | None) -> None:
    # Only the first request counts: the orderly end must not be cut short by a second.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise Stop


def main(arguments: list[str]) -> int:
    """Run the demonstration; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=ROOT / "var", help="folder of the data and logs"
    )
    data = parser.parse_args(arguments).data
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _ask_to_end)
    stack: Stack | None = None
    try:
        stack = Stack(data, chosen_port(), demo=True, mail_page_port=MAILBOX_PORT, say=say)
        stack.start()
        stack.wait_ready()
        say(banner(stack))
        stack.watch()
    except Stop:
        say("\nEnding ...")
    except Refusal as refusal:
        say(f"\n{refusal}")
        return 1
    except OSError as fault:
        say(f"\n{in_words(fault)}")
        return 1
    finally:
        if stack is not None:
            stack.stop()
    say("Everything has ended; the data are kept.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
