"""What monitoring ends when its patient died. Nothing vanishes: the plan is closed for that reason, on the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from cases.family import records_of
from followup.models import MonitoringPlan
from followup.services.locking import locked_plan
from followup.services.notices import leaders, notify
from followup.services.plans import close_for
from followup.states import OPEN_PLANS, UNDONE_CHECKS
from followup.vocabulary import CloseReason, NoticeKind

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Patient


@transaction.atomic
def end_with_death(*, by: User, patient: Patient) -> None:
    """Close every open plan of `patient` because they died; its checks and their reminders end with it.

    Whoever had a check to do, and who leads the board, gets a notice. `by` entered the death, which is
    what gives the right to it.
    """
    plans = MonitoringPlan.objects.filter(patient__in=records_of(patient), state__in=OPEN_PLANS)
    for row in plans.order_by("pk"):
        plan = locked_plan(row)
        waiting = plan.checks.filter(state__in=UNDONE_CHECKS, assignee__isnull=False)
        people = set(waiting.values_list("assignee_id", flat=True))
        close_for(plan, by=by, reason=CloseReason.DIED)
        notify(
            users=sorted({*people, *leaders(plan.case.board_id)} - {by.pk}),
            kind=NoticeKind.DIED,
            plan=plan,
            reference=plan.case.reference,
        )
