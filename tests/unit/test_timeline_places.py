"""Where a date told from an event or a cycle lies on the axis of the picture."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from cases.timeline.places import Places
from ui.partial_dates import parse_partial_date

START = date(2025, 1, 1).toordinal()


def course(number=1, start="1 January 2025", stop=None, cycles=None, *, goes_on=False):
    return SimpleNamespace(
        number=number,
        stop_state="not_applicable" if goes_on else "known" if stop else "missing",
        start=parse_partial_date(start) if start else None,
        stop=parse_partial_date(stop) if stop else None,
        cycles_low=cycles,
        cycles_high=cycles,
    )


def place(told, *courses, course=None, mode="calendar"):
    found = Places(mode, courses).bounds(parse_partial_date(told), {}, course)
    base = START if mode == "calendar" else 0
    return None if found is None else tuple(round(day - base) for day in found)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # Ten doses from day 0 to day 189: one every 21 days.
        ("after cycle 7", (126, 147)),
        ("after cycle 1", (0, 21)),
        ("after cycle 10", (189, 210)),
        ("day 5 after cycle 7", (131, 131)),
        ("after cycle 11", None),
        ("day 26 after ICI start", (26, 26)),
        ("day 3 after last dose", (192, 192)),
    ],
)
def test_cycles_of_a_course_whose_spacing_is_known(told, expected):
    assert place(told, course(stop="9 July 2025", cycles=10)) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # Doses every two to six weeks.
        ("after cycle 7", (84, 294)),
        ("after cycle 1", (0, 42)),
        ("day 5 after cycle 7", (89, 257)),
    ],
)
def test_cycles_of_a_course_whose_spacing_is_not_known_make_a_range(told, expected):
    assert place(told, course()) == expected


def test_of_several_courses_none_is_guessed():
    two = course(stop="9 July 2025", cycles=10), course(2, "1 January 2026", "15 January 2026", 2)
    assert place("after cycle 2", *two) is None
    assert place("after cycle 2", *two, course=1) == (21, 42)
    assert place("after cycle 1 of course 2", *two, course=1) == (365, 379)
    assert place("after cycle 1 of course 3", *two) is None


def test_on_an_axis_of_days_the_first_dose_is_day_0():
    told = course(start=None, stop="day 84 after ICI start", cycles=5)
    assert place("after cycle 2", told, mode="relative") == (21, 42)


def test_days_count_from_the_course_of_the_event():
    places = Places("calendar", [course(), course(2, "1 January 2026")])
    day = parse_partial_date("day 10 after ICI start")
    assert places.bounds(day, places.of_course(1)) == (START + 10, START + 10)
    assert places.bounds(day, places.of_course(2), 2) == (START + 375, START + 375)
    unknown = Places("calendar", [course(), course(2, None)])
    assert unknown.bounds(day, unknown.of_course(2), 2) is None


def told_of(told, *courses, course=None, unknown=False):
    """Return the words of a date as the picture says them; `unknown`: it was said that nobody knows its course."""
    places, day = Places("calendar", courses), parse_partial_date(told)
    return places.when(day, places.of_course(course), course, unknown=unknown).words


FIRST = course(start="3 February 2019", stop="10 December 2019")
SECOND = course(2, "5 May 2024", "11 September 2025")


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("day 200 after ICI start", date(2019, 8, 22), date(2024, 11, 21)),
        ("day 20 after last dose", date(2019, 12, 30), date(2025, 10, 1)),
        ("day 20 after ICI stop", date(2019, 12, 30), date(2025, 10, 1)),
    ],
)
def test_a_day_counted_from_one_of_several_courses_is_somewhere_from_all_of_them(told, first, last):
    found = Places("calendar", [FIRST, SECOND]).bounds(parse_partial_date(told), {})
    assert found == (first.toordinal(), last.toordinal())
    assert told_of(told, FIRST, SECOND) == f"{told}, course not told"
    assert told_of(told, FIRST) == told
    assert told_of(told, FIRST, SECOND, course=2) == told


def test_a_day_is_nowhere_where_a_course_that_may_be_meant_has_no_such_day():
    assert place("day 200 after ICI start", course(), course(2, None)) is None
    assert place("day 20 after last dose", course(stop="1 March 2025"), course(2)) is None
    # One that goes on has no last dose.
    going_on = course(2, "1 January 2026", goes_on=True)
    assert place("day 20 after last dose", course(stop="11 January 2025"), going_on) == (30, 30)
    # The last dose of one whose start nobody knows is not counted from another's.
    unknown = Places("calendar", [course(), course(2, None, "day 84 after ICI start")])
    assert unknown.given[2].stop is None


def test_days_after_the_rechallenge_are_counted_from_any_later_course():
    two = course(), course(2, "1 January 2026")
    told = "day 10 after rechallenge start"
    assert place(told, *two) == (375, 375)
    assert told_of(told, *two) == told
    three = *two, course(3, "1 January 2027")
    assert place(told, *three) == (375, 740)
    assert told_of(told, *three) == f"{told}, course not told"
    assert place(told, course()) is None


def test_a_cycle_of_no_course_says_so_and_other_dates_do_not():
    two = course(stop="9 July 2025", cycles=10), course(2, "1 January 2026", "15 January 2026", 2)
    assert told_of("after cycle 2", *two) == "after cycle 2, course not told"
    assert told_of("after cycle 2 of course 1", *two) == "after cycle 2 of course 1"
    assert told_of("after cycle 2", *two, course=1) == "after cycle 2"
    assert told_of("March 2025", *two) == "March 2025"
    assert told_of("day 3 after diagnosis", *two) == "day 3 after diagnosis"


def test_courses_themselves_are_counted_from_the_first_dose_of_the_first():
    second = course(2, "day 300 after ICI start", "day 42 after ICI start")
    places = Places("relative", [course(start=None, stop="day 84 after ICI start"), second])
    assert (places.given[2].start, places.given[2].stop) == ((300, 300), (342, 342))
    start, stop = places.of_given(2, second.start, second.stop)
    assert (start.low, stop.low, start.words) == (300, 342, "day 300 after ICI start")
    assert places.bounds(parse_partial_date("day 26 after ICI start"), {}) == (26, 326)


@pytest.mark.parametrize(
    "told", ["day 200 after ICI start", "day 20 after last dose", "after cycle 2"]
)
def test_that_nobody_knows_the_course_is_said_where_it_matters(told):
    assert told_of(told, FIRST, SECOND, unknown=True) == f"{told}, course not known"
    assert told_of(told, FIRST, unknown=True) == told
    assert told_of("March 2025", FIRST, SECOND, unknown=True) == "March 2025"
