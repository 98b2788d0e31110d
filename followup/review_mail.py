"""The mail by which a curator hears that guidance is to be read again: numbers and codes of statements alone."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.reminding import SOON, Named
from followup.mail import domain


def compose(address: str, message_id: str, told: Named) -> EmailMessage:
    """Return the plain-text mail."""
    number = len(told.passed) + len(told.soon)
    subject = ngettext(
        "%(n)s statement of the guidance is to be read again",
        "%(n)s statements of the guidance are to be read again",
        number,
    ) % {"n": number}
    lines = [subject, ""]
    if told.passed:
        words = _("The day of review has come (%(n)s): %(codes)s")
        lines.append(words % {"n": len(told.passed), "codes": ", ".join(told.passed)})
    if told.soon:
        words = _("It comes within %(days)s days (%(n)s): %(codes)s")
        numbers = {"days": SOON.days, "n": len(told.soon), "codes": ", ".join(told.soon)}
        lines.append(words % numbers)
    link = settings.BASE_URL + reverse("admin:evidence_statementversion_changelist") + "?review=60"
    lines += [
        "",
        _("The list, after signing in:"),
        link,
        "",
        _("This mail was sent by Rechallenge. It is about no patient; please do not reply."),
    ]
    return EmailMessage(
        subject=subject,
        body="\n".join(lines) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={
            "Message-ID": message_id,
            "List-Id": f"Rechallenge <reminders.{domain()}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
