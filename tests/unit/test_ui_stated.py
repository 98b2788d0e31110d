"""A fact and how well it is known: the rules between a value and its state."""

from __future__ import annotations

import pytest
from django import forms

from ui.forms import Form
from ui.stated import StatedFormMixin


class FactsForm(StatedFormMixin, Form):
    stated_fields = ("ecog", "dlco")

    ecog = forms.IntegerField(label="ECOG", min_value=0, max_value=4)
    dlco = forms.DecimalField(label="Diffusing capacity")


def cleaned(**data) -> FactsForm:
    form = FactsForm(data)
    form.is_valid()
    return form


def test_companions_are_added():
    assert set(FactsForm().fields) == {"ecog", "ecog_state", "dlco", "dlco_state"}


def test_known_with_a_value():
    form = cleaned(ecog="1", ecog_state="known")
    assert form.is_valid()
    assert form.cleaned_data["ecog"] == 1


def test_known_without_a_value_is_refused_in_words():
    form = cleaned(ecog_state="known", dlco_state="known")
    assert form.errors["ecog"] == ["Enter ECOG, or say that it is not known"]
    assert form.errors["dlco"] == ["Enter diffusing capacity, or say that it is not known"]


def test_zero_is_a_value():
    assert cleaned(ecog="0", ecog_state="known").cleaned_data["ecog"] == 0


def test_a_value_without_a_state_is_known():
    assert cleaned(ecog="2").cleaned_data["ecog_state"] == "known"


def test_a_wrong_value_without_a_state_keeps_its_error():
    form = cleaned(ecog="9")
    assert "ecog" in form.errors


def test_neither_leaves_the_fact_unanswered():
    form = cleaned()
    assert form.is_valid()
    assert form.cleaned_data["ecog"] is None
    assert form.cleaned_data["ecog_state"] == ""


@pytest.mark.parametrize(
    ("state", "word"),
    [("not_yet", "Not yet"), ("unknown", "Unknown"), ("not_applicable", "Not applicable")],
)
@pytest.mark.parametrize("typed", ["1", "0", "rubbish"])
def test_a_value_beside_another_state_is_refused_and_not_dropped(state, word, typed):
    form = cleaned(ecog=typed, ecog_state=state)
    assert form.errors["ecog"] == [f"ECOG is “{word}”: clear the value, or choose “Known”"]
    assert form["ecog"].value() == typed
    alone = cleaned(ecog=" ", ecog_state=state)
    assert alone.is_valid() and alone.cleaned_data["ecog"] is None


def test_an_unknown_state_is_refused():
    assert "ecog_state" in cleaned(ecog_state="perhaps").errors
