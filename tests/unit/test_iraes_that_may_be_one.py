"""What follows from two irAEs that may be one, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from cases.derivations import Event, Record, derive
from cases.derivations.doubles import Pairs
from cases.derivations.record import ALL_ORGANS
from evidence.conditions import Fact, FactState
from evidence.conditions.facts import Widened

TODAY = date(2026, 11, 27)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
OPEN = Pairs(open=frozenset({frozenset({1, 2})}))
SAID = Pairs(two=frozenset({frozenset({1, 2})}))
MISSING, TRUE, FALSE = Fact.absent(FactState.MISSING), Fact.known(True), Fact.known(False)


def event(entry, how=None, now=None, worst=2, onset=MARCH, entity="colitis", **more):
    told = {
        "resolution": Fact.known(how) if how else MISSING,
        "grade_now": MISSING if now is None else Fact.number(now),
        "worst_grade": Fact.number(worst),
    }
    return Event(entity, "colon", "5.0", onset=onset, entry=entry, now_on=TODAY, **told, **more)


def facts(*events, pairs=OPEN, asked=True):
    return derive(
        Record(
            iraes=events,
            irae_pairs=pairs,
            organs_asked=ALL_ORGANS if asked else frozenset(),
            asked_on=dict.fromkeys(ALL_ORGANS, TODAY) if asked else {},
            as_of=TODAY,
        ),
        as_of=TODAY,
    )


@pytest.mark.parametrize(
    ("one", "other", "open_is", "two_is"),
    [
        ("resolved", "resolved", TRUE, TRUE), ("resolved", "ongoing", MISSING, FALSE),
        ("ongoing", "resolved", MISSING, FALSE), ("ongoing", "ongoing", FALSE, FALSE),
        ("ongoing", None, FALSE, FALSE), ("resolved", None, MISSING, MISSING),
    ],
)  # fmt: skip
def test_over_is_what_both_say(one, other, open_is, two_is):
    events = event(1, one), event(2, other)
    assert facts(*events)["irae_resolved"] == open_is
    assert facts(*events, pairs=SAID)["irae_resolved"] == two_is


def test_a_third_irae_that_goes_on_denies_it():
    third = event(3, "ongoing", entity="pneumonitis")
    assert facts(event(1, "resolved"), event(2, "ongoing"), third)["irae_resolved"] == FALSE


def test_one_controlled_on_replacement_says_that_it_is_over():
    events = [
        Event("hypothyroidism", "thyroid", "5.0", onset=MARCH, entry=n, resolution=Fact.known(how))
        for n, how in ((1, "on_replacement"), (2, "ongoing"))
    ]
    assert facts(*events)["irae_resolved"] == MISSING
    assert facts(*events, pairs=SAID)["irae_resolved"] == FALSE


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        (event(1, now=0), event(2, now=2), 0, 2), (event(1, now=1), event(2, now=2), 1, 2),
        (event(1, now=2), event(2, now=2), 2, 2), (event(1), event(2, now=2), 2, 5),
        (event(1, "resolved", 0), event(2, "ongoing", 1), 0, 1),
    ],
)  # fmt: skip
def test_a_grade_of_now_reaches_down_to_the_lower_of_both(one, other, low, high):
    for key in ("irae_grade_now", "colitis_grade_now"):
        found = facts(one, other)[key]
        assert (found.low, found.high) == (low, high), key
        assert (Widened.DOUBLED in found.widened) is (low < high < 5)
        told = facts(one, other, pairs=SAID)[key]
        assert (told.low, told.high) == (2 if high != 1 else 1, high)


@pytest.mark.parametrize(("one", "other", "worst"), [(1, 3, 3), (3, 1, 3), (2, 2, 2)])
def test_the_worst_grade_stays_that_of_both(one, other, worst):
    for pairs in (OPEN, SAID):
        found = facts(event(1, worst=one), event(2, worst=other), pairs=pairs)
        assert found["irae_worst_grade"] == found["colitis_worst_grade"] == Fact.number(worst)


def test_how_many_there_were_is_owed_until_somebody_says_it():
    events = event(1), event(2)
    assert facts(*events)["organs_asked"] == MISSING
    assert facts(*events, pairs=SAID)["organs_asked"] == TRUE
    assert facts(*events, pairs=SAID, asked=False)["organs_asked"] == MISSING
    assert facts(*events)["irae_any"] == TRUE


FIRST = {"onset": (date(2024, 1, 5),) * 2, "resolved": (date(2024, 2, 5),) * 2}
AGAIN = {"onset": (date(2024, 3, 5),) * 2}


@pytest.mark.parametrize(
    ("two", "again"),
    [
        # By either entry the first was over before the third began.
        (FIRST, TRUE),
        # By the second it may not have been.
        ({"onset": (date(2024, 1, 1), date(2024, 1, 31))}, MISSING),
        ({"onset": (None, None)}, MISSING),
    ],
)
def test_a_return_is_one_by_whichever_entry(two, again):
    events = event(1, **FIRST), event(2, **two), event(3, worst=3, **AGAIN)
    found = facts(*events)
    assert found["irae_recurrent"] == found["colitis_recurrent"] == again
    assert facts(*events, pairs=SAID)["irae_recurrent"] == TRUE
    grade = found["colitis_recurrence_grade"]
    assert (grade.low or 0) == (3 if again == TRUE else 0)


def test_a_return_may_be_told_twice():
    pairs = Pairs(open=frozenset({frozenset({2, 3})}))
    events = event(1, **FIRST), event(2, **AGAIN), event(3, worst=3, **AGAIN)
    found = facts(*events, pairs=pairs)
    assert found["colitis_recurrent"] == TRUE
    assert found["colitis_recurrence_grade"] == Fact.number(3)
    # One that was linked came back, whatever the other entry says.
    linked = event(2, recurrent=True, **AGAIN), event(1, **AGAIN)
    assert facts(*linked)["colitis_recurrent"] == TRUE


def test_none_is_said_of_a_pair_of_two_diseases():
    events = event(1), event(2, entity="pancreatitis")
    assert facts(*events)["irae_recurrent"] == FALSE
