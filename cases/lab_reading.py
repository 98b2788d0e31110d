"""Turns laboratory results, steroids, weight and height into what the indices of the blood read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cases.derivations.measured import interval
from cases.derivations.samples import Blood, Body, Sample, Span, SteroidSpan
from cases.derivations.steroids import HIGHEST_REPLACEMENT, prednisone_equivalent
from cases.models import Indication
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from datetime import date

    from cases.models import LabResult, Patient

DAY = timedelta(days=1)


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


def began(row: Any) -> Any:
    """Return when a steroid course began: of one whose start nobody told, with the first of its doses."""
    first = next(iter(row.doses.all()), None)
    return first.since if row.start is None and first is not None else row.start


def steroid_spans(row: Any, holds_days: int, *, alone: bool = True) -> list[SteroidSpan]:
    """Return when a steroid course was given at a dose that counts: of doses over time, step by step.

    A dose of now goes on for `holds_days` after the day for which it was said; after that it may have ended.
    Replacement counts where its dose is above what the body makes, and may where nobody told it, or where it is not
    told by one course `alone`.
    """
    end, goes_on = _end(row, holds_days)
    steps = [step for step in row.doses.all() if step.since is not None]
    if not steps:
        counts = _counts(row, [row.peak_mg_per_day, row.now_mg_per_day], alone=alone)
        start = (row.start_earliest, row.start_latest)
        if counts is False and row.peak_mg_per_day is None and row.now_on is not None:
            # What was given before the day of that dose nobody told.
            end, goes_on, counts = (row.now_on - DAY, row.now_on - DAY), False, None
        return [] if counts is False else [SteroidSpan(start, end, goes_on, counts is True)]
    spans = []
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        counts = _counts(row, [step.mg_per_day], alone=alone)
        if step.mg_per_day == 0 or counts is False:
            continue
        start = (step.since_earliest, step.since_latest)
        until = end if after is None else _before(after.since_earliest, after.since_latest)
        spans.append(SteroidSpan(start, until, goes_on and after is None))
    return spans


def _end(row: Any, holds_days: int) -> tuple[Span, bool]:
    """Return the last day of a course, and whether it goes on without one."""
    stop = (row.stop_earliest, row.stop_latest)
    if stop != (None, None):
        return stop, False
    now, said = row.now_mg_per_day, row.now_on
    if now == 0 and said is not None:
        return (None, said - DAY), False
    if row.stop_state == FactState.NOT_APPLICABLE:
        return stop, True
    return (said + holds_days * DAY if now and said is not None else None, None), False


def _before(first: date | None, last: date | None) -> Span:
    return (first and first - DAY, last and last - DAY)


def _counts(row: Any, doses: list[Decimal | None], *, alone: bool) -> bool | None:
    """Return whether these doses are more than replacement; None where only some may be, or none is known."""
    if not is_replacement(row):
        return True
    known = [mg for mg in doses if mg is not None]
    equal = [prednisone_equivalent(row.drug or "", mg) for mg in known]
    above = [one is None or one > HIGHEST_REPLACEMENT for one in equal]
    if not above or (any(above) and not all(above)):
        return None
    low = not above[0] and not alone
    return None if None in equal or low else above[0]


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


def blood_of(patient: Patient, *, weight_holds_days: int, doses_hold_days: int) -> Blood:
    """Return all that the indices read; the record must be fetched.

    For how long before and after a blood sample a weight counts, and for how long a dose that was said of a day goes
    on, is as the rules have it.
    """
    lists: Any = patient
    background: Any = patient.background
    replaced = sum(map(is_replacement, lists.steroids.all()))
    total, found_on = background.steroid_total_mg, background.steroid_total_on
    return Blood(
        samples=tuple(sample_of(row) for row in lists.lab_results.all()),
        steroids=tuple(
            span
            for row in lists.steroids.all()
            for span in steroid_spans(row, doses_hold_days, alone=replaced < 2)
        ),
        steroids_complete_on=patient.steroids_complete_as_of,
        steroid_total=None if total is None or found_on is None else (Decimal(total), found_on),
        doses_hold_days=doses_hold_days,
        body=body_of(patient),
        weight_holds_days=weight_holds_days,
    )
