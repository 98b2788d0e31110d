"""Lets what is asked while doses are given go on with them, and what takes over follow the last dose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Min, Q, Value

from followup import timing
from followup.models import Check
from followup.services.dating import day_value, redate
from followup.services.planning import asks, last_known_dose, make_check, wanted
from followup.services.spared import stand_again
from followup.states import UNDONE_CHECKS, CheckState, PlanState

if TYPE_CHECKING:
    from datetime import date

    from followup.models import MonitoringPlan


def may_reach(plan: MonitoringPlan, on: date | None) -> bool:
    """Whether a dose, or a visit at one, on that day makes checks beyond those made with the first dose.

    While doses are held nobody knows when the next is given, and after the last there is none.
    """
    if on is None or plan.first_dose_on is None or plan.last_dose_on is not None:
        return False
    if plan.state != PlanState.ACTIVE:
        return False
    return timing.reach((on - plan.first_dose_on).days) > timing.FIRST_DAYS


def reach_on(plan: MonitoringPlan, seen: date | None = None) -> None:
    """Make what is asked while doses are given for a while after the latest dose, where it ends before.

    `seen` is the day of a visit at a dose that nobody entered. A dose that was skipped reaches on as well:
    the next one is expected. For a plan locked by the caller.
    """
    entered = list(plan.doses.values_list("on", "left_out"))
    dosed = max(
        filter(None, [last_known_dose(plan), *(on for on, _left_out in entered)]), default=None
    )
    latest = max(filter(None, [dosed, seen]), default=None)
    if latest is None or plan.first_dose_on is None or not may_reach(plan, latest):
        return
    until = plan.first_dose_on + timedelta(days=timing.reach((latest - plan.first_dose_on).days))
    made, furthest = _made(plan, {pk for _on, left_out in entered for pk in left_out})
    # Days of the protocol: doses given late or early stand at other days of the calendar.
    reached = max((row.offset_days or 0 for row in furthest.values()), default=0)
    fresh: list[Check] = []
    moved: dict[tuple[str, bool], timedelta] = {}
    for planned in sorted(wanted(plan, reached + timing.AHEAD_DAYS), key=lambda p: p.day or 0):
        key = (planned.step.code, planned.at_dose)
        last = furthest.get(key)
        if planned.day is None or planned.after_last_dose or last is None or last.due_on is None:
            continue
        beyond = planned.day - (last.offset_days or 0)
        if beyond <= 0 or (planned.step.code, planned.day) in made:
            continue
        due_on = last.due_on + timedelta(days=beyond)
        if planned.at_dose and dosed is not None and key not in moved:
            # After a long hold the kind starts at the dose anew: none was given on the days before.
            moved[key] = max(dosed - due_on, timedelta())
        due_on += moved.get(key, timedelta())
        if due_on <= until:
            fresh.append(make_check(plan, planned, due_on))
    Check.objects.bulk_create(fresh)


def _made(
    plan: MonitoringPlan, left_out: set[int]
) -> tuple[set[tuple[str, int | None]], dict[tuple[str, bool], Check]]:
    """Return what is made already, by code and day, and of each kind the furthest row that counts on.

    What was left out with a skipped dose is made already, and has kept that dose's day; what was cancelled
    otherwise, as by another interval or a last dose that was none, may be asked for again.
    """
    made: set[tuple[str, int | None]] = set()
    furthest: dict[tuple[str, bool], Check] = {}
    rows = plan.checks.filter(offset_days__isnull=False, after_last_dose=False)
    for row in rows.filter(~Q(state=CheckState.CANCELLED) | Q(pk__in=left_out)).select_related(
        "step"
    ):
        made.add((row.step.code, row.offset_days))
        key = (row.step.code, row.at_dose)
        if key not in furthest or (furthest[key].offset_days or 0) < (row.offset_days or 0):
            furthest[key] = row
    return made, furthest


def go_on_after_all(plan: MonitoringPlan, ended_on: date, moved: timedelta) -> None:
    """Ask again for what ended with a last dose on `ended_on` that was none, on the days that it had.

    The very checks that were cancelled stand again, with what was sent of them; one is made anew where the protocols
    ask for something else now. By as much as the first dose `moved` since, they move as `doses` moves what stands.
    What took over from them is asked no more. For a plan locked by the caller, whose last dose is taken back already.
    """
    left_out = {pk for pks in plan.doses.values_list("left_out", flat=True) for pk in pks}
    made, _furthest = _made(plan, left_out)
    ended: dict[tuple[str, int | None, bool], Check] = {}
    rows = plan.checks.filter(
        Q(due_on__gt=ended_on) | Q(due_on__isnull=True),
        state=CheckState.CANCELLED,
        offset_days__isnull=False,
        after_last_dose=False,
    )
    for row in rows.exclude(pk__in=left_out).select_related("step").order_by("pk"):
        ended[row.step.code, row.offset_days, row.at_dose] = row
    reached = max((day or 0 for _code, day, _at_dose in ended), default=0)
    asked = wanted(plan, max(reached, timing.FIRST_DAYS))
    fresh, again = [], []
    for planned in asked:
        before = ended.get((planned.step.code, planned.day, planned.at_dose))
        if before is None or planned.after_last_dose or (before.step.code, planned.day) in made:
            continue
        check = make_check(plan, planned, before.due_on)
        if asks(before) == asks(check):
            again.append(before.pk)
            continue
        check.assignee_id = before.assignee_id
        fresh.append(check)
    plan.checks.filter(
        state__in=UNDONE_CHECKS, after_last_dose=True, step__code__in=timing.takes_over(asked)
    ).update(state=CheckState.CANCELLED, version=F("version") + 1)
    stand_again(plan, again)
    again += [check.pk for check in Check.objects.bulk_create(fresh)]
    if moved:
        rows = plan.checks.filter(pk__in=again, due_on__isnull=False)
        second = plan.doses.aggregate(first=Min("on"))["first"]
        if second is not None:
            # The doses after the first stand on days of their own.
            rows = rows.filter(Q(at_dose=False) | Q(due_on__lt=second))
        redate(rows, F("due_on") + Value(moved.days))
    reach_on(plan)


def end_with_last_dose(plan: MonitoringPlan) -> None:
    """Let what is asked while dosed end with the last dose, and make what then takes over from it.

    Entered again, on another day or after it was taken back, what that day asks for stands again where it was
    cancelled, and is made where it never was. For a plan locked by the caller.
    """
    first, last = plan.first_dose_on, plan.last_dose_on
    assert first is not None and last is not None
    asked = [p for p in wanted(plan, (last - first).days) if p.day is not None and not p.at_dose]
    stands: dict[tuple[str, int | None, bool], Check] = {}
    cancelled: dict[tuple[str, int | None, bool], Check] = {}
    rows = plan.checks.filter(offset_days__isnull=False).select_related("step").order_by("pk")
    for row in rows:
        by_key = cancelled if row.state == CheckState.CANCELLED else stands
        by_key[row.step.code, row.offset_days, row.after_last_dose] = row
    fresh, again = [], []
    for planned in asked:
        key = planned.step.code, planned.day, planned.after_last_dose
        if stands.pop(key, None) is not None:
            continue
        start = last if planned.after_last_dose else first
        made = make_check(plan, planned, start + timedelta(days=planned.day or 0))
        before = cancelled.get(key)
        if before is not None and asks(before) == asks(made):
            again.append((before, made.due_on))
        else:
            fresh.append(made)
    left = [
        row.pk
        for row in stands.values()
        if not row.at_dose and row.state in UNDONE_CHECKS and row.due_on and row.due_on > last
    ]
    # What was recorded since they were read stays done.
    plan.checks.filter(pk__in=left, state__in=UNDONE_CHECKS).update(
        state=CheckState.CANCELLED, version=F("version") + 1
    )
    _stand_on(plan, again)
    Check.objects.bulk_create(fresh)


def _stand_on(plan: MonitoringPlan, rows: list[tuple[Check, date | None]]) -> None:
    """Let cancelled checks stand again, each on its day: as before where that is the day it had."""
    stand_again(plan, [check.pk for check, on in rows if check.due_on == on])
    for check, on in rows:
        if on is not None and check.due_on != on:
            redate(plan.checks.filter(pk=check.pk), day_value(on) + Value(0))
