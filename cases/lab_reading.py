"""Turns laboratory results, steroids, weight and height into what the indices of the blood read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cases.derivations.measured import interval
from cases.derivations.samples import Blood, Body, Sample, SteroidSpan
from cases.models import Indication
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from cases.models import LabResult, Patient


def sample_of(row: LabResult) -> Sample:
    """Return one result; its analyte must be fetched."""
    limit = row.reference_high
    return Sample(
        row.analyte.code,
        row.taken_on,
        interval(row.comparator, Decimal(row.value)),
        None if limit is None else Decimal(limit),
    )


def is_replacement(row: Any) -> bool:
    """Return whether a steroid was given for what the body no longer makes."""
    return bool(row.indication == Indication.ADRENAL_REPLACEMENT)


def steroid_span(row: Any) -> SteroidSpan:
    """Return when a steroid course was given; one without an end that cannot have one goes on."""
    return SteroidSpan(
        start=(row.start_earliest, row.start_latest),
        stop=(row.stop_earliest, row.stop_latest),
        goes_on=row.stop_state == FactState.NOT_APPLICABLE,
    )


def body_of(patient: Patient) -> Body:
    """Return weight and height."""
    background: Any = patient.background
    return Body(
        weight=_number(background, "weight_kg"),
        weighed=(background.weighed_earliest, background.weighed_latest),
        height=_number(background, "height_cm"),
    )


def _number(row: Any, name: str) -> Fact:
    state = FactState(getattr(row, f"{name}_state"))
    if state is not FactState.KNOWN:
        return Fact.absent(state)
    return Fact.number(Decimal(getattr(row, name)))


def blood_of(patient: Patient, *, weight_holds_days: int) -> Blood:
    """Return all that the indices read; the record must be fetched.

    `weight_holds_days`: for how long before and after a blood sample a weight counts, as the rules have it.
    """
    lists: Any = patient
    return Blood(
        samples=tuple(sample_of(row) for row in lists.lab_results.all()),
        steroids=tuple(steroid_span(s) for s in lists.steroids.all() if not is_replacement(s)),
        steroids_complete_on=patient.steroids_complete_as_of,
        body=body_of(patient),
        weight_holds_days=weight_holds_days,
    )
