"""Puts a step of a plan on the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.services import record

if TYPE_CHECKING:
    from accounts.models import User
    from followup.models import MonitoringPlan


def note(plan: MonitoringPlan, by: User, kind: str, **detail: Any) -> None:
    """Record what `by` did with `plan`; codes, days and ids alone."""
    record(
        kind,
        by=by,
        board=plan.case.board,
        patient_id=plan.patient_id,
        subject=plan,
        detail=detail,
    )
