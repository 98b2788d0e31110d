"""What a record holds that is dated before the patient's birth, or after the death."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q, Subquery, Value
from django.utils.translation import gettext_lazy as _

from cases.family import records_of
from cases.models import (
    Background,
    BiomarkerResult,
    DossierEntry,
    ICICourse,
    Immunosuppressant,
    IrAE,
    LabResult,
    OrganReview,
    OtherTreatment,
    PerformanceStatus,
    Report,
    ResponseAssessment,
    SteroidCourse,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.db.models import Model

    from cases.models import Patient
    from ui.partial_dates import PartialDate


@dataclass(frozen=True)
class Dated:
    """A date that a record holds: of which model and field, whether as a span, and what it is called.

    `only` are the rows of which it is told: a dose that was skipped has a day on which nothing happened.
    """

    model: type[Model]
    field: str
    label: Any
    span: bool = True
    # Whether it is the day on which somebody answered: that may well be after a death.
    said: bool = False
    only: Q | None = None


DATED = (
    Dated(ICICourse, "start", _("first dose of an ICI")),
    Dated(ICICourse, "stop", _("last dose of an ICI")),
    Dated(ICICourse, "progressed", _("progression")),
    Dated(OtherTreatment, "start", _("start of another treatment")),
    Dated(OtherTreatment, "stop", _("end of another treatment")),
    Dated(ResponseAssessment, "assessed", _("response")),
    Dated(IrAE, "onset", _("onset of an irAE")),
    Dated(IrAE, "resolved", _("end of an irAE")),
    Dated(IrAE, "now_on", _("grade of an irAE"), span=False, said=True),
    Dated(DossierEntry, "found_on", _("finding of a dossier")),
    Dated(OrganReview, "asked_on", _("organ review"), span=False, said=True),
    Dated(Report, "reported", _("report")),
    Dated(SteroidCourse, "start", _("start of a steroid")),
    Dated(SteroidCourse, "stop", _("end of a steroid")),
    Dated(SteroidCourse, "now_on", _("dose of a steroid"), span=False, said=True),
    Dated(Immunosuppressant, "start", _("start of an immunosuppressant")),
    Dated(Immunosuppressant, "stop", _("end of an immunosuppressant")),
    Dated(PerformanceStatus, "assessed", _("ECOG")),
    Dated(Background, "weighed", _("weight")),
    Dated(Background, "bled", _("bleeding")),
    Dated(Background, "operated", _("major surgery")),
    Dated(BiomarkerResult, "sampled", _("biomarker sample")),
    Dated(LabResult, "taken_on", _("laboratory result"), span=False),
)


# What other applications hold of a patient beside the record.
_MORE: list[Dated] = []


def looks_at(*dated: Dated) -> None:
    """Let the dates of another application be held against a birth and a death too."""
    _MORE.extend(dated)


@dataclass(frozen=True)
class Outside:
    """How many dates lie outside, and which is the first of them in time, as far as it is known."""

    n: int
    label: str
    day: date | PartialDate


def dates_after(patient: Patient, day: date) -> Outside | None:
    """Return what is dated certainly after a day; None for nothing."""
    happened = [one for one in (*DATED, *_MORE) if not one.said]
    return _outside(patient, happened, "earliest", "gt", day)


def dates_before(patient: Patient, day: date) -> Outside | None:
    """Return what is dated certainly before a day; None for nothing."""
    return _outside(patient, (*DATED, *_MORE), "latest", "lt", day)


def _outside(
    patient: Patient, asked: Sequence[Dated], end: str, than: str, day: date
) -> Outside | None:
    # Checks and doses stay with their cases; of the history what was left behind is no part of the record.
    records = records_of(patient.kept)
    parts = []
    for number, one in enumerate(asked):
        column = f"{one.field}_{end}" if one.span else one.field
        rows = one.model._default_manager.filter(
            one.only or Q(),
            patient__in=records if one in _MORE else [patient.kept.pk],
            **{f"{column}__{than}": day},
        ).order_by()
        # Of each kind the number and the first, however many results there are.
        first = rows.order_by(column, "pk").values("pk")[:1]
        counted = rows.values(of_kind=Value(number)).annotate(
            how_many=Count("pk"), begins=Min(column)
        )
        parts.append(
            counted.annotate(first_of_it=Subquery(first)).values_list(
                "of_kind", "how_many", "begins", "first_of_it"
            )
        )
    found = [row for row in parts[0].union(*parts[1:], all=True) if row[1]]
    if not found:
        return None
    number, _n, _when, key = min(found, key=lambda row: (row[2], row[0]))
    one = asked[number]
    # A date known in part is told as that.
    row = one.model._default_manager.get(pk=key)
    return Outside(sum(n for _kind, n, *_rest in found), str(one.label), getattr(row, one.field))
