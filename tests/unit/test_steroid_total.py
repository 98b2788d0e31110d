"""A total that a check found stands for all steroids of the record, for two weeks or until something newer is said."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.derivations.record import Record, Steroid
from cases.derivations.saying import said
from cases.derivations.steroids import doses_until, said_of_today, steroid_now
from evidence.conditions.facts import Fact, FactState

FOUND = date(2026, 11, 10)
FIVE = Steroid("prednisone", now_mg_per_day=Fact.number(5), said_on=FOUND - timedelta(days=1))


def record(mg="40", *, complete=None, steroid=FIVE):
    return Record(
        steroids=(steroid,), steroids_complete_on=complete, steroid_total=(Decimal(mg), FOUND)
    )


@pytest.mark.parametrize("days", [0, 14])
def test_it_stands_for_all_doses_on_its_day_and_for_two_weeks(days):
    on = FOUND + timedelta(days=days)
    assert steroid_now(record(), on) == Fact.number(Decimal(40))
    assert said_of_today(record(), on) == FOUND
    assert doses_until(record(), on) == FOUND + timedelta(days=14)
    assert doses_until(record("0"), on) is None


def test_then_it_says_nothing_any_more():
    later = FOUND + timedelta(days=15)
    assert steroid_now(record(), later).state is FactState.MISSING
    assert said_of_today(record(), later) is None


def test_the_fact_is_as_old_as_the_total_that_says_it():
    assert said(record())["steroid_now"] == (FOUND, FOUND)
    assert "steroid_now" not in said(
        record(complete=None, steroid=Steroid("prednisone", said_on=FOUND + timedelta(1)))
    )


@pytest.mark.parametrize("how", ["a dose", "the list"])
def test_what_the_record_says_later_counts(how):
    newer = FOUND + timedelta(days=1)
    five = Steroid("prednisone", now_mg_per_day=Fact.number(5), said_on=newer)
    found = record(steroid=five) if how == "a dose" else record(complete=newer)
    assert steroid_now(found, newer).low == 5
