"""Sends the reminders that guidance is to be read again, over the line of the other mails.

A mail is claimed by its row's lock, marked, sent and committed: whoever is killed on the way leaves it to the next
sweep, which sends a copy under the same Message-ID at most.
"""

from __future__ import annotations

import structlog
from django.db import transaction
from django.db.models.functions import Now

from evidence.models import ReviewMail
from evidence.reminding import named, write_reminders
from evidence.review_mails import MailState
from followup import mail, review_mail
from followup.services.delivery import BACK_OFF_MINUTES, MOST_ATTEMPTS, UNREACHABLE, in_minutes

log = structlog.get_logger(__name__)
MOST_AT_ONCE = 500


def remind_of_reviews() -> int:
    """Write what is due and send what waits; return how many mails were handled. Safe to run at any time."""
    write_reminders()
    handled = 0
    with mail.Line() as line:
        while handled < MOST_AT_ONCE and _next(line):
            handled += 1
    return handled


def _next(line: mail.Line) -> bool:
    """Handle one mail in a transaction of its own; False when none is due."""
    with transaction.atomic():
        due = ReviewMail.objects.filter(state=MailState.PENDING, next_attempt_at__lte=Now())
        due = due.select_for_update(skip_locked=True).order_by("next_attempt_at", "id")
        row = due.first()
        if row is None:
            return False
        _handle(row, line)
    return True


def _handle(row: ReviewMail, line: mail.Line) -> None:
    """Mark first: an error of the database then comes before the mail, never after it."""
    held = ReviewMail.objects.filter(pk=row.pk)
    told = named(row)
    if not (told.passed or told.soon):
        held.update(state=MailState.CANCELLED)
        return
    held.update(state=MailState.SENT, sent_at=Now(), attempts=row.attempts + 1, last_error="")
    (address,) = held.values_list("recipient__email", flat=True)
    try:
        line.send(review_mail.compose(address, row.message_id(mail.domain()), told))
    except mail.ServerDown:
        # No attempt of the mail's own: it goes out once the server is back.
        _wait(row, row.attempts, 1, UNREACHABLE)
    except mail.NotSent as refusal:
        attempts = row.attempts + 1
        if attempts < MOST_ATTEMPTS:
            _wait(row, attempts, BACK_OFF_MINUTES[attempts - 1], refusal.code)
            return
        log.error("review_mail.failed", mail=row.pk, error=refusal.code)
        code = refusal.code[:40]
        held.update(state=MailState.FAILED, sent_at=None, attempts=attempts, last_error=code)


def _wait(row: ReviewMail, attempts: int, minutes: int, code: str) -> None:
    ReviewMail.objects.filter(pk=row.pk).update(
        state=MailState.PENDING,
        sent_at=None,
        attempts=attempts,
        next_attempt_at=in_minutes(minutes),
        last_error=code[:40],
    )
