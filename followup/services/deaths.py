"""What monitoring ends when its patient died, and how it goes on when that was a mistake.

Nothing vanishes: the plan is closed for that reason, on the trail. What the death ended is read from the history
that the database keeps: the rows that changed in the moment in which the plan was closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cases.family import records_of
from followup.later import is_against
from followup.models import Check, MonitoringPlan
from followup.services.against import end_against
from followup.services.closing import close_for
from followup.services.locking import locked_plan
from followup.services.notices import leaders, notify
from followup.services.noting import note
from followup.services.spared import stand_again
from followup.states import OPEN_PLANS, UNDONE_CHECKS, CheckState, PlanState
from followup.vocabulary import CloseReason, NoticeKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
        _tell(plan, people, by, NoticeKind.DIED)


@transaction.atomic
def go_on_without_death(*, by: User, patient: Patient) -> None:
    """Go on with every plan of `patient` that a death closed, now that the death is taken back.

    The plan stands as before, with the checks that were to be done: what fell due meanwhile is late. Who was told
    of the death is told of this. Where the board decided against a rechallenge meanwhile, no dose is awaited. `by`
    took the death back, which is what gives the right to it.
    """
    plans = MonitoringPlan.objects.filter(patient__in=records_of(patient))
    later = plans.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
    stands = Q(succeeded=True) | ~Exists(later)
    closed = plans.filter(stands, state=PlanState.CLOSED, close_reason=CloseReason.DIED)
    for row in closed.order_by("pk"):
        _go_on(locked_plan(row), by)


def _go_on(plan: MonitoringPlan, by: User) -> None:
    before, closed = _as_it_was_closed(plan)
    ended = list(_ended_with(plan, closed).values_list("pk", flat=True))
    plan.state, plan.close_reason = PlanState(before.state), ""
    plan.version += 1
    plan.save()
    checks = plan.checks.filter(pk__in=ended)
    people = set(checks.filter(assignee__isnull=False).values_list("assignee_id", flat=True))
    stand_again(plan, ended)
    note(plan, by, "plan.reopened", checks=len(ended))
    if is_against(plan):
        end_against(plan, by=by)
    if plan.state != PlanState.CLOSED:
        _tell(plan, people, by, NoticeKind.REOPENED)


def _as_it_was_closed(plan: MonitoringPlan) -> tuple[Any, Any]:
    """Return a closed plan as it stood before, and as it was closed, from its history."""
    history: Any = MonitoringPlan.pgh_event_model.objects  # type: ignore[attr-defined]
    rows = history.filter(pgh_obj_id=plan.pk).order_by("pgh_id")
    before = rows.exclude(state=PlanState.CLOSED).last()
    return before, rows.filter(pgh_id__gt=before.pgh_id).first()


def _ended_with(plan: MonitoringPlan, closed: Any) -> QuerySet[Check]:
    """Return the checks that were cancelled as the plan was closed, not before and for another reason."""
    history: Any = Check.pgh_event_model.objects  # type: ignore[attr-defined]
    cancelled = history.filter(
        plan_id=plan.pk,
        state=CheckState.CANCELLED,
        pgh_created_at=closed.pgh_created_at,
        pgh_context_id=closed.pgh_context_id,
    )
    rows: QuerySet[Check] = plan.checks.filter(
        state=CheckState.CANCELLED, pk__in=cancelled.values("pgh_obj_id")
    )
    return rows


def _tell(plan: MonitoringPlan, people: set[int], by: User, kind: NoticeKind) -> None:
    """Give a notice to `people` and to who leads the board, but for `by`, who knows."""
    notify(
        users=sorted({*people, *leaders(plan.case.board_id)} - {by.pk}),
        kind=kind,
        plan=plan,
        reference=plan.case.reference,
    )
