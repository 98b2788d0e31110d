"""Two records beside each other, and the records that are one patient's since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _

from cases.changewords import facets_of
from cases.differing import pairs_of
from cases.models import (
    Case,
    ICICourse,
    IrAE,
    LabResult,
    OtherTreatment,
    PatientAccess,
    Report,
    ResponseAssessment,
    SteroidCourse,
)
from cases.whole_record import fetch_record
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cases.differing import Pair
    from cases.models import Patient, PatientIdentity, PatientMerge

# Lists that are told row by row, and under which name a patient has them.
LISTS: tuple[tuple[type[Any], str], ...] = (
    (ICICourse, "courses"),
    (OtherTreatment, "treatments"),
    (ResponseAssessment, "responses"),
    (IrAE, "iraes"),
    (SteroidCourse, "steroids"),
    (Report, "reports"),
)
# How many things of a row tell it from another.
TOLD = 3


@dataclass(frozen=True)
class ListView:
    """One list as it stands in either record."""

    label: str
    kept: tuple[str, ...]
    absorbed: tuple[str, ...]


@dataclass(frozen=True)
class PairView:
    """One thing of which only one value can stand, and which it will be."""

    label: str
    kept: str
    absorbed: str
    differs: bool
    outcome: str


@dataclass(frozen=True)
class MergedRecord:
    """A record that is part of another now: what it was, and what of it does not hold."""

    merge: PatientMerge
    title: str
    when: str
    who: str
    not_taken: tuple[tuple[str, str], ...]


def pair_views(pairs: Iterable[Pair]) -> tuple[PairView, ...]:
    """Return what both records say, with what comes of it; what neither says is left out."""
    return tuple(
        PairView(p.label, p.kept, p.absorbed, p.differs, _outcome(p))
        for p in pairs
        if p.kept or p.absorbed
    )


def _outcome(pair: Pair) -> str:
    if pair.differs:
        return _("choose below")
    return _("is taken over") if pair.fills else _("stays")


def list_views(keep: Patient, absorb: Patient) -> tuple[ListView, ...]:
    """Return the lists of both records row by row; two queries, however long they are."""
    fetch_record([keep, absorb])
    found = []
    for model, name in LISTS:
        kept, absorbed = (
            tuple(_told(model, row) for row in getattr(patient, name).all())
            for patient in (keep, absorb)
        )
        if kept or absorbed:
            label = str(model._meta.verbose_name_plural)
            found.append(ListView(label[:1].upper() + label[1:], kept, absorbed))
    counts = dict(
        LabResult.objects.filter(patient__in=[keep, absorb])
        .order_by()
        .values_list("patient")
        .annotate(n=Count("pk"))
    )
    if counts:
        numbers = ((str(counts.get(p.pk, 0)),) for p in (keep, absorb))
        found.append(ListView(_("Laboratory results"), *numbers))
    return tuple(found)


def _told(model: type[Any], row: Any) -> str:
    facets = facets_of(model.__name__)
    said = [words for facet in facets.all() if (words := facet.words(row))]
    subject = facets.subject(row)
    return ", ".join(dict.fromkeys([subject, *_first(row, said)] if subject else said[:TOLD]))


def _first(row: Any, said: list[str]) -> Iterator[str]:
    start = next((getattr(row, n) for n in ("start", "onset") if getattr(row, n, None)), None)
    yield from said[:TOLD]
    if start is not None:
        yield _("from %(when)s") % {"when": formatting.partial_date(start)}


def readers_of(keep: Patient, absorb: Patient) -> list[str]:
    """Return the boards that see the whole record afterwards, those that see one of the two now."""
    rows = PatientAccess.objects.filter(patient__in=[keep, absorb], board__isnull=False)
    return sorted({row.board.name for row in rows.select_related("board")})


def cases_of_records(absorb: Patient) -> list[str]:
    """Return the references of the cases of the record that goes, which all stay what they are."""
    rows = Case.objects.filter(patient=absorb).order_by("reference")
    return list(rows.values_list("reference", flat=True))


def record_title(identity: PatientIdentity) -> str:
    """Return by what a record is told from another: name and hospital number."""
    number = identity.hospital_number
    return f"{identity.display_name}, {number}" if number else identity.display_name


def merged_record(merge: PatientMerge, kept: Patient) -> MergedRecord:
    """Return one merge with what the record that went says and does not hold."""
    left = [p for p in pairs_of(kept, merge.absorbed) if p.differs]
    return MergedRecord(
        merge=merge,
        title=record_title(merge.absorbed.identity),
        when=formatting.datetime(merge.at),
        who=merge.by.name,
        not_taken=tuple((pair.label, pair.absorbed) for pair in left),
    )
