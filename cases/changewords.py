"""The columns of the record in words, fact by fact, for the list of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from cases.changelabels import LABELS
from cases.changenames import course_words, drugs_words, event_words, pairs_words, shown_words
from cases.eventnames import event_named
from cases.fields import PARTS
from cases.lab_entry import range_words, unit_words
from cases.models import (
    Background,
    BiomarkerKind,
    BiomarkerResult,
    Case,
    DossierEntry,
    DriverTest,
    ICICourse,
    Immunosuppressant,
    ImmunosuppressantDrug,
    IrAE,
    LabResult,
    Metastasis,
    OrganReview,
    OtherTreatment,
    Patient,
    PatientIdentity,
    PerformanceStatus,
    Report,
    ResponseAssessment,
    SteroidCourse,
    SteroidDose,
    Tumour,
)
from cases.presenters.identity import national_words
from cases.presenters.words import state_words
from cases.vocabulary import Organ, drug_label, entity_label
from evidence.conditions import FactState
from ui import formatting
from ui.forms import in_sentence
from ui.partial_dates import PartialDate


@dataclass(frozen=True)
class Facet:
    """One thing that a row says."""

    label: str
    words: Callable[[Any], str]


@dataclass(frozen=True)
class Facets:
    """What a model's rows say, and how one of them is named."""

    model: type[Any]
    plain: tuple[str, ...]
    stated: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    special: tuple[tuple[Callable[[], str], Callable[[Any], str]], ...] = ()
    subject: Callable[[Any], str] = lambda _row: ""

    def all(self) -> Iterator[Facet]:
        """Yield everything a row says, in the order it is shown."""
        for label, words in self.special:
            yield Facet(label(), words)
        for name in self.stated:
            yield Facet(self._label(name), partial(_stated, self.model, name))
        for name in self.dates:
            yield Facet(self._date_label(name), partial(_dated, name))
        for name in self.plain:
            yield Facet(self._label(name), partial(_plain, self.model, name))

    def summary(self, row: Any) -> str:
        """Return all that a row said, for one that is gone."""
        return ", ".join(words for facet in self.all() if (words := facet.words(row)))

    def _label(self, name: str) -> str:
        label = str(self.model._meta.get_field(name).verbose_name)
        return LABELS[name]() if name in LABELS else label[:1].upper() + label[1:]

    def _date_label(self, name: str) -> str:
        label = str(self.model._meta.get_field(f"{name}_earliest").verbose_name)
        return label[:1].upper() + label[1:]


def _choice(model: type[Any], name: str, value: Any) -> str:
    choices = dict(model._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))


def _plain(model: type[Any], name: str, row: Any) -> str:
    value = getattr(row, name)
    return _choice(model, name, value) if isinstance(value, str) and value else shown_words(value)


def _stated(model: type[Any], name: str, row: Any) -> str:
    # A value that was kept before there was a state beside it is known.
    state, value = getattr(row, f"{name}_state"), getattr(row, name)
    if value not in (None, ""):
        return _choice(model, name, value) if isinstance(value, str) else shown_words(value)
    return "" if state == FactState.MISSING else state_words(state)


def _dated(name: str, row: Any) -> str:
    if getattr(row, f"{name}_precision"):
        parts = {part: getattr(row, f"{name}_{part}") for part in PARTS}
        return formatting.partial_date(PartialDate(**parts))
    state = getattr(row, f"{name}_state")
    return "" if state == FactState.MISSING else state_words(state)


def _codes(model: type[Any], name: str, row: Any) -> str:
    choices = dict(model._meta.get_field(name).base_field.flatchoices)
    found = ", ".join(str(choices.get(code, code)) for code in getattr(row, name))
    return found or _why_none(row, name)


def _why_none(row: Any, name: str) -> str:
    """Return that somebody said that there is none, or why it is not told; empty where nobody said anything."""
    state = getattr(row, f"{name}_state")
    if state == FactState.MISSING:
        return ""
    return _("none") if state == FactState.KNOWN else state_words(state)


def _bounds(low: Any, high: Any) -> str:
    if low is None and high is None:
        return ""
    if low == high:
        return shown_words(low)
    if high is None:
        return _("at least %(n)s") % {"n": shown_words(low)}
    return _("%(low)s to %(high)s") % {"low": shown_words(low or 0), "high": shown_words(high)}


