"""Delivers due reminders: claimed one by one in the database, sent, marked, committed.

The row lock is the lease: it dies with the connection, so a killed worker leaves its row to the next. The
notice in the application is inserted in the same transaction: exactly once. The mail is at least once: a
worker killed between the server's acceptance and the commit sends a copy with the same Message-ID.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Now

from followup import mail
from followup.models import Notice, Reminder, Sweep
from followup.states import OPEN_PLANS, CheckState, ReminderState

log = structlog.get_logger(__name__)

BACK_OFF_MINUTES = (1, 5, 15, 60, 240)
MOST_ATTEMPTS = len(BACK_OFF_MINUTES) + 1
LONGEST_SECONDS = 240.0  # a run ends before the task's time limit; the next poke goes on
SIGN_OF_LIFE_EVERY = 200
UNREACHABLE = "server_unreachable"

CLAIM = """
    SELECT r.id, r.safety_check_id, r.recipient_id, r.kind, r.due_on, r.channel, r.attempts,
        ch.public_id, ch.state, ch.due_on, p.public_id, p.state, c.reference, u.email, u.is_active
    FROM followup_reminder r
    JOIN followup_check ch ON ch.id = r.safety_check_id
    JOIN followup_monitoringplan p ON p.id = ch.plan_id
    JOIN cases_case c ON c.id = p.case_id
    JOIN accounts_user u ON u.id = r.recipient_id
    WHERE r.state = 'pending' AND r.next_attempt_at <= now()
    ORDER BY r.next_attempt_at, r.id
    LIMIT 1 FOR UPDATE OF r SKIP LOCKED
"""


@dataclass(frozen=True)
class Claimed:
    """A due reminder that this transaction holds, with what its mail needs."""

    pk: int
    check_id: int
    recipient_id: int
    kind: str
    due_on: date
    channel: str
    attempts: int
    check_public_id: Any
    check_state: str
    check_due_on: date | None
    plan_public_id: Any
    plan_state: str
    reference: str
    address: str
    recipient_active: bool

    @property
    def needed(self) -> bool:
        """Whether the check is still to be done on that day, and the recipient still works here."""
        return (
            self.check_state in {CheckState.WAITING, CheckState.DUE, CheckState.MISSED}
            and self.plan_state in OPEN_PLANS
            and self.check_due_on == self.due_on
            and self.recipient_active
        )

    def letter(self, domain: str) -> mail.Letter:
        """Return what the mail is made of."""
        row = Reminder(
            safety_check_id=self.check_id,
            recipient_id=self.recipient_id,
            kind=self.kind,
            due_on=self.due_on,
            channel=self.channel,
        )
        return mail.Letter(
            self.address,
            self.kind,
            self.reference,
            self.due_on,
            str(self.check_public_id),
            row.message_id(domain),
        )


def drain(limit: int | None = None, *, seconds: float = LONGEST_SECONDS) -> int:
    """Deliver what is due until nothing is left, `limit` rows are handled or `seconds` are over.

    Returns the number of rows handled: sent, put off or no longer needed. Several at once share the work.
    """
    handled, began, domain = 0, time.monotonic(), mail.domain()
    _note(handled)
    with mail.Line() as line:
        while limit is None or handled < limit:
            if time.monotonic() - began > seconds or not _next(line, domain):
                break
            handled += 1
            if handled % SIGN_OF_LIFE_EVERY == 0:
                _note(handled)
    _note(handled)
    return handled


def _next(line: mail.Line, domain: str) -> bool:
    """Deliver one row; False when none is due."""
    row: Claimed | None = None
    try:
        with transaction.atomic():
            row = _claim()
            if row is not None:
                _deliver(row, line, domain)
    except OperationalError:
        raise  # the connection is gone: nothing can be marked, and the row is free again
    except Exception as error:
        # Whatever is wrong with one row, the rows behind it are due too.
        if row is None:
            raise
        log.exception("reminder.row_failed", reminder=row.pk)
        with transaction.atomic():
            _put_off(row, "database" if isinstance(error, DatabaseError) else "unexpected")
    return row is not None


def _claim() -> Claimed | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM)
        found = cursor.fetchone()
    return Claimed(*found) if found else None


def _deliver(row: Claimed, line: mail.Line, domain: str) -> None:
    """Notice first: an error of the database then comes before the mail, never after it."""
    if not row.needed:
        Reminder.objects.filter(pk=row.pk).update(state=ReminderState.CANCELLED)
        return
    Notice.objects.bulk_create([_notice(row)], ignore_conflicts=True)
    try:
        line.send(mail.compose(row.letter(domain)))
    except mail.ServerDown:
        # No attempt of the row's own: with the server back it goes out, however long that takes.
        Reminder.objects.filter(pk=row.pk).update(
            next_attempt_at=Now() + _minutes(1), last_error=UNREACHABLE
        )
    except mail.NotSent as refusal:
        _put_off(row, refusal.code)
    else:
        Reminder.objects.filter(pk=row.pk).update(
            state=ReminderState.SENT, sent_at=Now(), attempts=F("attempts") + 1, last_error=""
        )


def _notice(row: Claimed) -> Notice:
    return Notice(
        user_id=row.recipient_id,
        kind=row.kind,
        reference=row.reference,
        due_on=row.due_on,
        plan_public_id=row.plan_public_id,
        check_public_id=row.check_public_id,
        reminder_id=row.pk,
    )


def _put_off(row: Claimed, code: str) -> None:
    """Count an attempt; try later, or after the last one leave the row failed and visible."""
    attempts = row.attempts + 1
    values: dict[str, Any] = {"attempts": attempts, "last_error": code[:40]}
    if attempts >= MOST_ATTEMPTS:
        values["state"] = ReminderState.FAILED
        log.error("reminder.failed", reminder=row.pk, error=code)
    else:
        values["next_attempt_at"] = Now() + _minutes(BACK_OFF_MINUTES[attempts - 1])
    Reminder.objects.filter(pk=row.pk).update(**values)


def _minutes(minutes: int) -> ExpressionWrapper:
    return ExpressionWrapper(Value(timedelta(minutes=minutes)), output_field=DurationField())


def _note(handled: int) -> None:
    """Say in the database that this sweep is alive, for the worklist and for health."""
    Sweep.objects.update_or_create(name="drain", defaults={"ran_at": Now(), "handled": handled})
