"""What applications above this one add to a patient's picture: the decisions of the board.

Imports run downwards only. An application above `cases` registers a `Source` when Django loads it
(`AppConfig.ready`); the query that fetches the case fetches what every source names, and costs no more for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

PREFIX = "drawn_"


@dataclass(frozen=True)
class Decided:
    """A decision on a day; `standing` is false for a draft and for what was amended since."""

    on: date
    label: str
    details: str = ""
    standing: bool = True


@dataclass(frozen=True)
class Source:
    """What one application adds.

    `rows` gives an expression over cases that yields what the user may see of the patient, as a list of JSON
    objects; `decisions` puts those objects into words.
    """

    name: str
    rows: Callable[[User], Any]
    decisions: Callable[[list[dict[str, Any]]], Iterable[Decided]]


_sources: dict[str, Source] = {}


def draws_on_timelines(source: Source) -> None:
    """Register a source; one of the same name takes its place."""
    _sources[source.name] = source


def drawn_columns(user: User) -> dict[str, Any]:
    """Return what a query of cases is annotated with, so that `decided_of` can read it."""
    return {PREFIX + source.name: source.rows(user) for source in _sources.values()}


def decided_of(case: Case) -> tuple[Decided, ...]:
    """Return the decisions of every source, of a case fetched with `drawn_columns`."""
    found = ((source, getattr(case, PREFIX + source.name)) for source in _sources.values())
    return tuple(decided for source, rows in found for decided in source.decisions(rows))
