"""Forms of laboratory results: one sample with the usual analytes, or one result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.sections import SectionForm
from cases.lab_entry import (
    Checked,
    Key,
    Typed,
    check,
    day_problem,
    duplicate_words,
    range_words,
    sample_key,
    unit_words,
)
from ui.forms import PartialDateFormField, TextInput
from ui.partial_dates import render_day

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from cases.models import Analyte, LabResult


@dataclass(frozen=True)
class Context:
    """What a result is held against: when the patient was born, and what is recorded already."""

    birth_date: date | None = None
    recorded: Mapping[Key, LabResult] | None = None


def recorded_of(rows: Iterable[LabResult]) -> dict[Key, LabResult]:
    """Return results by what tells them apart."""
    return {sample_key(r.analyte_id, r.taken_on, r.source): r for r in rows}


class SampleDayField(PartialDateFormField):
    """The day of a sample; cleans to a date."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("such as 3 March 2026"))
        super().__init__(allow_relative=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored date as it is typed."""
        return render_day(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        """Return the day. Raises ValidationError for a date known only in part."""
        found = super().clean(value)
        if found is None:
            return None
        if found.precision != "day":
            raise forms.ValidationError(
                _("Enter the day of the sample: only results of one day belong together")
            )
        return found.earliest


def unit_choices(analyte: Analyte) -> list[tuple[str, str]]:
    """Return the accepted units, the canonical one first."""
    units = sorted(analyte.units, key=lambda unit: unit != analyte.unit)
    return [(unit, unit_words(unit)) for unit in units]


class LabForm(SectionForm):
    """What both forms share: the sample, and how one typed result becomes columns or errors."""

    taken_on = SampleDayField(label=_("Day of the sample"))
    source = forms.CharField(
        label=_("Source"), required=False, max_length=80, help_text=_("laboratory, or where from")
    )

    def __init__(self, *args: Any, context: Context | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context = context or Context()
        # What has to be repeated to keep a doubtful result, and what is kept, by the name of the field.
        self.doubts: dict[str, tuple[str, str]] = {}

    def clean_taken_on(self) -> Any:
        """Refuse a day that cannot be."""
        day = self.cleaned_data["taken_on"]
        problem = day_problem(day, self.context.birth_date, timezone.localdate()) if day else ""
        if problem:
            raise forms.ValidationError(problem)
        return day

    def clean_source(self) -> str:
        """Return the source without needless spaces."""
        return " ".join(self.cleaned_data["source"].split())

    def _checked(self, analyte: Analyte, names: Mapping[str, str]) -> dict[str, Any] | None:
        """Return the columns of one result, or put what is wrong beside its fields."""
        parts = {part: self.cleaned_data.get(name) or "" for part, name in names.items()}
        found: Checked = check(analyte, Typed(**parts))
        if found.doubt:
            self.doubts[names["keep"]] = (found.doubt, found.kept)
        for part, words in found.errors.items():
            if names[part] not in self.errors:
                self.add_error(names[part], words)
        day, source = self.cleaned_data.get("taken_on"), self.cleaned_data.get("source", "")
        if found.errors or day is None:
            return None
        row = (self.context.recorded or {}).get(sample_key(analyte.pk, day, source))
        if row is not None:
            self.add_error(names["value"], duplicate_words(row))
            return None
        return {**found.columns, "taken_on": day, "source": source}


def _value_field(label: Any) -> forms.CharField:
    widget = TextInput({"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=30, widget=widget)


def _range_field(label: Any) -> forms.CharField:
    widget = TextInput({"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=40, widget=widget)


def _keep_field() -> forms.CharField:
    return forms.CharField(label=_("Keep it as typed"), required=False, max_length=120)


@dataclass(frozen=True)
class Line:
    """The fields of one analyte in the form of a sample; `doubt` has to be repeated to keep it, `kept` is kept."""

    value: BoundField
    unit: BoundField
    reference: BoundField
    keep: BoundField
    doubt: str
    kept: str


class SampleForm(LabForm):
    """All results of one sample day; analytes left empty are not in it."""

    def __init__(
        self,
        *args: Any,
        analytes: Iterable[Analyte],
        units: Mapping[int, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.analytes = tuple(analytes)
        for analyte in self.analytes:
            value, unit, reference, keep = self.names_of(analyte).values()
            name = {"analyte": analyte.label}
            self.fields[value] = _value_field(analyte.label)
            self.fields[unit] = forms.ChoiceField(
                label=_("%(analyte)s, unit") % name,
                required=False,
                choices=unit_choices(analyte),
                initial=(units or {}).get(analyte.pk, analyte.unit),
            )
            self.fields[reference] = _range_field(_("%(analyte)s, reference range") % name)
            self.fields[keep] = _keep_field()

    @staticmethod
    def names_of(analyte: Analyte) -> dict[str, str]:
        """Return the names of the fields of one analyte by what they hold."""
        return {part: f"{part}_{analyte.code}" for part in ("value", "unit", "reference", "keep")}

    def clean(self) -> dict[str, Any]:
        """Check every result that was typed; at least one is needed."""
        data = super().clean() or self.cleaned_data
        self.results: list[dict[str, Any]] = []
        typed = 0
        for analyte in self.analytes:
            names = self.names_of(analyte)
            if not (data.get(names["value"]) or data.get(names["reference"])):
                continue
            typed += 1
            columns = self._checked(analyte, names)
            if columns is not None:
                self.results.append(columns)
        if not typed:
            raise forms.ValidationError(_("Enter at least one result"))
        return data

    @property
    def lines(self) -> list[Line]:
        """The fields of every analyte, for the template."""
        found = []
        for analyte in self.analytes:
            value, unit, reference, keep = self.names_of(analyte).values()
            doubt = self.doubts.get(keep, ("", ""))
            found.append(Line(self[value], self[unit], self[reference], self[keep], *doubt))
        return found


class ResultForm(LabForm):
    """One result. Its units are those of the chosen analyte; a recorded result keeps its analyte."""

    analyte = forms.ChoiceField(label=_("Analyte"))
    value = _value_field(_("Value"))
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    reference = _range_field(_("Reference range"))
    keep = _keep_field()

    NAMES = {part: part for part in ("value", "unit", "reference", "keep")}

    def __init__(
        self, *args: Any, analytes: Iterable[Analyte], row: LabResult | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [row.analyte] if row is not None else list(analytes)
        self.analytes = {analyte.code: analyte for analyte in offered}
        named = [(code, analyte.label) for code, analyte in self.analytes.items()]
        choose = [] if row is not None else [("", _("Choose"))]
        self.fields["analyte"].choices = [*choose, *named]  # type: ignore[attr-defined]
        chosen = self.analytes.get(str(self["analyte"].value() or ""))
        units = unit_choices(chosen) if chosen else [("", _("Choose the analyte first"))]
        if row is not None and row.unit_entered not in row.analyte.units:
            # The unit is no longer accepted: no other one may take its place unseen.
            units = [("", _("Choose")), *units]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["value"].help_text = _("4.2, <0.5 or >1000")
        self.fields["reference"].help_text = _("1.0-4.0, <250 or >60")

    @classmethod
    def initial_of(cls, row: LabResult) -> dict[str, Any]:
        """Return what the record holds, as it was entered."""
        return {
            "analyte": row.analyte.code,
            "taken_on": row.taken_on,
            "source": row.source,
            "value": row.value_entered,
            "unit": row.unit_entered,
            "reference": range_words(row, row.analyte.scales),
        }

    def clean(self) -> dict[str, Any]:
        """Check the one result."""
        data = super().clean() or self.cleaned_data
        self.results: list[dict[str, Any]] = []
        analyte = self.analytes.get(data.get("analyte") or "")
        if analyte is not None:
            columns = self._checked(analyte, self.NAMES)
            if columns is not None:
                self.results.append(columns)
        return data

    @property
    def doubt(self) -> str:
        """What has to be repeated to keep a doubtful value."""
        return self.doubts.get("keep", ("", ""))[0]

    @property
    def kept(self) -> str:
        """What would be kept as typed."""
        return self.doubts.get("keep", ("", ""))[1]
