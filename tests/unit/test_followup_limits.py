"""Which values are questioned; `<` and `>` are bounds, and only what is certain counts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evidence.conditions.facts import Fact
from followup.limits import Doubt, beyond, doubts, exact, read


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("calprotectin", "250", None),
        ("calprotectin", "250.1", Doubt("calprotectin", "250.1", above="250")),
        ("calprotectin", ">600", Doubt("calprotectin", ">600", above="250")),
        ("calprotectin", "<600", None),
        ("spo2_rest", "88", Doubt("spo2_rest", "88", below="92")),
        ("spo2_rest", "<90", Doubt("spo2_rest", "<90", below="92")),
        ("sodium", "155", Doubt("sodium", "155", above="150")),
        ("tsh", "99", Doubt("tsh", "99", above="10")),
        ("hba1c", "99", None),
    ],
)
def test_a_limit_is_passed_only_for_certain(code, value, expected):
    assert beyond(code, value) == expected


def test_bounds_are_read_as_such():
    assert read("≤5") == (None, Decimal(5)) and read("> 5") == (Decimal(5), None)
    assert exact("5") == 5 and exact("<5") is None


def test_a_condition_comes_before_a_limit_and_others_are_left_alone():
    rows = [
        {"text": "in words", "condition": None},
        {"text": "ecog", "condition": {"fact": "ecog", "op": "<=", "value": 1}},
        {"text": "broken", "condition": {"fact": "steroid_now", "op": "?", "value": 1}},
        {"text": "steroid", "condition": {"fact": "steroid_now", "op": "<=", "value": 5}},
    ]
    found = doubts({"prednisone": "7", "alt": "20"}, rows, {"ecog": Fact.number(3)})
    assert found == [Doubt("prednisone", "7", condition="steroid")]


def test_a_condition_that_something_else_breaks_says_nothing_against_the_value():
    both = {
        "all": [
            {"fact": "steroid_now", "op": "<=", "value": 10},
            {"fact": "irae_grade_now", "op": "<=", "value": 1},
        ]
    }
    rows = [{"text": "both", "condition": both}]
    assert doubts({"prednisone": "3"}, rows, {"irae_grade_now": Fact.number(2)}) == []
    assert doubts({"prednisone": "12"}, rows, {"irae_grade_now": Fact.number(1)})[0].condition
    # Both wrong: the limit still asks.
    assert doubts({"prednisone": "12"}, rows, {"irae_grade_now": Fact.number(2)})[0].above == "10"
