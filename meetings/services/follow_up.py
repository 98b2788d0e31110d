"""What a signature asks of the parts below: a monitoring plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.vocabulary import drug_label

if TYPE_CHECKING:
    from accounts.models import User
    from meetings.models import Decision


def open_monitoring(*, by: User, decision: Decision) -> None:
    """Open the monitoring plan of a rechallenge, in the transaction that signs it."""
    try:
        from followup.services import open_plan
    except ImportError:
        return
    regimen = ", ".join(drug_label(code) for code in decision.drugs)
    open_plan(by=by, case=decision.case, regimen_label=regimen, decision_ref=decision.public_id)
