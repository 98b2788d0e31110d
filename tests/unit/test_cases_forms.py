"""Fields for facts: the value or the reason why there is none, read as typed and shown as stored."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms

from cases.forms.fields import (
    NOTHING,
    Stated,
    StatedChoiceField,
    StatedDateField,
    StatedFlagField,
    StatedNumberField,
    columns,
)
from cases.forms.iraes import versions_of
from cases.forms.sections import BoundsField
from cases.searchwords import codes_for
from cases.vocabulary import entities
from ui.partial_dates import parse_partial_date


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [("60", 60, 60), ("60 %", 60, 60), ("<1", 0, 1), ("≥50", 50, None), ("at least 50", 50, None),
     ("1-49", 1, 49), ("at most 5", 0, 5), ("0,5", Decimal("0.5"), Decimal("0.5"))],
)  # fmt: skip
def test_measured_values_and_bounds(typed, low, high):
    found = BoundsField(suffix="%").clean(typed)
    assert (found["low"], found["high"], found["state"]) == (low, high, "known")


def test_unit_may_be_typed_after_the_value():
    assert BoundsField(suffix="mut/Mb").clean("16 mut/Mb")["low"] == 16


@pytest.mark.parametrize("typed", ["many", "101", "-3", "50-10", "<", "1-"])
def test_measured_values_that_make_no_sense(typed):
    with pytest.raises(forms.ValidationError):
        BoundsField(suffix="%").clean(typed)


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("", "missing"),
        ("unknown", "unknown"),
        ("Not yet", "not_yet"),
        ("not applicable", "not_applicable"),
    ],
)
def test_words_stand_for_states(typed, state):
    for field in (StatedNumberField(), StatedDateField()):
        assert field.clean(typed) == Stated(None, state)
    assert BoundsField(suffix="%").clean(typed)["state"] == state


@pytest.mark.parametrize("typed", ["n/a", "N/A", "NA", "n.a."])
def test_a_word_that_may_mean_not_available_is_asked_about(typed):
    for field in (StatedNumberField(), StatedDateField(), BoundsField(suffix="%")):
        with pytest.raises(forms.ValidationError, match="not available or not applicable"):
            field.clean(typed)


def test_number_and_date():
    assert StatedNumberField().clean("7,5") == Stated(Decimal("7.5"), "known")
    assert StatedNumberField().prepare_value(Stated(Decimal("10.0"), "known")) == "10"
    date = parse_partial_date("March 2025")
    assert StatedDateField().clean("March 2025").value.earliest == date.earliest
    assert StatedDateField().prepare_value(Stated(date, "known")) == "March 2025"
    assert StatedDateField().prepare_value(Stated(None, "unknown")) == "unknown"
    for wrong in ("nan", "inf", "99999", "-1"):
        with pytest.raises(forms.ValidationError):
            StatedNumberField().clean(wrong)


def test_choice_and_flag():
    field = StatedChoiceField(choices=[("1", "one")], coerce=int)
    assert field.clean("1") == Stated(1, "known")
    assert field.clean("unknown") == Stated(None, "unknown")
    assert field.clean("") == NOTHING
    with pytest.raises(forms.ValidationError):
        field.clean("2")
    assert StatedFlagField().clean("no") == Stated(False, "known")
    assert StatedFlagField().prepare_value(Stated(False, "known")) == "no"
    assert columns({"a": Stated(1, "known")}, ["a"]) == {"a": 1, "a_state": "known"}


def test_versions_are_those_with_a_term():
    assert [v for v, _label in versions_of("thyroiditis")] == ["6.0"]
    assert [v for v, _label in versions_of("pneumonitis")] == ["5.0", "6.0"]
    assert len(versions_of("")) == 2


@pytest.mark.parametrize("code", ["encephalitis", "aplastic_anaemia"])
def test_what_ctcae_5_has_no_term_for_is_graded_by_the_general_term_of_its_class(code):
    term, _code = entities()[code].terms["5.0"]
    assert term.endswith("- Other, specify")
    assert entities()[code].grades["5.0"] == (1, 5)
    assert "Other" not in entities()[code].terms["6.0"][0]


def test_words_of_a_search_become_codes():
    assert codes_for("pembro") == (["pembrolizumab"], [])
    drugs, entities = codes_for("lung")
    assert drugs == []
    assert "pneumonitis" in entities
    assert codes_for("ab") == ([], [])
