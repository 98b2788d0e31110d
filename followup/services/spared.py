"""Has reminders sent after all that were spared because their check was done."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Greatest, Now

from accounts.zones import today_of
from followup.states import ReminderState

if TYPE_CHECKING:
    from accounts.models import Board
    from followup.models import Check


def want_again(check: Check) -> None:
    """Have the reminders go out that were spared because `check` was done; what was sent stays sent.

    At an hour at which the board is reminded, and late only from then on.
    """
    assert check.due_on is not None  # it was given a day with its result at the latest
    at = _in_time(check.plan.case.board)
    spared = check.reminders.filter(state=ReminderState.CANCELLED, due_on=check.due_on)
    spared.update(state=ReminderState.PENDING, due_at=at, next_attempt_at=at)


def _in_time(board: Board) -> Greatest:
    """Return now, or today's hour before which nobody at `board` is mailed."""
    hour = time.fromisoformat(settings.REMINDERS_FROM)
    return Greatest(
        Now(), Value(datetime.combine(today_of(board), hour, tzinfo=ZoneInfo(board.zone)))
    )
