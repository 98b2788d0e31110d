"""What is asked before a first dose that nobody has planned: a task of today, never a late one.

One rule three times, since queries, the sweep's SQL and rows in hand each need it; a test holds them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from followup.states import PlanState

if TYPE_CHECKING:
    from followup.models import Check

UNPLANNED = Q(
    offset_days__isnull=True,
    plan__state=PlanState.WAITING,
    plan__planned_first_on__isnull=True,
)
# Of a check `ch` and its plan `p`.
UNPLANNED_SQL = (
    f"(ch.offset_days IS NULL AND p.state = '{PlanState.WAITING.value}'"
    " AND p.planned_first_on IS NULL)"
)


def is_unplanned(check: Check) -> bool:
    """Whether it is to be done before a first dose for which nobody has named a day: nothing of it is late."""
    if check.offset_days is not None:
        return False
    return check.plan.state == PlanState.WAITING and check.plan.planned_first_on is None
