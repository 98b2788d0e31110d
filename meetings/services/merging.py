"""Merging two records of one patient: everything moves to the one that is kept, and nothing is lost.

Here, above everything that knows of the patient. The database's own function moves the rows, checks who asks
and holds what must not be merged; this says it in words before, and derives anew after.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.services import record
from cases.models import (
    Background,
    BiomarkerResult,
    CaseSection,
    DriverTest,
    ICICourse,
    Immunosuppressant,
    LabResult,
    Metastasis,
    OrganReview,
    OtherTreatment,
    Patient,
    PatientErasure,
    PatientIdentity,
    PatientMerge,
    PerformanceStatus,
    ResponseAssessment,
    SteroidCourse,
    Tumour,
)
from cases.policies import check_merge
from cases.services.facts import refresh_patient
from cases.services.tasks import settle_patient
from followup.models import MonitoringPlan
from followup.services.deaths import end_with_death
from followup.states import OPEN_PLANS

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.utils.functional import Promise

    from accounts.models import User


@dataclass(frozen=True)
class Part:
    """A part of the record of which only one of two versions can stand: the tables it is made of."""

    label: str | Promise
    models: tuple[type[Any], ...]


PARTS: dict[str, Part] = {
    "identity": Part(gettext_lazy("Who the patient is"), (PatientIdentity,)),
    "tumour": Part(gettext_lazy("Tumour"), (Tumour, Metastasis, DriverTest, BiomarkerResult)),
    "fitness": Part(gettext_lazy("Fitness and background"), (PerformanceStatus, Background)),
    "organs": Part(gettext_lazy("Organs asked about"), (OrganReview,)),
    "labs": Part(gettext_lazy("Laboratory results of the same sample"), (LabResult,)),
}
# Lists whose completeness was said of one record's rows alone.
COMPLETE: dict[str, type[Any]] = {
    "courses_complete_as_of": ICICourse,
    "treatments_complete_as_of": OtherTreatment,
    "responses_complete_as_of": ResponseAssessment,
    "steroids_complete_as_of": SteroidCourse,
    "second_line_complete_as_of": Immunosuppressant,
}


class RecordsChanged(Exception):
    """One of the two records was changed after the page was shown; nothing was done."""


def obstacles(keep: Patient, absorb: Patient) -> list[str]:
    """Return in words why the two cannot be merged; empty when they can."""
    both = [keep.pk, absorb.pk]
    found = []
    if keep.pk == absorb.pk:
        found.append(_("These are cases of one record already."))
    if PatientErasure.objects.filter(patient__in=both).exists():
        found.append(_("One of the two was erased: nothing is known any more to merge it by."))
    if keep.merged_into_id or absorb.merged_into_id:
        found.append(_("One of the two was merged into another record before."))
    plans = MonitoringPlan.objects.filter(patient__in=both, state__in=OPEN_PLANS)
    if len(set(plans.values_list("patient_id", flat=True))) > 1:
        found.append(_("Both have an open monitoring plan: close the one that does not go on."))
    return found


def state_of(keep: Patient, absorb: Patient) -> str:
    """Return a token of how both records stand; another one means that something was saved since."""
    rows = CaseSection.objects.filter(Q(patient=keep) | Q(patient=absorb))
    stands = [*rows.order_by("pk").values_list("pk", "patient_id", "version")]
    return hashlib.sha256(repr(stands).encode()).hexdigest()[:32]


@transaction.atomic
def merge_patients(
    *, by: User, keep: Patient, absorb: Patient, taken: Collection[str], seen: str
) -> bool:
    """Merge `absorb` into `keep`; False, and nothing else, when that was done before.

    `taken` names the parts of `PARTS` that come from the absorbed record where both have one; what stood in
    the kept one then stays with the absorbed record, where it can be read. `seen` is `state_of` as the page
    showed it. Raises RecordsChanged, or ValidationError with what stands in the way.
    """
    check_merge(by, keep, absorb)
    if PatientMerge.objects.filter(patient=keep, absorbed=absorb).exists():
        return False
    list(Patient.objects.select_for_update().filter(pk__in=[keep.pk, absorb.pk]).order_by("pk"))
    keep.refresh_from_db()
    absorb.refresh_from_db()
    if PatientMerge.objects.filter(patient=keep, absorbed=absorb).exists():
        return False
    in_the_way = obstacles(keep, absorb)
    if in_the_way:
        raise ValidationError(in_the_way)
    if state_of(keep, absorb) != seen:
        raise RecordsChanged
    chosen = [key for key in PARTS if key in taken]
    completeness = _completeness(keep, absorb)
    tables = [m._meta.db_table for key in chosen if key != "identity" for m in PARTS[key].models]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rechallenge_merge_patients(%s, %s, %s, %s)",
            [keep.pk, absorb.pk, chosen, tables],
        )
    Patient.objects.filter(pk=keep.pk).update(**completeness)
    merged: Patient = Patient.objects.select_related("board", "identity").get(pk=keep.pk)
    if merged.identity.has_died:
        end_with_death(by=by, patient=merged)
    refresh_patient(patient=merged)
    settle_patient(by=by, patient=merged)
    about = {"taken": chosen, "other": absorb.pk}
    record(
        "patient.merged", by=by, board=keep.board, patient_id=keep.pk, subject=keep, detail=about
    )
    record(
        "patient.absorbed",
        by=by,
        board=absorb.board,
        patient_id=absorb.pk,
        subject=absorb,
        detail={"other": keep.pk},
    )
    return True


def _completeness(keep: Patient, absorb: Patient) -> dict[str, Any]:
    """Return since when each list of the united record is complete: only where both said so of theirs.

    A record without a row in a list says nothing about it, and takes nothing from what the other says.
    """
    found = {}
    for name, model in COMPLETE.items():
        said = []
        for patient in (keep, absorb):
            as_of = getattr(patient, name)
            if as_of or model.objects.filter(patient=patient).exists():
                said.append(as_of)
        found[name] = min(said) if said and all(said) else None
    return found
