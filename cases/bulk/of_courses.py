"""The rows of ICI courses: a course is the patient's course of that number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.bulk.columns import COURSES
from cases.bulk.comparing import SAME, compared
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
from cases.bulk.owing import note_not_yet
from cases.bulk.pointing import settle_asked
from cases.bulk.recorders import Trial
from cases.bulk.telling import course_cells, known
from cases.forms.courses import CourseForm
from cases.forms.fields import Stated
from cases.numbering import begun

if TYPE_CHECKING:
    from cases.bulk.entries import Group
    from cases.bulk.files import Row
    from cases.models import ICICourse
    from ui.partial_dates import PartialDate

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
    """Enter the courses in the order of their numbers; later rows may refer to them.

    Within the file a course has the number that the file gives it; once all is entered the record numbers its
    courses by their first doses.
    """
    group.courses = dict(group.known.courses) if group.known else {}
    numbered = [(number, row) for row in group.rows["courses"] if (number := _number(group, row))]
    entered: dict[int, ICICourse] = {}
    for number, row in sorted(numbered, key=lambda pair: pair[0]):
        there = entered.get(number) or _recorded(group, number, row)
        course = _enter(group, number, row, there)
        if course is not None:
            entered[number] = group.courses[number] = course
    settle_asked(group, entered)


def _recorded(group: Group, number: int, row: Row) -> ICICourse | None:
    """Return the course of the record that a row is about.

    It is the one of that number; where that one certainly began at another time, the one that began when the row
    says, for the record may have numbered them since.
    """
    known = group.known.courses if group.known else {}
    there, told = known.get(number), _start(row)
    if there is None or told is None or not begun(told, None).comparable(begun(there.start, None)):
        return there
    same = [c for c in known.values() if compared(told, c.start) == SAME and c.start is not None]
    return same[0] if len(same) == 1 else there


def _start(row: Row) -> PartialDate | None:
    try:
        stated = CourseForm.base_fields["start"].clean(row["start"])
    except ValidationError:
        return None
    found: PartialDate | None = stated.value
    return found


def _number(group: Group, row: Row) -> int:
    text = row["number"]
    if text.isdecimal() and 1 <= int(text) <= MOST_COURSES:
        return int(text)
    if "number" not in row.broken:
        group.problem(row, "number", _("Enter the number of the course: 1 for the first one"))
    return 0


def _enter(group: Group, number: int, row: Row, there: ICICourse | None) -> ICICourse | None:
    """Add the course of a row, or hold it against the one that is there; return it, None where it is not good."""
    group.at_hand = row

    def make(data: dict[str, Any]) -> Any:
        form = group.beside_life(CourseForm(data))
        form.beside = [c for n, c in group.courses.items() if n != number and c is not there]
        return form

    if there is None:
        form = sound(group, row, filled(COURSES, row.cells), make)
        if not isinstance(form, CourseForm) or not group.may_write(row):
            return None
        values = {**form.values(), "number": number}
        group.count(row, NEW)
        # Once something is wrong nothing is written, and the rest is looked at all the same.
        recorder = Trial() if group.problems else group.recorder
        group.courses_written = True
        there = recorder.course(group.case, values, None)
        note_not_yet(group, row, {}, there)
        return there
    recorded = {**course_cells(there), "number": row["number"]}
    found = beside(row, recorded, make, _read)
    say_broken(group, row, found.broken)
    say_otherwise(group, row, found.otherwise, recorded)
    if found.fits and found.more and group.may_write(row):
        form = completed(group, row, recorded, found.more, make)
        if isinstance(form, CourseForm) and not group.problems:
            group.courses_written = True
            there = group.recorder.course(group.case, form.values(), there)
    note_not_yet(group, row, recorded, there)
    group.count(row, COMPLETED if found.more else UNCHANGED)
    return there
