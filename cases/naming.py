"""How the trail names cases to a reader, without loading anything of the record."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models.functions import Coalesce
from django.urls import reverse

from audit.subjects import FoundCase, Named
from cases.family import records_of
from cases.models import Case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from audit.models import TrailEntry

CASE = Case._meta.label_lower


def name_cases(reader: User, entries: Sequence[TrailEntry]) -> dict[int, list[Named]]:
    """Name the case of each entry about a patient, or all the patient's cases; one query."""
    patients = {e.patient_id for e in entries if e.patient_id is not None}
    if not patients:
        return {}
    rows = Case.objects.visible_to(reader).filter(patient_id__in=patients).order_by("id")
    by_case: dict[int, Named] = {}
    by_patient: dict[int, list[Named]] = defaultdict(list)
    for pk, patient, reference, public_id in rows.values_list(
        "pk", "patient_id", "reference", "public_id"
    ):
        by_case[pk] = Named(reference, reverse("cases:detail", args=[public_id]))
        by_patient[patient].append(by_case[pk])
    found = {}
    for entry in entries:
        if entry.subject_type == CASE and entry.subject_id in by_case:
            found[entry.pk] = [by_case[entry.subject_id]]
        elif entry.patient_id in by_patient:
            found[entry.pk] = by_patient[entry.patient_id]
    return found


def find_case(reader: User, public_id: UUID) -> FoundCase | None:
    """Return the case with this public id, if `reader` may see it and read the trail of its board."""
    boards = reader.boards_with("trail.view")
    rows = Case.objects.visible_to(reader).filter(public_id=public_id, board__in=boards)
    kept = Coalesce("patient__merged_into_id", "patient_id")
    row = rows.values_list("patient_id", "board_id", "reference", kept).first()
    if row is None:
        return None
    patient, board, reference, kept_id = row
    records = tuple(pk for (pk,) in records_of(kept_id).values_list("pk"))
    named = Named(reference, reverse("cases:detail", args=[public_id]))
    return FoundCase(patient, records, board, named)
