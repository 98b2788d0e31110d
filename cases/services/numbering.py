"""Numbers the courses of a record anew, with the dates that are counted from a course by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from cases.models import ICICourse
from cases.numbering import in_order
from cases.services.uniting import recount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.models import Patient

# Numbers that no course has, while courses are numbered anew.
ASIDE = 10_000


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
