"""Without any irAE no steroid was given for one: as it is carried on, the answer is what that later day would find."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.carrying import carry
from cases.derivations import Course, Record, derive, doses_until
from cases.derivations.record import ALL_ORGANS
from evidence.conditions.facts import FactState
from tests.unit.test_derivations import TODAY
from tests.unit.test_treatment_derivations import steroid

KEY = "steroid_not_tapered"
GIVEN = Course(1, frozenset({"PD-1"}), start=(TODAY, TODAY), stop_state=FactState.NOT_APPLICABLE)
LONG_AGO = TODAY - timedelta(days=400)
OVER = replace(GIVEN, start=(LONG_AGO, LONG_AGO), stop=(LONG_AGO, LONG_AGO))
UNTOLD = steroid(indication=None)


def record(course, *steroids, asked=ALL_ORGANS, iraes=(), listed=TODAY):
    return Record(
        courses=(course,), steroids=steroids, iraes=iraes, steroids_complete_on=listed,
        organs_asked=asked, asked_on=dict.fromkeys(asked, TODAY),
    )  # fmt: skip


def carried(found, today, days):
    """Return the answer of today as it stands some days later."""
    read = replace(found, as_of=TODAY)
    return carry(
        today, days=days, as_of=TODAY + timedelta(days=days), birth_date=None,
        steroids_until=read.steroids_until, doses_until=doses_until(read, TODAY),
        answers_until=read.answers_until,
    )[KEY]  # fmt: skip


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        (record(OVER, UNTOLD), False),
        # The answers lapse tomorrow: what rests on them would stay "no" after them.
        (record(GIVEN, UNTOLD), None),
        (record(GIVEN, steroid(indication="tumour")), False),
        (record(OVER, UNTOLD, asked=ALL_ORGANS - {"lung"}), None),
    ],
)
def test_no_rests_on_organs_asked_about_only_where_that_goes_on_to_hold(found, answer):
    assert derive(found, as_of=TODAY)[KEY].value is answer
