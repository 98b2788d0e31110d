"""Fields for whole numbers and for a planned duration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import (
    NOTHING,
    SHOWN_WORDS,
    Stated,
    StatedNumberField,
    refuse_either_word,
    typed_state,
)
from cases.presenters.words import duration_words, unit_words
from evidence.conditions import FactState

if TYPE_CHECKING:
    from decimal import Decimal

DAYS_A_MONTH = 30.4375
UNITS = {"day": 1.0, "week": 7.0, "month": DAYS_A_MONTH, "year": 12 * DAYS_A_MONTH}
LONGEST_DAYS = 3660
_DURATION = re.compile(r"(\d{1,4}) ?(day|week|month|year)s?")


class StatedCountField(StatedNumberField):
    """A whole number, or the word for why there is none; cleans to `Stated` with an int."""

    def clean(self, value: Any) -> Any:
        """Return the number and its state. Raises ValidationError for a fraction."""
        found: Stated = super().clean(value)
        number: Decimal | None = found.value
        if number is None:
            return found
        if number != int(number):
            raise forms.ValidationError(_("Enter a whole number, or “unknown”"))
        return Stated(int(number), found.state)


class DurationField(forms.CharField):
    """A duration such as "24 months", or the word for why there is none; cleans to `Stated` in days."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", _("such as 24 months or 52 weeks, or “unknown”"))
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show stored days in the unit in which they were typed."""
        if not isinstance(value, Stated):
            return value
        if value.value is None:
            return str(SHOWN_WORDS.get(value.state, ""))
        return duration_words(value.value)

    def clean(self, value: Any) -> Any:
        """Return the days and the state. Raises ValidationError for anything else."""
        text = " ".join(str(super().clean(value)).lower().split())
        if not text:
            return NOTHING
        state = typed_state(text)
        if state:
            return Stated(None, state)
        refuse_either_word(text)
        found = _duration(text)
        days = round(found[0] * UNITS[found[1]]) if found else 0
        if not 0 < days <= LONGEST_DAYS:
            raise forms.ValidationError(
                _("Enter a duration as 24 months or 52 weeks, or “unknown”")
            )
        return Stated(days, FactState.KNOWN.value)


def _duration(text: str) -> tuple[int, str] | None:
    """Return number and unit of what was typed, in English or in the language of the page."""
    number = re.search(r"\d{1,4}", text)
    if number is None:
        return None
    n = int(number[0])
    english = _DURATION.fullmatch(text)
    here = next((unit for unit in UNITS if unit_words(n, unit).lower() == text), None)
    unit = english[2] if english else here
    return (n, unit) if unit else None
