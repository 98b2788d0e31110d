"""The state machines of monitoring."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from cases.services.lifecycle import GRAVITY, graver
from cases.states import TRANSITIONS, CaseState
from followup.states import (
    CHECK_TRANSITIONS,
    PLAN_TRANSITIONS,
    REMINDER_TRANSITIONS,
    CheckState,
    PlanState,
    ReminderState,
    StepNotPossible,
    require_check_step,
    require_plan_step,
)
from followup.vocabulary import ReturnReason


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (PLAN_TRANSITIONS, PlanState),
        (CHECK_TRANSITIONS, CheckState),
        (REMINDER_TRANSITIONS, ReminderState),
    ],
)
def test_every_state_says_what_may_follow(table, states):
    assert set(table) == set(states)


def test_a_closed_plan_stays_closed():
    with pytest.raises(StepNotPossible, match="Closed"):
        require_plan_step("closed", "active")


@pytest.mark.parametrize("to", ["done", "missed"])
def test_a_cancelled_check_is_not_done(to):
    with pytest.raises(StepNotPossible, match="Cancelled"):
        require_check_step("cancelled", to)


@pytest.mark.parametrize(
    ("before", "after"), [("cancelled", "waiting"), ("cancelled", "due"), ("missed", "waiting")]
)
def test_it_is_asked_for_again_once_what_ended_it_is_taken_back(before, after):
    require_check_step(before, after)


def test_the_sweeps_one_step_is_a_step_of_the_case():
    """`rechallenge_return_case` names in SQL the states from which a case may be returned, and the order."""
    sql = import_module("followup.migrations.0018_decided_since").RETURN_CASE
    states = [s for s in CaseState if CaseState.RETURNED in TRANSITIONS[s]]
    assert states == [CaseState.DECIDED, CaseState.WATCHING, CaseState.CLOSED]
    assert f"state IN ({', '.join(repr(s.value) for s in states)})" in sql
    assert {TRANSITIONS[s][CaseState.RETURNED] for s in states} == {"monitoring.record"}
    named = sql.split("ARRAY[")[1].split("]")[0]
    assert tuple(re.findall(r"'(\w+)'", named)) == GRAVITY
    assert set(GRAVITY) == set(ReturnReason)


def test_a_graver_reason_replaces_the_old_one_and_a_lesser_does_not():
    assert graver("missed_check", "irae_again")
    assert graver("by_hand", "new_irae")
    assert not graver("irae_again", "missed_check")
    assert not graver("new_irae", "new_irae")
