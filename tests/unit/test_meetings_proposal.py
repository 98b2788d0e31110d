"""Guidance is held against what the board decides, not against what was proposed."""

from __future__ import annotations

import pytest

from evidence.conditions.facts import Fact, FactState
from meetings.proposal import as_decided

MISSING = Fact.absent(FactState.MISSING)


def facts(regimen="same_agent"):
    return {
        "proposed_regimen": Fact.known(regimen),
        "proposed_includes_ctla4": Fact.known(False),
        "ecog": Fact.number(1),
    }


def test_a_combination_with_ctla4_is_seen_whatever_was_proposed():
    found = as_decided(facts(), "combination", ["nivolumab", "ipilimumab"])
    assert found["proposed_includes_ctla4"].value is True
    assert found["proposed_regimen"].value == "pd_ctla4_combination"
    assert found["ecog"] == Fact.number(1)


@pytest.mark.parametrize("outcome", ["no_rechallenge", "defer", ""])
def test_without_a_rechallenge_nothing_changes(outcome):
    assert as_decided(facts(), outcome, ["ipilimumab"]) == facts()


def test_same_agent_is_the_same_agent_though_a_switch_was_proposed():
    found = as_decided(facts("switch_pd1_pdl1"), "same_agent", ["pembrolizumab"])
    assert found["proposed_regimen"].value == "same_agent"


@pytest.mark.parametrize(
    ("proposed", "outcome", "regimen"),
    [
        ("switch_pd1_pdl1", "other_class", "switch_pd1_pdl1"),
        ("same_agent", "other_class", None),
        ("ici_chemotherapy", "combination", "ici_chemotherapy"),
        ("same_agent", "combination", None),
        ("pd_ctla4_combination", "combination", None),
    ],
)
def test_what_the_decision_does_not_say_is_not_made_up(proposed, outcome, regimen):
    found = as_decided(facts(proposed), outcome, ["atezolizumab"])["proposed_regimen"]
    assert found.value == regimen


def test_drugs_that_are_not_named_leave_the_answer_open():
    assert as_decided(facts(), "other_class", [])["proposed_includes_ctla4"] == MISSING
