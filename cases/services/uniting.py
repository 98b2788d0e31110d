"""What rows of two records say by reference to their own record, put into the words of the united one.

Before anything moves: an organ counts as asked about only where both records said so, and a date that is counted
from a course ("after cycle 7 of course 2") keeps its course when courses are numbered anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cases.fields import PARTS
from cases.models import (
    Background,
    ICICourse,
    IrAE,
    OrganReview,
    PerformanceStatus,
    ResponseAssessment,
)
from cases.whole_record import HISTORY
from evidence.conditions import FactState
from ui.partial_dates import cycle_of, render_partial_date

if TYPE_CHECKING:
    from django.db.models import Model

    from cases.models import Patient
    from ui.partial_dates import PartialDate

# Events that a date is counted from without naming their course: of a record with one course, that one's.
OF_THE_ONLY_COURSE = frozenset({"ICI start", "ICI stop", "last dose"})
# Rows that say themselves of which course they are.
OF_A_COURSE = (IrAE, ResponseAssessment)


def unite_reviews(keep: Patient, absorb: Patient) -> None:
    """Let `keep` count an organ as asked about only where both records say so, on the older of the two days.

    What an organ had is read from the list of irAEs, which is that of both.
    """
    others = {row.organ: row for row in OrganReview.objects.filter(patient=absorb)}
    for row in OrganReview.objects.filter(patient=keep):
        other = others.get(row.organ)
        if other is None:
            row.delete()
        elif other.asked_on < row.asked_on:
            row.asked_on, row.asked_by_id = other.asked_on, other.asked_by_id
            row.save(update_fields=["asked_on", "asked_by"])


def recount(patient: Patient, courses: Iterable[ICICourse], numbers: Mapping[int, int]) -> None:
    """Let the dates of one record name the numbers that its courses will have: `numbers` by their keys."""
    mine = {row.number: row for row in courses if row.patient_id == patient.pk}
    renumbered = {number: numbers[row.pk] for number, row in mine.items()}
    only = next(iter(mine.values())) if len(mine) == 1 else None
    models: list[type[Model]] = [*HISTORY, PerformanceStatus, Background]
    for model in models:
        for name in dates_of(model):
            told = model._default_manager.filter(patient=patient).exclude(**{f"{name}_anchor": ""})
            for row in told:
                _recounted(row, name, renumbered, only, numbers)


def dates_of(model: type[Model]) -> list[str]:
    """Return the names of the dates of a kind of row that may be known in part."""
    fields = (field.name for field in model._meta.concrete_fields)
    return [name.removesuffix("_anchor") for name in fields if name.endswith("_anchor")]


def _recounted(
    row: Any,
    name: str,
    renumbered: Mapping[int, int],
    only: ICICourse | None,
    numbers: Mapping[int, int],
) -> None:
    """Save one row whose date `name` is counted from a course by a number, or from the only course there was."""
    anchor = getattr(row, f"{name}_anchor")
    cycle = cycle_of(anchor)
    names_a_course = cycle is not None and cycle.course is not None
    if not names_a_course and only is not None and isinstance(row, OF_A_COURSE):
        said = row.course_id is not None or row.course_state == FactState.UNKNOWN
        if not said and (cycle is not None or anchor in OF_THE_ONLY_COURSE):
            row.course = only
            row.save(update_fields=["course"])
        return
    if cycle is None or (isinstance(row, ICICourse) and not names_a_course):
        return
    number = numbers[only.pk] if only is not None and not names_a_course else None
    if cycle.course is not None:
        number = renumbered.get(cycle.course)
    if number is not None and number != cycle.course:
        _say(row, name, f"cycle {cycle.number} of course {number}")


def _say(row: Any, name: str, anchor: str) -> None:
    """Count the date from `anchor`; the words as typed would name another course."""
    told: PartialDate = replace(getattr(row, name), anchor=anchor)
    setattr(row, name, replace(told, text=render_partial_date(told)))
    row.save(update_fields=[f"{name}_{part}" for part in PARTS])
