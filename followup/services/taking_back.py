"""Takes a first dose back that was entered by mistake: the plan waits for it again, and so does the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.policies import check_board
from accounts.zones import today_of
from followup.dosing import may_take_back_first
from followup.later import is_against
from followup.policies import check_record
from followup.services.closing import close_for
from followup.services.courses import undo_course
from followup.services.dating import redate_each, undone_checks
from followup.services.locking import locked_plan, require_version
from followup.services.noting import note
from followup.services.planning import due_before_first, make_checks, wanted, within_days_of
from followup.states import UNDONE_CHECKS, CheckState, PlanState, require_plan_step
from followup.vocabulary import BY_DECISION, CloseReason, EndReason

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from followup.models import MonitoringPlan

WITH_THE_DOSE = frozenset({"said", "judged"})
"""What is kept of a condition with the first dose, and asked again with the next."""


@transaction.atomic
def take_back_first_dose(
    *, by: User, plan: MonitoringPlan, version: int | None = None
) -> MonitoringPlan:
    """Let `plan` wait for its first dose again; a course that it made in the record is removed, with its history kept.

    What was found since stays, as found before the first dose; what was not done is asked for anew once that is
    given. Where the board decided otherwise meanwhile, there is none to wait for: the plan is closed.
    """
    plan = locked_plan(plan)
    if _closed_with_it(plan):
        # The same button pressed twice.
        check_board(by, "monitoring.record", plan.case.board)
        return plan
    check_record(by, plan)
    if plan.state == PlanState.WAITING:
        return plan
    require_version(plan.version, version)
    if not may_take_back_first(plan):
        raise ValidationError(_("Later doses are entered: take those back first."))
    require_plan_step(plan.state, PlanState.WAITING)
    assert plan.first_dose_on is not None
    detail = {"on": plan.first_dose_on.isoformat()}
    ends = _ends_with_it(plan)
    _wait(plan)
    _ask_again(plan)
    # After the checks: it holds the case.
    undo_course(by=by, plan=plan)
    note(plan, by, "plan.first_dose_taken_back", **detail)
    if ends is not None:
        close_for(plan, by=by, reason=ends)
    return plan


def _ends_with_it(plan: MonitoringPlan) -> CloseReason | None:
    """Return why no other first dose is awaited in place of the one taken back; None where one is."""
    if plan.succeeded:
        return CloseReason.SUPERSEDED
    against = plan.end_reason == EndReason.BOARD or is_against(plan)
    return CloseReason.DECIDED_AGAINST if against else None


def _closed_with_it(plan: MonitoringPlan) -> bool:
    """Whether there is no first dose any more, and none is awaited, as the board decided."""
    return plan.close_reason in BY_DECISION and plan.first_dose_on is None


def _wait(plan: MonitoringPlan) -> None:
    plan.state, plan.first_dose_on, plan.next_dose_on = PlanState.WAITING, None, None
    plan.last_dose_on, plan.end_reason = None, ""
    plan.held_on, plan.hold_reason = None, ""
    # The days between doses were said with it; those of the decision stand again.
    plan.dose_interval_days = plan.decided_interval_days or plan.dose_interval_days
    if plan.planned_first_on is not None and plan.planned_first_on < today_of(plan.case.board):
        plan.planned_first_on = None
    plan.conditions = [
        {name: value for name, value in row.items() if name not in WITH_THE_DOSE}
        for row in plan.conditions
    ]
    plan.version += 1
    plan.save()


def _ask_again(plan: MonitoringPlan) -> None:
    """Let what counts from a dose wait for one; what is asked before it is due as if none had been entered."""
    from_dose = plan.checks.filter(offset_days__isnull=False)
    from_dose.filter(state=CheckState.DONE).update(
        offset_days=None, at_dose=False, after_last_dose=False, version=F("version") + 1
    )
    # Missed, or left out, at doses that were none.
    from_dose.filter(state__in=[*UNDONE_CHECKS, CheckState.MISSED]).update(
        state=CheckState.WAITING,
        due_on=None,
        dated_on=None,
        opened_on=None,
        result="",
        reason="",
        recorded_by=None,
        recorded_at=None,
        version=F("version") + 1,
    )
    missed = Q(offset_days__isnull=True, state=CheckState.MISSED, result="")
    plan.checks.filter(missed).update(state=CheckState.WAITING, version=F("version") + 1)
    make_checks(plan)
    within = {p.step.code: within_days_of(p) for p in wanted(plan) if p.day is None}
    days: dict[int, date] = {}
    for check in undone_checks(plan).filter(offset_days__isnull=True).select_related("step"):
        due_on = due_before_first(plan, within.get(check.step.code, check.step.within_days))
        if plan.planned_first_on is not None:
            due_on = max(due_on, today_of(plan.case.board))
        days[check.pk] = due_on
    redate_each(plan, days)
