"""What a new decision to give an ICI does to the plans of earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import Role
from followup.models import MonitoringPlan
from followup.services.closing import close_for
from followup.services.last_dose import end_doses
from followup.services.locking import locked_plan
from followup.services.notices import members
from followup.services.planning import last_known_dose
from followup.states import OPEN_PLANS, UNDONE_CHECKS
from followup.vocabulary import CloseReason, EndReason

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


def make_way(*, by: User, case: Case) -> list[int]:
    """Let the open plans of `case` make way for that of a new decision; return who is to be told of it.

    One that waits for its first dose is closed. One with doses expects no more and watches on beside the new one, as
    an irAE may begin months after the last: the new plan asks for nothing after a dose until its own is given. Told
    are the board's nurses and whoever has a check to do.
    """
    people: set[int] = set()
    found = MonitoringPlan.objects.filter(case=case, state__in=OPEN_PLANS, succeeded=False)
    for row in found.order_by("pk"):
        plan = locked_plan(row)
        undone = plan.checks.filter(state__in=UNDONE_CHECKS, assignee__isnull=False)
        people.update(undone.values_list("assignee_id", flat=True))
        people.update(members(case.board_id, Role.NURSE))
        last = last_known_dose(plan)
        if last is None:
            close_for(plan, by=by, reason=CloseReason.SUPERSEDED)
            continue
        plan.succeeded = True
        plan.save(update_fields=["succeeded"])
        if plan.last_dose_on is None and plan.dose_interval_days is not None:
            end_doses(plan, by=by, on=last, reason=EndReason.NEW_DECISION)
    return sorted(people - {by.pk})
