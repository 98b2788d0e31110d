"""Sets the columns of a row from values that a form has cleaned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import Model

    from cases.access import PatientScopedQuerySet
    from cases.models import Case


def assign(row: Model, values: Mapping[str, Any]) -> None:
    """Set fields, facts' states and partial dates of `row`; an unknown name raises AttributeError."""
    for name, value in values.items():
        if not hasattr(type(row), name):
            raise AttributeError(f"{type(row).__name__} has no {name}")
        setattr(row, name, value)
    # A state typed beside a partial date wins over what the property made of it.
    for name, value in values.items():
        if name.endswith("_state"):
            setattr(row, name, value)


def row_of(rows: PatientScopedQuerySet, case: Case, public_id: UUID | None) -> Any:
    """Return the row with `public_id` of this patient, or a new one."""
    return rows.get(public_id=public_id) if public_id else rows.model(patient=case.patient)
