"""Holds a first dose against the conditions of its decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.zones import today_of
from audit.services import record
from cases.derivations import derive
from cases.reading import record_of
from followup.conditions import Standing, judge_conditions, standing_of
from followup.services.notices import leaders, notify
from followup.vocabulary import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from accounts.models import User
    from followup.models import MonitoringPlan


def stored(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the conditions as the plan keeps them: days as ISO text."""
    return [
        {
            "text": row["text"],
            "condition": row.get("condition"),
            "expires_on": str(row["expires_on"]) if row.get("expires_on") else None,
        }
        for row in conditions
    ]


def require_conditions(
    *, by: User, plan: MonitoringPlan, on: date, said: Mapping[int, bool], acknowledged: bool
) -> None:
    """Raise unless every condition is certainly met on `on`, or what is open was acknowledged.

    What was `said` of conditions in words, by their place, is kept with them. An acknowledgement is kept on
    the trail, and coordinators and chairs are told.
    """
    if not plan.conditions:
        return
    plan.conditions = [
        {**row, "said": said[n]} if n in said and not row.get("condition") else row
        for n, row in enumerate(plan.conditions)
    ]
    facts = derive(record_of(plan.case), as_of=today_of(plan.case.board))
    plan.conditions = [
        {**row, "judged": standing_of(row, facts, on).value} for row in plan.conditions
    ]
    _acknowledge(by=by, plan=plan, on=on, unmet=_unmet(plan, on), acknowledged=acknowledged)


def require_conditions_moved(
    *, by: User, plan: MonitoringPlan, before: date, on: date, acknowledged: bool
) -> None:
    """Raise where a condition that held for the first dose on `before` has run out by `on`, to which it is corrected.

    What was said and judged with the dose stays; only what is newly open has to be acknowledged.
    """
    stood = _unmet(plan, before)
    fresh = {place: how for place, how in _unmet(plan, on).items() if place not in stood}
    _acknowledge(by=by, plan=plan, on=on, unmet=fresh, acknowledged=acknowledged)


def _unmet(plan: MonitoringPlan, on: date) -> dict[str, str]:
    """Return how each condition that is not certainly met stands for a first dose on `on`, by its place."""
    judged = judge_conditions(plan.conditions, plan.case.facts.as_facts(), on)
    return {str(n): c.standing.value for n, c in enumerate(judged) if c.standing != Standing.MET}


def _acknowledge(
    *, by: User, plan: MonitoringPlan, on: date, unmet: dict[str, str], acknowledged: bool
) -> None:
    if not unmet:
        return
    if not acknowledged:
        raise ValidationError(
            {
                "acknowledged": _(
                    "A condition of the decision is not met, has run out or is not known to be met. Say"
                    " that you know it, or ask the board first."
                )
            }
        )
    record(
        "plan.conditions_acknowledged",
        by=by,
        board=plan.case.board,
        patient_id=plan.patient_id,
        subject=plan,
        detail={"unmet": unmet, "on": on.isoformat()},
    )
    notify(
        users=leaders(plan.case.board_id),
        kind=NoticeKind.CONDITIONS,
        plan=plan,
        reference=plan.case.reference,
    )
