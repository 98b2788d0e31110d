"""By which day a course of an ICI had certainly ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from evidence.conditions.facts import FactState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.derivations.record import Course

AFTER_STOP = "after_stop"


def ended_by(course: Course, others: Iterable[Course]) -> date | None:
    """Return the last day on which a course may have been given; None where no day ends it.

    Of one whose last dose nobody told to the day, that is the day on which another began, certainly later, or
    the last before it was known to be over. One that is said to be given still has no last dose.
    """
    last = course.last_dose[1]
    if last is None and _given_still(course):
        return None
    ends = [last if last is not None else _next_began(course, others), _known_over(course)]
    return min((day for day in ends if day is not None), default=None)


def _given_still(course: Course) -> bool:
    """Whether somebody says that it has no last dose, or that it has not been stopped."""
    return FactState.NOT_APPLICABLE in (course.stop_state, course.stop_reason.state)


def _known_over(course: Course) -> date | None:
    """Return the last day on which it may have been given, as one knows who heard that it is over or of a relapse.

    A day before its first dose, or its last one, disproves what was said of it: then that ends nothing.
    """
    relapsed = course.progressed[1] if course.progression_timing.value == AFTER_STOP else None
    said = course.over_said_on
    told = (None if said is None else said - timedelta(days=1), relapsed)
    given = [day for day in (*course.start, course.last_dose[0]) if day is not None]
    given_on = max(given, default=date.min)
    return min((day for day in told if day is not None and day >= given_on), default=None)


def _next_began(course: Course, others: Iterable[Course]) -> date | None:
    """Return the day by which another course had begun, certainly after the first dose of this one."""
    first = course.start[1]
    if first is None:
        return None
    next_ones = [c.start[1] for c in others if c.start[0] is not None and c.start[0] > first]
    return min((day for day in next_ones if day is not None), default=None)
