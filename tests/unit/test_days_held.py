"""How long a dose, a list and a weight hold is read from the rules of readiness, and stands nowhere else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.delivered import delivered_limit, delivered_rows
from cases.derivations import Record, Steroid, derive, doses_until
from cases.derivations.blood import Problem, indices_of
from cases.derivations.samples import Blood, Body
from cases.presenters.rules import by_fact
from cases.readiness import required_facts
from cases.rule_checks import problems
from cases.rules import rules_from
from evidence.conditions import FACTS
from evidence.conditions.facts import Fact, FactState
from tests.unit.test_blood import FULL, blood

TODAY = date(2026, 3, 3)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(("limit", "holds"), [(21, True), (20, True), (19, False)])
def test_a_dose_and_a_list_hold_as_long_as_the_rules_say(limit, holds):
    dose = Steroid("prednisone", now_mg_per_day=Fact.number(5), said_on=ago(20))
    record = Record(
        steroids=(dose,), steroids_complete_on=ago(20), second_line_complete_on=ago(20),
        doses_hold_days=limit, second_line_hold_days=limit,
    )  # fmt: skip
    found = derive(record, as_of=TODAY)
    assert (found["steroid_now"].state is FactState.KNOWN) is holds
    assert (found["immunosuppressant_now"].value is False) is holds
    assert record.steroids_until == ago(20) + timedelta(days=limit)
    assert doses_until(record, ago(20)) == record.steroids_until


@pytest.mark.parametrize(("limit", "problem"), [(10, None), (9, Problem.OLD_WEIGHT)])
def test_a_weight_counts_as_long_as_the_rules_say(limit, problem):
    day = blood(**FULL).samples[0].day
    weighed = day - timedelta(days=10)
    body = Body(Fact.number(Decimal(70)), (weighed, weighed), Fact.number(Decimal(170)))
    found = Blood(blood(**FULL).samples, body=body, weight_holds_days=limit)
    assert next(d for d in indices_of(found) if d.key == "ali").problem is problem


def test_the_rule_of_the_weight_asks_for_nothing_and_is_told_in_words():
    rules = rules_from(delivered_rows())
    assert rules.limit_on("weight_kg") == delivered_limit("weight_kg") == 30
    assert "weight_kg" not in FACTS
    assert "weight_kg" not in required_facts(rules, {})
    (words,) = by_fact(delivered_rows())["Weight"]
    assert words.startswith("counts for 30 days before and after a blood sample [")


@pytest.mark.parametrize(
    "rule",
    [
        {"fact": "weight_kg", "when": None, "age_limit_days": None},
        {"fact": "weight_kg", "when": {"fact": "irae_any", "op": "is", "value": True}, "age_limit_days": 3},
        {"fact": "weight_kg", "when": None, "age_limit_days": 0},
    ],
)  # fmt: skip
def test_a_rule_of_the_weight_is_an_age_limit_and_nothing_else(rule):
    assert len(problems([rule])) == 1
