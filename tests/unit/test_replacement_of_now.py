"""What a replacement of the adrenals makes of the dose of today: worked out by hand, row by row."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.derivations import Record, Steroid, derive
from evidence.conditions import Fact, FactState

TODAY = date(2026, 11, 27)
OPEN = (None, None)


def ago(days):
    return TODAY - timedelta(days=days)


def hydrocortisone(mg, said, **extra):
    return Steroid(
        "hydrocortisone", Fact.known("adrenal_replacement"), Fact.number(Decimal(mg)), said, **extra
    )


def now(*courses, listed=None, held=14):
    record = Record(steroids=courses, steroids_complete_on=listed, doses_hold_days=held)
    return derive(record, as_of=TODAY)["steroid_now"]


@pytest.mark.parametrize(
    ("said", "listed", "ends"),
    [
        # Said lately, and the list as well: replacement is no dose that counts.
        (ago(0), ago(0), (0, 0)), (ago(14), ago(14), (0, 0)), (ago(14), ago(3), (0, 0)), (ago(3), ago(14), (0, 0)),
        # Said long ago, and named by a list that was called complete lately: still the same.
        (ago(15), ago(0), (0, 0)), (ago(1061), ago(14), (0, 0)),
        # Said long ago, and no list since, or none that is recent: nobody can tell.
        (ago(15), ago(15), OPEN), (ago(1061), ago(1061), OPEN), (ago(1061), None, OPEN), (ago(0), None, OPEN),
        # On which day its dose was said nobody knows: the list may be older.
        (None, ago(0), OPEN), (None, None, OPEN),
    ],
)  # fmt: skip
def test_of_a_replacement_alone(said, listed, ends):
    found = now(hydrocortisone(20, said), listed=listed)
    assert (found.low, found.high) == ends
    if ends == OPEN:
        assert found.state is FactState.MISSING


def test_beside_a_dose_that_counts_it_leaves_the_upper_end_open():
    prednisone = Steroid("prednisone", Fact.known("irae"), Fact.number(Decimal(8)), ago(0))
    told = now(prednisone, hydrocortisone(20, ago(1061)), listed=ago(0))
    assert (told.low, told.high) == (8, 8)
    unsaid = now(prednisone, hydrocortisone(20, None), listed=ago(0))
    assert (unsaid.low, unsaid.high) == (8, None)


def test_a_replacement_at_nought_and_one_that_is_over_leave_nothing_open():
    over = hydrocortisone(0, None)
    assert now(over, listed=ago(0)).high == 0
    ended = Steroid("hydrocortisone", Fact.known("adrenal_replacement"), stop=(ago(400), ago(400)))
    assert now(ended, listed=ago(0)).high == 0


def test_more_than_the_body_makes_is_a_dose_that_no_list_confirms():
    assert now(hydrocortisone(60, ago(15)), listed=ago(0)).low is None
    assert now(hydrocortisone(60, ago(14)), listed=ago(0)).low == 15
