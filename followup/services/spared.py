"""Has stand again what was cancelled: checks that are to be done after all, and the reminders of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest, Now

from accounts.zones import today_of
from followup.models import Reminder
from followup.services.sweep import ESCALATE_AFTER, ESCALATE_CRITICAL_AFTER, OVERDUE_AFTER
from followup.states import UNDONE_CHECKS, CheckState, ReminderState, require_check_step
from followup.vocabulary import ReminderKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import Board
    from followup.models import Check, MonitoringPlan


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


def stand_again(plan: MonitoringPlan, ended: Collection[int]) -> None:
    """Let those of the plan's checks that are `ended` stand as before they were cancelled, with their days.

    One that was due is due, late as it is by now; the others wait for their day. What was sent of them stays sent;
    what a sweep spared since is wanted again, and what it left waiting goes out. For a plan locked by the caller.
    """
    for state in UNDONE_CHECKS:
        require_check_step(CheckState.CANCELLED, state)
    cancelled = plan.checks.filter(pk__in=ended, state=CheckState.CANCELLED)
    due = When(opened_on__isnull=False, then=Value(CheckState.DUE.value))
    cancelled.update(
        state=Case(due, default=Value(CheckState.WAITING.value)), version=F("version") + 1
    )
    at = from_now(plan.case.board)
    Reminder.objects.filter(
        safety_check__in=ended,
        safety_check__state__in=UNDONE_CHECKS,
        state=ReminderState.CANCELLED,
        due_on=F("safety_check__due_on"),
    ).update(state=ReminderState.PENDING, due_at=at, next_attempt_at=at)


def from_now(board: Board) -> Greatest:
    """Return now, or today's hour before which nobody at `board` is mailed: what is wanted again is late from then."""
    return Greatest(Now(), Value(_hour(board, 0)))


def _hour(board: Board, days: int) -> datetime:
    """Return the hour before which nobody at `board` is mailed, `days` from today."""
    hour = time.fromisoformat(settings.REMINDERS_FROM)
    day = today_of(board) + timedelta(days=days)
    return datetime.combine(day, hour, tzinfo=ZoneInfo(board.zone))
