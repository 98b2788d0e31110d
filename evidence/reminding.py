"""Writes the reminders of review that are due, and says which of them are still needed when they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Membership
from audit.services import record
from evidence.models import ReviewMail, ReviewMailItem
from evidence.policies import check_curator
from evidence.review_mails import MailState
from evidence.selectors import due_for_review
from evidence.states import VersionState

if TYPE_CHECKING:
    from accounts.models import User

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Named:
    """What a mail tells: the codes of the statements whose day has passed, and of those whose day comes soon."""

    passed: tuple[str, ...] = ()
    soon: tuple[str, ...] = ()


def curators() -> list[int]:
    """Everybody who curates on a board that is in use and can sign in, by id: guidance is common to all boards."""
    rows = Membership.objects.holding("evidence.curate").filter(board__active=True)
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())


def write_reminders(today: date | None = None) -> int:
    """Write a mail to each curator about the published versions that are due within `SOON`; return how many.

    Safe to run any number of times, and at once: a version is named to a curator once for each day of review.
    """
    by = (today or timezone.localdate()) + SOON
    due: list[Any] = list(due_for_review(by=by).values_list("pk", "review_by"))
    return sum(_write(person, due) for person in curators()) if due else 0


def _write(person: int, due: list[tuple[int, date]]) -> bool:
    """Write one mail about what this curator was not yet told; two at once wait for each other at the unique key."""
    again = _put_back(person, due)
    held = ReviewMailItem.objects.filter(recipient_id=person)
    told = set(held.values_list("version_id", "review_by"))
    fresh = [pair for pair in due if pair not in told]
    if not fresh:
        return again
    with transaction.atomic():
        mail = ReviewMail.objects.create(recipient_id=person)
        items = [
            ReviewMailItem(mail=mail, version_id=version, recipient_id=person, review_by=day)
            for version, day in fresh
        ]
        ReviewMailItem.objects.bulk_create(items, ignore_conflicts=True)
        if not mail.items.exists():
            # Whoever was at it at the same moment told all of it.
            transaction.set_rollback(True)
            return again
    return True


def _put_back(person: int, due: list[tuple[int, date]]) -> bool:
    """Put back what was cancelled while this curator was none, and is due still: they were not told."""
    cancelled = ReviewMailItem.objects.filter(
        recipient_id=person, mail__state=MailState.CANCELLED, version__in=[pk for pk, _day in due]
    )
    told = cancelled.values_list("mail_id", "version_id", "review_by")
    mails = {mail for mail, version, day in told if (version, day) in set(due)}
    rows = ReviewMail.objects.filter(pk__in=mails, state=MailState.CANCELLED)
    return bool(rows.update(state=MailState.PENDING, attempts=0, next_attempt_at=Now()))


def named(mail: ReviewMail, today: date | None = None) -> Named:
    """What of a mail still holds: nothing once its versions were read again, or its curator curates no more."""
    if mail.recipient_id not in curators():
        return Named()
    today = today or timezone.localdate()
    rows = mail.items.filter(version__state=VersionState.PUBLISHED)
    rows = rows.order_by("version__statement__position", "version__statement__code")
    told = rows.values_list("version__statement__code", "review_by", "version__review_by")
    held = [(code, day) for code, day, stands in told if day == stands]
    return Named(
        passed=tuple(code for code, day in held if day <= today),
        soon=tuple(code for code, day in held if day > today),
    )


@transaction.atomic
def send_again(*, by: User, mail: ReviewMail) -> bool:
    """Put a failed mail back in the queue; False where it is not failed. Raises NotAllowed."""
    check_curator(by)
    failed = ReviewMail.objects.filter(pk=mail.pk, state=MailState.FAILED)
    again = failed.update(state=MailState.PENDING, attempts=0, next_attempt_at=Now(), last_error="")
    if again:
        record("reminder.retried", by=by, subject=mail)
    return bool(again)
