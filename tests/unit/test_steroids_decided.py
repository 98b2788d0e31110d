"""Whichever of two steroid courses that may be one is removed, or that they are two: no answer about steroids turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.derivations import Record, Steroid
from cases.derivations.doubles import Pairs
from cases.derivations.steroid_groups import may_be_one
from cases.derivations.steroids import by_entries, not_tapered, steroid_now
from evidence.conditions import Fact, FactState

TODAY = date(2026, 11, 27)
LATELY, OLD = TODAY - timedelta(days=5), TODAY - timedelta(days=20)
IRAE, REPLACES = Fact.known("irae"), Fact.known("adrenal_replacement")
MISSING = Fact.absent(FactState.MISSING)


def pair(one=1, other=2):
    return frozenset({one, other})


def steroid(entry, mg, indication=IRAE, drug="prednisone", said=TODAY, **more):
    dose = MISSING if mg is None else Fact.number(Decimal(mg))
    return Steroid(drug, indication, dose, said, entry=entry, **more)


def hydrocortisone(entry, mg, indication=REPLACES):
    return steroid(entry, mg, indication, drug="hydrocortisone")


BOTH = (pair(),)


def found(*courses, pairs=BOTH, two=(), **more):
    record = Record(steroids=courses, steroid_pairs=Pairs(frozenset(pairs), frozenset(two)), **more)
    return record, steroid_now(record, TODAY)


@pytest.mark.parametrize(
    ("one", "other", "low", "adds_up"),
    [
        # Said twelve days ago and yesterday: if they are one it is 5 mg.
        (steroid(1, 40, said=TODAY - timedelta(days=12)), steroid(2, 5, said=TODAY - timedelta(days=1)), 5, (5, 45)),
        (steroid(1, 5), steroid(2, 5), 5, (5, 10)),
        # One that ended, is at none, too old, of a drug or a dose that nobody told may be the one that holds.
        (steroid(1, 40), steroid(2, 0), None, (0, 40)), (steroid(1, 40), steroid(2, None), None, (0, 40)),
        (steroid(1, 40), steroid(2, None, stop=(OLD, OLD)), None, (0, 40)),
        (steroid(1, 40), steroid(2, 5, said=OLD), None, (0, 40)),
        (steroid(1, 40), steroid(2, 5, drug=""), None, (0, 40)),
        # Replacement that both records tell is none of the body's need told twice, and may be no more than that.
        (hydrocortisone(1, 20), hydrocortisone(2, 20), None, (0, 10)),
        (hydrocortisone(1, 20), hydrocortisone(2, 60), None, (0, 20)),
        # Above it however often it is told, below it even if they are two.
        (hydrocortisone(1, 32), hydrocortisone(2, 60), 8, (8, 23)),
        (hydrocortisone(1, 10), hydrocortisone(2, 20), None, None),
        (hydrocortisone(1, 20), hydrocortisone(2, 60, IRAE), None, (0, 15)),
    ],
)  # fmt: skip
def test_the_dose_is_certain_down_to_the_smallest_of_those_that_may_be_one(
    one, other, low, adds_up
):
    record, fact = found(one, other)
    assert (fact.low, fact.high) == (low, None)
    assert by_entries(record, TODAY) == adds_up


def test_one_that_may_be_either_of_two_counts_with_both():
    courses = steroid(1, 40), steroid(2, 20, IRAE), steroid(3, 10, Fact.known("tumour"))
    _record, fact = found(*courses, pairs=[pair(1, 2), pair(2, 3)])
    assert fact.low == 10
    _record, fact = found(*courses, pairs=[pair(2, 3)], two=BOTH)
    assert fact.low == 50


def test_replacement_that_another_course_may_be_counts_only_if_it_is_not_that_one():
    courses = hydrocortisone(1, 20), hydrocortisone(2, 20), hydrocortisone(3, 12, IRAE)
    _record, fact = found(*courses, pairs=[pair(1, 3)], two=BOTH)
    assert fact.state is FactState.MISSING
    # The third is the first, which is removed: what is left replaces no more than the body makes.
    _record, fact = found(*courses[1:], pairs=[], two=BOTH)
    assert fact.low == 3


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ((IRAE, True), (IRAE, True), True), ((IRAE, True), (IRAE, False), None), ((IRAE, True), (IRAE, None), None),
        ((IRAE, True), (MISSING, True), None),
    ],
)  # fmt: skip
def test_not_tapered_is_certain_where_all_that_may_be_one_say_so(one, other, answer):
    courses = [
        steroid(entry, 5, why, not_tapered=MISSING if told is None else Fact.known(told))
        for entry, (why, told) in ((1, one), (2, other))
    ]
    record, _fact = found(*courses)
    assert not_tapered(record, TODAY).value is answer
    apart, _fact = found(*courses, pairs=[], two=BOTH)
    assert not_tapered(apart, TODAY).value is True


@pytest.mark.parametrize(
    ("mg", "days_ago", "complete", "low"),
    [
        # Found between the two: if the newer goes, it holds for what is left.
        (0, 4, None, None), (3, 4, None, 3), (40, 4, None, 5),
        # Both are newer, and so is the word that the list is complete.
        (0, 6, None, 5), (0, 4, TODAY, 10),
    ],
)  # fmt: skip
def test_a_total_that_may_hold_again_leaves_open_what_it_denies(mg, days_ago, complete, low):
    total = Decimal(mg), TODAY - timedelta(days=days_ago)
    courses = steroid(1, 5, said=LATELY), steroid(2, 5)
    _record, fact = found(*courses, steroid_total=total, steroids_complete_on=complete)
    assert fact.low == low


doses = st.sampled_from([None, 0, 5, 12, 20, 40])
courses = st.builds(
    steroid,
    st.none(),
    doses,
    st.sampled_from([IRAE, REPLACES, REPLACES, MISSING, Fact.known("tumour")]),
    st.sampled_from(["prednisone", "hydrocortisone", "hydrocortisone", "other", ""]),
    st.sampled_from([None, OLD, LATELY, TODAY - timedelta(days=2), TODAY]),
    not_tapered=st.sampled_from([MISSING, Fact.known(True), Fact.known(False)]),
    stop=st.sampled_from([(None, None), (OLD, OLD)]),
)
totals = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from([Decimal(0), Decimal(5), Decimal(40)]),
        st.sampled_from([OLD, LATELY, TODAY - timedelta(days=1)]),
    ),
)
# The last day on which a course was told without its dose.
untold = st.sampled_from([None, OLD, LATELY, TODAY])


def undecided(record):
    return [
        (one, other)
        for one, other in combinations(record.steroids, 2)
        if record.steroid_pairs.may_be_one(one.entry, other.entry, alike=may_be_one(one, other))
    ]


def decided(record, one, other, how):
    """Return the record once somebody said of two courses that they are two, or removed one of them."""
    if how == "two":
        both, pairs = pair(one.entry, other.entry), record.steroid_pairs
        return replace(record, steroid_pairs=Pairs(pairs.open - {both}, pairs.two | {both}))
    gone = one if how == "first" else other
    return replace(record, steroids=tuple(s for s in record.steroids if s is not gone))


def within(after, before):
    if before.state is not FactState.KNOWN:
        return True
    if after.state is not FactState.KNOWN or after.value != before.value:
        return False
    low = before.low is None or (after.low is not None and before.low <= after.low)
    return low and (before.high is None or (after.high is not None and after.high <= before.high))


@given(st.lists(courses, min_size=2, max_size=5), totals, st.data())
def test_a_pair_decided_either_way_never_turns_an_answer(rows, total, data):
    rows = tuple(replace(row, entry=entry) for entry, row in enumerate(rows, start=1))
    every = [pair(*both) for both in combinations(range(1, len(rows) + 1), 2)]
    asked = frozenset(data.draw(st.sets(st.sampled_from(every), min_size=1)))
    two = frozenset(data.draw(st.sets(st.sampled_from(every)))) - asked
    record = Record(
        steroids=rows, steroid_pairs=Pairs(asked, two), steroid_total=total, steroid_untold_on=data.draw(untold)
    )  # fmt: skip
    assume(undecided(record))
    while left := undecided(record):
        one, other = data.draw(st.sampled_from(left))
        how = data.draw(st.sampled_from(["two", "first", "second"]))
        after = decided(record, one, other, how)
        assert within(steroid_now(after, TODAY), steroid_now(record, TODAY))
        assert within(not_tapered(after, TODAY), not_tapered(record, TODAY))
        record = after
    whole = replace(record, steroid_total=None)
    settled = replace(whole, steroids_complete_on=TODAY)
    assert within(steroid_now(settled, TODAY), steroid_now(whole, TODAY))


@given(st.lists(courses, min_size=1, max_size=4), totals, st.booleans(), st.data())
def test_what_a_course_is_for_never_turns_an_answer_when_it_is_told(rows, total, complete, data):
    """One of a low dose may replace what the body makes; together with another that does it may be more than that."""
    rows = tuple(replace(row, entry=entry) for entry, row in enumerate(rows, start=1))
    record = Record(
        steroids=rows, steroid_total=total, steroids_complete_on=TODAY if complete else None,
        steroid_untold_on=data.draw(untold),
    )  # fmt: skip
    while left := [row for row in record.steroids if row.indication.state is not FactState.KNOWN]:
        one = data.draw(st.sampled_from(left))
        told = replace(
            one, indication=data.draw(st.sampled_from([IRAE, REPLACES, Fact.known("tumour")]))
        )
        after = replace(record, steroids=tuple(told if s is one else s for s in record.steroids))
        assert within(steroid_now(after, TODAY), steroid_now(record, TODAY))
        record = after


@pytest.mark.parametrize(
    ("courses", "low", "high"),
    [
        # 20 mg of hydrocortisone may replace; 40 mg are more than that whatever they are for.
        ([hydrocortisone(1, 20, MISSING)], 0, 5), ([hydrocortisone(1, 40, MISSING)], 10, 10),
        ([hydrocortisone(1, 20, MISSING), steroid(2, 6)], 6, 11), ([hydrocortisone(1, 20)], 0, 0),
        # With what replaces it may be more than the body makes: both count then.
        ([hydrocortisone(1, 20, MISSING), hydrocortisone(2, 20)], 0, 10),
        ([steroid(1, 10, MISSING), hydrocortisone(2, 20)], 10, 15),
        ([hydrocortisone(1, 8, MISSING), hydrocortisone(2, 20)], 0, 2),
    ],
)  # fmt: skip
def test_a_low_dose_of_unknown_purpose_lies_between_none_and_itself(courses, low, high):
    _record, fact = found(*courses, pairs=[], steroids_complete_on=TODAY)
    assert (fact.low, fact.high) == (low, high)
    _record, fact = found(*courses, pairs=[])
    assert (fact.low or 0, fact.high) == (low, None)


@given(st.lists(courses, min_size=2, max_size=5))
def test_whoever_calls_the_list_complete_says_that_all_count_and_turns_no_answer(rows):
    rows = tuple(replace(row, entry=entry) for entry, row in enumerate(rows, start=1))
    every = frozenset(pair(*both) for both in combinations(range(1, len(rows) + 1), 2))
    record = Record(steroids=rows, steroid_pairs=Pairs(every))
    settled = replace(record, steroids_complete_on=TODAY)
    for fact in (steroid_now, not_tapered):
        assert within(fact(settled, TODAY), fact(record, TODAY))
