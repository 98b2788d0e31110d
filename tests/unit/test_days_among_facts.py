"""The days among the facts: of the last ICI dose, and those that other facts are from; kept in a snapshot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cases.derivations import Course
from cases.derivations.record import Result
from evidence.conditions import Answer, Fact, FactState, evaluate, read
from meetings.presenters.snapshot import _fact
from meetings.snapshot import canonical, fact_data
from tests.unit.test_derivations import TODAY, facts
from ui.partial_dates import parse_partial_date

MISSING = Fact.absent(FactState.MISSING)


def span(text):
    told = parse_partial_date(text)
    return told.earliest, told.latest


COURSE = Course(1, frozenset({"PD-1"}), start=span("1 March 2024"), stop=span("June 2024"))


def test_the_last_dose_is_a_day_as_far_as_it_is_known():
    found = facts(courses=(COURSE,))["last_ici_dose_on"]
    assert found == Fact.day(date(2024, 6, 1), date(2024, 6, 30))
    counted = replace(COURSE, stop_after_start=26)
    assert facts(courses=(counted,))["last_ici_dose_on"] == Fact.day(*[date(2024, 3, 27)] * 2)
    assert "last_ici_dose_on" not in facts(courses=())


@pytest.mark.parametrize(
    "state", [FactState.NOT_APPLICABLE, FactState.UNKNOWN, FactState.NOT_YET, FactState.MISSING]
)
def test_where_no_dose_is_dated_the_day_is_in_the_state_of_the_date(state):
    course = replace(COURSE, stop=(None, None), stop_state=state)
    assert facts(courses=(course,))["last_ici_dose_on"] == Fact.absent(state)


def test_a_fact_is_from_the_day_on_which_it_was_said_or_measured():
    assessed = span("12 March 2025")
    found = facts(ecog=Fact.number(1), ecog_assessed=assessed)
    assert found["ecog_on"] == Fact.day(*assessed)
    assert facts(ecog=Fact.number(1))["ecog_on"] == MISSING
    unknown = Fact.absent(FactState.UNKNOWN)
    assert facts(ecog=unknown, ecog_assessed=assessed)["ecog_on"] == unknown
    sample = Result("pdl1_tps", "after", Fact.number(50), sampled=span("2 February 2025"))
    told = facts(results=(sample,))
    assert told["pdl1_tps_recent"].state is FactState.KNOWN
    assert told["pdl1_recent_on"] == Fact.day(*[date(2025, 2, 2)] * 2)
    undated = facts(results=(replace(sample, sampled=(None, None)),))
    assert undated["pdl1_recent_on"] == MISSING


def test_a_condition_counts_back_from_the_day_that_is_asked_about():
    node = read({"fact": "last_ici_dose_on", "op": "within", "value": 90})
    known = facts(courses=(replace(COURSE, stop=(TODAY, TODAY)),))
    assert evaluate(node, known, as_of=TODAY).answer is Answer.TRUE
    assert evaluate(node, facts(courses=(COURSE,)), as_of=TODAY).answer is Answer.FALSE


@pytest.mark.parametrize(
    "fact",
    [
        Fact.day(date(2026, 3, 12), date(2026, 3, 12)),
        Fact.day(date(2026, 3, 1), date(2026, 3, 31)),
        Fact.day(None, date(2026, 3, 31)),
        Fact.absent(FactState.UNKNOWN),
    ],
)
def test_a_day_stands_in_a_snapshot_as_text_and_is_read_back(fact):
    data = fact_data(fact)
    assert "datetime" not in canonical({"fact": data})
    assert _fact("ecog_on", data) == fact
