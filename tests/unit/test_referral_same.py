"""Which course or irAE of a record a referral means, and what it adds to it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from cases.services.referral_same import DIFFERENT, same_course, same_event, united
from ui.partial_dates import parse_partial_date

KNOWN, MISSING, UNKNOWN, OVER = "known", "missing", "unknown", "not_applicable"
TODAY = date(2026, 11, 27)


def day(text):
    return parse_partial_date(text) if text else None


def states(values):
    return {
        f"{name}_state": values.pop(f"{name}_state", KNOWN if value not in (None, []) else MISSING)
        for name, value in list(values.items())
        if not name.endswith("_state")
    }


def course(**changes):
    """Return a course of the record, or what is told of one."""
    values = {
        "drugs": ["pembrolizumab"], "start": "10 April 2024", "stop": "January 2025",
        "stop_reason": "irae", "contributing_reasons": [], "progression_timing": "none",
        "best_response": None, "cycles_low": 14, "cycles_high": 14, **changes,
    }  # fmt: skip
    values |= {name: day(values[name]) for name in ("start", "stop")}
    return {**values, **states(values), "cycles_state": KNOWN}


def event(**changes):
    """Return an irAE of the record, or what is told of one."""
    graded = {
        "worst_grade": 3, "onset_grade": None, "grade_now": 1, "resolution": None, "onset": "February 2025",
        "resolved": None, **changes,
    }  # fmt: skip
    plain = {
        name: graded.pop(name, default)
        for name, default in (
            ("entity", "pneumonitis"), ("entity_text", ""), ("organ", "lung"),
            ("ctcae_version", "5.0"), ("severity_word", ""), ("course", None),
        )
    }  # fmt: skip
    graded |= {name: day(graded[name]) for name in ("onset", "resolved")}
    return {**plain, **graded, **states(graded)}


def row(values):
    return SimpleNamespace(public_id=uuid4(), **values)


def told(values):
    return {name: value for name, value in values.items() if not name.startswith("resolved")}


@pytest.mark.parametrize(
    ("there", "said", "same"),
    [
        # A day within the recorded span, a span around it, nothing told.
        ({}, {"stop": "29 January 2025"}, True),
        ({"stop": "29 January 2025"}, {"stop": "2025"}, True),
        ({"stop": None}, {}, True),
        ({}, {"drugs": [], "start": None, "stop": None, "cycles_low": None}, True),
        # The same first dose to the day, whatever else is told.
        ({}, {"stop_reason": "completed", "cycles_low": 12, "cycles_high": 12}, True),
        # Days from an event that is known in the same way, or that can be counted.
        ({"stop": "day 60 after ICI start"}, {"stop": "day 60 after ICI start"}, True),
        ({"stop": "2024", "start": "10 April 2024"}, {"stop": "day 60 after ICI start"}, True),
        # Certainly another.
        ({}, {"drugs": ["atezolizumab"]}, False),
        ({}, {"start": "May 2025", "stop": None}, False),
        ({}, {"start": "May 2022", "stop": "May 2023"}, False),
        ({}, {"stop_reason": None, "stop_reason_state": OVER, "stop": None}, False),
        # It cannot be told.
        ({}, {"start": "May 2024"}, None),
        ({"start": "April 2024"}, {"start": "April 2024", "best_response": "PR", "cycles_low": 2}, None),
        ({"start": None}, {"start": None, "stop_reason": "completed"}, None),
        ({"drugs": ["pd1_unnamed"]}, {}, None),
        ({"drugs": ["nivolumab", "ipilimumab"]}, {"drugs": ["nivolumab"]}, None),
        ({"start": None, "stop": "day 9 after ICI start"}, {"start": None, "stop": "May 2024"}, None),
    ],
)  # fmt: skip
def test_which_course_is_meant(there, said, same):
    known = row(course(**there))
    found = same_course([known], course(**said))
    if same:
        assert found.row is known and found.chosen("") is known and not found.is_open("")
        return
    assert found.row is None and found.chosen("") is None
    assert found.asked == (() if same is False else (known,))
    assert found.is_open("") is (same is None) and not found.is_open(DIFFERENT)
    if same is None:
        assert found.chosen(str(known.public_id)) is known
        assert not found.is_open(str(known.public_id))


@pytest.mark.parametrize(
    ("there", "said", "same"),
    [
        ({}, {"onset": "20 February 2025", "grade_now": 0}, True),
        ({"onset": "20 February 2025"}, {"onset": "20 February 2025", "worst_grade": 2}, True),
        # Without an onset it is that of the same course.
        ({"course": 1}, {"onset": None, "worst_grade": None, "course": 1}, True),
        ({"grade_now": 0}, {"grade_now": 0}, True),
        ({"resolution": "on_replacement", "resolved": "May 2025"}, {"grade_now": 2}, True),
        ({}, {"entity": "colitis"}, False),
        ({"resolved": "May 2025", "grade_now": None}, {"onset": "July 2025"}, False),
        ({"entity": "autoimmune_other", "entity_text": "Meningitis", "organ": "brain"},
         {"entity": "autoimmune_other", "entity_text": "Uveitis", "organ": "brain"}, False),
        ({"entity": "autoimmune_other", "organ": "brain"},
         {"entity": "autoimmune_other", "organ": "eye"}, False),
        ({"entity": "autoimmune_other", "organ": "other"},
         {"entity": "autoimmune_other", "organ": "eye"}, True),
        # Other days, another grade beside a span, a grade that does not fit, and what was over.
        ({}, {"onset": "April 2025"}, None),
        ({}, {"worst_grade": 4}, None),
        ({"worst_grade": 2, "onset": None}, {"worst_grade": None, "onset_grade": 3, "onset": None}, None),
        ({"resolved": "May 2025", "grade_now": None}, {"grade_now": 2}, None),
        ({"grade_now": 0, "resolution": "resolved"}, {"grade_now": 1}, None),
        # Where one of the two has neither onset nor course it may be of any year.
        ({}, {"onset": None, "worst_grade": None}, None),
        ({"onset": None}, {"onset": None}, None),
        ({"onset": None}, {"course": 1}, None),
        ({"course": 1}, {"onset": None}, None),
        ({"onset": None, "course": 1}, {"course": 2}, None),
    ],
)  # fmt: skip
def test_which_event_is_meant(there, said, same):
    known = row(event(**there))
    found = same_event([known], told(event(**said)))
    assert (found.row is known) is (same is True)
    assert found.asked == ((known,) if same is None else ())


def test_of_several_the_exact_one_is_meant_and_else_it_is_asked():
    first, second = row(event(onset="20 February 2025")), row(event(onset="February 2025"))
    assert same_event([second, first], told(event(onset="20 February 2025"))).row is first
    assert same_event([first, second], told(event(onset=None))).asked == (first, second)
    # What has no day may be meant as well as the one that fits.
    undated = row(event(onset=None))
    assert same_event([second, undated], told(event())).asked == (second, undated)


def test_what_is_missing_is_added_and_what_is_otherwise_stays():
    known = row(course(best_response=None, stop=None, contributing_reasons_state=KNOWN))
    said = course(best_response="PR", stop=None, stop_state=UNKNOWN, start="2024",
                  contributing_reasons=["toxicity"], cycles_low=12, cycles_high=12)  # fmt: skip
    found = united(known, said)
    assert found.missing == {
        "best_response": "PR", "best_response_state": KNOWN, "stop": None, "stop_state": UNKNOWN,
    }  # fmt: skip
    assert found.otherwise == ("contributing_reasons", "cycles_low")


def test_days_from_the_same_event_are_the_same():
    counted = course(stop="day 60 after ICI start")
    assert united(row(counted), counted).otherwise == ()


def test_a_number_of_cycles_completes_at_least_so_many():
    known = row(course(cycles_low=10, cycles_high=None))
    assert united(known, course()).missing["cycles_high"] == 14
    assert united(known, course(cycles_low=9, cycles_high=9)).otherwise == ("cycles_low",)
    known = row(course(cycles_low=None, cycles_high=12))
    assert united(known, course()).otherwise == ("cycles_low",)


@pytest.mark.parametrize(
    ("there", "said", "added", "otherwise"),
    [
        # The grade of now is of today; a word of an older day goes with it.
        ({}, {"grade_now": 0}, {"grade_now": 0, "now_on": TODAY}, ()),
        ({}, {"grade_now": 1}, {"grade_now": 1, "now_on": TODAY}, ()),
        ({"grade_now": 0, "resolution": "resolved"}, {"grade_now": 1},
         {"grade_now": 1, "resolution": None, "resolution_state": MISSING}, ()),
        # What resolved on a day stays so; grades above the worst, or of another version, are left.
        ({"resolved": "May 2025"}, {"grade_now": 2}, {}, ("grade_now",)),
        ({"worst_grade": 2}, {"worst_grade": None, "grade_now": 3}, {}, ("grade_now",)),
        ({"worst_grade": 2, "grade_now": None}, {"worst_grade": None, "onset_grade": 3, "grade_now": None},
         {}, ("onset_grade",)),
        ({}, {"ctcae_version": "4.03", "onset_grade": 2, "grade_now": 0}, {"grade_now": 0},
         ("ctcae_version", "onset_grade")),
        ({"worst_grade": 5}, {"worst_grade": None, "grade_now": 1}, {}, ("grade_now",)),
        ({}, {"ctcae_version": "none", "onset_grade": 2}, {"onset_grade": 2}, ()),
        ({"ctcae_version": "", "worst_grade": None, "grade_now": None}, {},
         {"ctcae_version": "5.0", "worst_grade": 3, "grade_now": 1}, ()),
        ({"ctcae_version": "", "worst_grade": None, "grade_now": None}, {"ctcae_version": ""},
         {}, ("worst_grade", "grade_now")),
        ({"worst_grade": None}, {"worst_grade": None, "worst_grade_state": UNKNOWN},
         {"worst_grade": None, "worst_grade_state": UNKNOWN}, ()),
        ({"entity": "arthritis", "ctcae_version": "none", "worst_grade": 4},
         {"entity": "arthritis", "worst_grade": None}, {}, ("ctcae_version", "grade_now")),
    ],
)  # fmt: skip
def test_grades_are_united_as_far_as_they_fit(there, said, added, otherwise):
    found = united(row(event(**there)), told(event(**said)), TODAY)
    assert added.items() <= found.missing.items()
    assert found.otherwise == otherwise
    if not added:
        assert not {"worst_grade", "onset_grade", "grade_now"} & found.missing.keys()
