"""Without any irAE no steroid was given for one: as it is carried on, the answer is what that later day would find."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from cases.carrying import carry
from cases.derivations import Course, Record, derive, doses_until
from cases.derivations.record import ALL_ORGANS
from cases.derivations.steroids import not_tapered
from evidence.conditions.facts import FactState
from tests.unit.test_derivations import TODAY, event
from tests.unit.test_treatment_derivations import steroid

KEY = "steroid_not_tapered"
GIVEN = Course(1, frozenset({"PD-1"}), start=(TODAY, TODAY), stop_state=FactState.NOT_APPLICABLE)
LONG_AGO = TODAY - timedelta(days=400)
OVER = replace(GIVEN, start=(LONG_AGO, LONG_AGO), stop=(LONG_AGO, LONG_AGO))
FOR_ONE, UNTOLD = steroid(tapered=True), steroid(indication=None)


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
        # A course for an irAE contradicts that there was none, unless it says that it could not be reduced.
        (record(OVER, FOR_ONE), None),
        (record(OVER, steroid(tapered=False)), True),
    ],
)
def test_no_rests_on_organs_asked_about_only_where_that_goes_on_to_hold(found, answer):
    assert derive(found, as_of=TODAY)[KEY].value is answer


def test_what_is_carried_on_is_what_the_later_day_finds():
    steroids = [
        (),
        *(
            (steroid(indication=why, tapered=tapered),)
            for why in ("irae", "tumour", None)
            for tapered in (True, False, None)
        ),
    ]
    for course, rows, asked, iraes, listed in product(
        (GIVEN, OVER),
        steroids,
        (ALL_ORGANS, ALL_ORGANS - {"lung"}),
        ((), (event("pneumonitis", "lung", 2),)),
        (None, TODAY, TODAY - timedelta(days=9)),
    ):
        found = record(course, *rows, asked=asked, iraes=iraes, listed=listed)
        today = derive(found, as_of=TODAY)
        for days in (0, 1, 6, 15):
            on = TODAY + timedelta(days=days)
            later = not_tapered(replace(found, as_of=on), on)
            assert carried(found, today, days).value is later.value, (found, days)
