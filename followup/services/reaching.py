"""Lets what is asked while doses are given go on with them, and what takes over follow the last dose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from followup import timing
from followup.models import Check
from followup.services.planning import last_known_dose, make_check, wanted
from followup.states import UNDONE_CHECKS, CheckState

if TYPE_CHECKING:
    from datetime import date

    from followup.models import MonitoringPlan


def may_reach(plan: MonitoringPlan, on: date | None) -> bool:
    """Whether a dose, or a visit at one, on that day makes checks beyond those made with the first dose."""
    if on is None or plan.first_dose_on is None or plan.last_dose_on is not None:
        return False
    return timing.reach((on - plan.first_dose_on).days) > timing.FIRST_DAYS


def reach_on(plan: MonitoringPlan, seen: date | None = None) -> None:
    """Make what is asked while doses are given for a while after the latest dose, where it ends before.

    `seen` is the day of a visit at a dose that nobody entered. For a plan locked by the caller.
    """
    latest = max(filter(None, (last_known_dose(plan), seen)), default=None)
    if latest is None or plan.first_dose_on is None or not may_reach(plan, latest):
        return
    until = plan.first_dose_on + timedelta(days=timing.reach((latest - plan.first_dose_on).days))
    furthest: dict[tuple[str, bool], Check] = {}
    standing = plan.checks.exclude(state=CheckState.CANCELLED)
    for row in standing.filter(
        offset_days__isnull=False, after_last_dose=False, due_on__isnull=False
    ).select_related("step"):
        key = (row.step.code, row.at_dose)
        if key not in furthest or (furthest[key].offset_days or 0) < (row.offset_days or 0):
            furthest[key] = row
    fresh = []
    # Days of the protocol: doses given late or early stand at other days of the calendar.
    made = max((row.offset_days or 0 for row in furthest.values()), default=0)
    for planned in wanted(plan, made + timing.AHEAD_DAYS):
        last = furthest.get((planned.step.code, planned.at_dose))
        if planned.day is None or planned.after_last_dose or last is None or last.due_on is None:
            continue
        beyond = planned.day - (last.offset_days or 0)
        due_on = last.due_on + timedelta(days=beyond)
        if beyond > 0 and due_on <= until:
            fresh.append(make_check(plan, planned, due_on))
    Check.objects.bulk_create(fresh)


def end_with_last_dose(plan: MonitoringPlan) -> None:
    """Let what is asked while dosed end with the last dose, and make what then takes over from it.

    Entered again on a later day, what that day asks for is made again. For a plan locked by the caller.
    """
    first, last = plan.first_dose_on, plan.last_dose_on
    assert first is not None and last is not None
    asked = [p for p in wanted(plan, (last - first).days) if p.day is not None and not p.at_dose]
    stands: dict[tuple[str, int | None, bool], Check] = {}
    rows = plan.checks.exclude(state=CheckState.CANCELLED).filter(offset_days__isnull=False)
    for row in rows.select_related("step"):
        stands[row.step.code, row.offset_days, row.after_last_dose] = row
    fresh = []
    for planned in asked:
        row_before = stands.pop((planned.step.code, planned.day, planned.after_last_dose), None)
        if row_before is None:
            start = last if planned.after_last_dose else first
            due_on = start + timedelta(days=planned.day or 0)
            fresh.append(make_check(plan, planned, due_on))
    left = [
        row.pk
        for row in stands.values()
        if not row.at_dose and row.state in UNDONE_CHECKS and row.due_on and row.due_on > last
    ]
    plan.checks.filter(pk__in=left).update(state=CheckState.CANCELLED, version=F("version") + 1)
    Check.objects.bulk_create(fresh)
