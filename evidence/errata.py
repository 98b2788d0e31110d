"""The list of the review's errata as it is delivered, for whoever checks a statement against it. No ORM."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from evidence.errata_guard import BY_NUMBER
from evidence.loading import DATA


@dataclass(frozen=True, slots=True)
class Listed:
    """One erratum: what the review prints there, and what is right. `guarded`: a slip that would harm."""

    number: str
    sections: tuple[str, ...]
    printed: str
    right: str
    guarded: bool


@lru_cache(maxsize=1)
def listed() -> tuple[Listed, ...]:
    """Return every erratum, in order."""
    rows = json.loads((DATA / "errata.json").read_text(encoding="utf-8"))
    return tuple(
        Listed(
            row["number"],
            tuple(row["section"].split(",")),
            row["printed"],
            row["right"],
            row["number"] in BY_NUMBER,
        )
        for row in rows
    )


def beside(section: str) -> tuple[Listed, ...]:
    """Return the errata of a statement's sections; without a section, all that would harm."""
    named = {part.strip() for part in section.split(",")} - {""}
    if not named:
        return tuple(each for each in listed() if each.guarded)
    return tuple(each for each in listed() if named & set(each.sections))
