"""Closes a plan: what everybody who ends one has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from followup.models import MonitoringPlan
from followup.services.noting import note
from followup.states import OPEN_PLANS, UNDONE_CHECKS, CheckState, PlanState, require_plan_step

if TYPE_CHECKING:
    from accounts.models import User


def close_for(plan: MonitoringPlan, *, by: User, reason: str) -> MonitoringPlan:
    """Close `plan`, whose right the caller has checked and whose row it has locked."""
    require_plan_step(plan.state, PlanState.CLOSED)
    plan.state, plan.close_reason = PlanState.CLOSED, reason
    plan.version += 1
    plan.save()
    plan.checks.filter(state__in=UNDONE_CHECKS).update(
        state=CheckState.CANCELLED, version=F("version") + 1
    )
    # One that made way for it judges irAEs again, and knows what was judged meanwhile.
    earlier = MonitoringPlan.objects.filter(case=plan.case_id, succeeded=True, pk__lt=plan.pk)
    earlier.filter(state__in=OPEN_PLANS).update(known_iraes=plan.known_iraes)
    note(plan, by, "plan.closed", reason=reason)
    return plan
