"""Forms of the tumour: histology and stage, sites of metastases, driver alterations, biomarker samples."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.asof import told_on
from cases.forms.complete import AsOfField
from cases.forms.fields import (
    AT_LEAST,
    AT_MOST,
    NOTHING,
    SHOWN_WORDS,
    StatedChoiceField,
    StatedDateField,
    StatedFlagField,
    columns,
    current,
    starts_after,
    typed_state,
)
from cases.forms.sections import BoundsField, SectionForm
from cases.forms.staging import stages_of
from cases.models import (
    DRIVER_GENES,
    FROM_9TH_EDITION,
    M_CATEGORIES,
    N_CATEGORIES,
    T_CATEGORIES,
    BiomarkerKind,
    Driver,
    DriverResult,
    MetastaticSite,
    SampleTiming,
    TMBUnit,
    TNMBasis,
)
from cases.vocabulary import TNM_EDITIONS, Histology
from evidence.conditions import FactState

if TYPE_CHECKING:
    from cases.models import BiomarkerResult, Case, DriverTest, ICICourse, Metastasis


def _same(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, code) for code in codes]


class TumourForm(SectionForm):
    """Histology and stage; a category must be one of the edition's."""

    histology = StatedChoiceField(label=_("Histology"), choices=Histology.choices)
    stage_group = StatedChoiceField(
        label=_("Stage now"), choices=[(s, s) for s in ("I", "II", "III", "IV")]
    )
    stage_text = forms.CharField(
        label=_("Stage as reported"), required=False, max_length=40, help_text=_("such as IVA")
    )
    tnm_edition = forms.ChoiceField(label=_("TNM edition"), required=False)
    tnm_basis = forms.ChoiceField(
        label=_("TNM from"), required=False, choices=[("", _("Not said")), *TNMBasis.choices]
    )
    t_category = StatedChoiceField(label="T", choices=_same(T_CATEGORIES))
    n_category = StatedChoiceField(label="N", choices=_same(N_CATEGORIES))
    m_category = StatedChoiceField(label="M", choices=_same(M_CATEGORIES))

    STATED = ("histology", "stage_group", "t_category", "n_category", "m_category")
    PLAIN = ("stage_text", "tnm_edition", "tnm_basis")
    IN_USE = ("8", "9")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = str(self.initial.get("tnm_edition") or "")
        # An older edition stays where it stands, and is not offered anew.
        offered = [row for row in TNM_EDITIONS if row[0] in {*self.IN_USE, stored}]
        field: Any = self.fields["tnm_edition"]
        field.choices = [("", _("Not said")), *offered]

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """Return what the record holds."""
        tumour = case.patient.tumour
        stated = {name: current(tumour, name) for name in cls.STATED}
        return stated | {name: getattr(tumour, name) for name in cls.PLAIN}

    def clean(self) -> dict[str, Any]:
        """Hold the categories against the edition, and M against the stage."""
        data = super().clean() or self.cleaned_data
        edition = data.get("tnm_edition")
        for name in ("n_category", "m_category"):
            code = data.get(name, NOTHING).value
            if edition and edition != "9" and code in FROM_9TH_EDITION:
                words = _("%(code)s: only the 9th edition has it")
                self.add_error(name, words % {"code": code})
        spread, stage = data.get("m_category", NOTHING).value, data.get("stage_group", NOTHING)
        if spread and stage.value:
            if spread != "M0" and stage.value != "IV":
                self.add_error("m_category", _("M: with metastases the stage is IV"))
            if spread == "M0" and stage.value == "IV":
                self.add_error("m_category", _("M: stage IV has metastases"))
        if data.get("tnm_basis") and all(data.get(f"{c}_category") == NOTHING for c in "tnm"):
            self.add_error("tnm_basis", _("TNM from: enter T, N or M"))
        self._question_stage(data)
        return data

    def _question_stage(self, data: dict[str, Any]) -> None:
        """Question a stage that T and N do not make."""
        t, n, stage = (
            data.get(f, NOTHING).value for f in ("t_category", "n_category", "stage_group")
        )
        stages = stages_of(t, n, data.get("tnm_edition") or "")
        if stage in (None, "IV") or not stages or stage in stages:
            return
        words = _("Stage now: %(tn)s makes stage %(stages)s. Is it right?")
        told = {"tn": " ".join(code for code in (t, n) if code), "stages": "/".join(sorted(stages))}
        self.ask_back("stage_group", words % told)

    def values(self) -> dict[str, Any]:
        """Return the columns of the tumour."""
        data = self.cleaned_data
        return {**columns(data, self.STATED), **{name: data[name] for name in self.PLAIN}}


