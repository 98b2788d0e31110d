"""What pauses while the doses are held, and goes on with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Min, Q

from accounts.zones import today_of
from followup.dosing import when_resumed
from followup.services.dating import day_value, for_the_dose_alone, redate
from followup.states import UNDONE_CHECKS, CheckState, PlanState
from followup.vocabulary import HoldReason

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from followup.models import Check, MonitoringPlan


def wait_for_doses(plan: MonitoringPlan, rows: QuerySet[Check]) -> int:
    """Take from those of `rows` that are asked at doses alone their days since the hold began; return how many.

    Those of the dose that is held wait as well, though they fell due as its day began: it is not given.
    """
    rows = rows.filter(at_dose=True, state__in=UNDONE_CHECKS, due_on__gte=_held_from(plan))
    if plan.hold_reason == HoldReason.TOXICITY:
        rows = for_the_dose_alone(rows)
    return rows.update(
        due_on=None, state=CheckState.WAITING, opened_on=None, version=F("version") + 1
    )


def _held_from(plan: MonitoringPlan) -> date:
    """Return from which dose on none is given: that which was expected before the hold, where it is not entered.

    A hold is often entered the day after. Over a third of the interval later nobody can tell from it whether that
    dose was given and not entered: what was to be done at it is owed.
    """
    assert plan.held_on is not None
    expected, interval = plan.next_dose_on or when_resumed(plan), plan.dose_interval_days or 0
    if expected is None or (plan.held_on - expected).days * 3 > interval:
        return plan.held_on
    return min(expected, plan.held_on)


def go_on_from(plan: MonitoringPlan, on: date) -> None:
    """Let doses of `plan`, held and locked by the caller, go on on the day `on`, and date what is asked at them."""
    plan.state, plan.hold_reason, plan.held_on = PlanState.ACTIVE, "", None
    plan.next_dose_on = on
    plan.version += 1
    plan.save()
    ahead = Q(due_on__isnull=True) | Q(due_on__gte=min(on, today_of(plan.case.board)))
    waiting = plan.checks.filter(
        ahead, at_dose=True, state=CheckState.WAITING, offset_days__isnull=False
    )
    firsts = dict(waiting.values_list("step__code").annotate(first=Min("offset_days")))
    for code, first in firsts.items():
        assert first is not None  # they were filtered for it
        # Each kind of check has one on the day of the dose, whichever of them were done by the calendar.
        start = day_value(on - timedelta(days=first))
        redate(waiting.filter(step__code=code), start + F("offset_days"))
