"""The form of one irAE's dossier: the items that curators keep for its organ, each with its states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.derivations.dossier import FOUND_NOW
from cases.forms.doubts import question_before_onset
from cases.forms.fields import (
    NOTHING,
    SHOWN_WORDS,
    Stated,
    StatedChoiceField,
    StatedDateField,
    StatedFlagField,
    StatedTextField,
    current,
)
from cases.forms.sections import BoundsField, SectionForm
from cases.models import DossierKind
from evidence.conditions import FactState
from ui.figures import parted_in
from ui.forms import TextInput

if TYPE_CHECKING:
    from cases.models import DossierEntry, DossierItem
    from ui.partial_dates import PartialDate


class MeasureField(BoundsField):
    """A measured number, or bounds of it, within what is plausible for the item."""

    asks_thousands = True

    def __init__(self, item: DossierItem, **kwargs: Any) -> None:
        super().__init__(suffix=item.unit, **kwargs)
        self.lowest = item.lowest if item.lowest is not None else Decimal(0)
        self.highest = item.highest if item.highest is not None else 100_000  # type: ignore[assignment]

    def parted(self, text: str) -> str:
        """Return the first number whose point may part thousands: so many can be of the item."""
        return parted_in(text, lambda n: self.lowest <= n <= self.highest)

    def clean(self, value: Any) -> dict[str, Any]:
        """Return the columns of an entry."""
        found = super().clean(value)
        low, high = found["low"], found["high"]
        if any(b is not None and b < self.lowest for b in (low, high)) and low != 0:
            words = _("Enter a value between %(low)s and %(high)s")
            raise forms.ValidationError(words % {"low": self.lowest, "high": self.highest})
        known = found["state"] == FactState.KNOWN
        text = found["entered"].removesuffix(self.suffix).strip()
        return {
            "answer": (text or f"{low.normalize():f}") if known else None,
            "answer_state": found["state"],
            "low": low,
            "high": high,
        }


class DossierForm(SectionForm):
    """One field an item, and the day on which each was found: beside what is of now, else folded away."""

    def __init__(
        self,
        *args: Any,
        items: Iterable[DossierItem] = (),
        onset: PartialDate | None = None,
        beside: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.onset = list(items), onset
        for item in self.items:
            self.fields[item.code] = _field(item, (beside or {}).get(item.code, ""))
            day_help = _("empty: age unknown") if item.fact in FOUND_NOW else ""
            self.fields[f"{item.code}_on"] = StatedDateField(label=_on(item), help_text=day_help)

    @property
    def answers(self) -> list[Any]:
        """The fields of the answers, for the template: each that is of now with its day."""
        found = []
        for item in self.items:
            found.append(self[item.code])
            if item.fact in FOUND_NOW:
                found.append(self[f"{item.code}_on"])
        return found

    @property
    def days(self) -> list[Any]:
        """The fields of the other days, for the template."""
        return [self[f"{item.code}_on"] for item in self.items if item.fact not in FOUND_NOW]

    @property
    def days_are_open(self) -> bool:
        """Whether a day stands, or is wrong, among those that are folded away."""
        return any(bound.value() or bound.errors for bound in self.days)

    @classmethod
    def initial_of(cls, entries: Iterable[DossierEntry]) -> dict[str, Any]:
        """Return what the record holds."""
        found: dict[str, Any] = {}
        for entry in entries:
            known = entry.answer_state == FactState.KNOWN
            word = SHOWN_WORDS.get(entry.answer_state, "")
            choice = entry.item.kind in {DossierKind.CHOICE, DossierKind.FLAG}
            shown = entry.answer if known else entry.answer_state if choice else word
            found[entry.item.code] = shown
            found[f"{entry.item.code}_on"] = current(entry, "found_on")
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse days of nothing."""
        data = super().clean() or self.cleaned_data
        for item in self.items:
            day, answer = data.get(f"{item.code}_on"), data.get(item.code)
            if day and day != NOTHING and answer is not None and not _columns(answer):
                self.add_error(
                    item.code, _("%(item)s: say what was found on that day") % {"item": item.label}
                )
            if item.fact and day:
                question_before_onset(self, f"{item.code}_on", day.value, self.onset)
        return data

    def values(self) -> dict[int, dict[str, Any]]:
        """Return the answers by the items' ids; an item left empty has none."""
        found: dict[int, dict[str, Any]] = {}
        for item in self.items:
            values = _columns(self.cleaned_data[item.code])
            day = self.cleaned_data[f"{item.code}_on"]
            found[item.pk] = {**values, **day.columns("found_on")} if values else {}
        return found


def _columns(answer: Any) -> dict[str, Any]:
    """Return the columns of an answer; none for one that was not entered."""
    if isinstance(answer, Stated):
        text = {True: "yes", False: "no"}.get(answer.value, answer.value)
        answer = {"answer": text, "answer_state": answer.state, "low": None, "high": None}
    return {} if answer["answer_state"] == FactState.MISSING else answer


def _on(item: DossierItem) -> Any:
    return _("%(item)s, found on") % {"item": item.label}


def _field(item: DossierItem, beside: str) -> forms.Field:
    told = "; ".join(part for part in (item.help_text, beside) if part)
    words = {"label": item.label, "help_text": told}
    if item.kind == DossierKind.NUMBER:
        return MeasureField(item, **words)
    if item.kind == DossierKind.CHOICE:
        return StatedChoiceField(choices=[(c, c) for c in item.choices], **words)
    if item.kind == DossierKind.FLAG:
        return StatedFlagField(**words)
    return StatedTextField(widget=TextInput(), **words)
