"""In which order a patient's ICI courses were given: by their first doses, as far as their dates tell.

Where two cannot be told apart by their dates the order stands in which they are numbered, which is what somebody
said. A course certainly began before another where the last day on which it may have begun lies before the first
day on which the other may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from cases.models import ICICourse
    from ui.partial_dates import PartialDate


@dataclass(frozen=True)
class Begun:
    """Between which days a course began; None where that is open."""

    since: date | None = None
    until: date | None = None

    def before(self, other: Begun) -> bool:
        """Whether it certainly began before the other."""
        return self.until is not None and other.since is not None and self.until < other.since

    def comparable(self, other: Begun) -> bool:
        """Whether the dates say which of the two began first."""
        return self.before(other) or other.before(self)


def begun(start: PartialDate | None, stop: PartialDate | None) -> Begun:
    """Return when a course began by its first and its last dose: it began no later than it ended."""
    ends = [d.latest for d in (start, stop) if d is not None and d.latest is not None]
    return Begun(start.earliest if start else None, min(ends, default=None))


def begun_of(row: ICICourse) -> Begun:
    """Return when a course of the record began."""
    return begun(row.start, row.stop)


def in_order(courses: Iterable[ICICourse], places: Mapping[int, float]) -> list[ICICourse]:
    """Return courses by their first doses; `places`, by their keys, where their dates do not tell.

    In the order of their places each comes next, and just before it those that certainly began before it: one of which
    no date tells stays after those that it is said to come after.
    """
    left = sorted(courses, key=lambda row: places[row.pk])
    when = {row.pk: begun_of(row) for row in left}
    found: dict[int, ICICourse] = {}

    def add(row: ICICourse) -> None:
        if row.pk in found:
            return
        for other in left:
            if when[other.pk].before(when[row.pk]):
                add(other)
        found[row.pk] = row

    for row in left:
        add(row)
    return list(found.values())
