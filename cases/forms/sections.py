"""Fitness, and what the forms of all sections share."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.forms.doubts import Doubted
from cases.forms.fields import (
    AT_LEAST,
    AT_LEAST_SIGNS,
    AT_MOST,
    AT_MOST_SIGNS,
    StatedChoiceField,
    StatedDateField,
    StatedNumberField,
    after_sign,
    columns,
    current,
    refuse_either_word,
    typed_state,
)
from cases.forms.owing import OwedBeside, Owners, day_name, hold_owners, who_name
from cases.vocabulary import offered_drugs
from evidence.conditions import FactState
from ui.figures import doubt_words
from ui.forms import Form, TextInput, VersionField

if TYPE_CHECKING:
    from cases.models import Case


def drug_choices(empty: Any, chosen: object = "") -> list[tuple[str, Any]]:
    """Return the ICI drugs with their targets, after an empty option, and the one that is chosen."""
    found = (drug for drug in offered_drugs(chosen) if not drug.unnamed)
    return [("", empty), *((d.code, f"{capfirst(d.name)} ({d.target})") for d in found)]


class SectionForm(Doubted, Form):
    """A form under the version of its section."""

    version = VersionField()
    # What it was opened with, by which it is joined with what others save meanwhile; see `ui.threeway`.
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    # Who may owe what the form leaves at "not yet", and how it is given now.
    owners = Owners()

    def _post_clean(self) -> None:
        super()._post_clean()
        hold_owners(self)

    def owed_beside(self, name: str) -> OwedBeside | None:
        """Return who finds a fact out and by when, for the template; None for a fact that nobody can be given."""
        if name not in self.owners.facts or who_name(name) not in self.fields:
            return None
        given = self.owners.facts[name] in self.owners.tasks
        return OwedBeside(self[who_name(name)], self[day_name(name)], given)


def _number(text: str, unit: str) -> Decimal:
    """Return a number in figures. Raises InvalidOperation for all else that Decimal takes, such as "nan".

    Raises ValidationError for a number that can be read in two ways.
    """
    doubt = doubt_words(text, unit)
    if doubt:
        raise forms.ValidationError(doubt, code="ambiguous")
    if not PLAIN_NUMBER.fullmatch(text.strip()):
        raise InvalidOperation
    return Decimal(text.strip().replace(",", "."))


PLAIN_NUMBER = re.compile(r"[0-9]{1,9}([.,][0-9]{1,6})?")


class BoundsField(forms.CharField):
    """A measured value: "60", "<1", "at least 50", "1-49", or "unknown"; cleans to its columns."""

    def __init__(self, *, suffix: str, highest: int = 1000, **kwargs: Any) -> None:
        self.suffix = suffix
        self.highest = 100 if suffix == "%" else highest
        kwargs.setdefault("help_text", _("60, <1, 1-49, or “unknown”"))
        super().__init__(max_length=40, required=False, widget=TextInput(suffix=suffix), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return low, high, state and the text as entered."""
        text = " ".join(str(super().clean(value)).lower().split())
        text = text.removesuffix(self.suffix.lower()).strip()
        empty = {"low": None, "high": None, "entered": ""}
        if not text:
            return {**empty, "state": FactState.MISSING.value}
        state = typed_state(text)
        if state:
            return {**empty, "state": state}
        refuse_either_word(text)
        low, high = self._bounds(text)
        if any(b is not None and not 0 <= b <= self.highest for b in (low, high)):
            raise forms.ValidationError(
                _("Enter a value between 0 and %(high)s") % {"high": self.highest}
            )
        if low is not None and high is not None and low > high:
            raise forms.ValidationError(_("The lower value comes first"))
        plain = low == high and text.replace(",", ".") == f"{low}"
        return {
            "low": low,
            "high": high,
            "state": FactState.KNOWN.value,
            "entered": "" if plain else str(value).strip(),
        }

    def _bounds(self, text: str) -> tuple[Decimal | None, Decimal | None]:
        try:
            least = after_sign(text, AT_LEAST_SIGNS, AT_LEAST)
            if least is not None:
                return _number(least, self.suffix), None
            most = after_sign(text, AT_MOST_SIGNS, AT_MOST)
            if most is not None:
                return Decimal(0), _number(most, self.suffix)
            if "-" in text[1:]:
                low, high = text.split("-", 1)
                return _number(low, self.suffix), _number(high, self.suffix)
            number = _number(text, self.suffix)
        except InvalidOperation as error:
            raise forms.ValidationError(
                _("Enter a number such as 60, <1 or 1-49, or “unknown”")
            ) from error
        return number, number


class FitnessForm(SectionForm):
    """ECOG, weight and height."""

    ecog = StatedChoiceField(
        label=_("ECOG"),
        coerce=int,
        choices=[
            ("0", _("0, fully active")),
            ("1", _("1, restricted but ambulatory")),
            ("2", _("2, up more than half the day")),
            ("3", _("3, in bed or chair more than half the day")),
            ("4", _("4, in bed or chair all day")),
        ],
    )
    assessed = StatedDateField(label=_("Assessed"), allow_relative=False)
    weight_kg = StatedNumberField(label=_("Weight"), lowest=20, highest=350, suffix=_("kg"))
    weighed = StatedDateField(label=_("Weighed"), allow_relative=False)
    height_cm = StatedNumberField(label=_("Height"), lowest=90, highest=250, suffix=_("cm"))

    BODY = ("weight_kg", "weighed", "height_cm")

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """Return what the record holds."""
        status = case.patient.performance_status
        return {
            "ecog": current(status, "ecog"),
            "assessed": current(status, "assessed"),
            **{name: current(case.patient.background, name) for name in cls.BODY},
        }

    def status(self) -> dict[str, Any]:
        """Return the columns of the performance status."""
        return columns(self.cleaned_data, ("ecog", "assessed"))

    def body(self) -> dict[str, Any]:
        """Return the columns of weight and height."""
        return columns(self.cleaned_data, self.BODY)
