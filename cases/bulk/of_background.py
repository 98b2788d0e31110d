"""The rows of fitness and background: one a patient, whose record has a place for each answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.bulk.entries import (
    COMPLETED,
    NEW,
    UNCHANGED,
    beside,
    completed,
    say_broken,
    say_otherwise,
)
from cases.bulk.of_patients import repeated
from cases.bulk.owing import note_not_yet
from cases.bulk.telling import StandingForm, background_cells, known
from cases.forms.fields import Stated

if TYPE_CHECKING:
    from cases.bulk.entries import Group

ECOG = frozenset({"ecog", "assessed"})


def _read(form: StandingForm, name: str) -> Any:
    """Return what a form says of a field, as far as it is good."""
    if name not in form.cleaned_data:
        return None
    value = form.cleaned_data[name]
    return value if isinstance(value, Stated) else known(value)


def enter_background(group: Group) -> None:
    """Hold the row of a patient against the record, and add what it says beyond it."""
    rows = group.rows["background"]
    if not rows:
        return

    def make(data: dict[str, Any]) -> Any:
        return group.beside_life(StandingForm(data))

    first, *again = rows
    for row in again:
        repeated(group, first, row)
        group.count(row, UNCHANGED)
    group.at_hand = first
    there = group.known.standing if group.known else None
    recorded = background_cells(*there) if there else {}
    found = beside(first, recorded, make, _read)
    say_broken(group, first, found.broken)
    say_otherwise(group, first, found.otherwise, recorded)
    if found.fits and found.more and group.may_write(first):
        form = completed(group, first, recorded, found.more, make)
        if isinstance(form, StandingForm) and not group.problems:
            ecog = form.status() if found.more & ECOG else {}
            rest = {**form.body(), **form.values()} if found.more - ECOG else {}
            group.recorder.standing(group.case, ecog, rest)
    note_not_yet(group, first, recorded)
    said = COMPLETED if recorded else NEW
    group.count(first, said if found.more else UNCHANGED)
