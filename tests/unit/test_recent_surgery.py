"""Major surgery is recent for as many days as its limit says; without a day nobody can tell."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.carrying import carry
from cases.derivations import MISSING, Record, derive, said
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.vocabulary import FACTS

TODAY = date(2026, 3, 3)
YES, NO, UNKNOWN = Fact.known(True), Fact.known(False), Fact.absent(FactState.UNKNOWN)


def ago(first: int, last: int | None = None) -> tuple[date, date]:
    return TODAY - timedelta(days=first), TODAY - timedelta(days=first if last is None else last)


@pytest.mark.parametrize(
    ("told", "operated", "found"),
    [
        (YES, ago(28), YES),
        (YES, ago(29), MISSING),
        # Of a month alone only what is certain is told.
        (YES, ago(35, 5), MISSING),
        (YES, (None, None), MISSING),
        (NO, (None, None), NO),
        # A "no" of which nobody knows the day, beside a day of an operation.
        (NO, ago(90), MISSING),
        (UNKNOWN, (None, None), UNKNOWN),
        (MISSING, (None, None), MISSING),
    ],
)
def test_surgery_is_recent_within_the_limit_alone(told, operated, found):
    record = Record(background={"major_surgery": told}, operated=operated, surgery_holds_days=28)
    assert derive(record, as_of=TODAY).get("major_surgery", MISSING) == found


@pytest.mark.parametrize(
    ("operated", "said_on", "found"),
    [
        # By the limit as it is delivered: recent on the day of the "no", since then, and long before it.
        (ago(38), ago(10)[0], MISSING),
        (ago(39), ago(10)[0], NO),
        (ago(5), ago(10)[0], MISSING),
        (ago(500, 38), ago(10)[0], MISSING),
        ((None, None), ago(10)[0], NO),
    ],
)
def test_a_no_beside_a_day_on_which_there_may_have_been_one_tells_nothing(operated, said_on, found):
    record = Record(
        background={"major_surgery": NO}, operated=operated, surgery_said_on=said_on, surgery_holds_days=400
    )  # fmt: skip
    for later in (0, 100):
        day = TODAY + timedelta(days=later)
        assert derive(record, as_of=day).get("major_surgery", MISSING) == found


def test_it_ends_without_a_save_and_on_the_day_that_a_new_derivation_says():
    record = Record(background={"major_surgery": YES}, operated=ago(20), surgery_holds_days=28)
    row = {**dict.fromkeys(FACTS, MISSING), **derive(record, as_of=TODAY)}
    for later, found in ((8, YES), (9, MISSING)):
        day = TODAY + timedelta(days=later)
        carried = carry(
            row, days=later, as_of=day, birth_date=None, steroids_until=None,
            surgery_until=record.surgery_until,
        )  # fmt: skip
        assert carried["major_surgery"] == found == derive(record, as_of=day)["major_surgery"]
    assert said(record)["major_surgery"] == ago(20)
