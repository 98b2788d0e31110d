"""Fields for facts in compact forms: the value, or in the same control the state it is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.fields import state_beside
from cases.forms.checks import ahead_words, lies_ahead
from evidence.conditions import FactState
from ui.figures import doubt_words
from ui.forms import PartialDateFormField, TextInput
from ui.partial_dates import PartialDate

STATE_OPTIONS = [
    (FactState.NOT_YET.value, _("Not yet known")),
    (FactState.UNKNOWN.value, _("Unknown, cannot be had")),
    (FactState.NOT_APPLICABLE.value, _("Not applicable")),
]
# What may be typed in place of a date or a number.
STATE_WORDS = {
    "not yet": FactState.NOT_YET,
    "not yet known": FactState.NOT_YET,
    "unknown": FactState.UNKNOWN,
    "not known": FactState.UNKNOWN,
    "not applicable": FactState.NOT_APPLICABLE,
}
# "Not available" or "not applicable": the one leaves a condition open, the other makes it false.
EITHER_WORD = frozenset({"n/a", "n.a.", "n.a", "n a", "na", "n/a."})
SHOWN_WORDS = {
    FactState.NOT_YET.value: _("not yet"),
    FactState.UNKNOWN.value: _("unknown"),
    FactState.NOT_APPLICABLE.value: _("not applicable"),
}
AT_LEAST, AT_MOST = _("at least %(n)s"), _("at most %(n)s")
# What may be typed for them in any language of the pages.
AT_LEAST_SIGNS, AT_MOST_SIGNS = ("at least ", ">=", "≥", ">"), ("at most ", "<=", "≤", "<")


# What stands for a list in which there is nothing, as somebody said.
NONE_OF_THEM = "none"


@dataclass(frozen=True)
class Stated:
    """A value and how far it is known; the value is None unless it is known."""

    value: Any
    state: str

    def columns(self, name: str) -> dict[str, Any]:
        """Return the two columns of a model's fact."""
        return {name: self.value, f"{name}_state": self.state}


NOTHING = Stated(None, FactState.MISSING.value)