def _measured(row: Any) -> str:
    if row.state != FactState.KNOWN:
        return "" if row.state == FactState.MISSING else state_words(row.state)
    return str(row.entered or _bounds(row.low, row.high))


# Lists that somebody can call complete, each with the first and the last day on which that may have been.
COMPLETED = ("courses", "treatments", "responses", "steroids", "second_line", "metastases")
_FACETS: dict[str, Facets] = {
    "Case": Facets(
        Case,
        (
            "disease_status_on",
            "question",
            "urgent",
            "needed_by",
            "state",
            "alternatives_text",
            "prophylaxis_text",
            "proposed_text",
        ),
        ("disease_status", "proposed_regimen", "prophylaxis"),
        special=(
            (lambda: _("Course asked about"), course_words),
            (lambda: _("Alternatives"), partial(_codes, Case, "alternatives")),
            (
                lambda: _("Drugs proposed"),
                lambda row: " + ".join(drug_label(c) for c in row.proposed_drugs),
            ),
        ),
        subject=lambda row: row.reference,
    ),
    "Tumour": Facets(
        Tumour,
        ("stage_text", "tnm_edition", "tnm_basis"),
        ("histology", "stage_group", "t_category", "n_category", "m_category"),
    ),
    "Metastasis": Facets(
        Metastasis,
        ("detail", "said_on", "said_latest"),
        ("present",),
        subject=lambda row: _choice(Metastasis, "site", row.site),
    ),
    "DriverTest": Facets(
        DriverTest,
        ("variant",),
        ("result",),
        ("sampled",),
        subject=lambda row: _choice(DriverTest, "gene", row.gene),
    ),
    "BiomarkerResult": Facets(
        BiomarkerResult,
        ("assay",),
        dates=("sampled",),
        special=(
            (lambda: _("Result"), _measured),
            (
                lambda: _("Unit"),
                lambda row: (
                    _choice(BiomarkerResult, "unit", row.unit)
                    if row.kind == BiomarkerKind.TMB
                    else ""
                ),
            ),
        ),
        subject=lambda row: ", ".join(
            (
                _choice(BiomarkerResult, "kind", row.kind),
                in_sentence(_choice(BiomarkerResult, "timing", row.timing))
                if row.timing
                else _("time of the sample not said"),
            )
        ),
    ),
    "PerformanceStatus": Facets(PerformanceStatus, (), ("ecog",), ("assessed",)),
    "Background": Facets(
        Background,
        (
            "autoimmune_text",
            "heart_text",
            "steroid_total_mg",
            "steroid_total_on",
            "surgery_said_on",
        ),
        (
            "comorbidities",
            "preference",
            "weight_kg",
            "height_cm",
            "smoking",
            "pack_years",
            "autoimmune_disease",
            "interstitial_lung_disease",
            "transplant",
            "hepatitis_b",
            "hepatitis_c",
            "heart_disease",
            "pregnancy",
            "bleeding",
            "hypertension",
            "major_surgery",
        ),
        ("weighed", "bled", "operated"),
    ),
    "LabResult": Facets(
        LabResult,
        ("taken_on", "source"),
        special=(
            (
                lambda: _("Result"),
                lambda row: f"{row.value_entered} {unit_words(row.unit_entered)}",
            ),
            (
                lambda: _("Reference range"),
                lambda row: range_words(row, row.analyte.scales),
            ),
        ),
        subject=lambda row: row.analyte.label,
    ),
    "ICICourse": Facets(
        ICICourse,
        ("regimen", "response_criteria"),
        (
            "line",
            "regimen_kind",
            "setting",
            "planned_days",
            "best_response",
            "stop_reason",
            "progression_timing",
            "progression_confirmed",
            "progression_called",
            "new_lesions",
            "growing_lesions",
            "progressing_organs",
            "all_treatable_locally",
            "primary_state",
        ),
        ("start", "stop", "progressed"),
        special=(
            (lambda: _("Drugs"), drugs_words),
            (lambda: _("Stopped for"), partial(event_words, "stopped_for")),
            (lambda: _("Other reasons"), partial(_codes, ICICourse, "contributing_reasons")),
            (
                lambda: _("Cycles"),
                lambda row: _bounds(row.cycles_low, row.cycles_high) or _why_none(row, "cycles"),
            ),
        ),
        subject=lambda row: _("course %(n)s") % {"n": row.number},
    ),
    "OtherTreatment": Facets(
        OtherTreatment,
        ("kind", "name", "site"),
        ("line", "best_response", "dose_gy", "fractions"),
        ("start", "stop"),
        subject=lambda row: _choice(OtherTreatment, "kind", row.kind),
    ),
    "ResponseAssessment": Facets(
        ResponseAssessment,
        ("criteria", "note"),
        ("response", "sum_mm", "new_lesions"),
        ("assessed",),
        subject=lambda row: _("assessment of %(when)s") % {"when": _dated("assessed", row) or "?"},
    ),
    "IrAE": Facets(
        IrAE,
        ("entity_text", "organ", "ctcae_version", "severity_word", "sequelae_text", "now_on"),
        (
            "worst_grade",
            "grade_now",
            "resolution",
            "onset_grade",
            "likelihood",
            "care",
            "sequelae",
        ),
        ("onset", "resolved"),
        special=(
            (lambda: _("Event"), lambda row: entity_label(row.entity)),
            (lambda: _("During or after"), course_words),
            (lambda: _("Came back after"), partial(event_words, "recurrence_of")),
            (lambda: _("Agents it followed"), drugs_words),
            (lambda: _("Looked for and excluded"), partial(_codes, IrAE, "excluded")),
        ),
        subject=event_named,
    ),
    "OrganReview": Facets(
        OrganReview,
        ("asked_on",),
        subject=lambda row: str(Organ(row.organ).label),
    ),
    "DossierEntry": Facets(
        DossierEntry,
        (),
        ("answer",),
        ("found_on",),
        subject=lambda row: str(row.item.label),
    ),
    "Report": Facets(
        Report,
        ("title", "link", "text"),
        dates=("reported",),
        special=((lambda: _("PDF"), lambda row: row.file_sha256[:12]),),
        subject=lambda row: row.title,
    ),
    "SteroidCourse": Facets(
        SteroidCourse,
        ("name", "now_on"),
        ("drug", "indication", "peak_mg_per_day", "now_mg_per_day", "not_tapered"),
        ("start", "stop"),
        special=((lambda: _("Given for the irAE"), partial(event_words, "irae")),),
        subject=lambda row: (
            row.name or (_choice(SteroidCourse, "drug", row.drug) if row.drug else "")
        ),
    ),
    "SteroidDose": Facets(SteroidDose, ("mg_per_day",), dates=("since",)),
    "Immunosuppressant": Facets(
        Immunosuppressant,
        ("drug", "name", "dose"),
        ("indication", "still_given"),
        ("start", "stop"),
        special=((lambda: _("Given for the irAE"), partial(event_words, "irae")),),
        subject=lambda row: row.name or str(ImmunosuppressantDrug(row.drug).label),
    ),
    "Patient": Facets(
        Patient,
        (
            "sex",
            *(f"{key}_complete_{day}" for key in COMPLETED for day in ("as_of", "latest")),
        ),
        special=(
            (lambda: _("Pairs of entries that may be one"), partial(pairs_words, said=False)),
            (lambda: _("Pairs of entries said to be two"), partial(pairs_words, said=True)),
        ),
    ),
    "PatientIdentity": Facets(
        PatientIdentity,
        ("family_name", "given_name", "hospital_number", "birth_date"),
        dates=("died",),
        special=((lambda: _("National number"), national_words),),
    ),
}


def facets_of(name: str) -> Facets:
    """Return what rows of the model `name` say."""
    return _FACETS[name]


def words_of(row: Any, name: str) -> str:
    """Return in words what `row` says of one fact, date or column; "" where it says nothing."""
    columns = {field.name for field in row._meta.concrete_fields}
    if f"{name}_precision" in columns:
        return _dated(name, row)
    if f"{name}_state" in columns:
        return _stated(type(row), name, row)
    return _plain(type(row), name, row)
