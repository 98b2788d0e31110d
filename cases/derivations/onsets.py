"""On which days an irAE may have begun, also where its onset is told in days from a dose. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from evidence.conditions.facts import FactState
from ui.partial_dates import cycle_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.derivations.events import Event, Span
    from cases.derivations.record import Course


def begun(event: Event, courses: Iterable[Course]) -> Span:
    """Return the first and the last day on which an irAE may have begun; None where one is open.

    Where nobody told from which course the days count, it may be any of those that they can count from.
    """
    after = event.onset_after_start_days
    told = event.onset_after if after is None else ("ICI start", after)
    if told is None:
        return event.onset
    anchor, days = told
    spans = _counted_from(anchor, event.course, list(courses))
    firsts = [first for first, _last in spans if first is not None]
    lasts = [last for _first, last in spans if last is not None]
    shift = timedelta(days=days)
    return (
        min(firsts) + shift if firsts and len(firsts) == len(spans) else None,
        max(lasts) + shift if lasts and len(lasts) == len(spans) else None,
    )


def _counted_from(anchor: str, named: int | None, courses: list[Course]) -> list[Span]:
    """Return the days of what an onset counts from, course by course; a cycle's dose is no later than the last."""
    cycle = cycle_of(anchor)
    if cycle is not None:
        meant = _meant(courses, cycle.course or named)
        return [(course.start[0], course.last_dose[1]) for course in meant]
    if anchor == "ICI start":
        return [course.start for course in _meant(courses, named)]
    if anchor == "rechallenge start":
        later = [course for course in courses if course.number > 1]
        return [course.start for course in _meant(later, named)]
    if anchor in {"ICI stop", "last dose"}:
        meant = _meant(courses, named)
        ended = [c for c in meant if c.stop_state is not FactState.NOT_APPLICABLE]
        # The last dose was no earlier than the first.
        return [(c.last_dose[0] or c.start[0], c.last_dose[1]) for c in ended or meant]
    return []


def _meant(courses: list[Course], named: int | None) -> list[Course]:
    return [course for course in courses if course.number == named] or courses
