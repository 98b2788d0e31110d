"""Which dose of a plan comes next, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from followup.states import PlanState
from followup.vocabulary import EndReason

if TYPE_CHECKING:
    from followup.models import MonitoringPlan


BY_HAND = frozenset(
    {
        EndReason.COMPLETED,
        EndReason.PROGRESSION,
        EndReason.TOXICITY,
        EndReason.PATIENT_WISH,
        EndReason.OTHER,
    }
)
"""Why no further dose is given, where somebody who monitors has entered it."""


@dataclass(frozen=True)
class NextDose:
    """The dose that comes next: its number, the first being 1, and the day on which it is expected."""

    number: int
    expected_on: date


def is_far_off(on: date, expected_on: date, interval_days: int) -> bool:
    """Whether a dose is earlier than expected by over a third of the interval, or late by more than all of it."""
    early, late = (expected_on - on).days, (on - expected_on).days
    return early * 3 > interval_days or late > interval_days


def when_resumed(plan: MonitoringPlan) -> date | None:
    """Return on which day the next dose comes an interval after the one before it, whatever was held since."""
    if plan.first_dose_on is None or plan.dose_interval_days is None:
        return None
    entered = sorted(plan.doses.all(), key=lambda dose: dose.number)
    before = entered[-1].on if entered else plan.first_dose_on
    return before + timedelta(days=plan.dose_interval_days)


def may_go_on(plan: MonitoringPlan, *, against: bool) -> bool:
    """Whether a last dose is entered that can be taken back.

    What the board ended goes on by its decision alone; so does, whoever ended it, what the board decided `against`
    since, and where a new decision opened another plan.
    """
    running = plan.state == PlanState.ACTIVE and plan.last_dose_on is not None
    return running and plan.end_reason in BY_HAND and not (against or plan.succeeded)


def next_dose(plan: MonitoringPlan) -> NextDose | None:
    """Return which dose comes next, None while none does: before the first, on hold, after the last."""
    if (
        plan.state != PlanState.ACTIVE
        or plan.first_dose_on is None
        or plan.last_dose_on is not None
        or plan.dose_interval_days is None
    ):
        return None
    usual = when_resumed(plan)
    assert usual is not None
    return NextDose(len(plan.doses.all()) + 2, plan.next_dose_on or usual)


def may_take_back_first(plan: MonitoringPlan) -> bool:
    """Whether the first dose is the only one known: no later one is entered, nor said to have been given."""
    if plan.state not in {PlanState.ACTIVE, PlanState.HELD} or list(plan.doses.all()):
        return False
    return plan.last_dose_on in {None, plan.first_dose_on}
