"""Writes to other treatment and to response assessments, each under the version of its section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.models import OtherTreatment, ResponseAssessment, Section
from cases.services.assigning import assign, row_of
from cases.services.sections import editing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from accounts.models import User
    from cases.models import Case


def save_treatment(
    *, by: User, case: Case, version: int, values: Mapping[str, Any], public_id: UUID | None = None
) -> OtherTreatment:
    """Add a treatment that is no ICI, or change the one with `public_id`."""
    with editing(by=by, case=case, key=Section.TREATMENT, version=version) as current:
        rows = OtherTreatment.objects.filter(patient=current.patient)
        row: OtherTreatment = row_of(rows, current, public_id)
        assign(row, values)
        row.save()
    return row


def save_response(
    *, by: User, case: Case, version: int, values: Mapping[str, Any], public_id: UUID | None = None
) -> ResponseAssessment:
    """Add a response assessment, or change the one with `public_id`."""
    with editing(by=by, case=case, key=Section.RESPONSES, version=version) as current:
        rows = ResponseAssessment.objects.filter(patient=current.patient)
        row: ResponseAssessment = row_of(rows, current, public_id)
        assign(row, values)
        row.save()
    return row
