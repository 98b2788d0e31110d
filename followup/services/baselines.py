"""Sees to what is asked before the first dose: when it is due, and when it is asked for again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import F

from accounts.zones import today_of
from followup.models import Check
from followup.services.dating import redate_each, undone_checks
from followup.services.planning import due_before_first, make_check, wanted, within_days_of
from followup.states import UNDONE_CHECKS, CheckState
from followup.vocabulary import NotDoneReason, Timing

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from followup.models import MonitoringPlan
    from followup.timing import Planned


def date_before_first(plan: MonitoringPlan, on: date) -> None:
    """Let what is asked before the first dose be due when the protocols say, at the latest on its day."""
    within = {p.step.code: within_days_of(p) for p in wanted(plan) if p.day is None}
    later: dict[int, date] = {}
    owed: dict[date, list[int]] = defaultdict(list)
    for check in undone_checks(plan).filter(offset_days__isnull=True).select_related("step"):
        days = within.get(check.step.code, check.step.within_days)
        due_on = min(due_before_first(plan, days), on)
        if check.due_on is None or due_on > check.due_on:
            later[check.pk] = due_on
        elif due_on < check.due_on:
            owed[due_on].append(check.pk)
    redate_each(plan, later)
    today = today_of(plan.case.board)
    for due_on, keys in owed.items():
        # What was owed already is owed still.
        rows = plan.checks.filter(pk__in=keys)
        rows.update(due_on=due_on, dated_on=today, version=F("version") + 1)


def left_out(plan: MonitoringPlan) -> QuerySet[Check]:
    """Return what was left out before the first dose because no dose was given."""
    rows: QuerySet[Check] = plan.checks.filter(
        offset_days__isnull=True, state=CheckState.MISSED, reason=NotDoneReason.DOSE_NOT_GIVEN
    )
    return rows


def ask_for_left_out(plan: MonitoringPlan) -> list[str]:
    """Ask today for what was left out because no dose was given, now that one is; return the codes."""
    rows = left_out(plan)
    codes = sorted(rows.values_list("step__code", flat=True))
    today = today_of(plan.case.board)
    rows.update(
        state=CheckState.DUE,
        due_on=today,
        dated_on=today,
        opened_on=today,
        result="",
        reason="",
        recorded_by=None,
        recorded_at=None,
        version=F("version") + 1,
    )
    return codes


def ask_anew(plan: MonitoringPlan, first: date) -> list[str]:
    """Ask anew for what is critical and was done earlier than may be before a first dose on `first`.

    The result that is there stays. What was asked for anew is asked no more where that result is recent enough
    for another day. What was found at a first dose that was taken back does not count: a check at a dose may ask
    for less than the baseline does, and its result may still be taken back. Returns the codes. For a plan locked by
    the caller.
    """
    critical = {p.step.code: p for p in wanted(plan) if p.day is None and p.step.critical}
    standing: dict[str, list[Check]] = defaultdict(list)
    rows = plan.checks.filter(
        offset_days__isnull=True,
        step__code__in=list(critical),
        step__kind=Timing.BEFORE_FIRST_DOSE,
    )
    for row in rows.exclude(state=CheckState.CANCELLED).select_related("step"):
        standing[row.step.code].append(row)
    fresh, over = [], []
    for code, planned in critical.items():
        days = [row.measured_on for row in standing[code] if row.measured_on]
        rest = [row for row in standing[code] if row.state != CheckState.DONE]
        if not days:
            continue
        if (first - max(days)).days <= within_days_of(planned):
            over += [row.pk for row in rest if row.state in UNDONE_CHECKS]
        elif not rest:
            fresh.append(make_check(plan, planned, _due_anew(plan, planned)))
    plan.checks.filter(pk__in=over).update(state=CheckState.CANCELLED, version=F("version") + 1)
    Check.objects.bulk_create(fresh)
    return [check.step.code for check in fresh]


def _due_anew(plan: MonitoringPlan, planned: Planned[Any]) -> date:
    today = today_of(plan.case.board)
    if plan.first_dose_on is not None:
        return today
    return max(due_before_first(plan, within_days_of(planned)), today)


def kept_of(codes: list[str]) -> dict[str, list[str]]:
    """Return what the trail keeps of what was asked for again."""
    return {"asked_again": sorted(codes)} if codes else {}
