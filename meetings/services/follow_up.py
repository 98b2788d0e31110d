"""What decisions have to do with monitoring: the plan that a signature opens, and what was decided after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from cases.vocabulary import drug_label
from followup.later import LaterDecision
from followup.services import open_plan
from meetings.choices import Outcome
from meetings.models import Decision
from meetings.states import DecisionState

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from followup.models import MonitoringPlan


def drugs_decided_on(decision_ref: UUID) -> list[str]:
    """Return the codes of the drugs of a decision; empty where there is no such decision."""
    drugs = Decision.objects.filter(public_id=decision_ref).values_list("drugs", flat=True).first()
    return drugs or []


def decided_later(plan: MonitoringPlan) -> LaterDecision | None:
    """Return the newest decision signed on the case of `plan` since the plan was opened."""
    signed = Decision.objects.filter(
        case=plan.case_id, state=DecisionState.SIGNED, signed_at__gt=plan.opened_at
    ).exclude(public_id=plan.decision_ref)
    rows = list(
        signed.only("public_id", "outcome", "signed_at", "state").order_by("-signed_at", "-pk")
    )
    found = next(iter(rows), None)
    if found is None or found.signed_at is None:
        return None
    decided = next((row.outcome for row in rows if row.outcome != Outcome.DEFER), "")
    return LaterDecision(
        outcome=str(found.get_outcome_display()),
        signed_at=found.signed_at,
        url=reverse("meetings:decision", args=[found.public_id]),
        against=decided == Outcome.NO_RECHALLENGE,
    )


def open_monitoring(*, by: User, decision: Decision) -> MonitoringPlan:
    """Open the monitoring plan of a rechallenge, in the transaction that signs it."""
    assert decision.dose_interval_days is not None  # no rechallenge is signed without
    regimen = ", ".join(drug_label(code) for code in decision.drugs)
    conditions = [
        {"text": c.text, "condition": c.condition, "expires_on": c.expires_on.isoformat()}
        for c in decision.conditions.order_by("pk")
    ]
    return open_plan(
        by=by,
        case=decision.case,
        regimen_label=regimen,
        decision_ref=decision.public_id,
        dose_interval_days=decision.dose_interval_days,
        drugs=decision.drugs,
        conditions=conditions,
    )
