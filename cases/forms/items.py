"""The form of an ICI course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import (
    AT_LEAST,
    AT_LEAST_SIGNS,
    StatedChoiceField,
    StatedDateField,
    after_sign,
    columns,
    current,
    starts_after,
)
from cases.forms.sections import SectionForm, drug_choices
from cases.vocabulary import (
    BestResponse,
    StopReason,
)
from evidence.conditions import FactState

if TYPE_CHECKING:
    from cases.models import ICICourse


class CourseForm(SectionForm):
    """One course of one or more checkpoint inhibitors."""

    drug_1 = forms.ChoiceField(label=_("Drug"), required=False)
    drug_2 = forms.ChoiceField(label=_("With"), required=False)
    regimen = forms.CharField(
        label=_("Given with"), required=False, max_length=200, help_text=_("such as carboplatin")
    )
    line = forms.IntegerField(label=_("Line"), required=False, min_value=1, max_value=20)
    start = StatedDateField(label=_("First dose"))
    stop = StatedDateField(label=_("Last dose"))
    cycles = forms.CharField(
        label=_("Cycles"), required=False, max_length=20, help_text=_("14, or “at least 39”")
    )
    best_response = StatedChoiceField(label=_("Best response"), choices=BestResponse.choices)
    stop_reason = StatedChoiceField(label=_("Why it was stopped"), choices=StopReason.choices)

    STATED = ("start", "stop", "best_response", "stop_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["drug_1"].choices = drug_choices(_("Unknown"))  # type: ignore[attr-defined]
        self.fields["drug_2"].choices = drug_choices(_("Nothing else"))  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: ICICourse) -> dict[str, Any]:
        """Return what the record holds."""
        first, second, *_rest = [*row.drugs, "", ""]
        low, high = row.cycles_low, row.cycles_high
        cycles = "" if low is None else str(low) if low == high else str(AT_LEAST) % {"n": low}
        return {
            **{name: current(row, name) for name in cls.STATED},
            "drug_1": first,
            "drug_2": second,
            "regimen": row.regimen,
            "line": row.line,
            "cycles": cycles,
        }

    def clean_cycles(self) -> tuple[int | None, int | None]:
        """Return the bounds of the number of cycles."""
        text = self.cleaned_data["cycles"].lower().strip()
        after = after_sign(text, AT_LEAST_SIGNS, AT_LEAST)
        digits = text if after is None else after
        if not digits:
            return None, None
        if not digits.isdecimal() or not 0 < int(digits) < 1000:
            raise forms.ValidationError(_("Enter a number of cycles, or “at least” and a number"))
        return int(digits), int(digits) if after is None else None

    def clean(self) -> dict[str, Any]:
        """Hold the two dates against each other."""
        data = super().clean() or self.cleaned_data
        if starts_after(data.get("start"), data.get("stop")):
            self.add_error("stop", _("Last dose: the date is before the first dose"))
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the course."""
        data = self.cleaned_data
        drugs = list(dict.fromkeys(code for code in (data["drug_1"], data["drug_2"]) if code))
        low, high = data["cycles"]
        return {
            **columns(data, self.STATED),
            "drugs": drugs,
            "drugs_state": FactState.KNOWN.value if drugs else FactState.UNKNOWN.value,
            "regimen": data["regimen"],
            "line": data["line"],
            "cycles_low": low,
            "cycles_high": high,
        }
