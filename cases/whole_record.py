"""Fetches the whole clinical history of patients in one query, whatever the number of its tables.

A page shows a dozen lists. One query a list is more than a page may cost, and each goes through row-level
security by itself; one query that unites them costs as much as the longest.
"""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from cases.models import (
    Analyte,
    BiomarkerResult,
    DossierEntry,
    DossierItem,
    DriverTest,
    ICICourse,
    Immunosuppressant,
    IrAE,
    LabResult,
    Metastasis,
    OrganReview,
    OtherTreatment,
    Report,
    ResponseAssessment,
    SteroidCourse,
    SteroidDose,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.models import Patient

# In the order in which a page shows them; rows of one list stand in their model's own order.
HISTORY: tuple[type[models.Model], ...] = (
    ICICourse,
    OtherTreatment,
    ResponseAssessment,
    IrAE,
    OrganReview,
    DossierEntry,
    Report,
    SteroidCourse,
    SteroidDose,
    Immunosuppressant,
    Metastasis,
    DriverTest,
    BiomarkerResult,
    LabResult,
)
# Curated rows that rows of a list point at: they come along.
POINTED_AT: tuple[tuple[type[models.Model], str, type[models.Model]], ...] = (
    (LabResult, "analyte", Analyte),
    (DossierEntry, "item", DossierItem),
)
# Curated rows that are fetched whether anything points at them or not: items that answer a fact.
ALSO: dict[type[models.Model], str] = {DossierItem: "t.fact <> ''"}
# And where a form offers them.
OFFERED: dict[type[models.Model], str] = {
    Analyte: "t.active",
    DossierItem: "t.fact <> '' OR t.active",
}
# Lists whose model has no order of its own.
ORDERS: dict[type[models.Model], tuple[str, ...]] = {
    BiomarkerResult: ("kind", "timing", "id"),
    DriverTest: ("gene",),
    Metastasis: ("site",),
    OrganReview: ("organ",),
    DossierEntry: ("id",),
    LabResult: ("-taken_on", "-id"),
}


def fetch_record(
    patients: Iterable[Patient],
    *,
    offered: bool = False,
    lists: tuple[type[models.Model], ...] = HISTORY,
) -> None:
    """Fill every list of the clinical history of `patients`, and the links among its rows; one query.

    `offered`: and what forms offer, whether the record points at it or not: analytes, items of dossiers. `lists`: no
    other list than these; whatever asks for another one asks the database, so none reads as empty.
    """
    whole = lists == HISTORY
    by_id: dict[int, list[Patient]] = defaultdict(list)
    for patient in patients:
        by_id[patient.pk].append(patient)
    rows, curated = _rows(list(by_id), lists, offered=offered)
    for model, name, target in _pointed_at(lists):
        for row in (row for found in rows[model].values() for row in found):
            row._state.fields_cache[name] = curated[target][getattr(row, f"{name}_id")]
    for copies in by_id.values():
        for patient in copies:
            patient.record_is_fetched = whole
            mine = {model: rows[model][patient.pk] for model in lists}
            for model, found in mine.items():
                _keep(patient, model._meta.get_field("patient"), found)
            _link(patient, mine)
            if not whole:
                continue
            patient.dossier_items = [
                item for item in curated[DossierItem].values() if isinstance(item, DossierItem)
            ]
            patient.analytes = [a for a in curated[Analyte].values() if isinstance(a, Analyte)]


def ensure_record(patient: Patient) -> None:
    """Fetch the history of `patient` unless it is there."""
    if not patient.record_is_fetched:
        fetch_record([patient])


Rows = dict[type[models.Model], dict[int, list[models.Model]]]
Curated = dict[type[models.Model], dict[int, models.Model]]


def _pointed_at(
    lists: tuple[type[models.Model], ...],
) -> list[tuple[type[models.Model], str, type[models.Model]]]:
    return [link for link in POINTED_AT if link[0] in lists]


def _rows(
    ids: list[int], lists: tuple[type[models.Model], ...], *, offered: bool
) -> tuple[Rows, Curated]:
    """Return the rows of each list by patient, and the curated rows that they point at by id."""
    found: Rows = {model: defaultdict(list) for model in lists}
    curated: Curated = {target: {} for _model, _name, target in POINTED_AT}
    if not ids:
        return found, curated
    models_ = [*lists, *(target for _model, _name, target in _pointed_at(lists))]
    with connection.cursor() as cursor:
        cursor.execute(_sql(lists, offered), [ids] * len(models_))
        for number, text in cursor.fetchall():
            model = models_[number]
            row = instance_of(model, json.loads(text, parse_float=Decimal))
            if model in curated:
                curated[model][row.pk] = row
            else:
                found[model][row.patient_id].append(row)  # type: ignore[attr-defined]
    return found, curated


@cache
def _sql(lists: tuple[type[models.Model], ...], offered: bool) -> str:
    # What nothing points at serves the whole record alone.
    also = ALSO | (OFFERED if offered else {}) if lists == HISTORY else {}
    parts = [
        f"(SELECT {number} AS list, to_jsonb(t)::text FROM {model._meta.db_table} t"  # noqa: S608
        f" WHERE t.patient_id = ANY(%s) ORDER BY {_order(model)})"
        for number, model in enumerate(lists)
    ]
    parts += [
        f"SELECT {number}, to_jsonb(t)::text FROM {target._meta.db_table} t WHERE t.id IN"  # noqa: S608
        f" (SELECT r.{name}_id FROM {model._meta.db_table} r WHERE r.patient_id = ANY(%s))"
        f" OR {also.get(target, 'false')}"
        for number, (model, name, target) in enumerate(_pointed_at(lists), start=len(lists))
    ]
    return " UNION ALL ".join(parts)


def _order(model: type[models.Model]) -> str:
    names = ORDERS.get(model) or tuple(str(name) for name in model._meta.ordering or ())
    return ", ".join(f"t.{n[1:]} DESC NULLS LAST" if n[0] == "-" else f"t.{n}" for n in names)


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str, Any], ...]:
    return tuple((f.attname, str(f.column), f.to_python) for f in model._meta.concrete_fields)


def instance_of(model: type[models.Model], values: dict[str, Any]) -> models.Model:
    """Return a row of `model` from its `to_jsonb`, its numbers read as `Decimal`."""
    columns = _columns(model)
    return model.from_db(
        connection.alias,
        [attname for attname, _column, _read in columns],
        [read(values[column]) for _attname, column, read in columns],
    )


def _keep(owner: models.Model, key: Any, rows: list[models.Model]) -> None:
    """Let the list of `owner` at the other end of the foreign key `key` be `rows`."""
    kept = key.model._default_manager.all()
    kept._result_cache = rows
    kept._prefetch_done = True
    cached = owner.__dict__.setdefault("_prefetched_objects_cache", {})
    cached[key.remote_field.cache_name] = kept
    for row in rows:
        row._state.fields_cache[key.name] = owner


def _link(patient: Patient, mine: dict[type[models.Model], list[models.Model]]) -> None:
    """Join the rows to each other, so that neither end of a link asks the database again."""
    for model, rows in mine.items():
        for key in model._meta.concrete_fields:
            if not key.is_relation or key.related_model not in mine:
                continue
            targets = {row.pk: row for row in mine[key.related_model]}
            hanging: dict[int, list[models.Model]] = defaultdict(list)
            for row in rows:
                hanging[getattr(row, key.attname)].append(row)
            for pk, target in targets.items():
                _keep(target, key, hanging[pk])
            for row in hanging[None]:  # type: ignore[index]
                row._state.fields_cache[key.name] = None
