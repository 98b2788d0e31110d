"""Where a case stands: its meetings, decisions and monitoring, as the applications above this one tell it.

Imports run downwards only. An application above `cases` registers a `Source` when Django loads it
(`AppConfig.ready`); the query of the case page fetches what every source names, and costs no more for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

PREFIX = "stages_"


@dataclass(frozen=True)
class Stage:
    """One thing that was, is or will be done with a case, with the page where it stands.

    `label` names its kind ("Meeting"), `next_step` what happens next because of it, "" for nothing; `day` is the day
    before which what the case needs has to be there, None where none waits for it.
    """

    label: str
    text: str
    url: str
    detail: str = ""
    tag_text: str = ""
    tag_colour: str = "grey"
    next_step: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Source:
    """What one application tells of a case.

    `rows` gives an expression over cases that yields what the user may see, as a list of JSON objects;
    `stages` puts those objects of one case into words.
    """

    name: str
    rows: Callable[[User], Any]
    stages: Callable[[Case, list[dict[str, Any]]], Iterable[Stage]]


_sources: dict[str, Source] = {}


def tells_where_cases_stand(source: Source) -> None:
    """Register a source; one of the same name takes its place."""
    _sources[source.name] = source


def stage_columns(user: User) -> dict[str, Any]:
    """Return what a query of cases is annotated with, so that `stages_of` can read it."""
    return {PREFIX + source.name: source.rows(user) for source in _sources.values()}


def stages_of(case: Case) -> tuple[Stage, ...]:
    """Return what every source knows of a case fetched with `stage_columns`."""
    found = ((source, getattr(case, PREFIX + source.name)) for source in _sources.values())
    return tuple(stage for source, rows in found for stage in source.stages(case, rows))


def meeting_ahead(case: Case, today: date) -> date | None:
    """Return the day of the next meeting that waits for facts of a case fetched with `stage_columns`."""
    return min((s.day for s in stages_of(case) if s.day and s.day >= today), default=None)


def day_before(meeting: date, today: date) -> date:
    """Return by when facts are wanted for a meeting: the day before it, or today where it is today."""
    return max(meeting - timedelta(days=1), today)
