"""The reminder's mail, and one SMTP connection over which a whole sweep goes out.

A mail holds the case's reference, the kind and the day, and a link: no name, no organ, no drug. What else
there is to know stands behind the sign-in.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils.translation import gettext as _

from followup.vocabulary import ReminderKind
from ui.formatting import date as shown_date


@dataclass(frozen=True)
class Letter:
    """What a reminder's mail is made of."""

    address: str
    kind: str
    reference: str
    due_on: date
    check_public_id: str
    message_id: str


def domain() -> str:
    """Return the domain of the sender, for Message-ID and List-Id."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def compose(letter: Letter) -> EmailMessage:
    """Return the plain-text mail of a reminder."""
    subject = {
        ReminderKind.DUE: _("A safety check is due: case %(reference)s"),
        ReminderKind.OVERDUE: _("A safety check is overdue: case %(reference)s"),
        ReminderKind.ESCALATION: _("A safety check has not been done in time: case %(reference)s"),
        ReminderKind.REASSIGNED: _("A safety check was passed on to you: case %(reference)s"),
    }[ReminderKind(letter.kind)] % {"reference": letter.reference}
    link = settings.BASE_URL + reverse("followup:check", args=[letter.check_public_id])
    lines = [
        subject,
        _("Due on %(date)s.") % {"date": shown_date(letter.due_on)},
        "",
        _("Open it, after signing in:"),
        link,
        "",
        _(
            "This mail was sent by Rechallenge. It holds nothing about the patient; please do not reply."
        ),
    ]
    return EmailMessage(
        subject=subject,
        body="\n".join(lines) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.address],
        headers={
            "Message-ID": letter.message_id,
            "List-Id": f"Rechallenge <reminders.{domain()}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


class ServerDown(Exception):
    """The mail server takes no connection: no fault of the mail at hand."""


class NotSent(Exception):
    """This mail was not taken; `code` says why, without an address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# As many mails in a row that end the connection or time out mean that the server is unwell, not the mails.
BROKEN_IN_A_ROW = 3


class Line:
    """One SMTP connection, opened when first needed and used for every mail until it breaks."""

    def __init__(self) -> None:
        self.backend = get_connection()
        self.opened = False
        self.down = False
        self.broken_in_a_row = 0

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection, whatever state it is in."""
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException):
            self.backend = get_connection()
        self.opened = False

    def send(self, message: EmailMessage) -> None:
        """Hand over one mail. Raises ServerDown (once down, at once) or NotSent."""
        if self.down:
            raise ServerDown
        try:
            if not self.opened:
                self.backend.open()
                self.opened = True
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            self.down = True
            raise ServerDown from error
        try:
            self.backend.send_messages([message])
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            # SMTPException is an OSError too: what the server answered in words is told apart here.
            if isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                raise NotSent(_refusal(error)) from error
            self.close()
            self.broken_in_a_row += 1
            self.down = self.broken_in_a_row >= BROKEN_IN_A_ROW
            raise NotSent("connection_broke") from error
        except ValueError as error:  # an address or header that cannot be written
            raise NotSent("not_a_mail") from error
        self.broken_in_a_row = 0


def _refusal(error: Exception) -> str:
    """Return a short code of the server's refusal; its words may quote an address and are dropped."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted(code for code, _words in error.recipients.values())
        return f"recipient_refused_{codes[0]}" if codes else "recipient_refused"
    return f"refused_{getattr(error, 'smtp_code', 0)}"
