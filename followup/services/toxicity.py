"""Doses that are not given for toxicity while the record names no irAE: nothing else would tell anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followup.selectors import irae_since_first_dose
from followup.services.notices import leaders, notify
from followup.vocabulary import NoticeKind

if TYPE_CHECKING:
    from followup.models import MonitoringPlan


def tell_of_toxicity(plan: MonitoringPlan) -> None:
    """Tell coordinators and chairs that a dose is not given for toxicity, where no irAE says so."""
    if irae_since_first_dose(plan):
        return
    notify(
        users=leaders(plan.case.board_id),
        kind=NoticeKind.TOXICITY,
        plan=plan,
        reference=plan.case.reference,
    )
