"""What a decision against a rechallenge ends: no dose is awaited any more under an earlier decision of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.permissions import Role
from followup.models import MonitoringPlan
from followup.policies import check_open
from followup.services.closing import close_for
from followup.services.last_dose import end_doses
from followup.services.locking import locked_plan
from followup.services.notices import members, notify
from followup.services.planning import last_known_dose
from followup.states import OPEN_PLANS, UNDONE_CHECKS
from followup.vocabulary import CloseReason, EndReason, NoticeKind

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


@transaction.atomic
def end_by_decision(*, by: User, case: Case) -> None:
    """Close the plan of `case` that waits for a first dose; of one with doses, expect no more and watch on.

    An irAE may begin months after the last dose. The board's nurses, and whoever has a check to do, get a notice.
    """
    check_open(by, case)
    for row in MonitoringPlan.objects.filter(case=case, state__in=OPEN_PLANS).order_by("pk"):
        end_against(locked_plan(row), by=by)


def end_against(plan: MonitoringPlan, *, by: User) -> None:
    """Let no dose of `plan`, locked by the caller, be awaited, as the board decided; nothing where none is."""
    if plan.last_dose_on is not None:
        return
    undone = plan.checks.filter(state__in=UNDONE_CHECKS, assignee__isnull=False)
    people = set(undone.values_list("assignee_id", flat=True))
    last = last_known_dose(plan)
    if last is None:
        close_for(plan, by=by, reason=CloseReason.DECIDED_AGAINST)
    else:
        end_doses(plan, by=by, on=last, reason=EndReason.BOARD)
    notify(
        users=sorted({*people, *members(plan.case.board_id, Role.NURSE)} - {by.pk}),
        kind=NoticeKind.AGAINST,
        plan=plan,
        reference=plan.case.reference,
    )
