"""What follows from when the ICI was given: the days to the first irAE, and what an answer about organs is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.derivations import Course, Record, derive
from cases.derivations.record import ALL_ORGANS
from evidence.conditions.facts import FactState
from tests.unit.test_derivations import TODAY, event, facts
from ui.partial_dates import parse_partial_date


def span(text):
    told = parse_partial_date(text)
    return told.earliest, told.latest


FIRST = Course(1, frozenset({"PD-1"}), start=span("1 March 2024"), stop=span("1 June 2024"))
SECOND = Course(2, frozenset({"PD-1"}), start=span("1 March 2025"), stop=span("1 June 2025"))


def first_irae(*events, courses=(FIRST, SECOND), complete=True):
    found = facts(iraes=events, courses=courses, iraes_complete=complete)["first_irae_days"]
    return None if found.state is FactState.MISSING else (found.low, found.high)


def test_the_first_irae_counts_from_the_first_dose_of_the_first_course():
    in_second = event(onset_after_start_days=10, course=2)
    assert first_irae(in_second) == (375, 375)
    assert first_irae(event(onset=span("11 March 2025"), course=2)) == (375, 375)
    assert first_irae(event(onset_after_start_days=10, course=1)) == (10, 10)
    # Nobody said of which course the days are.
    assert first_irae(event(onset_after_start_days=10)) == (10, 375)
    undated = Course(2, frozenset({"PD-1"}))
    assert first_irae(in_second, courses=(FIRST, undated)) == (10, None)
    # The first course is not in the record, or was entered second.
    assert first_irae(in_second, courses=(SECOND,)) == (10, None)
    swapped = (replace(FIRST, number=2), replace(SECOND, number=1))
    assert first_irae(replace(in_second, course=1), courses=swapped) == (375, 375)


def test_an_event_without_a_day_may_have_been_the_first():
    told = event(onset_after_start_days=26, course=1)
    assert first_irae(told, event("colitis", "colon")) == (0, 26)
    assert first_irae(told, complete=False) == (0, 26)
    assert first_irae(event("colitis", "colon")) is None
    assert first_irae(told, event(onset=span("January 2024"))) is None


def reviewed(day, *courses, **more):
    asked = dict.fromkeys(ALL_ORGANS, day)
    record = Record(organs_asked=ALL_ORGANS, asked_on=asked, courses=courses, **more)
    return derive(record, as_of=TODAY)


YESTERDAY = TODAY - timedelta(days=1)
OPEN = replace(FIRST, stop=(None, None))
STILL_GIVEN = replace(SECOND, stop=(None, None), stop_state=FactState.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("courses", "day", "holds"),
    [
        ((FIRST,), date(2024, 5, 31), False),
        # On the day of the last dose nobody could tell what came after it.
        ((FIRST,), date(2024, 6, 1), False),
        ((FIRST,), date(2024, 6, 2), True),
        ((FIRST, SECOND), date(2024, 7, 1), False),
        ((FIRST, SECOND), date(2025, 6, 2), True),
        # Known to the month: it may have been the last day of it.
        ((replace(FIRST, stop=span("June 2024")),), date(2024, 6, 29), False),
        ((replace(FIRST, stop=span("June 2024")),), date(2024, 7, 1), True),
        # Told in days from the first dose.
        ((replace(OPEN, stop_after_start=63),), date(2024, 5, 2), False),
        ((replace(OPEN, stop_after_start=63),), date(2024, 5, 4), True),
        # Doses are given, or nobody knows of the last: an answer is one of its day.
        ((FIRST, STILL_GIVEN), date(2025, 3, 1), False),
        ((FIRST, STILL_GIVEN), YESTERDAY, False),
        ((FIRST, STILL_GIVEN), TODAY, True),
        ((replace(OPEN, stop_state=FactState.UNKNOWN),), YESTERDAY, False),
        ((replace(OPEN, stop_state=FactState.UNKNOWN),), TODAY, True),
        ((Course(1, frozenset({"PD-1"})),), date(2024, 1, 1), False),
        ((Course(1, frozenset({"PD-1"})), SECOND), YESTERDAY, False),
        # The next course began: the one before it had ended, unless it is said to be given still.
        ((replace(OPEN, stop_state=FactState.UNKNOWN), SECOND), date(2025, 6, 2), True),
        ((replace(OPEN, stop_state=FactState.NOT_APPLICABLE), SECOND), YESTERDAY, False),
        ((), date(2020, 1, 1), True),
        # The last dose is of today.
        ((replace(FIRST, stop=(TODAY, TODAY)),), TODAY, True),
        ((replace(FIRST, stop=(TODAY, TODAY)),), YESTERDAY, False),
    ],
)
def test_an_answer_before_the_end_of_the_ici_says_nothing_of_what_came_after(courses, day, holds):
    found = reviewed(day, *courses)
    for key in ("irae_any", "organs_asked", "pneumonitis_worst_grade", "myocarditis_any"):
        state = FactState.KNOWN if holds else FactState.MISSING
        assert found[key].state is state, key


@pytest.mark.parametrize(
    ("begun", "day", "holds"),
    [
        ({"onset": span("September 2025")}, date(2025, 1, 30), False),
        ({"onset": span("September 2025")}, date(2025, 8, 31), False),
        # On the first day on which it may have begun the answer may be about it.
        ({"onset": span("September 2025")}, date(2025, 9, 1), True),
        ({"onset": span("2025")}, date(2024, 12, 31), False),
        ({"onset": span("2025")}, date(2025, 1, 30), True),
        # Told in days from the first dose of its course.
        ({"onset_after_start_days": 365, "course": 1}, date(2025, 2, 28), False),
        ({"onset_after_start_days": 365, "course": 1}, date(2025, 3, 1), True),
        # Of which course nobody told: there is but one.
        ({"onset_after_start_days": 365}, date(2025, 2, 28), False),
        ({"onset_after_start_days": 365}, date(2025, 3, 1), True),
        # Told in days from the last dose: from 1 June 2024 on.
        ({"onset_after": ("last dose", 273)}, date(2025, 2, 28), False),
        ({"onset_after": ("ICI stop", 273), "course": 1}, date(2025, 2, 28), False),
        ({"onset_after": ("last dose", 273)}, date(2025, 3, 1), True),
        # The dose of a cycle was none before the first.
        ({"onset_after": ("cycle 3", 365)}, date(2025, 2, 28), False),
        ({"onset_after": ("cycle 3", 365)}, date(2025, 3, 1), True),
        # When it began nobody can tell.
        ({"onset_after": ("diagnosis", 365)}, date(2025, 1, 30), True),
        ({"onset_after": ("rechallenge start", 365)}, date(2025, 1, 30), True),
        ({}, date(2025, 1, 30), True),
    ],
)
def test_an_answer_before_an_irae_began_says_nothing_of_what_came_with_it(begun, day, holds):
    found = reviewed(day, FIRST, iraes=(event(grade=2, **begun),))
    worst = found["pneumonitis_worst_grade"]
    assert (worst.low, worst.high) == (2, 2 if holds else 5)
    for key in ("organs_asked", "colitis_worst_grade", "myocarditis_any"):
        assert found[key].state is (FactState.KNOWN if holds else FactState.MISSING), key


NOBODY = Course(3, frozenset({"PD-1"}))
MONTHS = replace(FIRST, start=span("March 2024"), stop=span("June 2024"))
COUNTED = replace(FIRST, stop=(None, None), stop_after_start=92)
TOLD_OVER = replace(FIRST, stop=(None, None))


@pytest.mark.parametrize(
    ("told", "courses", "expected"),
    [
        ({"onset_after": ("last dose", 10)}, (FIRST,), ("11 June 2024", "11 June 2024")),
        ({"onset_after": ("last dose", 10)}, (MONTHS,), ("11 June 2024", "10 July 2024")),
        ({"onset_after": ("last dose", 10)}, (COUNTED,), ("11 June 2024", "11 June 2024")),
        # A last dose that nobody told was no earlier than the first.
        ({"onset_after": ("last dose", 10)}, (TOLD_OVER,), ("11 March 2024", None)),
        ({"onset_after": ("last dose", 10)}, (FIRST, SECOND), ("11 June 2024", "11 June 2025")),
        ({"onset_after": ("last dose", 10), "course": 2}, (FIRST, SECOND), ("11 June 2025",) * 2),
        # Doses that go on have no last one; where that is said of all of them, it was after the first.
        ({"onset_after": ("last dose", 10)}, (FIRST, STILL_GIVEN), ("11 June 2024",) * 2),
        ({"onset_after": ("last dose", 10), "course": 2}, (FIRST, STILL_GIVEN), ("11 March 2025", None)),
        ({"onset_after_start_days": 10}, (FIRST, SECOND), ("11 March 2024", "11 March 2025")),
        ({"onset_after_start_days": 10}, (FIRST, NOBODY), (None, None)),
        ({"onset_after_start_days": 10}, (), (None, None)),
        ({"onset_after": ("rechallenge start", 10)}, (FIRST, SECOND), ("11 March 2025",) * 2),
        ({"onset_after": ("cycle 3", 10), "course": 1}, (FIRST, SECOND), ("11 March 2024", "11 June 2024")),
        # The cycle tells its course, whichever the event was said to have come after.
        ({"onset_after": ("cycle 3 of course 2", 10), "course": 1}, (FIRST, SECOND),
         ("11 March 2025", "11 June 2025")),
        ({"onset": span("May 2024")}, (FIRST,), ("1 May 2024", "31 May 2024")),
    ],
)  # fmt: skip
def test_when_an_irae_may_have_begun_follows_from_the_doses_that_it_is_counted_from(
    told, courses, expected
):
    first, last = (day and span(day)[0] for day in expected)
    assert Record(courses=courses).begun(event(**told)) == (first, last)


def test_the_first_irae_is_counted_from_the_last_dose_too():
    assert first_irae(event(onset_after=("last dose", 60)), courses=(FIRST,)) == (152, 152)
    assert first_irae(event(onset_after=("last dose", 60), course=2)) == (517, 517)
    assert first_irae(event(onset_after=("last dose", 60))) == (152, 517)
    assert first_irae(event(onset_after=("last dose", 60)), courses=(TOLD_OVER,)) is None
    # Before the first dose there is no irAE.
    assert first_irae(event(onset_after=("last dose", -100)), courses=(FIRST,)) is None


def test_only_organs_asked_about_before_it_are_asked_about_again():
    asked = {"colon": date(2025, 1, 30), "liver": date(2025, 10, 1)}
    later = (
        event(onset=span("1 September 2025")),
        event(onset=span("1 May 2025")),
        event("rash", "skin"),
    )
    record = Record(organs_asked=frozenset(asked), asked_on=asked, courses=(FIRST,), iraes=later)
    assert record.asked_before_onset == record.asked_too_early == {"colon"}
    assert record.asked_while_given == frozenset()
    found = derive(record, as_of=TODAY)
    assert found["colitis_worst_grade"].state is FactState.MISSING
    assert found["hepatitis_worst_grade"].high == 0


def test_answers_that_an_irae_overtook_do_not_wait_for_the_end_of_their_day():
    asked = {"colon": date(2025, 1, 30), "liver": TODAY}
    record = Record(organs_asked=frozenset(asked), asked_on=asked, courses=(STILL_GIVEN,),
                    iraes=(event(onset=span("1 September 2025")),), as_of=TODAY)  # fmt: skip
    assert record.answers_until == TODAY and record.asked_too_early == {"colon"}
    assert replace(record, courses=()).answers_until is None


def test_that_no_irae_contributed_is_not_told_while_the_ici_is_given():
    assert reviewed(TODAY, SECOND)["irae_contributed"].value is False
    assert reviewed(TODAY, FIRST, STILL_GIVEN)["irae_contributed"].state is FactState.MISSING


@pytest.mark.parametrize(
    ("courses", "day", "until"),
    [
        ((STILL_GIVEN,), TODAY, TODAY),
        ((STILL_GIVEN,), YESTERDAY, None),
        ((SECOND,), TODAY, None),
        ((replace(SECOND, stop=(TODAY, TODAY)),), TODAY, TODAY),
        ((), TODAY, None),
    ],
)
def test_answers_of_the_day_lapse_with_it_while_the_ici_is_given(courses, day, until):
    asked = dict.fromkeys(ALL_ORGANS, day)
    assert (
        Record(organs_asked=ALL_ORGANS, asked_on=asked, courses=courses, as_of=TODAY).answers_until
        == until
    )


def test_an_event_without_a_version_is_graded_by_none():
    graded = event(grade=2)
    bare = event(grade=None, version="")
    found = facts(iraes=(graded, bare), iraes_complete=True)["pneumonitis_worst_grade"]
    assert (found.low, found.high) == (2, 5)
