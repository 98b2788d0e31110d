"""Puts the delivered lists of ICIs and of irAEs into their tables. What curators have changed stays, and is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from cases import lists
from cases.models import CorrectionState, DrugCorrection, ListedDrug, ListedEvent, ListState
from cases.services.lists import ANSWERED_FOR, FIXED, WORDS

# By the key of a row and a column, what stood there before curators corrected it.
Corrected = dict[tuple[type[Any], int], dict[str, str]]


def load_drugs() -> int:
    """Add the ICIs that have no row; return how many."""
    return _load(ListedDrug, lists.delivered_drugs().values(), _drug_values)


def load_events() -> int:
    """Add the irAEs that have no row; return how many."""
    return _load(ListedEvent, lists.delivered_entities().values(), _event_values)


def differing() -> list[str]:
    """Return in words where the lists are not as they were delivered."""
    return [
        *_differing(ListedDrug, lists.delivered_drugs().values(), _drug_values),
        *_differing(ListedEvent, lists.delivered_entities().values(), _event_values),
    ]


def corrected() -> Corrected:
    """Return which columns of which rows curators have corrected, and what stood there before the first correction."""
    found: Corrected = {}
    made = DrugCorrection.objects.filter(state=CorrectionState.MADE).order_by("pk")
    for correction in made:
        held = found.setdefault((ListedDrug, correction.drug_id), {})
        found[ListedDrug, correction.drug_id] = {**correction.before, **held}
    return found


def _key(row: Any) -> tuple[type[Any], int]:
    return type(row), row.pk


def _differs(name: str, ours: Any, delivered: Any, before: str | None) -> str:
    """Return in words how a column differs: corrected here, and whether the release says a third thing."""
    if before is None:
        return name
    if delivered == before:
        return f"{name} (corrected here)"
    return f"{name} (conflict: corrected here to “{ours}”, delivered as “{delivered}”)"


def _drug_values(drug: lists.Drug) -> dict[str, Any]:
    words = {name: getattr(drug, name) for name in ("label", "target", "atc", "dose", "dose_mark")}
    return {**words, "brands": list(drug.brands)}


def _event_values(entity: lists.Entity) -> dict[str, Any]:
    return {
        "label": entity.label,
        "organ": str(entity.organ),
        "family": entity.family,
        "terms": {version: list(term) for version, term in entity.terms.items()},
        "grades": {version: list(grades) for version, grades in entity.grades.items()},
        "synonyms": list(entity.synonyms),
    }


def _load(
    model: type[Any], delivered: Iterable[Any], values_of: Callable[[Any], dict[str, Any]]
) -> int:
    rows = {row.code: row for row in model.objects.all()}
    ours = corrected()
    new = []
    followed = False
    for item in delivered:
        values, row = values_of(item), rows.get(item.code)
        if row is None:
            row = model(code=item.code, state=ListState.OFFERED, delivered=True, **values)
            new.append(row)
        else:
            theirs = {n: v for n, v in values.items() if n not in ours.get(_key(row), {})}
            followed = _follow(row, theirs) or followed
    model.objects.bulk_create(new)
    if new or followed:
        transaction.on_commit(lists.changed)
    return len(new)


def _follow(row: Any, values: dict[str, Any]) -> bool:
    """Let a row be as it is delivered now: all of one that waits, what people answer for in any one that was delivered.

    What else it is called follows where nobody here has changed it.
    One that was confirmed here came with the product from now on, if it means the same there.
    """
    names = set(values) & set(FIXED[type(row)])
    same = all(getattr(row, name) == values[name] for name in names)
    changed: dict[str, Any] = {}
    if not row.delivered and (same or not row.is_settled):
        changed = {"delivered": True, "state": ListState.OFFERED}
        followed = ANSWERED_FOR[type(row)] if row.is_settled else tuple(values)
        changed |= {name: values[name] for name in followed if name in values}
    elif row.delivered:
        ours = row.edited_by_id is not None
        open_to_it = (ANSWERED_FOR if ours else WORDS)[type(row)]
        words = {name: values[name] for name in open_to_it if name in values}
        changed = {name: value for name, value in words.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=[*changed])
    return bool(changed)


def _differing(
    model: type[Any], delivered: Iterable[Any], values_of: Callable[[Any], dict[str, Any]]
) -> list[str]:
    rows = {row.code: row for row in model.objects.all()}
    ours = corrected()
    found = []
    for item in delivered:
        row = rows.get(item.code)
        held = ours.get(_key(row), {}) if row else {}
        names = [
            _differs(name, getattr(row, name), value, held.get(name))
            for name, value in values_of(item).items()
            if row and getattr(row, name) != value
        ]
        if row and row.state == ListState.RETIRED:
            names.append("no longer offered")
        if names:
            found.append(f"{item.code}: {', '.join(names)}")
    return found
