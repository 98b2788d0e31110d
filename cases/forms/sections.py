"""Forms of the sections that are no lists: the tumour, fitness."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import (
    AT_LEAST,
    AT_LEAST_SIGNS,
    AT_MOST,
    AT_MOST_SIGNS,
    SHOWN_WORDS,
    StatedChoiceField,
    StatedDateField,
    StatedFlagField,
    StatedNumberField,
    after_sign,
    columns,
    current,
    typed_state,
)
from cases.models import BiomarkerKind, SampleTiming
from cases.vocabulary import TNM_EDITIONS, Histology, drugs
from evidence.conditions import FactState
from ui.forms import Form, TextInput, VersionField

if TYPE_CHECKING:
    from cases.models import BiomarkerResult, Case


def drug_choices(empty: Any) -> list[tuple[str, Any]]:
    """Return the ICI drugs with their targets, after an empty option."""
    rows = [(d.code, f"{capfirst(d.name)} ({d.target})") for d in drugs().values()]
    return [("", empty), *rows]


class SectionForm(Form):
    """A form under the version of its section."""

    version = VersionField()


class TumourForm(SectionForm):
    """The tumour and its biomarkers, each before and after the first ICI."""

    histology = StatedChoiceField(label=_("Histology"), choices=Histology.choices)
    stage_group = StatedChoiceField(
        label=_("Stage now"), choices=[(s, s) for s in ("I", "II", "III", "IV")]
    )
    stage_text = forms.CharField(
        label=_("Stage in full"), required=False, max_length=40, help_text=_("such as cT2a N1 M1b")
    )
    tnm_edition = forms.ChoiceField(
        label=_("TNM edition"),
        required=False,
        choices=[("", _("Not said")), *TNM_EDITIONS],
    )
    driver_mutation = StatedFlagField(label=_("Actionable EGFR, ALK or ROS1"))
    driver_text = forms.CharField(label=_("Drivers found"), required=False, max_length=120)
    liver_metastases = StatedFlagField(label=_("Liver metastases"))

    STATED = ("histology", "stage_group", "driver_mutation", "liver_metastases")
    PLAIN = ("stage_text", "tnm_edition", "driver_text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for prefix, kind, timing in SAMPLES:
            unit = "%" if kind == BiomarkerKind.PDL1_TPS else "mut/Mb"
            name = _("PD-L1 TPS") if kind == BiomarkerKind.PDL1_TPS else _("TMB")
            when = _("before the first ICI") if timing == "before" else _("after the first ICI")
            self.fields[prefix] = BoundsField(label=f"{name}, {when}", suffix=unit)
            self.fields[f"{prefix}_assay"] = forms.CharField(
                label=_("Clone or assay"), required=False, max_length=40
            )
            self.fields[f"{prefix}_sampled"] = StatedDateField(label=_("Sampled"), help_text="")

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """Return what the record holds."""
        tumour = case.patient.tumour
        found = {
            **{name: current(tumour, name) for name in cls.STATED},
            **{name: getattr(tumour, name) for name in cls.PLAIN},
        }
        rows = {(row.kind, row.timing): row for row in case.patient.biomarkers.all()}
        for prefix, kind, timing in SAMPLES:
            row = rows.get((kind, timing))
            if row is not None:
                found[prefix] = _entered(row)
                found[f"{prefix}_assay"] = row.assay
                found[f"{prefix}_sampled"] = current(row, "sampled")
        return found

    def values(self) -> dict[str, Any]:
        """Return the columns of the tumour."""
        data = self.cleaned_data
        return {**columns(data, self.STATED), **{name: data[name] for name in self.PLAIN}}

    def biomarkers(self) -> list[dict[str, Any]]:
        """Return the results that were entered, or were there before and are cleared."""
        return [
            {
                "kind": kind,
                "timing": timing,
                **self.cleaned_data[prefix],
                "assay": self.cleaned_data[f"{prefix}_assay"],
                **self.cleaned_data[f"{prefix}_sampled"].columns("sampled"),
            }
            for prefix, kind, timing in SAMPLES
            if self.cleaned_data[prefix]["state"] != FactState.MISSING or self.initial.get(prefix)
        ]

    @property
    def samples(self) -> list[tuple[Any, Any, Any]]:
        """The three fields of each sample, for the template."""
        return [
            (self[prefix], self[f"{prefix}_assay"], self[f"{prefix}_sampled"])
            for prefix, _kind, _timing in SAMPLES
        ]


def _number(text: str) -> Decimal:
    """Return a number in figures. Raises InvalidOperation for all else that Decimal takes, such as "nan"."""
    if not PLAIN_NUMBER.fullmatch(text.strip()):
        raise InvalidOperation
    return Decimal(text.strip().replace(",", "."))


PLAIN_NUMBER = re.compile(r"[0-9]{1,9}([.,][0-9]{1,6})?")
SAMPLES = (
    ("pdl1_before", BiomarkerKind.PDL1_TPS, SampleTiming.BEFORE),
    ("pdl1_after", BiomarkerKind.PDL1_TPS, SampleTiming.AFTER),
    ("tmb_before", BiomarkerKind.TMB, SampleTiming.BEFORE),
)


def _entered(row: BiomarkerResult) -> str:
    if row.state != FactState.KNOWN:
        return str(SHOWN_WORDS.get(row.state, ""))
    if row.entered:
        return str(row.entered)
    low, high = row.low, row.high
    if low == high:
        return f"{Decimal(low or 0).normalize():f}"
    if high is None:
        return str(AT_LEAST) % {"n": f"{Decimal(low or 0).normalize():f}"}
    if low is None:
        return str(AT_MOST) % {"n": f"{Decimal(high).normalize():f}"}
    return f"{low}-{high}"


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
                return _number(least), None
            most = after_sign(text, AT_MOST_SIGNS, AT_MOST)
            if most is not None:
                return Decimal(0), _number(most)
            if "-" in text[1:]:
                low, high = text.split("-", 1)
                return _number(low), _number(high)
            number = _number(text)
        except InvalidOperation as error:
            raise forms.ValidationError(
                _("Enter a number such as 60, <1 or 1-49, or “unknown”")
            ) from error
        return number, number


class FitnessForm(SectionForm):
    """ECOG and what else stands about the patient."""

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
    autoimmune_disease = StatedFlagField(label=_("Autoimmune disease that is no irAE"))
    interstitial_lung_disease = StatedFlagField(label=_("Interstitial lung disease"))
    weight_kg = StatedNumberField(label=_("Weight"), lowest=20, highest=350, suffix=_("kg"))
    weighed = StatedDateField(label=_("Weighed"), allow_relative=False)
    height_cm = StatedNumberField(label=_("Height"), lowest=90, highest=250, suffix=_("cm"))

    BODY = ("weight_kg", "weighed", "height_cm")
    BACKGROUND = ("autoimmune_disease", "interstitial_lung_disease")

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """Return what the record holds."""
        status, tumour = case.patient.performance_status, case.patient.tumour
        return {
            "ecog": current(status, "ecog"),
            "assessed": current(status, "assessed"),
            **{name: current(tumour, name) for name in cls.BACKGROUND},
            **{name: current(case.patient.background, name) for name in cls.BODY},
        }

    def clean_weighed(self) -> Any:
        """Refuse a day that is still to come."""
        weighed = self.cleaned_data["weighed"]
        today = timezone.localdate()
        if weighed.value and weighed.value.earliest and weighed.value.earliest > today:
            raise forms.ValidationError(_("Weighed: the date lies in the future"))
        return weighed

    def status(self) -> dict[str, Any]:
        """Return the columns of the performance status."""
        return columns(self.cleaned_data, ("ecog", "assessed"))

    def background(self) -> dict[str, Any]:
        """Return the columns of the background facts."""
        return columns(self.cleaned_data, self.BACKGROUND)

    def body(self) -> dict[str, Any]:
        """Return the columns of weight and height."""
        return columns(self.cleaned_data, self.BODY)
