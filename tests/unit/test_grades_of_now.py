"""A grade of now holds for as long as readiness says; afterwards it is the least that is assumed, and no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.carrying import GROWS_OLD, carry
from cases.derivations import MISSING, NOW, Record, derive, now_until
from cases.derivations.record import ALL_ORGANS
from cases.rules import delivered_rows, rules_from
from evidence.conditions import FACTS, Answer, Fact, FactState, Widened, evaluate, parse
from evidence.conditions.words import fact_words
from evidence.loading import read
from followup.conditions import Standing, judge_conditions
from tests.unit.test_derivations import TODAY, event
from tests.unit.test_lapsing import TERMS

LIMIT = 28
AT_MOST_1 = {"fact": "irae_grade_now", "op": "<=", "value": 1}


def ago(days):
    return TODAY - timedelta(days=days)


def record(*events, asked=ALL_ORGANS, limit=LIMIT):
    return Record(iraes=events, organs_asked=asked, grades_hold_days=limit)


def now(*events, asked=ALL_ORGANS, limit=LIMIT):
    return derive(record(*events, asked=asked, limit=limit), as_of=TODAY)["irae_grade_now"]


def lung(grade, days, resolution="ongoing"):
    return event(now=grade, resolution=resolution, now_on=None if days is None else ago(days))


def test_the_limit_is_that_of_the_rules_of_readiness():
    assert rules_from(delivered_rows()).limit_on("irae_grade_now") == LIMIT


def test_a_grade_of_half_a_year_ago_meets_no_condition_and_lifts_no_not_yet():
    facts = derive(record(lung(1, 180)), as_of=TODAY)
    (rule,) = [row for row in read().statements if row["code"] == "R13"]
    assert evaluate(parse(rule["condition"]), facts).answer is Answer.UNDETERMINED
    (judged,) = judge_conditions([{"text": "x", "condition": AT_MOST_1}], facts, TODAY)
    assert judged.standing is Standing.UNJUDGED
    assert facts["irae_grade_now"].widened == (Widened.OLD,)
    words = fact_words("irae_grade_now", facts["irae_grade_now"])
    assert words == "irAE grade now between 1 and 5 (said too long ago to be certain)"


@pytest.mark.parametrize(
    ("told", "low", "high"),
    [
        (lung(1, LIMIT), 1, 1),
        (lung(1, LIMIT + 1), 1, 5),
        (lung(1, None), 1, 5),  # nobody told the day
        (lung(2, 180), 2, 5),  # it may have fallen: that lifts nothing until somebody says so
        (lung(0, 180), 0, 5),
        (lung(0, 180, "resolved"), 0, 0),  # over: it would be another event
        (lung(1, 180, "resolved"), 1, 5),
    ],
)
def test_which_grades_grow_old(told, low, high):
    assert now(told) == Fact.between(low, high)


def test_replacement_is_for_life_and_never_grows_old():
    thyroid = event("hypothyroidism", "thyroid", 2, 2, "on_replacement", now_on=ago(800))
    assert now(thyroid) == Fact.number(0)


def test_without_a_limit_a_grade_holds():
    assert now(lung(1, 800), limit=None) == Fact.number(1)


def test_a_fresh_grade_beside_an_old_one_closes_nothing():
    assert now(lung(2, 1), event("rash", "skin", 1, 1, "ongoing", now_on=ago(60))) == (
        Fact.between(2, 5)
    )


def test_a_grade_that_nobody_knows_stays_unknown():
    assert now(lung(None, 180)).state is now(lung(None, 1)).state


some_events = st.builds(
    lambda term, grade, how, days: event(
        *term, 3, grade, how, now_on=None if days is None else ago(days)
    ),
    st.sampled_from(TERMS),
    st.none() | st.integers(0, 4),
    st.sampled_from(["resolved", "ongoing", "on_replacement", None]),
    st.none() | st.integers(0, 60),
)


@given(st.lists(some_events, max_size=4), st.booleans(), st.integers(0, 60))
def test_carried_on_it_is_what_a_derivation_of_that_day_finds(events, asked, later):
    kept = record(*events, asked=ALL_ORGANS if asked else frozenset())
    facts = dict.fromkeys(FACTS, MISSING) | derive(kept, as_of=TODAY)
    day = TODAY + timedelta(days=later)
    carried = carry(
        facts,
        days=later,
        as_of=day,
        birth_date=None,
        steroids_until=None,
        grades_until={"grades_until": kept.grades_until, **now_until(kept)},
    )
    then = derive(kept, as_of=day)
    assert {key: carried[key] for key in GROWS_OLD} == {key: then[key] for key in GROWS_OLD}


def test_what_has_settled_in_one_organ_is_told_from_what_goes_on_in_another():
    settled, on = lung(0, 5, "resolved"), event("rash", "skin", 3, 2, "ongoing", now_on=ago(5))
    found = derive(record(settled, on), as_of=TODAY)
    assert found["pneumonitis_grade_now"] == found["colitis_grade_now"] == Fact.number(0)
    assert found["skin_grade_now"] == found["irae_grade_now"] == Fact.number(2)
    assert now_until(record(settled, on))["skin_grade_now_until"] == ago(5) + timedelta(days=LIMIT)
    assert now_until(record(settled, on))["pneumonitis_grade_now_until"] is None


@pytest.mark.parametrize(
    ("entity", "organ", "keys"),
    [
        ("hypophysitis", "pituitary", {"pituitary_grade_now", "endocrine_grade_now"}),
        ("adrenal_insufficiency", "adrenal", {"adrenal_grade_now", "endocrine_grade_now"}),
        ("diabetes", "endocrine_pancreas", {"diabetes_grade_now", "endocrine_grade_now"}),
        ("hypothyroidism", "thyroid", {"endocrine_grade_now"}),
        ("myasthenia", "nerve", {"myasthenia_grade_now", "neurological_grade_now"}),
        ("encephalitis", "brain", {"neurological_grade_now"}),
        ("lipase", "pancreas", set()),
    ],
)
def test_each_disease_has_its_own_grade_of_now_and_on_replacement_none(entity, organ, keys):
    on = derive(record(event(entity, organ, 3, 2, "ongoing", now_on=ago(1))), as_of=TODAY)
    assert {key for key in NOW if on[key] == Fact.number(2)} == keys
    assert all(on[key] == Fact.number(0) for key in NOW.keys() - keys)
    kept = derive(record(event(entity, organ, 3, 2, "on_replacement")), as_of=TODAY)
    endocrine = "endocrine_grade_now" in keys
    assert all(kept[key] == (Fact.number(0) if endocrine else Fact.between(2, 5)) for key in keys)


def test_a_grade_of_now_that_nobody_knows_or_an_organ_not_asked_about_leaves_it_open():
    unknown = derive(record(lung(None, 1)), as_of=TODAY)["pneumonitis_grade_now"]
    assert unknown.state is FactState.NOT_YET
    left_out = derive(record(asked=ALL_ORGANS - {"lung"}), as_of=TODAY)
    assert left_out["pneumonitis_grade_now"] == MISSING
    assert left_out["colitis_grade_now"] == Fact.number(0)
