"""A rechallenge that a board signed, and what it decides on the case afterwards."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Case
from cases.services.lifecycle import move_case
from followup.models import MonitoringPlan
from followup.services.protocols import load_protocols
from tests.factories.meetings import make_item, make_meeting, make_signed
from tests.factories.monitoring import backdate

if TYPE_CHECKING:
    from accounts.models import Board, User
    from meetings.models import Decision

NO: dict[str, Any] = {"outcome": "no_rechallenge", "drugs": [], "dose_interval_days": None}


def defer(owner: User) -> dict[str, Any]:
    """Return what a deferral says, for which `owner` brings a fact."""
    later = timezone.localdate() + dt.timedelta(days=20)
    return {**NO, "outcome": "defer", "defer_fact": "tmb", "defer_owner": owner, "defer_on": later}


def make_rechallenge(chair: User, board: Board) -> MonitoringPlan:
    """Return the plan of a rechallenge that was signed 60 days ago."""
    load_protocols()
    signed = make_signed(chair, make_item(chair, make_meeting(chair, board)))
    with acting_as(chair):
        plan = MonitoringPlan.objects.select_related("case__board", "case__patient").get(
            case=signed.case
        )
        backdate(plan, 60)
    return plan


def bring_back(chair: User, plan: MonitoringPlan) -> None:
    """Put the case of `plan` before the board."""
    with acting_as(chair):
        case = Case.objects.get(pk=plan.case_id)
        if case.state != "returned":
            move_case(by=chair, case=case, to="returned", reason="abnormal_check")


def decide(chair: User, plan: MonitoringPlan, **outcome: Any) -> Decision:
    """Let the board decide on the plan's case again, as the chair signs it."""
    bring_back(chair, plan)
    with acting_as(chair):
        case = Case.objects.get(pk=plan.case_id)
    meeting = make_meeting(chair, case.board, in_days=14)
    return make_signed(chair, make_item(chair, meeting, case), **outcome)


def fresh(plan: MonitoringPlan) -> MonitoringPlan:
    """Return `plan` read anew."""
    return MonitoringPlan.objects.get(pk=plan.pk)
