"""What two records say of one patient where only one of the two can stand.

A fact travels with its day and its words. Rows of a list that can be there once (a gene, a site, a sample)
are compared as a whole; all other rows of a list simply stand side by side. An organ that was asked about is no such
row: it stands where both records say so (`cases.services.uniting`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.changewords import facets_of, words_of
from cases.fields import PARTS
from cases.lab_entry import sample_key
from cases.models import (
    Background,
    DriverTest,
    LabResult,
    Metastasis,
    Patient,
    PatientIdentity,
    PerformanceStatus,
    Sex,
    Tumour,
)
from cases.presenters.identity import national_words

if TYPE_CHECKING:
    from django.db.models import Model
    from django.utils.functional import Promise

    Label = str | Promise


@dataclass(frozen=True)
class Bundle:
    """Facts of a table with one row a patient that only make sense together."""

    model: type[Any]
    label: Label
    names: tuple[str, ...]
    words: Callable[[Any], str] | None = None

    def said(self, row: Any) -> str:
        """Return what `row` says, "" for nothing."""
        if self.words is not None:
            return self.words(row)
        said = (words_of(row, name) for name in self.names)
        return ", ".join(dict.fromkeys(words for words in said if words))

    def columns(self) -> list[str]:
        """Return the columns in which the facts, their states and their dates stand."""
        ends = ("", "_state", *(f"_{part}" for part in PARTS))
        wanted = {f"{name}{end}" for name in self.names for end in ends}
        return [f.name for f in self.model._meta.concrete_fields if f.name in wanted]


def _number(row: PatientIdentity) -> str:
    return ", ".join(part for part in (row.hospital_number, row.hospital) if part)


def _sex(row: Patient) -> str:
    return "" if row.sex == Sex.UNKNOWN else str(row.get_sex_display())


BUNDLES: dict[str, Bundle] = {
    "name": Bundle(
        PatientIdentity, _("Name"), ("family_name", "given_name"), lambda row: row.display_name
    ),
    "born": Bundle(PatientIdentity, _("Date of birth"), ("birth_date",)),
    "number": Bundle(
        PatientIdentity, _("Hospital number"), ("hospital_number", "hospital"), _number
    ),
    "national": Bundle(
        PatientIdentity,
        _("National number"),
        ("national_scheme", "national_number"),
        national_words,
    ),
    "sex": Bundle(Patient, _("Sex"), ("sex",), _sex),
    "histology": Bundle(Tumour, _("Histology"), ("histology",)),
    "stage": Bundle(
        Tumour,
        _("Stage"),
        (
            "stage_group",
            "stage_text",
            "tnm_edition",
            "tnm_basis",
            "t_category",
            "n_category",
            "m_category",
        ),
    ),
    "ecog": Bundle(PerformanceStatus, _("ECOG"), ("ecog", "assessed")),
    "weight": Bundle(Background, _("Weight, kg"), ("weight_kg", "weighed")),
    "height": Bundle(Background, _("Height, cm"), ("height_cm",)),
    "smoking": Bundle(Background, _("Smoking, pack years"), ("smoking", "pack_years")),
    "autoimmune": Bundle(
        Background, _("Autoimmune disease"), ("autoimmune_disease", "autoimmune_text")
    ),
    "lung": Bundle(Background, _("Interstitial lung disease"), ("interstitial_lung_disease",)),
    "transplant": Bundle(Background, _("Transplant"), ("transplant",)),
    "hepatitis_b": Bundle(Background, _("Hepatitis B"), ("hepatitis_b",)),
    "hepatitis_c": Bundle(Background, _("Hepatitis C"), ("hepatitis_c",)),
    "heart": Bundle(Background, _("Heart disease"), ("heart_disease", "heart_text")),
    "bleeding": Bundle(Background, _("Bleeding"), ("bleeding", "bled")),
    "hypertension": Bundle(Background, _("Hypertension"), ("hypertension",)),
    "surgery": Bundle(
        Background, _("Major surgery"), ("major_surgery", "operated", "surgery_said_on")
    ),
    "pregnancy": Bundle(Background, _("Pregnancy"), ("pregnancy",)),
    "comorbidities": Bundle(Background, _("Other illnesses"), ("comorbidities",)),
    "preference": Bundle(Background, _("What the patient wants"), ("preference",)),
    "steroids": Bundle(
        Background,
        _("Steroids together without replacement, mg a day"),
        ("steroid_total_mg", "steroid_total_on"),
    ),
}
# Lists with at most one row a patient under a key, and the columns of that key.
KEYED: dict[type[Any], tuple[str, ...]] = {
    Metastasis: ("site",),
    DriverTest: ("gene",),
    LabResult: ("analyte_id", "taken_on", "source"),
}
STAYS = {"id", "patient", "public_id"}


@dataclass(frozen=True)
class Pair:
    """What the kept record and the one that is merged into it say of the same, and where it stands."""

    key: str
    label: str
    kept: str
    absorbed: str
    columns: tuple[str, ...]
    one: Any
    other: Any

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.kept and self.absorbed) and self.kept != self.absorbed

    @property
    def fills(self) -> bool:
        """Whether only the record that is merged says anything: it is taken over."""
        return bool(self.absorbed) and not self.kept


def pairs_of(kept: Patient, absorbed: Patient) -> list[Pair]:
    """Return everything that only one of the two can say; ten queries, however much it is."""
    found = list(_bundled(kept, absorbed))
    for model in KEYED:
        found += [_whole(model, one, other) for one, other in doubles(model, kept, absorbed)]
    return found


def doubles(model: type[Any], kept: Patient, absorbed: Patient) -> list[tuple[Any, Any]]:
    """Return the rows of a list of `KEYED` that both records have under the same key.

    Results are of one sample also where its source is spelled in other capitals, as the forms have it; where a record
    has two of those, each goes with the one that is spelled like it.
    """
    key, pair = KEYED[model], (kept.pk, absorbed.pk)
    rows = model._default_manager.filter(patient__in=pair).order_by(*key)
    if model is LabResult:
        rows = rows.select_related("analyte")
    told = list(rows)
    found = _both(told, pair, lambda row: tuple(getattr(row, name) for name in key))
    if model is LabResult:
        done = {row.pk for rows in found for row in rows}
        left = [row for row in told if row.pk not in done]
        found += _both(left, pair, lambda row: sample_key(row.analyte_id, row.taken_on, row.source))
    return found


def _both(
    rows: Iterable[Any], pair: tuple[int, int], key: Callable[[Any], tuple[Any, ...]]
) -> list[tuple[Any, Any]]:
    both: dict[tuple[Any, ...], dict[int, Any]] = {}
    for row in rows:
        both.setdefault(key(row), {})[row.patient_id] = row
    one, other = pair
    return [(rows[one], rows[other]) for rows in both.values() if len(rows) == len(pair)]


def _bundled(kept: Patient, absorbed: Patient) -> Iterator[Pair]:
    rows: dict[type[Model], list[Any]] = {Patient: [kept, absorbed]}
    for key, bundle in BUNDLES.items():
        if bundle.model not in rows:
            found = {
                row.patient_id: row
                for row in bundle.model._default_manager.filter(patient__in=[kept, absorbed])
            }
            rows[bundle.model] = [found[kept.pk], found[absorbed.pk]]
        one, other = rows[bundle.model]
        yield Pair(
            key, str(bundle.label), bundle.said(one), bundle.said(other),
            tuple(bundle.columns()), one, other,
        )  # fmt: skip


def label_of(key: str, patient: Patient | None) -> str:
    """Return the label of a pair by its key, "" of none; a row of a list is named only from the record of `patient`."""
    if key in BUNDLES:
        return str(BUNDLES[key].label)
    name, _dash, keys = key.partition("-")
    model = next((model for model in KEYED if model._meta.model_name == name), None)
    if model is None:
        return ""
    found = [number for number in keys.split("-") if number.isdecimal()]
    rows = model._default_manager.filter(patient=patient, pk__in=found) if patient else ()
    row = next(iter(rows), None)
    return _row_label(model, row) if row is not None else str(capfirst(model._meta.verbose_name))


def _row_label(model: type[Any], row: Any) -> str:
    label = f"{model._meta.verbose_name}: {facets_of(model.__name__).subject(row)}"
    return label[:1].upper() + label[1:]


def _whole(model: type[Any], one: Any, other: Any) -> Pair:
    facets = facets_of(model.__name__)
    of_key = {name.removesuffix("_id") for name in KEYED[model]}
    columns = [f.name for f in model._meta.concrete_fields if f.name not in STAYS | of_key]
    # How the other record spells the key stays there, and is no difference.
    alike = copy(other)
    for name in KEYED[model]:
        setattr(alike, name, getattr(one, name))
    return Pair(
        f"{model._meta.model_name}-{one.pk}-{other.pk}",
        _row_label(model, one),
        facets.summary(one),
        facets.summary(alike),
        tuple(columns),
        one,
        other,
    )
