"""How the conditions of a decision stand."""

from __future__ import annotations

from datetime import date

import pytest

from evidence.conditions.facts import Fact, FactState
from followup.conditions import judge_conditions

DAY = date(2026, 3, 3)
ECOG = {"fact": "ecog", "op": "<=", "value": 1}


def condition(**extra):
    return {"text": "ECOG at most 1", "condition": ECOG, "expires_on": None, **extra}


@pytest.mark.parametrize(
    ("row", "fact", "standing"),
    [
        (condition(), Fact.between(1, 1), "met"),
        (condition(), Fact.between(2, 2), "not_met"),
        (condition(), Fact.between(1, 2), "unjudged"),
        (condition(), Fact.absent(FactState.UNKNOWN), "unjudged"),
        (condition(condition=None), Fact.between(1, 1), "in_words"),
        (condition(condition=None, said=True), Fact.between(2, 2), "met"),
        (condition(condition=None, said=False), Fact.between(1, 1), "not_met"),
        (
            condition(condition=None, said=True, expires_on="2026-03-02"),
            Fact.between(1, 1),
            "expired",
        ),
        (condition(said=True), Fact.between(2, 2), "not_met"),
        (condition(condition={"fact": "no such"}), Fact.between(1, 1), "unjudged"),
        (condition(expires_on="2026-03-02"), Fact.between(1, 1), "expired"),
        (condition(expires_on="2026-03-03"), Fact.between(1, 1), "met"),
    ],
)
def test_a_condition_stands_as_the_record_says(row, fact, standing):
    (judged,) = judge_conditions([row], {"ecog": fact}, DAY)
    assert judged.standing == standing
