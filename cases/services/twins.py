"""Rows of two records that say word for word the same: the united record has them once.

Such a row stays where it was, as it was, and what refers to it refers to the other one from then on. On which day it
was said, and how a date was written, is no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from cases.differing import STAYS
from cases.models import (
    BiomarkerResult,
    DossierEntry,
    ICICourse,
    Immunosuppressant,
    IrAE,
    OtherTreatment,
    Report,
    ResponseAssessment,
    SteroidCourse,
    SteroidDose,
)
from cases.services.uniting import dates_of
from ui.partial_dates import cycle_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from django.db.models import Model

    from cases.models import Patient

# Courses first: whatever is counted from one is the same where all of them are.
TWINNED: tuple[type[Any], ...] = (
    ICICourse,
    IrAE,
    OtherTreatment,
    ResponseAssessment,
    SteroidCourse,
    Immunosuppressant,
    BiomarkerResult,
    Report,
)
# What is part of a row: the name by which it refers to it.
PARTS_OF: dict[type[Any], tuple[type[Any], str]] = {
    IrAE: (DossierEntry, "irae"),
    SteroidCourse: (SteroidDose, "course"),
}
# The number of a course follows from its record.
OF_THE_RECORD = STAYS | {"number"}
# How something was typed or is stored, where other columns hold what it says; beside the text of every date. Of a
# report also who added it and when: that stays said of the row that stays behind.
AS_TYPED: dict[type[Any], frozenset[str]] = {
    BiomarkerResult: frozenset({"entered"}),
    Report: frozenset({"file", "added_by", "added_at"}),
}


@dataclass(frozen=True)
class Said:
    """Columns that tell when something was said, the day first: no difference in what is said. `kept`: which day is."""

    columns: tuple[str, ...]
    kept: Callable[[date, date], date]


# The day on which somebody first said that a course is over; the last one for which what holds now was said.
SAID: dict[type[Any], Said] = {
    ICICourse: Said(("over_said_on",), min),
    IrAE: Said(("now_on",), max),
    SteroidCourse: Said(("now_on", "now_day_said"), max),
}
# No anchor but these counts from the row itself, or from what it refers to.
OF_THE_ROW = frozenset({"", "irAE onset"})
# Model -> key of a row of the absorbed record -> key of the row of the kept one that says the same.
Twins = dict[type[Any], dict[int, int]]
Key = tuple[type[Any], int]


class _Both:
    """The rows of two records with their parts, and which of them say the same."""

    def __init__(self, keep: Patient, absorb: Patient) -> None:
        self.patients = (keep.pk, absorb.pk)
        self.rows: dict[type[Any], dict[int, Any]] = {}
        for model in TWINNED:
            found = model._default_manager.filter(patient__in=self.patients).order_by("pk")
            self.rows[model] = {row.pk: row for row in found}
        self.parts = {model: _parts(model, self.patients) for model in PARTS_OF}
        self.held = {model: _held(model, self.rows[model]) for model in TWINNED}
        self.kinds = self._kinds()

    def parts_of(self, row: Any) -> list[Any]:
        """Return the rows that are part of a row."""
        return self.parts.get(type(row), {}).get(row.pk, [])

    def _kinds(self) -> dict[Key, int]:
        """Return rows of one kind under one number: they say the same, and so does whatever they refer to."""
        every = {(model, pk): row for model, rows in self.rows.items() for pk, row in rows.items()}
        kinds = _numbered({key: (key[0], self._told(row)) for key, row in every.items()})
        while True:
            behind = {
                key: (kinds[key], tuple(kinds[ref] if ref else None for ref in _refs(row)))
                for key, row in every.items()
            }
            finer = _numbered(behind)
            if len({*finer.values()}) == len({*kinds.values()}):
                return kinds
            kinds = finer

    def _told(self, row: Any) -> Any:
        """Return all that a row and its parts say, but for what they refer to."""
        name = PARTS_OF[type(row)][1] if type(row) in PARTS_OF else ""
        parts = sorted(_columns(part, {name}) for part in self.parts_of(row))
        return _columns(row, _links(type(row))), tuple(parts)

    def paired(self, model: type[Any], found: Twins) -> dict[int, int]:
        """Return the rows of a list that both records have, each with one of the other record."""
        mine, others = (
            [row for row in self.rows[model].values() if row.patient_id == pk]
            for pk in self.patients
        )
        pairs: dict[int, int] = {}
        for row in others:
            kind = self.kinds[model, row.pk]
            same = [
                one for one in mine if self.kinds[model, one.pk] == kind and _agree(one, row, found)
            ]
            if same and row.pk not in self.held[model]:
                mine.remove(same[0])
                pairs[row.pk] = same[0].pk
        return pairs

    def counted(self, found: Twins) -> bool:
        """Whether both have the same courses under the same numbers: what is counted from one is then the same."""
        courses, same = self.rows[ICICourse], found[ICICourse]
        if courses.keys() != {*same, *same.values()}:
            return False
        return all(courses[other].number == courses[one].number for other, one in same.items())

    def holds(self, model: type[Any], other: int, found: Twins) -> bool:
        """Whether a row is still the same as that of the kept record that it was paired with."""
        row, one = self.rows[model][other], self.rows[model][found[model][other]]
        alone = all(_stands_alone(told) for told in (row, *self.parts_of(row)))
        return _agree(one, row, found) and (alone or self.counted(found))


def twins_of(keep: Patient, absorb: Patient) -> Twins:
    """Return the rows that both records have, each row with one of the other record.

    A row is the same only if all that it refers to is the same as what the other one refers to: courses and irAEs
    refer to each other, so pairs are taken away until all that is left holds.
    """
    both = _Both(keep, absorb)
    found: Twins = {}
    for model in TWINNED:
        found[model] = both.paired(model, found)
    while True:
        gone = [
            (model, other)
            for model in TWINNED
            for other in found[model]
            if not both.holds(model, other, found)
        ]
        if not gone:
            return found
        for model, other in gone:
            del found[model][other]


def _agree(one: Any, other: Any, found: Twins) -> bool:
    """Whether two rows refer to rows that are the same, as far as that is found."""
    return all(map(partial(_meet, found), _refs(one), _refs(other)))


def _meet(found: Twins, mine: Key | None, theirs: Key | None) -> bool:
    if mine is None or theirs is None:
        return mine is theirs
    model, pk = theirs
    return model not in found or found[model].get(pk) == mine[1]


def _stands_alone(row: Any) -> bool:
    """Whether no date of the row is counted from a course, but of a course from itself."""
    names = [f.name for f in row._meta.concrete_fields if f.name.endswith("_anchor")]
    return all(_is_of_the_row(row, getattr(row, name)) for name in names)


def _is_of_the_row(row: Any, anchor: str) -> bool:
    cycle = cycle_of(anchor)
    names_a_course = cycle is not None and cycle.course is not None
    return anchor in OF_THE_ROW or (isinstance(row, ICICourse) and not names_a_course)


def _numbered(told: dict[Key, Any]) -> dict[Key, int]:
    numbers: dict[Any, int] = {}
    return {key: numbers.setdefault(what, len(numbers)) for key, what in told.items()}


def _parts(model: type[Any], both: tuple[int, int]) -> dict[int, list[Any]]:
    part, name = PARTS_OF[model]
    found: dict[int, list[Any]] = {}
    for row in part._default_manager.filter(patient__in=both):
        found.setdefault(getattr(row, f"{name}_id"), []).append(row)
    return found


def left_out(model: type[Any]) -> set[str]:
    """Return the columns of a kind of row in which two rows may differ and say the same."""
    texts = {f"{name}_text" for name in dates_of(model)}
    said = SAID[model].columns if model in SAID else ()
    return {*OF_THE_RECORD, *texts, *said, *AS_TYPED.get(model, ())}


def _columns(row: Any, without: Iterable[str]) -> tuple[str, ...]:
    left = {*left_out(type(row)), *without}
    fields = [field for field in row._meta.concrete_fields if field.name not in left]
    return tuple(repr(getattr(row, field.attname)) for field in fields)


def _links(model: type[Any]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if f.related_model in TWINNED]


def _refs(row: Any) -> list[Key | None]:
    """Return what a row refers to, None where it refers to nothing."""
    fields = [row._meta.get_field(name) for name in _links(type(row))]
    keys = [(field.related_model, getattr(row, field.attname)) for field in fields]
    return [key if key[1] is not None else None for key in keys]


def keep_said(twins: Twins) -> None:
    """Let rows that stay say when that was said by either record: of two days the one that `SAID` keeps."""
    for model, said in SAID.items():
        rows = model._default_manager.in_bulk([*twins[model], *twins[model].values()])
        for other, mine in twins[model].items():
            day, theirs = (getattr(rows[pk], said.columns[0]) for pk in (mine, other))
            if (
                theirs is None
                or theirs == day
                or (day is not None and said.kept(day, theirs) == day)
            ):
                continue
            told = {name: getattr(rows[other], name) for name in said.columns}
            model._default_manager.filter(pk=mine).update(**told)


def _references(model: type[Model]) -> list[Any]:
    """Return what refers to rows of a model: neither their histories nor their own parts."""
    parts = PARTS_OF.get(model, (None, ""))[0]
    return [
        link
        for link in model._meta.related_objects
        if link.related_model is not parts and not hasattr(link.related_model, "pgh_obj")
    ]


def _held(model: type[Any], rows: Iterable[int]) -> set[int]:
    """Return which rows another application refers to: what it says of them stays said of these. A query a link."""
    found: set[int] = set()
    for link in _references(model):
        if link.related_model._meta.app_label != "cases":
            named = link.related_model._default_manager.filter(
                **{f"{link.field.name}__in": [*rows]}
            )
            found.update(named.values_list(link.field.attname, flat=True))
    return found


def refer_to_kept(twins: Twins) -> None:
    """Let what refers to a row that stays behind refer to its twin, but for rows that stay behind themselves."""
    for model, pairs in twins.items():
        for link in _references(model):
            if link.related_model._meta.app_label != "cases":
                continue
            for other, mine in pairs.items():
                rows = link.related_model._default_manager.filter(**{link.field.name: other})
                stay = twins.get(link.related_model, {})
                rows.exclude(pk__in=list(stay)).update(**{link.field.name: mine})


def left_behind(model: type[Model], twins: Twins) -> dict[str, Any]:
    """Return by which lookup the rows of a list are found that stay behind."""
    for whole, (part, name) in PARTS_OF.items():
        if model is part:
            return {f"{name}__in": list(twins[whole])}
    return {"pk__in": list(twins.get(model, {}))}
