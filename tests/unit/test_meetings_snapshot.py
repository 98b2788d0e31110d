"""The canonical text of a snapshot and the commitments of free text."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.conditions import Fact, FactState
from meetings.letters import typeset
from meetings.snapshot import canonical, commitment, fact_data, sha256
from meetings.states import TRANSITIONS, DecisionState, MeetingState

SALT = "ab" * 32
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), PLAIN, max_size=4))
def test_the_text_does_not_depend_on_the_order_of_keys(data):
    text = canonical(data)
    assert canonical(dict(reversed(data.items()))) == text
    assert json.loads(text) == data


def test_numbers_that_are_no_integers_are_strings():
    text = canonical({"a": Decimal("7.50"), "b": 0.1, "c": [1, Decimal(10)], "d": True})
    assert text == '{"a":"7.5","b":"0.1","c":[1,"10"],"d":true}'


@pytest.mark.parametrize(
    ("fact", "data"),
    [
        (Fact.number(Decimal("7.50")), {"state": "known", "low": "7.5", "high": "7.5"}),
        (Fact.between(2, None), {"state": "known", "low": "2", "high": None}),
        (Fact.known(False), {"state": "known", "value": False}),
        (Fact.known("irae"), {"state": "known", "value": "irae"}),
        (Fact.absent(FactState.UNKNOWN), {"state": "unknown"}),
    ],
)
def test_facts_keep_their_state_and_bounds(fact, data):
    assert fact_data(fact) == data


def test_a_commitment_needs_salt_name_and_text():
    one = commitment(SALT, "rationale", "Because")
    assert one == commitment(SALT, "rationale", "Because")
    others = {
        commitment("cd" * 32, "rationale", "Because"),
        commitment(SALT, "preference", "Because"),
        commitment(SALT, "rationale", "Because."),
    }
    assert one not in others and len(others) == 3
    assert len(sha256("x")) == 64 and sha256("x") == sha256(b"x")


def test_states_have_one_table_and_no_way_back():
    assert set(TRANSITIONS["meeting"]) == set(MeetingState)
    assert set(TRANSITIONS["decision"]) == set(DecisionState)
    assert not TRANSITIONS["meeting"][MeetingState.CLOSED]
    assert not TRANSITIONS["decision"][DecisionState.SIGNED]


def test_a_letter_without_its_data_is_refused():
    with pytest.raises(Exception, match="title"):
        typeset({})
