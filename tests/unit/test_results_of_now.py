"""A newer laboratory result stands for what a dossier says of now, with its own day. No database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cases.derivations import Event, Finding, Record, derive, said
from cases.derivations.measured import Interval
from cases.derivations.record import ALL_ORGANS, Course
from cases.derivations.samples import Blood, Sample
from evidence.conditions.facts import Fact, FactState

TODAY = date(2026, 11, 25)
OCTOBER, RESULT, LATER = date(2026, 10, 20), date(2026, 11, 20), date(2026, 11, 22)
MONTH = (date(2026, 11, 1), date(2026, 11, 30))
SIXTY, NINETY = Fact.number(60), Fact.number(90)
NOT_YET, MISSING = Fact.absent(FactState.NOT_YET), Fact.absent(FactState.MISSING)


def colitis(onset=(OCTOBER, OCTOBER), **more):
    return Event("colitis", "colon", "5.0", Fact.number(2), onset=onset, **more)


def sample(value, day=RESULT, analyte="calprotectin", high=None):
    top = Decimal(value) if high is None else high
    return Sample(analyte, day, Interval(Decimal(value), top))


COLITIS, OF_SIXTY = (colitis(),), (sample(60),)


def told(*findings, samples=OF_SIXTY, events=COLITIS, asked=ALL_ORGANS, courses=()):
    found = tuple(
        Finding("colon", "calprotectin_now", answer, found=days) for answer, days in findings
    )
    record = Record(
        iraes=events,
        organs_asked=frozenset(asked),
        findings=found,
        blood=Blood(tuple(samples)),
        courses=courses,
    )
    return derive(record, as_of=TODAY)["calprotectin_now"], said(record).get("calprotectin_now")


def on(day):
    return day, day


@pytest.mark.parametrize("answer", [MISSING, NOT_YET, Fact.absent(FactState.UNKNOWN)])
def test_a_result_settles_what_the_dossier_left_open(answer):
    assert told((answer, (None, None))) == (SIXTY, on(RESULT))
    assert told() == (SIXTY, on(RESULT))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (on(OCTOBER), (SIXTY, on(RESULT))),
        # Of the same day, and of a month in which the result lies, the higher counts.
        (on(RESULT), (NINETY, on(RESULT))),
        (MONTH, (NINETY, (MONTH[0], RESULT))),
        (on(LATER), (NINETY, on(LATER))),
        # A finding without a day may be the newer one, so that nobody knows how old the fact is.
        ((None, None), (NINETY, None)),
    ],
)
def test_the_newer_of_result_and_finding_counts(days, expected):
    assert told((NINETY, days)) == expected


def test_a_result_from_before_the_event_says_nothing_of_it():
    assert told(events=(colitis(on(LATER)),)) == (MISSING, None)
    assert told(events=(colitis(on(RESULT)),)) == (SIXTY, on(RESULT))
    # It may have begun after the result.
    assert told(events=(colitis(MONTH),)) == (MISSING, None)
    assert told(events=(colitis((date(2026, 1, 1), date(2026, 12, 31))),)) == (MISSING, None)


def test_where_an_onset_is_open_a_result_settles_nothing_and_a_finding_stays():
    for open_ in ((None, None), (OCTOBER, None)):
        assert told(events=(colitis(open_),)) == (MISSING, None)
        assert told((NINETY, on(OCTOBER)), events=(colitis(open_),)) == (NINETY, on(OCTOBER))
        assert told(events=(colitis(), colitis(open_))) == (MISSING, None)


@pytest.mark.parametrize(
    ("starts", "course", "settles"),
    [
        # Begun on 19 November, and on 21 November.
        ((on(date(2026, 11, 9)),), 1, True),
        ((on(date(2026, 11, 11)),), 1, False),
        (((date(2026, 11, 1), date(2026, 11, 30)),), 1, False),
        ((on(date(2026, 1, 9)), on(date(2026, 11, 11))), 1, True),
        # After which of the courses nobody told.
        ((on(date(2026, 1, 9)), on(date(2026, 11, 11))), None, False),
        ((on(date(2026, 1, 9)), (None, None)), None, False),
        ((), None, False),
    ],
)
def test_an_onset_in_days_is_counted_from_the_first_dose(starts, course, settles):
    courses = tuple(Course(n, None, start=start) for n, start in enumerate(starts, 1))
    event = colitis((None, None), onset_after_start_days=10, course=course)
    found = (SIXTY, on(RESULT)) if settles else (MISSING, None)
    assert told(events=(event,), courses=courses) == found


def test_results_of_the_newest_day_alone_count_and_bounds_stay_bounds():
    older, two = sample(900, OCTOBER), (sample(60), sample(70))
    assert told(samples=(older, *two))[0] == Fact.between(60, 70)
    assert told(samples=(sample(30000, high=Decimal(40000)),))[0] == Fact.between(30000, None)
    assert told(samples=(sample(9, analyte="crp"),)) == (MISSING, None)


def test_as_of_a_dossier_the_upper_end_is_open_until_the_organ_was_asked_about():
    assert told(asked=())[0] == Fact.between(60, None)


def test_without_an_event_there_is_nothing_to_measure():
    assert told(events=())[0].state is FactState.NOT_APPLICABLE
