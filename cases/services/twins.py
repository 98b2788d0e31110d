"""Rows of two records that say word for word the same: the united record has them once.

Such a row stays where it was, as it was, and what refers to it refers to the other one from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.differing import STAYS
from cases.models import (
    BiomarkerResult,
    DossierEntry,
    ICICourse,
    Immunosuppressant,
    IrAE,
    OtherTreatment,
    ResponseAssessment,
    SteroidCourse,
    SteroidDose,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
)
# What is part of a row: the name by which it refers to it.
PARTS_OF: dict[type[Any], tuple[type[Any], str]] = {
    IrAE: (DossierEntry, "irae"),
    SteroidCourse: (SteroidDose, "course"),
}
# The number of a course follows from its record; no anchor but this one is part of the row itself.
OF_THE_RECORD, OF_THE_ROW = STAYS | {"number"}, {"", "irAE onset"}
# Model -> key of a row of the absorbed record -> key of the row of the kept one that says the same.
Twins = dict[type[Any], dict[int, int]]


def twins_of(keep: Patient, absorb: Patient) -> Twins:
    """Return the rows that both records have, each row with one of the other record."""
    both = (keep.pk, absorb.pk)
    rows = {
        model: {row.pk: row for row in model._default_manager.filter(patient__in=both)}
        for model in TWINNED
    }
    parts = {model: _parts(model, both) for model in PARTS_OF}
    found: Twins = {}
    for model in TWINNED:
        mine, others = (
            [row for row in rows[model].values() if row.patient_id == pk] for pk in both
        )
        counted = model is ICICourse or _all_courses(found[ICICourse], rows[ICICourse].values())
        found[model] = _paired(mine, others, rows, parts, counted=counted)
    return found


def _all_courses(found: Mapping[int, int], courses: Iterable[Any]) -> bool:
    """Whether both records have the same courses: what is counted from one is then the same."""
    return {row.pk for row in courses} == {*found, *found.values()}


def _paired(
    mine: list[Any], others: list[Any], rows: Any, parts: Any, *, counted: bool
) -> dict[int, int]:
    free = [(row.pk, _told(row, rows, parts)) for row in mine]
    found = {}
    for row in others:
        told = _told(row, rows, parts)
        same = next((one for one in free if one[1] == told), None)
        if same is None or _is_held(row) or not (counted or _stands_alone(row)):
            continue
        free.remove(same)
        found[row.pk] = same[0]
    return found


def _stands_alone(row: Any) -> bool:
    """Whether no date of the row is counted from a course."""
    names = [f.name for f in row._meta.concrete_fields if f.name.endswith("_anchor")]
    return all(getattr(row, name) in OF_THE_ROW for name in names)


def _parts(model: type[Any], both: tuple[int, int]) -> dict[int, list[Any]]:
    part, name = PARTS_OF[model]
    found: dict[int, list[Any]] = {}
    for row in part._default_manager.filter(patient__in=both):
        told = _columns(row, {name})
        found.setdefault(getattr(row, f"{name}_id"), []).append(told)
    return {pk: sorted(told, key=repr) for pk, told in found.items()}


def _columns(row: Any, without: Iterable[str]) -> tuple[Any, ...]:
    left = {*OF_THE_RECORD, *without}
    fields = [field for field in row._meta.concrete_fields if field.name not in left]
    return tuple(repr(getattr(row, field.attname)) for field in fields)


def _told(row: Any, rows: Any, parts: Any) -> Any:
    """Return all that a row says, and what is said by the rows that it refers to."""
    links = [f for f in row._meta.concrete_fields if f.related_model in rows]
    names = {field.name for field in links}
    linked = [rows[f.related_model].get(getattr(row, f.attname)) for f in links]
    behind = [None if one is None else _alone(one) for one in linked]
    return _columns(row, names), behind, parts.get(type(row), {}).get(row.pk, [])


def _alone(row: Any) -> tuple[Any, ...]:
    names = {field.name for field in row._meta.concrete_fields if field.related_model in TWINNED}
    return _columns(row, names)


def _references(model: type[Model]) -> list[Any]:
    """Return what refers to rows of a model: neither their histories nor their own parts."""
    parts = PARTS_OF.get(model, (None, ""))[0]
    return [
        link
        for link in model._meta.related_objects
        if link.related_model is not parts and not hasattr(link.related_model, "pgh_obj")
    ]


def _is_held(row: Any) -> bool:
    """Whether another application refers to a row: what it says of it stays said of that one."""
    return any(
        link.related_model._default_manager.filter(**{link.field.name: row}).exists()
        for link in _references(type(row))
        if link.related_model._meta.app_label != "cases"
    )


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
