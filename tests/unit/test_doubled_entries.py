"""Entries that may be of one course count once, as long as nobody said that their list is complete."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cases.derivations import Course, Record, Steroid, derive
from cases.derivations.courses import may_be_one
from evidence.conditions import Fact

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
        (steroid(5), Decimal("7.5")), (steroid(10), 10), (steroid(5, purpose=None), Decimal("7.5")),
        (steroid(5, purpose="tumour"), Decimal("12.5")), (steroid(5, drug="prednisolone"), Decimal("12.5")),
        (steroid(0), Decimal("7.5")),
    ],
)  # fmt: skip
def test_two_doses_of_one_steroid_are_the_higher_at_the_least(other, least):
    one = steroid("7.5")
    found = derive(Record(steroids=(one, other)), as_of=TODAY)["steroid_now"]
    assert (found.low, found.high) == (least, None)
    told = derive(Record(steroids=(one, other), steroids_complete_on=TODAY), as_of=TODAY)
    assert told["steroid_now"] == Fact.number(Decimal("7.5") + other.now_mg_per_day.low)
