"""The state machines of monitoring."""

from __future__ import annotations

import pytest

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


def test_a_cancelled_check_stays_cancelled():
    with pytest.raises(StepNotPossible, match="Cancelled"):
        require_check_step("cancelled", "done")


def test_the_sweeps_one_step_is_a_step_of_the_case():
    """`rechallenge_return_case` names in SQL the states from which a case may be returned."""
    assert all(
        CaseState.RETURNED in TRANSITIONS[s] for s in (CaseState.DECIDED, CaseState.WATCHING)
    )
