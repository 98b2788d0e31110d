"""What was written about a patient while they had another record, which was merged into theirs since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from cases.models import PatientMerge

if TYPE_CHECKING:
    from cases.models import Case


def of_patient(case: Case, moment: str) -> Q:
    """Return which rows of a history are the patient's: those of an absorbed record until it was merged.

    `moment` is the column with the time of a row. What stayed with an absorbed record is no part of the
    patient's from then on.
    """
    absorbed = PatientMerge.objects.filter(
        absorbed=OuterRef("patient_id"),
        absorbed__merged_into=case.patient_id,
        at__gt=OuterRef(moment),
    )
    return Q(patient_id=case.patient_id) | Q(Exists(absorbed))
