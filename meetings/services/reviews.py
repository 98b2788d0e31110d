"""Answering guidance that changed after a signed decision relied on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import record
from cases.policies import check_not_erased
from cases.services.lifecycle import return_to_triage
from meetings.choices import ReviewOutcome
from meetings.models import GuidanceReview
from meetings.policies import check_review
from meetings.presenters.cases import GUIDANCE_CHANGED

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.changes import Change
    from meetings.models import DecisionStatement


@transaction.atomic
def review_guidance(
    *, by: User, pin: DecisionStatement, change: Change, outcome: str, reason: str
) -> tuple[GuidanceReview, bool]:
    """Say what follows from `change` for the decision of `pin`, and whether it was said; the first answer stands.

    A case that is to be discussed again goes back to triage, unless it is on its way to a meeting already.
    """
    decision = pin.decision
    check_review(by, decision)
    check_not_erased(decision.case.patient)
    row, created = GuidanceReview.objects.get_or_create(
        decision=decision,
        statement_version_id=pin.statement_version_id,
        mark=change.mark,
        defaults={
            "patient_id": decision.patient_id,
            "outcome": outcome,
            "reason": reason,
            "by": by,
        },
    )
    if created:
        if outcome == ReviewOutcome.AGAIN:
            return_to_triage(by=by, case=decision.case, reason_code=GUIDANCE_CHANGED)
        record(
            "decision.reviewed",
            by=by,
            board=decision.board,
            patient_id=decision.patient_id,
            subject=decision,
            detail={"version": pin.statement_version_id, "outcome": outcome},
        )
    return row, created
