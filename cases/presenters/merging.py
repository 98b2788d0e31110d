"""Two records beside each other, and the records that are one patient's since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _

from cases.changenames import drugs_words
from cases.changewords import facets_of, words_of
from cases.differing import pairs_of
from cases.doubled import open_pairs
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
from cases.oneortwo import LISTS as ASKED
from cases.presenters.doubles import pair_words
from cases.presenters.identity import national_words
from cases.whole_record import fetch_record
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.differing import Pair
    from cases.models import Patient, PatientIdentity, PatientMerge

# Lists that are told row by row: under which name a patient has them, and what tells a row from another.
LISTS: tuple[tuple[type[Any], str, tuple[str, ...]], ...] = (
    (ICICourse, "courses", ("start", "stop_reason")),
    (OtherTreatment, "treatments", ("name", "start")),
    (ResponseAssessment, "responses", ("response",)),
    (IrAE, "iraes", ("worst_grade", "onset")),
    (SteroidCourse, "steroids", ("start",)),
    (Report, "reports", ("reported",)),
)


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
    """Return what both records say, with what comes of it: what differs first, what neither says left out."""
    said = [pair for pair in pairs if pair.kept or pair.absorbed]
    said.sort(key=lambda pair: (not pair.differs, not pair.fills))
    return tuple(PairView(p.label, p.kept, p.absorbed, p.differs, _outcome(p)) for p in said)


def _outcome(pair: Pair) -> str:
    if pair.differs:
        return _("choose below")
    return _("is taken over") if pair.fills else _("stays")


def list_views(keep: Patient, absorb: Patient) -> tuple[ListView, ...]:
    """Return the lists of both records row by row; two queries, however long they are."""
    fetch_record([keep, absorb])
    found = []
    for model, name, names in LISTS:
        kept, absorbed = (
            tuple(_told(model, row, names) for row in getattr(patient, name).all())
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


def may_be_one_words(pairs: Mapping[str, Iterable[tuple[Any, Any]]]) -> list[str]:
    """Return which rows of two records may be one, each pair in the words of both."""
    names = {model: told for model, _name, told in LISTS}
    words = _("“%(one)s” and “%(other)s”")
    found = []
    for key, rows in pairs.items():
        model = ASKED[key][0]
        for one, other in rows:
            told = [_told(model, row, names[model]) for row in (one, other)]
            found.append(words % {"one": told[0], "other": told[1]})
    return found


def open_words(patient: Patient) -> list[str]:
    """Return which entries of a record may be one, with what is to be done about each pair."""
    fetch_record([patient])
    return [pair_words(key, *rows) for key in ASKED for rows in open_pairs(patient, key)]


def _told(model: type[Any], row: Any, names: tuple[str, ...]) -> str:
    subject = facets_of(model.__name__).subject(row)
    said = [subject, drugs_words(row) if model is ICICourse else ""]
    for name in names:
        words = words_of(row, name)
        known = words and name == "worst_grade" and row.worst_grade is not None
        said.append(_("grade %(n)s") % {"n": words} if known else words)
    return ", ".join(words for words in said if words)


def readers_of(keep: Patient, absorb: Patient) -> list[str]:
    """Return the boards that see the whole record afterwards, those that see one of the two now."""
    rows = PatientAccess.objects.filter(patient__in=[keep, absorb], board__isnull=False)
    return sorted(set(rows.values_list("board__name", flat=True)))


def cases_of_records(absorb: Patient) -> list[str]:
    """Return the references of the cases of the record that goes, which all stay what they are."""
    rows = Case.objects.filter(patient=absorb).order_by("reference")
    return list(rows.values_list("reference", flat=True))


def record_title(identity: PatientIdentity) -> str:
    """Return by what a record is told from another: name and hospital number."""
    number = identity.hospital_number
    return f"{identity.display_name}, {number}" if number else identity.display_name


def person_words(identity: PatientIdentity) -> str:
    """Return what tells a person from another, in one line, for whoever has to confirm it."""
    born = formatting.date(identity.birth_date) if identity.birth_date else _("not known")
    parts = [
        identity.display_name,
        _("born %(on)s") % {"on": born},
        _("hospital no. %(number)s") % {"number": identity.hospital_number or _("not known")},
        national_words(identity),
    ]
    return ", ".join(part for part in parts if part)


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
