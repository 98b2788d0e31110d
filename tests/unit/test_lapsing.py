"""Facts of a day, carried to the next one on which no answer about organs holds, are those of that day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.derivations import MISSING, Course, Finding, Record, derive
from cases.derivations.dossier import LIVER_WEEK, LOWEST, PEAKS
from cases.derivations.record import ALL_ORGANS
from cases.lapsing import LAPSING, unasked
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.vocabulary import FACTS
from tests.unit.test_derivations import TODAY, event

GIVEN = Course(1, frozenset({"PD-1"}), start=(TODAY, TODAY), stop_state=FactState.NOT_APPLICABLE)
TERMS = [
    ("pneumonitis", "lung"), ("colitis", "colon"), ("hepatitis", "liver"), ("myocarditis", "heart"),
    ("hypothyroidism", "thyroid"), ("rash", "skin"), ("nephritis", "kidney"),
]  # fmt: skip


def some_events():
    days = st.none() | st.integers(1, 60)
    return st.builds(
        lambda term, grade, now, how, days, again: event(
            *term, grade, now, how, onset_after_start_days=days, recurrent=again
        ),
        st.sampled_from(TERMS),
        st.none() | st.integers(1, 4),
        st.none() | st.integers(0, 3),
        st.sampled_from(["resolved", "ongoing", "on_replacement", None]),
        days,
        st.booleans(),
    )


answers = st.one_of(
    st.sampled_from([MISSING, Fact.absent(FactState.UNKNOWN)]),
    st.integers(1, 20).map(Fact.number),
    st.integers(1, 20).map(lambda n: Fact.between(n, None)),
    st.integers(1, 20).map(lambda n: Fact.between(None, n)),
)
findings = st.one_of(
    *(
        st.builds(Finding, st.just(next(iter(organs))), st.just(key), answers)
        for key, organs in {**PEAKS, **LOWEST}.items()
    ),
    st.builds(
        Finding,
        st.just("liver"),
        st.just(LIVER_WEEK),
        st.sampled_from(
            [MISSING, Fact.absent(FactState.UNKNOWN), Fact.known(True), Fact.known(False)]
        ),
    ),
)


@given(
    st.lists(some_events(), max_size=3),
    st.lists(findings, max_size=4),
    st.frozensets(st.sampled_from(sorted(ALL_ORGANS))) | st.just(ALL_ORGANS),
)
def test_what_lapses_is_what_a_derivation_of_the_next_day_no_longer_finds(events, told, organs):
    record = Record(
        iraes=tuple(events),
        findings=tuple(told),
        organs_asked=organs,
        asked_on=dict.fromkeys(organs, TODAY),
        courses=(GIVEN,),
    )
    today = derive(record, as_of=TODAY)
    tomorrow = derive(record, as_of=TODAY + timedelta(days=1))
    carried = unasked(today)
    changed = {key for key in FACTS if today.get(key, MISSING) != tomorrow.get(key, MISSING)}
    assert changed - {"ici_free_days"} <= LAPSING
    for key in LAPSING:
        assert carried[key] == tomorrow[key], key


@pytest.mark.parametrize("key", sorted(LAPSING))
def test_what_nobody_told_stays_as_it_is(key):
    for state in (FactState.MISSING, FactState.UNKNOWN, FactState.NOT_YET):
        assert unasked({key: Fact.absent(state)}) == {key: Fact.absent(state)}
