"""Writes laboratory results, under the version of their section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cases.lab_entry import day_problem, duplicate_words, sample_key
from cases.models import LabResult, Section
from cases.services.assigning import assign
from cases.services.sections import editing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from accounts.models import User
    from cases.models import Case


class ResultRefused(ValueError):
    """A result that cannot be: of a day that cannot be, or recorded already. Says so in words."""


def save_results(
    *, by: User, case: Case, version: int, results: Iterable[Mapping[str, Any]]
) -> list[LabResult]:
    """Add results; `results` map model fields to values, as `cases.lab_entry.check` makes them."""
    with editing(by=by, case=case, key=Section.LABS, version=version) as current:
        rows = []
        for values in results:
            row = LabResult(patient=current.patient, entered_by=by)
            assign(row, values)
            rows.append(row)
        _check(rows, current)
        LabResult.objects.bulk_create(rows)
    return rows


def save_result(
    *, by: User, case: Case, version: int, values: Mapping[str, Any], public_id: UUID
) -> LabResult:
    """Change one result; what it said before is kept in its history."""
    with editing(by=by, case=case, key=Section.LABS, version=version) as current:
        row: LabResult = LabResult.objects.select_related("analyte").get(
            patient=current.patient, public_id=public_id
        )
        assign(row, values)
        row.entered_by = by
        _check([row], current)
        row.save()
    return row


def remove_result(*, by: User, case: Case, version: int, public_id: UUID) -> None:
    """Take back one result; what it said is kept in its history."""
    with editing(by=by, case=case, key=Section.LABS, version=version) as current:
        LabResult.objects.get(patient=current.patient, public_id=public_id).delete()


def _check(rows: list[LabResult], case: Case) -> None:
    """Refuse a day that cannot be, and a second result of one sample day and source."""
    birth_date, today = case.patient.identity.birth_date, timezone.localdate()
    days = {row.taken_on for row in rows}
    there = LabResult.objects.filter(patient=case.patient, taken_on__in=days)
    own = {row.pk for row in rows if row.pk}
    taken = {
        sample_key(row.analyte_id, row.taken_on, row.source): row
        for row in there.exclude(pk__in=own).select_related("analyte")
    }
    for row in rows:
        key = sample_key(row.analyte_id, row.taken_on, row.source)
        if problem := day_problem(row.taken_on, birth_date, today):
            raise ResultRefused(problem)
        if key in taken:
            raise ResultRefused(duplicate_words(taken[key]))
        taken[key] = row
