"""Entries that may be of one course count once, as long as nobody said that their list is complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cases.derivations import Course, Record, Steroid, derive
from cases.derivations.courses import may_be_one
from cases.derivations.doubles import Pairs
from cases.derivations.steroids import by_entries
from evidence.conditions import Answer, Fact, evaluate, parse

TODAY = date(2026, 11, 27)
FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))


def course(number, start=FEBRUARY, drugs=("nivolumab",)):
    return Course(number, frozenset({"PD-1"}), start, drugs=frozenset(drugs) if drugs else None)


def on(*day):
    return (date(*day), date(*day))


@pytest.mark.parametrize(
    ("other", "may"),
    [
        (course(2), True), (course(2, on(2026, 2, 1)), True), (course(2, on(2026, 2, 28)), True),
        (course(2, on(2026, 3, 1)), False), (course(2, on(2026, 1, 31)), False),
        (course(2, (None, None)), False), (course(2, drugs=("pembrolizumab",)), False), (course(2, drugs=()), False),
    ],
)  # fmt: skip
def test_two_courses_of_one_agent_begun_at_one_time_may_be_one(other, may):
    one = course(1)
    assert may_be_one(one, other) is may_be_one(other, one) is may
    found = derive(Record(courses=(one, other)), as_of=TODAY)["prior_courses"]
    assert (found.low, found.high) == (1 if may else 2, None)
    told = Record(courses=(one, other), courses_complete=True, courses_complete_on=(TODAY, TODAY))
    assert derive(told, as_of=TODAY)["prior_courses"] == Fact.number(2)


def test_a_course_without_agents_is_no_double_of_another():
    assert not may_be_one(course(1, drugs=()), course(2, drugs=()))


def steroid(mg, drug="prednisone", purpose="irae"):
    indication = Fact.known(purpose) if purpose else Fact.absent("missing")
    return Steroid(drug, indication, Fact.number(Decimal(mg)), TODAY)


@pytest.mark.parametrize(
    ("other", "least"),
    [
        (steroid(5), 5), (steroid(10), Decimal("7.5")), (steroid(8, purpose=None), Decimal("7.5")),
        (steroid(5, purpose="tumour"), Decimal("12.5")), (steroid(5, drug="prednisolone"), Decimal("12.5")),
        (steroid(0), Decimal("7.5")),
    ],
)  # fmt: skip
def test_two_doses_of_one_steroid_are_the_lower_at_the_least(other, least):
    one = steroid("7.5")
    found = derive(Record(steroids=(one, other)), as_of=TODAY)["steroid_now"]
    assert (found.low, found.high) == (least, None)
    told = derive(Record(steroids=(one, other), steroids_complete_on=TODAY), as_of=TODAY)
    assert told["steroid_now"] == Fact.number(Decimal("7.5") + other.now_mg_per_day.low)


PAIR = frozenset({frozenset({1, 2})})
OPEN = Answer.UNDETERMINED


@pytest.mark.parametrize(
    ("other", "pairs", "least"),
    [
        # Alike, and said to be two.
        (course(2), Pairs(two=PAIR), 2), (course(2), Pairs(), 1),
        # Found in two records: not alike by what is told, and open all the same.
        (course(2, (None, None)), Pairs(open=PAIR), 1), (course(2, drugs=()), Pairs(open=PAIR), 1),
        (course(2, (None, None)), Pairs(), 2),
    ],
)  # fmt: skip
def test_what_was_said_of_two_courses_counts(other, pairs, least):
    courses = tuple(replace(one, entry=one.number) for one in (course(1), other))
    record = Record(courses=courses, course_pairs=pairs)
    found = derive(record, as_of=TODAY)["prior_courses"]
    assert (found.low, found.high) == (least, None)


@pytest.mark.parametrize(
    ("one", "other", "pairs", "least", "most", "at_most_10"),
    [
        # The threshold on both sides: the least is met or not, what the entries add up to is no upper end.
        (4, 6, Pairs(), 4, 10, OPEN), (10, 14, Pairs(), 10, 24, OPEN), (4, "10.5", Pairs(), 4, "14.5", OPEN),
        ("10.5", 12, Pairs(), "10.5", "22.5", Answer.FALSE),
        (4, 6, Pairs(two=PAIR), 10, None, OPEN), (5, 6, Pairs(two=PAIR), 11, None, Answer.FALSE),
    ],
)  # fmt: skip
def test_a_dose_that_may_be_told_twice_is_a_range(one, other, pairs, least, most, at_most_10):
    steroids = tuple(replace(steroid(mg), entry=n) for n, mg in ((1, one), (2, other)))
    record = Record(steroids=steroids, steroid_pairs=pairs)
    found = derive(record, as_of=TODAY)["steroid_now"]
    assert (found.low, found.high) == (Decimal(least), None)
    assert by_entries(record, TODAY) == ((Decimal(least), Decimal(most)) if most else None)
    met = parse({"fact": "steroid_now", "op": "<=", "value": 10})
    assert evaluate(met, {"steroid_now": found}).answer is at_most_10
    told = replace(record, steroids_complete_on=TODAY)
    assert by_entries(told, TODAY) is None
    assert derive(told, as_of=TODAY)["steroid_now"] == Fact.number(Decimal(one) + Decimal(other))


def test_doses_of_two_records_may_be_one_whatever_they_were_for():
    steroids = replace(steroid(5), entry=1), replace(steroid(10, purpose="tumour"), entry=2)
    record = Record(steroids=steroids, steroid_pairs=Pairs(open=PAIR))
    assert by_entries(record, TODAY) == (5, 15)
    assert by_entries(replace(record, steroid_pairs=Pairs()), TODAY) is None
    # A total that a check found counts for all of them.
    assert by_entries(replace(record, steroid_total=(Decimal(10), TODAY)), TODAY) is None
