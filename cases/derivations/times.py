"""Times of an ICI course in days, as intervals over dates that are known in part."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cases.derivations.record import MISSING, Span, days_between, most_open
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.derivations.record import Course


def between(earlier: Span, earlier_state: FactState, later: Span, later_state: FactState) -> Fact:
    """Return the days from one date to another; where one of them is not there, the state it is in.

    "Not applicable" (an ICI that is still given has no last dose) makes the time not applicable.
    """
    found = days_between(earlier, later)
    if found.state is FactState.KNOWN:
        return found
    states = {
        state
        for span, state in ((earlier, earlier_state), (later, later_state))
        if span == (None, None)
    } - {FactState.KNOWN}
    if FactState.NOT_APPLICABLE in states:
        return Fact.absent(FactState.NOT_APPLICABLE)
    return Fact.absent(most_open(states)) if states else MISSING


def last_dose(course: Course) -> Span:
    """Return the span of the last dose, counted from the first where it is told so."""
    return course.last_dose


def length(course: Course) -> Fact:
    """Return the days from first to last dose."""
    if course.stop_after_start is not None:
        return Fact.number(course.stop_after_start) if course.stop_after_start >= 0 else MISSING
    return between(course.start, course.start_state, course.stop, course.stop_state)


def free_until(course: Course, day: date) -> Fact:
    """Return the days from the last dose to `day`."""
    return between(last_dose(course), course.stop_state, (day, day), FactState.KNOWN)


def day_of_last_dose(course: Course | None) -> Fact:
    """Return the day of the last dose; where there is none, the state it is in."""
    if course is None:
        return MISSING
    found = last_dose(course)
    if found != (None, None):
        return Fact.day(*found)
    return MISSING if course.stop_state is FactState.KNOWN else Fact.absent(course.stop_state)


def free_of(courses: Iterable[Course], day: date) -> Fact:
    """Return the days from the last dose of any of `courses` to `day`; not applicable while one is given.

    It is that of the last course, unless one begun before it was certainly given, or may have been, for longer.
    """
    rows = tuple(courses)
    last = given_last(rows)
    if last is None:
        return MISSING
    found = free_until(last, day)
    if found.state is not FactState.KNOWN:
        return found
    known = [fact for c in rows if (fact := free_until(c, day)).state is FactState.KNOWN]
    lows = [fact.low for fact in known if fact.low is not None]
    highs = [fact.high for fact in known if fact.high is not None]
    return Fact.between(min(lows), min(highs))


def given_last(courses: Iterable[Course]) -> Course | None:
    """Return the course of the last dose of all: one that is given still, else the last, or one that ended later."""
    rows = sorted(courses, key=lambda c: c.number)
    still = [c for c in rows if c.stop_state is FactState.NOT_APPLICABLE]
    if still or not rows:
        return still[-1] if still else None
    last = rows[-1].last_dose[1]
    if last is None:
        return rows[-1]
    ended = [(c.last_dose[1], c.number, c) for c in rows if c.last_dose[1] is not None]
    return max(ended, key=lambda one: one[:2])[2]


def gap(first: Course, second: Course) -> Fact:
    """Return the ICI-free days between two courses."""
    return between(last_dose(first), first.stop_state, second.start, second.start_state)


def until_progression(course: Course) -> Fact:
    """Return the days from the first dose to the progression."""
    told, after_stop = course.progressed_after_start, course.progressed_after_stop
    if told is not None:
        return Fact.number(told) if told >= 0 else MISSING
    if after_stop is not None:
        return _shifted(length(course), after_stop)
    return between(course.start, course.start_state, course.progressed, course.progressed_state)


def off_at_progression(course: Course) -> Fact:
    """Return the days from the last dose to the progression."""
    told, after_start = course.progressed_after_stop, course.progressed_after_start
    if told is not None:
        return Fact.number(told) if told >= 0 else MISSING
    given = length(course)
    if after_start is not None and given.low is not None and given.high is not None:
        low, high = after_start - given.high, after_start - given.low
        return Fact.between(max(low, 0), high) if high >= 0 else MISSING
    return between(last_dose(course), course.stop_state, course.progressed, course.progressed_state)


def _shifted(days: Fact, by: int) -> Fact:
    if days.low is None or days.high is None:
        return days
    return Fact.between(max(days.low + by, 0), max(days.high + by, 0))