class MetastasesForm(SectionForm):
    """Every site at once, and whether there is no other."""

    imaged = AsOfField(
        label=_("Imaging of"),
        help_text=_("for what is changed here, and the list where it is complete; empty: today"),
    )
    complete = forms.BooleanField(
        label=_("There is no site beyond these: the list is complete"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for site in MetastaticSite:
            self.fields[site.value] = StatedFlagField(label=site.label)
            self.fields[f"{site.value}_detail"] = forms.CharField(
                label=_("Detail (%(site)s)") % {"site": site.label}, required=False, max_length=120
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The two fields of each site, for the template."""
        return [(self[site], self[f"{site}_detail"]) for site in MetastaticSite.values]

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """Return what the record holds."""
        patient: Any = case.patient
        told = told_on(patient, "metastases_complete_as_of")
        found: dict[str, Any] = {"complete": told is not None, "imaged": told}
        rows: Iterable[Metastasis] = patient.metastases.all()
        for row in rows:
            found[row.site] = current(row, "present")
            found[f"{row.site}_detail"] = row.detail
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse a detail of a site of which nothing is said."""
        data = super().clean() or self.cleaned_data
        for site in MetastaticSite:
            said = data.get(site.value)
            if data.get(f"{site.value}_detail") and said == NOTHING:
                words = _("%(site)s: say whether there are metastases")
                self.add_error(site.value, words % {"site": site.label})
        if self._dates_nothing(data):
            words = _(
                "Imaging of: change what it showed, or say that the list is complete, or clear the day"
            )
            self.add_error("imaged", words)
        return data

    def _dates_nothing(self, data: dict[str, Any]) -> bool:
        """Whether a day is typed that nothing here is said of: it could not be kept."""
        day = data.get("imaged")
        if day is None or data.get("complete") or day == self.initial.get("imaged"):
            return False
        first, sites = self.initial, MetastaticSite.values
        if any(data.get(f"{s}_detail", "") != (first.get(f"{s}_detail") or "") for s in sites):
            return False
        return all(data.get(s) in (None, first.get(s, NOTHING)) for s in sites)

    def sites(self) -> dict[str, dict[str, Any]]:
        """Return the columns of each site."""
        data = self.cleaned_data
        return {
            site: {**data[site].columns("present"), "detail": data[f"{site}_detail"]}
            for site in MetastaticSite.values
        }


class DriversForm(SectionForm):
    """Every gene at once; what was reported beside them in words."""

    other_variant = forms.CharField(
        label=_("Other alterations"),
        required=False,
        max_length=120,
        help_text=_("of other genes, as the report words them"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.genes = [*DRIVER_GENES, *([Driver.UNNAMED] if Driver.UNNAMED in self.initial else [])]
        for gene in self.genes:
            of = {"gene": gene.label}
            self.fields[gene.value] = StatedChoiceField(
                label=gene.label, choices=DriverResult.choices
            )
            self.fields[f"{gene.value}_variant"] = forms.CharField(
                label=_("Alteration (%(gene)s)") % of, required=False, max_length=120
            )
            self.fields[f"{gene.value}_sampled"] = StatedDateField(
                label=_("Sampled (%(gene)s)") % of, help_text=""
            )

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The three fields of each gene, for the template."""
        return [(self[g], self[f"{g}_variant"], self[f"{g}_sampled"]) for g in self._codes]

    @property
    def _codes(self) -> list[str]:
        return [gene.value for gene in self.genes]

    @classmethod
    def initial_of(cls, case: Case) -> dict[str, Any]:
        """Return what the record holds."""
        patient: Any = case.patient
        found: dict[str, Any] = {}
        rows: Iterable[DriverTest] = patient.drivers.all()
        for row in rows:
            found[row.gene] = current(row, "result")
            found[f"{row.gene}_variant"] = row.variant
            found[f"{row.gene}_sampled"] = current(row, "sampled")
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse words or a day of a gene of which no result is said."""
        data = super().clean() or self.cleaned_data
        for gene in self.genes:
            said, code = data.get(gene.value), gene.value
            told = data.get(f"{code}_variant") or data.get(f"{code}_sampled", NOTHING) != NOTHING
            if told and said == NOTHING:
                self.add_error(code, _("%(gene)s: choose the result") % {"gene": gene.label})
            if data.get(f"{code}_variant") and said and said.value == DriverResult.NEGATIVE:
                words = _("%(gene)s: a negative result has no alteration")
                self.add_error(f"{code}_variant", words % {"gene": gene.label})
            if told and said and said.value == DriverResult.NOT_TESTED:
                words = _("%(gene)s: not tested, yet an alteration or a day is entered")
                self.add_error(code, words % {"gene": gene.label})
        return data

    def results(self) -> dict[str, dict[str, Any]]:
        """Return the columns of each gene."""
        data = self.cleaned_data
        found = {
            gene: {
                **data[gene].columns("result"),
                "variant": data[f"{gene}_variant"],
                **data[f"{gene}_sampled"].columns("sampled"),
            }
            for gene in self._codes
        }
        return found | {Driver.OTHER.value: {"variant": data["other_variant"]}}


def rest_negative(typed: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed with every gene that has no result yet as negative: a panel that found no more."""
    empty = [gene.value for gene in DRIVER_GENES if typed.get(gene.value) in ("", None, NOTHING)]
    return typed | dict.fromkeys(empty, DriverResult.NEGATIVE.value)


# What is measured, with the unit that it is measured in: of a TMB neither converts into the other.
MEASURED = [
    (BiomarkerKind.PDL1_TPS.value, BiomarkerKind.PDL1_TPS.label),
    *((f"tmb {unit.value}", format_lazy(_("TMB, {unit}"), unit=unit.label)) for unit in TMBUnit),
]


class SampleField(BoundsField):
    """A result that may be typed with its unit, which is chosen beside it, or as "unknown: reported as high"."""

    UNITS = ("%", "mut/mb")

    def clean(self, value: Any) -> Any:
        """Return low, high, state and the text as entered, without the unit."""
        text = str(value or "").strip()
        first, _colon, said = (part.strip() for part in text.partition(":"))
        if said and (state := typed_state(first)):
            # A report's word is no number; it is kept beside why there is none.
            kept = forms.CharField(max_length=self.max_length).clean(said)
            return {"low": None, "high": None, "state": state, "entered": kept}
        for unit in self.UNITS:
            if text.lower().endswith(unit):
                text = text[: -len(unit)].strip()
        return super().clean(text)


class SampleForm(SectionForm):
    """One biomarker of one sample."""

    measured = forms.ChoiceField(
        label=_("Measured"),
        choices=[("", _("Choose")), *MEASURED],
        error_messages={"required": _("Choose what was measured")},
    )
    timing = forms.ChoiceField(
        label=_("Sample taken"),
        required=False,
        choices=[("", _("Not said")), *SampleTiming.choices],
    )
    value = SampleField(
        label=_("Result"),
        suffix="",
        highest=20_000,
        help_text=_("60, <1, 1-49, “unknown”, or “unknown: reported as high”"),
    )
    assay = forms.CharField(
        label=_("Clone or assay"), required=False, max_length=40, help_text=_("such as 22C3")
    )
    sampled = StatedDateField(label=_("Sampled"), allow_relative=False)

    def __init__(self, *args: Any, courses: Iterable[ICICourse] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = list(courses)

    @classmethod
    def initial_of(cls, row: BiomarkerResult) -> dict[str, Any]:
        """Return what the record holds."""
        tmb = row.kind == BiomarkerKind.TMB
        return {
            "measured": f"tmb {row.unit}" if tmb else row.kind,
            "timing": row.timing,
            "value": _entered(row),
            "assay": row.assay,
            "sampled": current(row, "sampled"),
        }

    def clean_value(self) -> dict[str, Any]:
        """Refuse a sample of which nothing is said."""
        found: dict[str, Any] = self.cleaned_data["value"]
        if found["state"] == FactState.MISSING:
            raise forms.ValidationError(_("Enter the result, or why there is none"))
        return found

    def clean(self) -> dict[str, Any]:
        """Hold the value against its unit, and the day of the sample against the first ICI."""
        data = super().clean() or self.cleaned_data
        value = data.get("value") or {}
        bounds = [b for b in (value.get("low"), value.get("high")) if b is not None]
        if data.get("measured") == BiomarkerKind.PDL1_TPS and any(b > 100 for b in bounds):
            self.add_error("value", _("Result: a percentage is at most 100"))
        sampled = data.get("sampled")
        first = min(self.courses, key=lambda course: course.number, default=None)
        if first is None or sampled is None:
            return data
        start = current(first, "start")
        if data.get("timing") == SampleTiming.BEFORE and starts_after(sampled, start):
            self.add_error("sampled", _("Sampled: the date is after the first dose of an ICI"))
        if data.get("timing") == SampleTiming.AFTER and starts_after(start, sampled):
            self.add_error("sampled", _("Sampled: the date is before the first dose of an ICI"))
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the result."""
        data = self.cleaned_data
        kind, _space, unit = data["measured"].partition(" ")
        return {
            "kind": kind,
            "timing": data["timing"],
            **data["value"],
            "assay": data["assay"],
            "unit": unit or TMBUnit.PER_MEGABASE.value,
            **data["sampled"].columns("sampled"),
        }


def _entered(row: BiomarkerResult) -> str:
    if row.state != FactState.KNOWN:
        word = str(SHOWN_WORDS.get(row.state, ""))
        return f"{word}: {row.entered}" if row.entered else word
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
