"""The mail sink keeps every mail, also through a restart, and shows it without running anything in it."""

from __future__ import annotations

import smtplib
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from launch import places
from launch.child import Child
from launch.mailsink import Mailbox
from launch.stack import http_get

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[int, int, Child]]:
    smtp = places.free_port()
    page = places.free_port(avoid={smtp})
    command = [sys.executable, "-m", "launch.mailsink", "--smtp-port", str(smtp)]
    command += ["--page-port", str(page), "--folder", str(tmp_path / "mail")]
    child = Child(
        "mail",
        command,
        log=tmp_path / "mail.log",
        cwd=ROOT,
        ready=lambda: http_get(page, "/api/mails")[0] == 200,
    )
    child.start()
    child.wait_ready()
    yield smtp, page, child
    child.stop()


def send(port: int, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"] = "Rechallenge <rechallenge@example.org>"
    message["To"] = "nurse.north@example.org"
    message["Subject"] = subject
    message["Message-ID"] = "<reminder-1@example.org>"
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as line:
        line.send_message(message)


def test_a_mail_can_be_read_in_the_browser_and_survives_a_restart(
    sink: tuple[int, int, Child],
) -> None:
    smtp, page, child = sink
    assert "No mail yet" in http_get(page, "/")[1]
    send(smtp, "A check is due: 3 März", "Liver tests are due.\n<script>alert(1)</script>")
    for _ in range(2):
        assert "A check is due: 3 März" in http_get(page, "/")[1]
        shown = http_get(page, "/mails/1")[1]
        assert "Liver tests are due." in shown
        assert "&lt;script&gt;" in shown
        assert "<script>" not in shown
        listed = http_get(page, "/api/mails")[1]
        assert '"message_id": "<reminder-1@example.org>"' in listed
        assert '"to": "nurse.north@example.org"' in listed
        child.stop()
        child.start()
        child.wait_ready()
    send(smtp, "Second", "Again.")
    assert "2 mails" in http_get(page, "/")[1]


def test_what_is_not_there_is_said(sink: tuple[int, int, Child]) -> None:
    _, page, _ = sink
    assert http_get(page, "/mails/9")[0] == 404
    assert http_get(page, "/other")[0] == 404


def test_mails_are_numbered_on_after_the_last(tmp_path: Path) -> None:
    first = Mailbox(tmp_path)
    assert [first.keep(b"Subject: a\r\n\r\n"), first.keep(b"Subject: b\r\n\r\n")] == [1, 2]
    assert Mailbox(tmp_path).keep(b"Subject: c\r\n\r\n") == 3
    assert [mail["subject"] for mail in Mailbox(tmp_path).newest(2)] == ["c", "b"]
