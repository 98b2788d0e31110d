"""Where a date told from an event or a cycle lies on the axis of the picture."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from cases.timeline.places import Places
from ui.partial_dates import parse_partial_date

START = date(2025, 1, 1).toordinal()


def course(number=1, start="1 January 2025", stop=None, cycles=None):
    return SimpleNamespace(
        number=number,
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
