"""Two records of one patient that were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.acting import acting_as
from cases.models import Case
from cases.services.merging import merge_patients, state_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import PatientMerge


def merge_records(by: User, kept: Case, other: Case, *taken: str) -> PatientMerge:
    """Merge the record of the case `other` into that of `kept`, as `by`."""
    with acting_as(by):
        keep, absorb = (
            Case.objects.select_related("patient__board").get(pk=case.pk).patient
            for case in (kept, other)
        )
        seen = state_of(keep, absorb)
        return merge_patients(by=by, keep=keep, absorb=absorb, taken=taken, seen=seen)
