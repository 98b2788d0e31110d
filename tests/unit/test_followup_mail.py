"""One SMTP line for a sweep: what is the server's fault and what is the mail's."""

from __future__ import annotations

import smtplib
from datetime import date

import pytest

from followup import mail
from followup.mail import Line, NotSent, ServerDown


class Backend:
    """A mail backend whose answers are given."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.opened = self.closed = 0

    def open(self):
        self.opened += 1

    def send_messages(self, messages):
        answer = self.answers.pop(0)
        if answer is not None:
            raise answer

    def close(self):
        self.closed += 1


def line_with(*answers):
    line = Line()
    line.backend = Backend(*answers)
    return line


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"no")}), "recipient_refused_550"),
        (smtplib.SMTPRecipientsRefused({}), "recipient_refused"),
        (smtplib.SMTPDataError(554, b"spam"), "refused_554"),
        (smtplib.SMTPServerDisconnected("gone"), "connection_broke"),
        (TimeoutError("slow"), "connection_broke"),
        (ValueError("header"), "not_a_mail"),
    ],
)
def test_a_refusal_becomes_a_code_without_an_address(error, code):
    with pytest.raises(NotSent) as refused:
        line_with(error).send(None)
    assert refused.value.code == code


def test_one_connection_serves_many_mails_and_is_opened_anew_after_it_broke():
    line = line_with(None, None, TimeoutError(), None)
    line.send(None)
    line.send(None)
    assert line.backend.opened == 1
    with pytest.raises(NotSent):
        line.send(None)
    line.send(None)
    assert line.backend.opened == 2
    line.close()


def test_three_broken_connections_in_a_row_mean_that_the_server_is_down():
    line = line_with(*[TimeoutError()] * 3)
    for _ in range(3):
        with pytest.raises(NotSent):
            line.send(None)
    with pytest.raises(ServerDown):
        line.send(None)


def test_a_connection_that_cannot_even_be_closed_is_dropped():
    line = line_with(None)

    def stuck():
        raise OSError

    line.backend.close = stuck
    line.close()
    assert not line.opened


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("due", "is due"),
        ("overdue", "is overdue"),
        ("escalation", "has not been done in time"),
        ("reassigned", "was passed on to you"),
    ],
)
def test_each_kind_says_what_it_is(kind, words):
    letter = mail.Letter(
        "a@example.org",
        kind,
        "RC-2026-0142",
        date(2026, 3, 3),
        "00000000-0000-4000-8000-000000000000",
        "<x@y>",
    )
    message = mail.compose(letter)
    assert words in message.subject and "RC-2026-0142" in message.subject
    assert "3 March 2026" in message.body
