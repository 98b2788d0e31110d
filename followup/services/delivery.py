"""Delivers due reminders: claimed one by one in the database, sent, marked, committed.

The row lock is the lease: it dies with the connection, so a killed worker leaves its row to the next. The
notice in the application is inserted in the same transaction: exactly once. The mail is at least once: a
worker killed between the server's acceptance and the commit sends a copy with the same Message-ID.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError
from django.db.models import DurationField, ExpressionWrapper, QuerySet, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from followup import mail
from followup.models import Reminder, Sweep
from followup.services import claiming
from followup.services.claiming import Claimed
from followup.states import ReminderState
from followup.vocabulary import Channel

log = structlog.get_logger(__name__)

BACK_OFF_MINUTES = (1, 5, 15, 60, 240)
MOST_ATTEMPTS = len(BACK_OFF_MINUTES) + 1
LONGEST_SECONDS = 240.0  # a run ends before the task's time limit; the next poke goes on
SIGN_OF_LIFE_EVERY = 200
UNREACHABLE = "server_unreachable"
UNSENT = {"state": ReminderState.PENDING, "sent_at": None}


def drain(limit: int | None = None, *, seconds: float = LONGEST_SECONDS) -> int:
    """Deliver what is due until nothing is left, `limit` rows are handled or `seconds` are over.

    Returns the number of rows handled: sent, put off or no longer needed. Several at once share the work.
    """
    handled, began, domain = 0, time.monotonic(), mail.domain()
    Sweep.note(Sweep.DELIVERY, handled)
    with claiming.Claims() as claims, mail.Line() as line:
        while limit is None or handled < limit:
            if time.monotonic() - began > seconds or not _next(claims, line, domain):
                break
            handled += 1
            if handled % SIGN_OF_LIFE_EVERY == 0:
                claims.prepare()
                Sweep.note(Sweep.DELIVERY, handled)
    Sweep.note(Sweep.DELIVERY, handled)
    return handled


def _next(claims: claiming.Claims, line: mail.Line, domain: str) -> bool:
    """Deliver one row, to be committed with the next claim; False when none is due."""
    row = claims.take()
    if row is None:
        return False
    try:
        _deliver(claims, row, line, domain)
    except OperationalError:
        raise  # the connection is gone: nothing can be marked, and the row is free again
    except Exception as error:
        # Whatever is wrong with one row, the rows behind it are due too.
        log.exception("reminder.row_failed", reminder=row.pk)
        claims.give_back()
        # Free since then: another sweep may have sent it by now.
        waiting = Reminder.objects.filter(pk=row.pk, state=ReminderState.PENDING)
        _put_off(row, waiting, "database" if isinstance(error, DatabaseError) else "unexpected")
    return True


def _deliver(claims: claiming.Claims, row: Claimed, line: mail.Line, domain: str) -> None:
    """Notice and mark first: an error of the database then comes before the mail, never after it.

    What is told in the application alone is told with that.
    """
    held = Reminder.objects.filter(pk=row.pk)
    if not row.needed:
        held.update(state=ReminderState.CANCELLED)
        return
    claims.tell(row)
    if row.channel == Channel.IN_APP:
        return
    try:
        line.send(mail.compose(_letter(row, domain)))
    except mail.ServerDown:
        # No attempt of the row's own: with the server back it goes out, however long that takes.
        held.update(
            **UNSENT,
            attempts=row.attempts,
            next_attempt_at=in_minutes(1),
            last_error=UNREACHABLE,
        )
    except mail.NotSent as refusal:
        _put_off(row, held, refusal.code)


def _letter(row: Claimed, domain: str) -> mail.Letter:
    return mail.Letter(
        row.address,
        row.kind,
        row.reference,
        row.due_on,
        str(row.check_public_id),
        row.message_id(domain),
    )


def _put_off(row: Claimed, rows: QuerySet[Reminder], code: str) -> None:
    """Count an attempt; try later, or after the last one leave the row failed and visible."""
    attempts = row.attempts + 1
    values: dict[str, Any] = {**UNSENT, "attempts": attempts, "last_error": code[:40]}
    if attempts >= MOST_ATTEMPTS:
        values["state"] = ReminderState.FAILED
        log.error("reminder.failed", reminder=row.pk, error=code)
    else:
        values["next_attempt_at"] = in_minutes(BACK_OFF_MINUTES[attempts - 1])
    rows.update(**values)


def in_minutes(minutes: int) -> CombinedExpression:
    """The moment so many minutes from now, by the database's clock."""
    return Now() + ExpressionWrapper(
        Value(timedelta(minutes=minutes)), output_field=DurationField()
    )
