"""The rows of ICI courses: a course is the patient's course of that number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.bulk.columns import COURSES
from cases.bulk.entries import (
    COMPLETED,
    NEW,
    UNCHANGED,
    beside,
    completed,
    say_broken,
    say_otherwise,
    sound,
)
from cases.bulk.filling import filled
from cases.bulk.recorders import Trial
from cases.bulk.telling import course_cells, known
from cases.forms.courses import CourseForm
from cases.forms.fields import Stated

if TYPE_CHECKING:
    from cases.bulk.entries import Group
    from cases.bulk.files import Row
    from cases.models import ICICourse

MOST_COURSES = 200


def _read(form: CourseForm, name: str) -> Any:
    """Return what a form says of a field, as far as it is good."""
    if name == "drugs":
        if any(f"drug_{n}" not in form.cleaned_data for n in range(1, 5)):
            return None
        codes, state = form.chosen_drugs()
        return Stated(codes or None, state)
    if name not in form.cleaned_data:
        return None
    value = form.cleaned_data[name]
    if name == "contributing_reasons" and value.state == "known":
        # The main reason is not one of the others.
        main = form.cleaned_data.get("stop_reason")
        return Stated(tuple(sorted({*value.value} - {main.value if main else None})), "known")
    if isinstance(value, Stated):
        return value
    return value if isinstance(value, tuple) else known(value)


def enter_courses(group: Group) -> None:
    """Enter the courses in the order of their numbers; later rows may refer to them."""
    group.courses = dict(group.known.courses) if group.known else {}
    numbered = [(number, row) for row in group.rows["courses"] if (number := _number(group, row))]
    for number, row in sorted(numbered, key=lambda pair: pair[0]):
        _enter(group, number, row)


def _number(group: Group, row: Row) -> int:
    text = row["number"]
    if text.isdecimal() and 1 <= int(text) <= MOST_COURSES:
        return int(text)
    if "number" not in row.broken:
        group.problem(row, "number", _("Enter the number of the course: 1 for the first one"))
    return 0


def _enter(group: Group, number: int, row: Row) -> None:
    group.at_hand = row
    there: ICICourse | None = group.courses.get(number)
    if there is None:
        form = sound(group, row, filled(COURSES, row.cells), CourseForm)
        if isinstance(form, CourseForm) and group.may_write(row):
            values = {**form.values(), "number": number}
            # Once something is wrong nothing is written, and the rest is looked at all the same.
            recorder = Trial() if group.problems else group.recorder
            group.courses[number] = recorder.course(group.case, values, None)
            group.count(row, NEW)
        return
    recorded = course_cells(there)
    found = beside(row, recorded, CourseForm, _read)
    say_broken(group, row, found.broken)
    say_otherwise(group, row, found.otherwise, recorded)
    if found.fits and found.more and group.may_write(row):
        form = completed(group, row, recorded, found.more, CourseForm)
        if isinstance(form, CourseForm) and not group.problems:
            group.courses[number] = group.recorder.course(group.case, form.values(), there)
    group.count(row, COMPLETED if found.more else UNCHANGED)