def columns(cleaned: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the columns of several stated facts."""
    return {k: v for name in names for k, v in cleaned[name].columns(name).items()}


def current(row: Any, name: str) -> Stated:
    """Return what a row holds of a stated fact, as the initial value of its field."""
    return Stated(getattr(row, name), getattr(row, f"{name}_state"))


def current_late(row: Any, name: str) -> Stated:
    """Return the same of a fact that was kept without a state before: a value that stands there is known."""
    value = getattr(row, name)
    return Stated(value, state_beside(value, getattr(row, f"{name}_state")))


def typed_state(text: str) -> str | None:
    """Return the state that a typed word stands for, None for any other text."""
    words = " ".join(text.lower().split())
    here = {str(shown).lower(): state for state, shown in SHOWN_WORDS.items()}
    state = STATE_WORDS.get(words)
    return state.value if state else here.get(words)


def typed_words(state: FactState) -> list[str]:
    """Return the words that may be typed for a state, in English and in the language of the page."""
    english = [words for words, meant in STATE_WORDS.items() if meant is state]
    return list(dict.fromkeys([*english, str(SHOWN_WORDS[state.value]).lower()]))


def refuse_either_word(text: str) -> None:
    """Raise ValidationError for "n/a", which nobody can tell from "not available"."""
    if " ".join(text.lower().replace(" / ", "/").split()) in EITHER_WORD:
        sentence = _(
            "“%(typed)s” can mean not available or not applicable: write “unknown” or “not applicable”"
        )
        raise forms.ValidationError(sentence % {"typed": text}, code="ambiguous")


def after_sign(text: str, signs: Iterable[str], words: Any) -> str | None:
    """Return what follows "at least" or "at most", as a sign or in words; None where neither stands."""
    before = str(words).split("%(n)s")[0].lower()
    for sign in (*signs, before):
        if sign.strip() and text.startswith(sign):
            return text.removeprefix(sign).strip()
    return None


class StatedChoiceField(forms.ChoiceField):
    """A select whose last options say that there is no value, and why; cleans to `Stated`."""

    def __init__(
        self, *, choices: Iterable[tuple[Any, Any]], coerce: Any = str, **kwargs: Any
    ) -> None:
        self.coerce = coerce
        kwargs.setdefault("required", False)
        everything = [("", _("Not entered")), *choices, *STATE_OPTIONS]
        super().__init__(choices=everything, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored fact as the option that stands for it."""
        if not isinstance(value, Stated):
            return value
        if value.state == FactState.KNOWN:
            return _code(value.value)
        return "" if value.state == FactState.MISSING else value.state

    def clean(self, value: Any) -> Any:
        """Return the value and its state. Raises ValidationError for an option that is not there."""
        text = super().clean(value)
        if not text:
            return NOTHING
        if text in SHOWN_WORDS:
            return Stated(None, text)
        return Stated(self.coerce(text), FactState.KNOWN.value)


def _code(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


class StatedFlagField(StatedChoiceField):
    """Yes or no, or why neither."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda t: t == "yes", **kwargs
        )


class StatedManyField(forms.MultipleChoiceField):
    """Several of a list, that there is none of them, or why nothing is told; cleans to `Stated` with a list.

    `none`: the words that say so, under the code `NONE_OF_THEM`; a list whose own choices have that code keeps it.
    `either`: the sentence for who chooses it, or a state, beside others.
    """

    def __init__(
        self, *, choices: Iterable[tuple[Any, Any]], either: Any, none: Any = None, **kwargs: Any
    ) -> None:
        nothing = [(NONE_OF_THEM, none)] if none is not None else []
        states = [s for s in STATE_OPTIONS if s[0] != FactState.NOT_APPLICABLE]
        self.either, self.says_none = either, bool(nothing)
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=[*choices, *nothing, *states], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored list as the options that stand for it."""
        if not isinstance(value, Stated):
            return value
        if value.state == FactState.MISSING:
            return []
        if value.state != FactState.KNOWN:
            return [value.state]
        return list(value.value or ([NONE_OF_THEM] if self.says_none else []))

    def clean(self, value: Any) -> Any:
        """Return the codes and their state. Raises ValidationError where two of the options exclude each other."""
        found: list[str] = super().clean(value)
        if len(found) > 1 and set(found) & {NONE_OF_THEM, *SHOWN_WORDS}:
            raise forms.ValidationError(self.either)
        if not found:
            return Stated([], FactState.MISSING.value)
        if found[0] in SHOWN_WORDS:
            return Stated([], found[0])
        nothing = self.says_none and found == [NONE_OF_THEM]
        return Stated([] if nothing else found, FactState.KNOWN.value)


class StatedTextField(forms.CharField):
    """Words, or the word for why there are none; cleans to `Stated`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 400)
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show stored words, or the word of their state."""
        if not isinstance(value, Stated):
            return value
        return (
            value.value if value.state == FactState.KNOWN else str(SHOWN_WORDS.get(value.state, ""))
        )

    def clean(self, value: Any) -> Any:
        """Return the words and their state."""
        text = super().clean(value)
        state = typed_state(text) if text else FactState.MISSING.value
        refuse_either_word(text)
        return Stated(None, state) if state else Stated(text, FactState.KNOWN.value)


class StatedNumberField(forms.CharField):
    """A number, or the word for why there is none; cleans to `Stated` with a Decimal."""

    def __init__(
        self,
        *,
        lowest: int = 0,
        highest: int = 10_000,
        places: int = 1,
        suffix: Any = None,
        asks_thousands: bool = False,
        **kwargs: Any,
    ) -> None:
        """`asks_thousands`: whether "1.000" is asked about: a thousand could be meant."""
        self.asks_thousands, self.suffix = asks_thousands, suffix
        self.lowest, self.highest, self.places = lowest, highest, places
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", TextInput(suffix=suffix))
        kwargs.setdefault("help_text", _("a number, or “unknown”"))
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number without needless zeros, or the word of its state."""
        if not isinstance(value, Stated):
            return value
        if value.state == FactState.KNOWN:
            return f"{Decimal(value.value).normalize():f}"
        return str(SHOWN_WORDS.get(value.state, ""))

    def clean(self, value: Any) -> Any:
        """Return the number and its state. Raises ValidationError for anything else."""
        text = super().clean(value)
        if not text:
            return NOTHING
        state = typed_state(text)
        if state:
            return Stated(None, state)
        refuse_either_word(text)
        doubt = doubt_words(text)
        if doubt:
            raise forms.ValidationError(doubt, code="ambiguous")
        try:
            number = Decimal(text.replace(",", "."))
        except InvalidOperation as error:
            raise forms.ValidationError(_("Enter a number, or “unknown”")) from error
        if not number.is_finite() or not self.lowest <= number <= self.highest:
            sentence = _("Enter a number between %(low)s and %(high)s")
            raise forms.ValidationError(sentence % {"low": self.lowest, "high": self.highest})
        kept = number.quantize(Decimal(1).scaleb(-self.places))
        if kept != number:
            message = ngettext(
                "Enter at most one figure after the point",
                "Enter at most %(n)s figures after the point",
                self.places,
            )
            raise forms.ValidationError(message % {"n": self.places})
        return Stated(kept, FactState.KNOWN.value)


class StatedDateField(PartialDateFormField):
    """A date as far as it is known, or the word for why there is none; cleans to `Stated`.

    It is of something that has happened: one that certainly lies ahead is refused.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", _("day, month or year, or “unknown”"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored date, or the word of its state."""
        if isinstance(value, Stated):
            words = str(SHOWN_WORDS.get(value.state, ""))
            return words if value.value is None else str(value.value)
        return super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        """Return the date and its state. Raises ValidationError for a date in the future."""
        state = typed_state(str(value or ""))
        if state:
            return Stated(None, state)
        refuse_either_word(str(value or ""))
        date: PartialDate | None = super().clean(value)
        if date is None:
            return NOTHING
        found = Stated(date, FactState.KNOWN.value)
        if lies_ahead(found):
            raise forms.ValidationError(ahead_words(self.label), code="ahead")
        return found


def starts_after(first: Stated | None, second: Stated | None) -> bool:
    """Whether two dates are certainly in the wrong order."""
    if not (first and second and first.value and second.value):
        return False
    return bool(second.value.certainly_before(first.value))
