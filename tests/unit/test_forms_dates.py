"""No form of the record takes a date that is still to come, however it is told; planned days are the exceptions."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django import forms
from django.utils import timezone

import cases.forms
from cases.forms.courses import CourseForm
from cases.forms.fields import Stated, StatedDateField
from ui.forms import PartialDateFormField
from ui.partial_dates import parse_partial_date

# Fields of plain dates: what they mean may lie ahead, or another test holds what they refuse.
PLANNED = {"due", "needed_by", "owed_on"}
HELD_BY_ITS_FORM = {
    "birth_date",
    "died",
    "now_on",
    "asked_on",
    "taken_on",
    "as_of",
    "imaged",
    "surgery_said_on",
}


def fields() -> list[tuple[str, str, forms.Field]]:
    found = []
    for module in iter_modules(cases.forms.__path__):
        named = import_module(f"cases.forms.{module.name}")
        for _name, form in inspect.getmembers(named, inspect.isclass):
            if issubclass(form, forms.BaseForm) and form.__module__ == named.__name__:
                found += [(form.__name__, name, f) for name, f in form.base_fields.items()]  # type: ignore[attr-defined]
    return [row for row in found if isinstance(row[2], PartialDateFormField)]


@pytest.mark.parametrize(
    ("form", "name", "field"), [pytest.param(*row, id=f"{row[0]}.{row[1]}") for row in fields()]
)
def test_a_date_ahead_is_refused_by_its_field(form: str, name: str, field: forms.Field) -> None:
    if not isinstance(field, StatedDateField):
        assert name in PLANNED | HELD_BY_ITS_FORM
        return
    for ahead in ("3 March 2199", "March 2199", "2199", "since 2199", "2198 to 2199"):
        with pytest.raises(forms.ValidationError, match="the date is in the future"):
            field.clean(ahead)
    assert field.clean("2020").value == parse_partial_date("2020")
    assert field.clean(str(timezone.localdate().year)).value is not None


def test_the_fields_of_referral_and_fitness_are_among_them() -> None:
    names = {(form, name) for form, name, _field in fields()}
    assert {
        ("ReferralForm", "ecog_on"),
        ("FitnessForm", "assessed"),
        ("TreatmentForm", "stop"),
    } <= names


def test_a_day_counted_from_one_that_is_known_is_refused_where_it_lies_ahead() -> None:
    typed = {"version": 1, "start": "3 March 2026", "stop": "day 9000 after ICI start"}
    form = CourseForm(typed)
    assert not form.is_valid()
    assert "the date is in the future" in str(form.errors["stop"])
    form = CourseForm({**typed, "stop": "day 9 after ICI start"})
    assert form.is_valid()
    assert isinstance(form.cleaned_data["stop"], Stated)
