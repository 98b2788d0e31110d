"""Rows of the curated lists for tests."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cases import lists
from cases.models import ListedDrug, ListedEvent
from cases.organs import Organ

if TYPE_CHECKING:
    import pytest

DRUG: dict[str, Any] = {
    "label": "penpulimab",
    "targets": ["PD-1"],
    "atc": "L01FF17",
    "dose": "200 mg every 3 weeks",
    "dose_mark": "a label, 2026",
    "brands": "Annike",
}
EVENT: dict[str, Any] = {
    "label": "Aseptic meningitis",
    "organ": "brain",
    "family": "",
    "synonyms": "Immune meningitis, Lymphocytic meningitis",
    "term_5_0": "Meningitis aseptic",
    "meddra_5_0": "10027201",
    "lowest_5_0": "2",
    "highest_5_0": "5",
}


def drug_row(**changes: Any) -> ListedDrug:
    """Return an ICI that is not saved."""
    return ListedDrug(**{"label": "penpulimab", "target": "PD-1", "brands": ["Annike"], **changes})


def event_row(**changes: Any) -> ListedEvent:
    """Return an irAE that is not saved."""
    terms = {"5.0": ["Meningitis aseptic", "10027201"]}
    values = {"label": "Aseptic meningitis", "organ": "brain", "terms": terms}
    return ListedEvent(**{**values, "grades": {"5.0": [2, 5]}, **changes})


def with_added(
    monkeypatch: pytest.MonkeyPatch, code: str, organ: str, *, family: str = "", **more: Any
) -> None:
    """Let the list have an irAE that curators have added; no database."""
    entity = lists.Entity(
        code=code,
        label=code.replace("_", " ").capitalize(),
        organ=Organ(organ),
        terms={"5.0": ("Autoimmune disorder", "10061664")},
        family=family or code,
        grades={"5.0": (1, 5)},
        may_be={},
        added=True,
        **more,
    )
    held = lists.current()
    found = replace(held, entities={**held.entities, code: entity}, number=held.number + 1)
    monkeypatch.setattr(lists, "_held", lists._Held(found, "added", math.inf))
