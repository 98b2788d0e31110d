"""An irAE of which nobody told the organ may be of any: no organ is said to have had none beside it."""

from __future__ import annotations

import pytest

from cases.derivations.causes import ORGANS_BEHIND
from cases.derivations.record import ALL_ORGANS
from evidence.conditions.facts import FactState
from tests.unit.test_derivations import event, facts

OF_ONE_ORGAN = sorted(
    key
    for key, organs in ORGANS_BEHIND.items()
    if not organs >= ALL_ORGANS and key != "irae_worst_grade_nonendocrine"
)


def meningitis(organ="other", grade=3):
    return event("autoimmune_other", organ, grade, name="Aseptic meningitis")


def told(*iraes):
    return facts(iraes=iraes, iraes_complete=True)


@pytest.mark.parametrize("grade", [2, 3])
@pytest.mark.parametrize("key", OF_ONE_ORGAN)
def test_no_organ_is_said_to_have_had_none(key, grade):
    assert told(meningitis(grade=grade))[key].state is FactState.MISSING


def test_without_such_an_event_it_is():
    assert told()["neurological_worst_grade"].high == 0


def test_what_is_said_of_all_organs_stays_certain():
    found = told(meningitis())
    assert found["irae_any"].value is True
    for key in ("irae_worst_grade", "irae_worst_grade_nonendocrine", "unlisted_irae_worst_grade"):
        assert (found[key].low, found[key].high) == (3, 3)


def test_the_worst_grade_of_another_event_is_open_upwards():
    found = told(meningitis(), event(grade=2))["pneumonitis_worst_grade"]
    assert (found.low, found.high) == (2, 5)


def test_what_a_dossier_would_tell_is_not_said_to_be_not_applicable():
    assert told()["lvef_now"].state is FactState.NOT_APPLICABLE
    assert told(meningitis())["lvef_now"].state is FactState.MISSING


def test_an_event_whose_organ_is_told_is_of_that_organ_alone():
    found = told(meningitis("brain"))
    assert found["neurological_worst_grade"].low == 3
    assert found["heart_worst_grade"].high == 0


def test_none_that_is_unlisted_needs_every_organ_asked_about():
    found = facts(organs_asked=frozenset({"other"}))
    assert found["unlisted_irae_worst_grade"].state is FactState.MISSING
