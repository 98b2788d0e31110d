"""Has reminders sent after all that were spared because their check was done."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Greatest, Now

from accounts.zones import today_of
from followup.services.sweep import ESCALATE_AFTER, ESCALATE_CRITICAL_AFTER, OVERDUE_AFTER
from followup.states import UNDONE_CHECKS, ReminderState
from followup.vocabulary import ReminderKind

if TYPE_CHECKING:
    from accounts.models import Board
    from followup.models import Check


def want_again(check: Check) -> None:
    """Have the reminders go out that were spared because `check` was done; what was sent stays sent.

    At an hour at which the board is reminded, and late only from then on.
    """
    if check.state not in UNDONE_CHECKS or check.due_on is None:
        return
    board = check.plan.case.board
    spared = check.reminders.filter(state=ReminderState.CANCELLED, due_on=check.due_on)
    late = {
        ReminderKind.OVERDUE: OVERDUE_AFTER,
        ReminderKind.ESCALATION: ESCALATE_CRITICAL_AFTER if check.step.critical else ESCALATE_AFTER,
    }
    at: Any = from_now(board)
    again = {"state": ReminderState.PENDING}
    spared.exclude(kind__in=late).update(**again, due_at=at, next_attempt_at=at)
    # Of being late once it is late again: the days of grace begin anew.
    for kind, days in late.items():
        at = _hour(board, days)
        spared.filter(kind=kind).update(**again, due_at=at, next_attempt_at=at)


def from_now(board: Board) -> Greatest:
    """Return now, or today's hour before which nobody at `board` is mailed: what is wanted again is late from then."""
    return Greatest(Now(), Value(_hour(board, 0)))


def _hour(board: Board, days: int) -> datetime:
    """Return the hour before which nobody at `board` is mailed, `days` from today."""
    hour = time.fromisoformat(settings.REMINDERS_FROM)
    day = today_of(board) + timedelta(days=days)
    return datetime.combine(day, hour, tzinfo=ZoneInfo(board.zone))
