"""Records an irAE seen under monitoring: the record first, then what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from cases.models import IrAE
from cases.services.history import save_irae
from cases.states import CaseState
from cases.vocabulary import Resolution, entities, family_of, is_sequel, is_unspecified
from followup.policies import check_record
from followup.services.locking import locked_plan
from followup.services.triggers import irae_recorded, return_by, tell
from followup.vocabulary import ReturnReason

if TYPE_CHECKING:
    from accounts.models import User
    from followup.models import MonitoringPlan
    from ui.partial_dates import PartialDate


def _under(plan: MonitoringPlan, onset: PartialDate | None) -> bool:
    """Whether an irAE certainly began under the plan's doses."""
    first = plan.first_dose_on
    return bool(first and onset and onset.earliest and onset.earliest >= first)


def _returned_from(earlier: IrAE, entity: str, grade: int, onset: PartialDate | None) -> bool:
    """Whether an irAE certainly began after an earlier one of its disease was over; a worsening is no return."""
    if earlier.resolution != Resolution.RESOLVED or onset is None or onset.earliest is None:
        return False
    if is_unspecified(entity) or is_sequel(earlier.entity, entity, grade):
        return False
    over = earlier.resolved.latest if earlier.resolved else earlier.now_on
    return over is not None and over < onset.earliest


@transaction.atomic
def record_irae(
    *,
    by: User,
    plan: MonitoringPlan,
    version: int,
    entity: str,
    ctcae_version: str,
    grade: int,
    onset: PartialDate | None = None,
    entity_text: str = "",
    organ: str = "",
) -> tuple[IrAE, str | None]:
    """Add an irAE to the record and return it with why the case came back, or None.

    `entity_text` and `organ` tell of one outside the list what it was and where; of others the list knows the organ.
    `version` is that of the case's section of irAEs; raises cases.services.sections.StaleSection.
    """
    # Before the case, which is held to the end once its section is saved.
    now = locked_plan(plan)
    check_record(by, now)
    disease = [code for code in entities() if family_of(code) == family_of(entity)]
    rows = IrAE.objects.filter(patient=plan.case.patient, entity__in=disease)
    found = rows.order_by("id")
    earlier = next((r for r in found if _returned_from(r, entity, grade, onset)), None)
    values: dict[str, Any] = {
        "entity": entity,
        "entity_text": entity_text,
        "organ": organ or entities()[entity].organ.value,
        "ctcae_version": ctcae_version,
        "worst_grade": grade,
        "worst_grade_state": "known",
        "grade_now": grade,
        "grade_now_state": "known",
        "resolution": "ongoing",
        "resolution_state": "known",
        "recurrence_of": earlier,
        "onset": onset,
        "course": now.course if _under(now, onset) else None,
    }
    plan.case.refresh_from_db(fields=["state"])
    reopened = ""
    if plan.case.state == CaseState.CLOSED:
        # A closed record takes no entry: what is seen under monitoring opens it, whatever the grade.
        reopened = ReturnReason.IRAE_AGAIN if earlier else ReturnReason.NEW_IRAE
        return_by(by=by, case=plan.case, reason=reopened)
    irae = save_irae(by=by, case=plan.case, version=version, values=values)
    reason = irae_recorded(by=by, case=plan.case, irae=irae)
    if reopened and reason is None:
        tell(plan=plan, case=plan.case, reason=reopened, back=True)
    return irae, reason or reopened or None
