"""The order of courses by their first doses, the course that is asked about, and the last dose of any."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from cases.derivations import MISSING, Course, Record, asked_about, derive, given_last
from cases.derivations.times import free_of
from cases.numbering import in_order
from evidence.conditions.facts import Fact, FactState
from ui.partial_dates import parse_partial_date

GOING_ON = FactState.NOT_APPLICABLE


def row(pk: int, start: str = "", stop: str = "") -> SimpleNamespace:
    return SimpleNamespace(
        pk=pk,
        start=parse_partial_date(start) if start else None,
        stop=parse_partial_date(stop) if stop else None,
    )


def ordered(*rows: SimpleNamespace) -> list[int]:
    return [r.pk for r in in_order(rows, {r.pk: n for n, r in enumerate(rows)})]


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([row(1, "3 March 2023"), row(2, "2019")], [2, 1]),
        # A last dose says as much: what ended in 2019 began by then.
        ([row(1, "2023"), row(2, stop="May 2019")], [2, 1]),
        # Dates that overlap, or are not there, leave the order that somebody gave.
        ([row(1, "2023"), row(2, "June 2023")], [1, 2]),
        ([row(1, "2023"), row(2)], [1, 2]),
        # One without a date stays after the one that it is said to come after.
        ([row(1, "2023"), row(2), row(3, "2019")], [3, 1, 2]),
        ([row(1, "2023"), row(2), row(3, "2021"), row(4, "2019")], [4, 3, 1, 2]),
        ([row(1), row(2, "2023"), row(3, "2019")], [1, 3, 2]),
        ([row(1, "day 90 after ICI start"), row(2, "2019")], [1, 2]),
    ],
)
def test_courses_go_by_their_first_doses(rows, order):
    assert ordered(*rows) == order


def course(number: int, start: date, stop: date | None, reason: str | None, **more) -> Course:
    return Course(
        number=number,
        targets=frozenset(more.pop("targets", {"PD-1"})),
        start=(start, start),
        start_state=FactState.KNOWN,
        stop=(stop, stop),
        stop_state=FactState.KNOWN if stop else GOING_ON,
        stop_reason=Fact.known(reason) if reason else Fact.absent(GOING_ON),
        **more,
    )


STOPPED = course(1, date(2023, 1, 1), date(2024, 1, 1), "irae", targets={"CTLA-4"})
LATER = course(2, date(2025, 1, 1), date(2025, 6, 1), "progression")
STILL = course(2, date(2026, 10, 1), None, None)


def test_a_case_that_names_a_course_asks_about_it_whatever_came_later():
    assert asked_about(Record(courses=(STOPPED, LATER))) == LATER
    assert asked_about(Record(courses=(STOPPED, LATER), asked_course=1)) == STOPPED
    # Without one it is the last that was stopped; one that is gone is none.
    assert asked_about(Record(courses=(STOPPED, STILL), asked_course=7)) == STOPPED
    assert asked_about(Record()) is None


def test_facts_are_those_of_the_course_asked_about_but_the_last_dose_is_that_of_any():
    record = Record(
        courses=(STOPPED, LATER), asked_course=1, proposed_regimen=Fact.known("same_agent")
    )
    found = derive(record, as_of=date(2025, 7, 1))
    assert found["stop_reason"] == Fact.known("irae")
    assert found["prior_ici_days"] == Fact.number(365)
    assert found["ici_free_days"] == Fact.number(30)
    # The same agent is that of the course in question.
    assert found["proposed_includes_ctla4"] == Fact.known(True)


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1)])
def test_an_ici_that_is_given_is_never_passed_over(numbers):
    stopped = course(numbers[0], date(2023, 1, 1), date(2024, 1, 1), "irae")
    still = course(numbers[1], date(2022, 1, 1), None, None)
    record = Record(courses=(stopped, still), asked_course=numbers[0])
    assert derive(record, as_of=date(2026, 11, 1))["ici_free_days"] == Fact.absent(GOING_ON)
    assert given_last(record.courses) == still


def test_the_last_dose_may_be_that_of_an_earlier_course():
    long = course(1, date(2023, 1, 1), date(2025, 6, 1), "irae")
    short = course(2, date(2024, 1, 1), date(2024, 6, 1), "other")
    assert free_of((long, short), date(2025, 6, 11)) == Fact.number(10)
    assert given_last((long, short)) == long
    untold = Course(number=3, targets=None)
    assert free_of((long, untold), date(2025, 6, 11)) == MISSING
    assert given_last((long, untold)) == untold
    assert free_of((), date(2025, 6, 11)) == MISSING
