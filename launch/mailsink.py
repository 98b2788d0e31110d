"""A mail server that delivers to nobody: keeps every mail as a file and shows it in the browser.

For demonstrations and tests, on the loopback interface only. `/` lists the mails, `/mails/N` shows one,
`/api/mails` gives all as JSON: `[{number, from, to, subject, message_id, received, text}]`.
"""

from __future__ import annotations

import argparse
import asyncio
import email
import email.policy
import email.utils
import html
import json
import signal
import threading
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

NEWEST_SHOWN = 200
STYLE = """
body{font:17px/1.5 system-ui,sans-serif;margin:0;background:#f3f6f6;color:#1b2b2f}
header{background:#14464f;color:#fff;padding:14px 24px}header a{color:#fff}
main{max-width:960px;margin:0 auto;padding:16px 24px}
table{width:100%;border-collapse:collapse;background:#fff}
th,td{text-align:left;padding:8px 12px;border-bottom:1px solid #cfd8d9;vertical-align:top}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#fff;padding:16px;border:1px solid #cfd8d9}
a{color:#0b5563}
"""


class Mailbox:
    """The mails of one folder, numbered from 1 in the order they came; safe for several threads."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.lock = threading.Lock()
        self.last = max((int(path.stem) for path in folder.glob("[0-9]*.eml")), default=0)

    def keep(self, content: bytes) -> int:
        """Write one mail and return its number; a mail is whole or not there."""
        with self.lock:
            number = self.last + 1
            half = self.folder / f"{number}.half"
            half.write_bytes(content)
            half.rename(self.folder / f"{number}.eml")
            self.last = number
            return number

    def read(self, number: int) -> dict[str, Any] | None:
        """Return one mail as a dictionary, or None."""
        try:
            content = (self.folder / f"{number}.eml").read_bytes()
        except FileNotFoundError:
            return None
        message = email.message_from_bytes(content, policy=email.policy.default)
        return {
            "number": number,
            "from": str(message.get("From", "")),
            "to": str(message.get("X-Envelope-To", message.get("To", ""))),
            "subject": str(message.get("Subject", "")),
            "message_id": str(message.get("Message-ID", "")).strip(),
            "received": str(message.get("X-Received-At", "")),
            "text": _text(message),
        }

    def newest(self, most: int | None = None) -> list[dict[str, Any]]:
        """Return the mails, newest first."""
        first = max(0, self.last - most) if most else 0
        found = (self.read(number) for number in range(self.last, first, -1))
        return [mail for mail in found if mail]


def _text(message: EmailMessage) -> str:
    """Return the readable part of a mail."""
    part = message.get_body(preferencelist=("plain", "html"))
    try:
        return str(part.get_content()).strip() if part else ""
    except (LookupError, UnicodeError):
        return "(This mail cannot be read as text.)"


class Receiver:
    """Takes mails from SMTP and keeps them."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one accepted mail; the name is aiosmtpd's."""
        received = email.utils.format_datetime(email.utils.localtime())
        head = f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\nX-Received-At: {received}\r\n"
        content = envelope.content or b""
        body = content if isinstance(content, bytes) else content.encode()
        number = await asyncio.to_thread(self.mailbox.keep, head.encode() + body)
        return f"250 kept as {number}"


class Page(BaseHTTPRequestHandler):
    """Shows the mailbox. Everything from a mail is escaped."""

    mailbox: Mailbox

    def do_GET(self) -> None:
        """Answer one request."""
        path = self.path.split("?")[0]
        if path == "/api/mails":
            self._send(200, json.dumps(self.mailbox.newest()), "application/json")
        elif path == "/":
            self._send(200, _list_page(self.mailbox))
        elif path.startswith("/mails/") and path[7:].isdigit():
            mail = self.mailbox.read(int(path[7:]))
            self._send(200, _mail_page(mail)) if mail else self._send(
                404, _page("No such mail", "")
            )
        else:
            self._send(404, _page("No such page", ""))

    def _send(self, status: int, body: str, kind: str = "text/html") -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f'<style>{STYLE}</style></head><body><header><a href="/">Mails of the demonstration</a></header>'
        f"<main><h1>{html.escape(title)}</h1>{body}</main></body></html>"
    )


def _list_page(mailbox: Mailbox) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(mail['received'])}</td><td>{html.escape(mail['to'])}</td>"
        f'<td><a href="/mails/{mail["number"]}">{html.escape(mail["subject"]) or "(no subject)"}</a></td></tr>'
        for mail in mailbox.newest(NEWEST_SHOWN)
    )
    if not rows:
        return _page(
            "No mail yet", "<p>What the demonstration sends appears here; reload to see it.</p>"
        )
    head = "<tr><th>Received</th><th>To</th><th>Subject</th></tr>"
    return _page(
        "Mails" if mailbox.last == 1 else f"{mailbox.last} mails",
        f"<p>Newest first. Nothing leaves this machine.</p><table>{head}{rows}</table>",
    )


def _mail_page(mail: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><th>{name}</th><td>{html.escape(mail[key])}</td></tr>"
        for name, key in (
            ("From", "from"),
            ("To", "to"),
            ("Received", "received"),
            ("Message-ID", "message_id"),
        )
    )
    return _page(
        mail["subject"] or "(no subject)",
        f"<table>{rows}</table><pre>{html.escape(mail['text'])}</pre>",
    )


def main() -> None:
    """Serve SMTP and the page until asked to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--page-port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    mailbox = Mailbox(options.folder)
    Page.mailbox = mailbox
    controller = Controller(Receiver(mailbox), hostname="127.0.0.1", port=options.smtp_port)
    controller.start()
    server = ThreadingHTTPServer(("127.0.0.1", options.page_port), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    server.shutdown()
    controller.stop(no_assert=True)


if __name__ == "__main__":
    # Blocked before any thread starts, so that only sigwait sees them.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
