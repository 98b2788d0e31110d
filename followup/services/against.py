"""What a decision against a rechallenge ends: no dose is awaited any more under an earlier decision of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Membership
from accounts.permissions import Role
from followup.models import MonitoringPlan
from followup.policies import check_open
from followup.services.last_dose import end_doses
from followup.services.locking import locked_plan
from followup.services.notices import notify
from followup.services.planning import last_known_dose
from followup.services.plans import close_for
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
        plan = locked_plan(row)
        if plan.last_dose_on is not None:
            continue
        undone = plan.checks.filter(state__in=UNDONE_CHECKS, assignee__isnull=False)
        people = set(undone.values_list("assignee_id", flat=True))
        last = last_known_dose(plan)
        if last is None:
            close_for(plan, by=by, reason=CloseReason.DECIDED_AGAINST)
        else:
            end_doses(plan, by=by, on=last, reason=EndReason.BOARD)
        notify(
            users=sorted({*people, *_nurses(case.board_id)} - {by.pk}),
            kind=NoticeKind.AGAINST,
            plan=plan,
            reference=case.reference,
        )


def _nurses(board_id: int) -> set[int]:
    rows = Membership.objects.filter(
        board_id=board_id, active=True, user__is_active=True, role=Role.NURSE
    )
    return set(rows.values_list("user_id", flat=True))
