"""Two records beside each other, and what stayed with a record that was merged into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import UniqueConstraint
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.changewords import facets_of, has_facets
from cases.models import (
    Case,
    ICICourse,
    IrAE,
    LabResult,
    OtherTreatment,
    PatientMerge,
    ResponseAssessment,
    SteroidCourse,
)
from meetings.services.merging import PARTS
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.models import Patient

MOVED = (Case, ICICourse, OtherTreatment, ResponseAssessment, IrAE, SteroidCourse, LabResult)
HIDDEN = {"id", "patient", "public_id", "holds_number"}


@dataclass(frozen=True)
class Line:
    """One thing that both records say, or only one of them."""

    label: str
    kept: str
    absorbed: str

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return self.kept != self.absorbed


@dataclass(frozen=True)
class PartView:
    """A part of which only one version can stand."""

    key: str
    label: str
    lines: tuple[Line, ...]

    @property
    def needs_choice(self) -> bool:
        """Whether it matters which of the two is taken."""
        return any(line.differs for line in self.lines)

    @property
    def kept_is_empty(self) -> bool:
        """Whether only the record that goes says anything."""
        return not any(line.kept for line in self.lines)


@dataclass(frozen=True)
class Left:
    """What stayed with one absorbed record, part by part."""

    when: str
    who: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


def parts_of(keep: Patient, absorb: Patient) -> tuple[PartView, ...]:
    """Return the parts of which both records have a version."""
    found = []
    for key, part in PARTS.items():
        lines = [line for model in part.models for line in _lines(model, keep, absorb)]
        if key == "identity":
            sexes = [str(patient.get_sex_display()) for patient in (keep, absorb)]
            lines.append(Line(_("Sex"), *sexes))
        if lines:
            found.append(PartView(key, str(part.label), tuple(lines)))
    return tuple(found)


def counted(keep: Patient, absorb: Patient) -> tuple[tuple[str, int, int], ...]:
    """Return how many rows of each list stand in either record; all of them are kept."""
    found = []
    for model in MOVED:
        rows = model._default_manager
        kept, absorbed = (rows.filter(patient=patient).count() for patient in (keep, absorb))
        if kept or absorbed:
            found.append((str(capfirst(model._meta.verbose_name_plural)), kept, absorbed))
    return tuple(found)


def left_behind(keep: Patient) -> tuple[Left, ...]:
    """Return what was not taken of the records merged into `keep`, the newest first."""
    merges = PatientMerge.objects.filter(absorbed__merged_into=keep)
    found = []
    for merge in merges.select_related("absorbed", "by").order_by("-at", "-pk"):
        parts = []
        for part in PARTS.values():
            said = [
                told
                for model in part.models
                for row in model._default_manager.filter(patient=merge.absorbed_id)
                if (told := summary(row))
            ]
            if said:
                parts.append((str(part.label), tuple(said)))
        found.append(Left(formatting.datetime(merge.at), merge.by.name, tuple(parts)))
    return tuple(found)


def summary(row: Any, *, named: bool = True) -> str:
    """Return all that a row says in one line; "" where it says nothing. `named`: with what it is about."""
    if has_facets(type(row).__name__):
        facets = facets_of(type(row).__name__)
        told = [f"{f.label}: {words}" for f in facets.all() if (words := f.words(row))]
        subject = facets.subject(row) if named else ""
        return "; ".join([subject, *told] if subject else told)
    return "; ".join(f"{label}: {words}" for label, words in _columns(row))


def _columns(row: Any) -> Iterator[tuple[str, str]]:
    """Yield what the columns of a row hold that has no words of its own yet."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in HIDDEN or value in (None, "", "missing"):
            continue
        if field.choices:
            value = dict(field.flatchoices).get(value, value)
        yield str(capfirst(field.verbose_name)), str(value)


def _key(model: type[Any]) -> tuple[str, ...]:
    """Return the columns that tell rows of one patient apart; none where there is one row a patient."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and "patient" in constraint.fields:
            rest = (name for name in constraint.fields if name != "patient")
            return tuple(model._meta.get_field(name).attname for name in rest)
    return ()


def _lines(model: type[Any], keep: Patient, absorb: Patient) -> Iterator[Line]:
    """Yield what both records say in `model`; of lists the rows that only one of them can have."""
    key = _key(model)
    kept, absorbed = (
        {
            tuple(getattr(row, n) for n in key): row
            for row in model._default_manager.filter(patient=p)
        }
        for p in (keep, absorb)
    )
    for at in kept.keys() & absorbed.keys():
        one, other = kept[at], absorbed[at]
        if key or not has_facets(model.__name__):
            told = [summary(row, named=False) for row in (one, other)]
            label = facets_of(model.__name__).subject(one) if has_facets(model.__name__) else ""
            yield Line(label or str(capfirst(model._meta.verbose_name)), *told)
            continue
        for facet in facets_of(model.__name__).all():
            line = Line(facet.label, facet.words(one), facet.words(other))
            if line.kept or line.absorbed:
                yield line
