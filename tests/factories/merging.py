"""Two records of one patient that were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.acting import acting_as
from cases.models import Case
from cases.services.merging import merge_patients, state_of
from tests.factories.record import make_case

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import PatientMerge
    from tests.factories.line import Line


def merge_records(by: User, kept: Case, other: Case, *taken: str) -> PatientMerge:
    """Merge the record of the case `other` into that of `kept`, as `by`."""
    with acting_as(by):
        keep, absorb = (
            Case.objects.select_related("patient__board").get(pk=case.pk).patient
            for case in (kept, other)
        )
        seen = state_of(keep, absorb)
        return merge_patients(by=by, keep=keep, absorb=absorb, taken=taken, seen=seen)


def with_another(line: Line) -> dict[str, Any]:
    """Return the ids of the page that compares the line's record with a new one."""
    other = make_case(line.people["member"], line.board)
    return {"public_id": line.case.public_id, "other_id": other.public_id}


def one_person(_line: Line) -> dict[str, Any]:
    """Return what is filled in there: the two differ in their names and hospital numbers."""
    return {"one_person": "on", "name": "kept", "number": "kept"}
