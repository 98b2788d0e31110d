"""A total that a check found stands for all steroids of the record, for two weeks or until something newer is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.derivations.record import Record, Steroid
from cases.derivations.saying import said
from cases.derivations.steroids import (
    disagreement,
    doses_until,
    open_total,
    said_of_today,
    steroid_now,
)
from evidence.conditions.facts import Fact, FactState

FOUND = date(2026, 11, 10)
IRAE = Fact.known("irae")
FIVE = Steroid("prednisone", IRAE, Fact.number(5), FOUND - timedelta(days=1))


ENDED = Steroid("prednisone", now_mg_per_day=Fact.number(0), said_on=FOUND - timedelta(days=1))
REPLACED = Fact.known("adrenal_replacement")


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
    # That none is given grows as old.
    assert doses_until(record("0", steroid=ENDED), on) == FOUND + timedelta(days=14)


def test_then_it_says_nothing_any_more():
    later = FOUND + timedelta(days=15)
    assert steroid_now(record(), later).state is FactState.MISSING
    assert said_of_today(record(), later) is None


def test_the_fact_is_as_old_as_the_total_that_says_it():
    assert said(record())["steroid_now"] == (FOUND, FOUND)
    assert "steroid_now" not in said(
        record(complete=None, steroid=Steroid("prednisone", said_on=FOUND + timedelta(1)))
    )


@pytest.mark.parametrize("mg", ["0", "5", "14.9"])
def test_a_lower_total_does_not_silently_take_the_place_of_a_higher_sum(mg):
    forty = Steroid("prednisone", now_mg_per_day=Fact.number(15), said_on=FOUND - timedelta(days=9))
    found = record(mg, steroid=forty)
    for days in (0, 14):
        on = FOUND + timedelta(days=days)
        assert steroid_now(found, on) == Fact.between(Decimal(mg), Decimal(15))
        assert disagreement(found, on) == (Decimal(mg), Decimal(15))
        assert doses_until(found, on) == FOUND + timedelta(days=14)
    assert disagreement(found, FOUND + timedelta(days=15)) is None


def test_a_total_above_the_sum_or_beside_replacement_alone_stands():
    assert disagreement(record("40"), FOUND) is None
    replaced = Steroid("hydrocortisone", REPLACED, Fact.number(20), FOUND)
    assert steroid_now(record("0", steroid=replaced), FOUND) == Fact.number(Decimal(0))
    old = Steroid("prednisone", now_mg_per_day=Fact.number(40), said_on=FOUND - timedelta(days=15))
    assert steroid_now(record("5", steroid=old), FOUND) == Fact.number(Decimal(5))


OTHER = Steroid("other", now_mg_per_day=Fact.number(6), said_on=FOUND - timedelta(days=9))
LARGE = Steroid("prednisone", now_mg_per_day=Fact.number(60), said_on=FOUND)


@pytest.mark.parametrize("others", [(), (FIVE,), (LARGE,)])
def test_a_steroid_of_unknown_equivalent_leaves_the_upper_end_of_a_total_open(others):
    found = replace(record(), steroids=(OTHER, *others))
    for days in (0, 14):
        on = FOUND + timedelta(days=days)
        assert steroid_now(found, on) == Fact.between(Decimal(40), None)
        assert open_total(found, on) == Decimal(40)
    assert open_total(found, FOUND + timedelta(days=15)) is None


def test_of_none_beside_a_steroid_of_unknown_equivalent_nothing_is_certain():
    assert steroid_now(record("0", steroid=OTHER), FOUND) == Fact.absent(FactState.UNKNOWN)
    replaced = replace(OTHER, indication=REPLACED)
    assert steroid_now(record("0", steroid=replaced), FOUND) == Fact.absent(FactState.UNKNOWN)


@pytest.mark.parametrize(
    "steroid",
    [
        FIVE,
        replace(OTHER, said_on=FOUND - timedelta(days=15)),
        replace(OTHER, now_mg_per_day=Fact.number(0)),
        # The total is of all that is given: a dose that nobody told is in it.
        replace(FIVE, now_mg_per_day=Fact.absent(FactState.UNKNOWN)),
    ],
)
def test_a_total_is_exact_beside_what_did_not_hold_or_has_an_equivalent(steroid):
    assert steroid_now(record(steroid=steroid), FOUND) == Fact.number(Decimal(40))
    assert open_total(record(steroid=steroid), FOUND) is None


@pytest.mark.parametrize(
    ("drug", "dose", "low", "state"),
    [
        ("hydrocortisone", Fact.number(20), 0, FactState.KNOWN),
        # Doubled for an illness it is more than replacement: without its dose nobody knows.
        *(
            ("hydrocortisone", Fact.absent(state), None, state)
            for state in (FactState.UNKNOWN, FactState.NOT_YET, FactState.MISSING)
        ),
        ("hydrocortisone", Fact.absent(FactState.NOT_APPLICABLE), 0, FactState.KNOWN),
        # 20 mg of nobody knows what may be far more than replacement.
        ("", Fact.number(20), None, FactState.UNKNOWN),
    ],
)
def test_replacement_is_left_out_where_it_is_certain(drug, dose, low, state):
    course = Steroid(drug, REPLACED, dose, FOUND)
    fact = steroid_now(Record(steroids=(course,), steroids_complete_on=FOUND), FOUND)
    assert (fact.low, fact.state) == (low, state)
    asked = Fact.absent(FactState.UNKNOWN)
    # What nobody told the purpose of may replace too.
    untold = Steroid("hydrocortisone", asked, Fact.number(20), FOUND)
    fact = steroid_now(Record(steroids=(untold,), steroids_complete_on=FOUND), FOUND)
    assert fact == Fact.between(Decimal(0), Decimal(5))


@pytest.mark.parametrize("how", ["a dose", "the list"])
def test_what_the_record_says_later_counts(how):
    newer = FOUND + timedelta(days=1)
    five = Steroid("prednisone", IRAE, Fact.number(5), newer)
    found = record(steroid=five) if how == "a dose" else record(complete=newer)
    assert steroid_now(found, newer).low == 5


def test_replacement_of_unknown_dose_leaves_a_certain_dose_a_lower_bound():
    replaced = Steroid("hydrocortisone", REPLACED, Fact.absent(FactState.NOT_YET), FOUND)
    five = Steroid("prednisone", IRAE, Fact.number(5), FOUND)
    found = Record(steroids=(replaced, five), steroids_complete_on=FOUND)
    assert steroid_now(found, FOUND) == Fact.between(Decimal(5), None)


@pytest.mark.parametrize(
    ("dose", "latest", "wanted"),
    [
        # The list is of a day before the total, or of a month that may have ended after it.
        (5, FOUND, Fact.number(Decimal(40))),
        (5, FOUND + timedelta(days=9), Fact.between(Decimal(5), Decimal(40))),
        (0, FOUND + timedelta(days=9), Fact.between(Decimal(0), Decimal(40))),
        (None, FOUND + timedelta(days=9), Fact.absent(FactState.MISSING)),
    ],
)
def test_where_either_may_be_the_newer_the_total_and_the_list_are_both_kept(dose, latest, wanted):
    told = Fact.absent(FactState.MISSING) if dose is None else Fact.number(dose)
    steroid = replace(FIVE, now_mg_per_day=told, said_on=FOUND)
    found = record(complete=FOUND - timedelta(days=5), steroid=steroid)
    assert steroid_now(replace(found, steroids_complete_latest=latest), FOUND) == wanted


def test_of_two_that_leave_the_upper_end_open_the_lower_end_stays():
    other = Steroid("deflazacort", now_mg_per_day=Fact.number(6), said_on=FOUND)
    early, late = FOUND - timedelta(days=5), FOUND + timedelta(days=9)
    found = replace(record(complete=early, steroid=FIVE), steroids_complete_latest=late)
    found = replace(found, steroids=(FIVE, other))
    assert steroid_now(found, FOUND) == Fact.between(Decimal(5), None)
    none = replace(found, steroids=(ENDED, other), steroid_total=(Decimal(40), FOUND))
    assert steroid_now(none, FOUND) == Fact.absent(FactState.MISSING)
