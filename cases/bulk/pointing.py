"""What rows say by pointing at another one: the course that is asked about, the event that a course was stopped for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.bulk.entries import Group
    from cases.bulk.files import Row
    from cases.models import ICICourse, IrAE

ASKED, STOPPED = "asked_about", "stopped_course"
YES = "yes"


def settle_asked(group: Group, entered: Mapping[int, ICICourse]) -> None:
    """Let the patient's case ask about the course whose row says so.

    `entered`: the courses of the file by the numbers that it gives them.
    """
    marked = [row for row in group.rows["courses"] if row[ASKED].casefold() == YES]
    for row in marked[1:]:
        group.problem(row, ASKED, _("Only one course is asked about: leave this cell empty"))
    course = entered.get(int(marked[0]["number"])) if marked and _is_number(marked[0]) else None
    if course is None or group.problems:
        return
    case = group.asking
    if case is not None and case.course_id is not None:
        if case.course_id != course.pk:
            words = _(
                "The question is about another course: change it on its page, or leave this empty"
            )
            group.problem(marked[0], ASKED, words)
    elif case is not None and case is not group.case:
        words = _("The patient's case is closed: return it to triage first")
        group.problem(marked[0], ASKED, words)
    elif group.may_write(marked[0]):
        group.recorder.about(group.case, course)


def _is_number(row: Row) -> bool:
    return row["number"].isdecimal()


def settle_stopped(group: Group, events: Iterable[tuple[Row, IrAE]]) -> None:
    """Say of courses for which event they were stopped, where a row of an event names the course."""
    for row, event in events:
        if not row[STOPPED]:
            continue
        course = {str(n): c for n, c in group.courses.items()}.get(row[STOPPED])
        if course is None:
            group.problem(row, STOPPED, _("The patient has no course of this number"))
        elif course.stopped_for is not None and course.stopped_for is not event:
            if course.stopped_for_id != event.pk or event.pk is None:
                words = _(
                    "The record names another event: change it there, or leave this cell empty"
                )
                group.problem(row, STOPPED, words)
        elif course.stopped_for is None and not group.problems and group.may_write(row):
            group.recorder.course(group.case, {"stopped_for": event}, course)


def stopped_told(events: Iterable[IrAE], courses: Iterable[ICICourse]) -> list[dict[str, str]]:
    """Return beside each event the number of the course that was stopped for it, of several the first."""
    numbers: dict[int, str] = {}
    for course in courses:
        if course.stopped_for_id is not None:
            numbers.setdefault(course.stopped_for_id, str(course.number))
    return [{STOPPED: numbers[e.pk]} if e.pk in numbers else {} for e in events]
