"""Numbers the courses of a record anew, with the dates that are counted from a course by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from cases.holding import hold_patient
from cases.models import ICICourse, Patient
from cases.numbering import in_order
from cases.services.facts import refresh_patient
from cases.services.uniting import recount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


# Numbers that no course has, while courses are numbered anew.
ASIDE = 10_000


def are_in_order(rows: Iterable[ICICourse]) -> bool:
    """Whether courses of one record are numbered by their first doses, as far as their dates tell."""
    courses = list(rows)
    numbers = [row.number for row in in_order(courses, {r.pk: float(r.number) for r in courses})]
    return numbers == sorted(numbers)


def number_anew(patient: Patient) -> None:
    """Number the courses of a record as its next save would, and rewrite the facts of its cases.

    For records from before courses were numbered by their first doses. One transaction.
    """
    with transaction.atomic():
        kept = Patient.objects.get(pk=hold_patient(patient))
        number_courses(kept)
        refresh_patient(patient=kept)


def number_courses(
    patient: Patient, *, new: ICICourse | None = None, placed: tuple[ICICourse, int] | None = None
) -> None:
    """Let the courses of `patient`, held by the caller, be numbered by their first doses.

    `placed`: a course that somebody put after that of a number, 0 for before all, where dates do not tell. `new`:
    a course that was not there when the dates of the others were told: none of them counts from it.
    """
    rows = list(ICICourse.objects.filter(patient=patient).order_by("number"))
    places = {row.pk: float(row.number) for row in rows}
    if placed is not None:
        places[placed[0].pk] = placed[1] + 0.5
    kept = sorted(row.number for row in rows)
    numbers = dict(zip((row.pk for row in in_order(rows, places)), kept, strict=True))
    if any(row.number != numbers[row.pk] for row in rows):
        recount(patient, [row for row in rows if new is None or row.pk != new.pk], numbers)
        renumber(numbers)


def renumber(numbers: Mapping[int, int]) -> None:
    """Give courses, by their keys, other numbers; no two have one number meanwhile."""
    rows = ICICourse.objects.filter(pk__in=numbers)
    wrong = [row.pk for row in rows if row.number != numbers[row.pk]]
    ICICourse.objects.filter(pk__in=wrong, number__lt=ASIDE).update(number=F("number") + 2 * ASIDE)
    for pk in wrong:
        ICICourse.objects.filter(pk=pk).update(number=numbers[pk])
