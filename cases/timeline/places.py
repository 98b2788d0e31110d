"""From partial dates to places on the axis: days from an event count from where that event is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.timeline.content import Mode, When
from evidence.conditions.facts import FactState
from ui import formatting
from ui.partial_dates import PartialDate, cycle_of, names_no_course

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cases.models import ICICourse

Bounds = tuple[float, float]
Anchors = dict[str, Bounds | None]
Ends = tuple[When, When]
NEVER_ENDED = FactState.NOT_APPLICABLE
# How many days lie between two doses of an ICI where the course does not tell: every two to six weeks.
SHORTEST, LONGEST = 14.0, 42.0
# How far the picture draws on from the known end of a date of which the other end is open.
OPEN = 60.0


@dataclass(frozen=True)
class Given:
    """A course as dates are counted from it: first and last dose, and how many doses there were."""

    start: Bounds | None
    stop: Bounds | None
    doses: int | None

    def after_dose(self, n: int) -> Bounds | None:
        """Return the days from dose `n` to the one that follows it.

        From the spacing of the doses where first and last dose and their number are known; else as early
        and as late as doses every two to six weeks allow. A dose that was not given is nowhere.
        """
        if n < 1 or self.start is None or (self.doses is not None and n > self.doses):
            return None
        if self.doses and self.doses > 1 and self.stop is not None:
            first, last = self._dose(n), self._dose(n + 1)
            return first[0], max(last[1], first[0])
        low = self.start[0] + (n - 1) * SHORTEST
        high = self.start[1] + n * LONGEST
        if self.stop is not None and self.doses is None:
            # It was given, so it was given by the last dose.
            low, high = min(low, self.stop[1]), min(high, self.stop[1] + LONGEST)
        return low, max(low, high)

    def day_of_dose(self, n: int) -> Bounds | None:
        """Return the day of dose `n`, as far as it can be told."""
        if n == 1 and self.start is not None:
            return self.start
        span = self.after_dose(n)
        if span is None or self.start is None:
            return None
        if self.doses and self.doses > 1 and self.stop is not None:
            return self._dose(n)
        return span[0], max(span[0], min(span[1], self.start[1] + (n - 1) * LONGEST))

    def _dose(self, n: int) -> Bounds:
        """Return the day of dose `n` where doses are spaced evenly from the first to the last."""
        if self.start is None or self.stop is None or not self.doses:
            raise ValueError("the course tells no spacing")
        share = (n - 1) / (self.doses - 1)
        low, high = (a + (b - a) * share for a, b in zip(self.start, self.stop, strict=True))
        return float(round(low)), float(round(max(low, high)))


class Places:
    """The axis's mode, and where the events are that dates are counted from.

    A date counted from the ICI may be counted from any course as long as nobody told from which: it lies somewhere
    from the earliest to the latest day that follows, and nowhere where one of the courses has no such day.
    """

    def __init__(self, mode: Mode, courses: Iterable[ICICourse]) -> None:
        self.mode = mode
        self.given: dict[int, Given] = {}
        # Courses are told from the first dose of the first one.
        self.anchors: Anchors = {"ICI start": (0.0, 0.0)} if mode == "relative" else {}
        ended: list[Bounds | None] = []
        for i, course in enumerate(courses):
            start = self.bounds(course.start, {})
            if i == 0 and start is None and mode == "relative":
                start = (0.0, 0.0)
            if i == 0 and start:
                self.anchors["ICI start"] = start
            stop = self.bounds(course.stop, {"ICI start": start})
            low, high = course.cycles_low, course.cycles_high
            self.given[course.number] = Given(start, stop, low if low == high else None)
            if course.stop_state != NEVER_ENDED:
                ended.append(stop)
        starts = [given.start for given in self.given.values()]
        if starts:
            self.anchors["ICI start"] = _hull(starts)
        self.anchors["rechallenge start"] = _hull(starts[1:])
        self.anchors["ICI stop"] = self.anchors["last dose"] = _hull(ended)

    def of_course(self, number: int | None) -> Anchors:
        """Return what is counted from a certain course: its own first and last dose, as far as they are known."""
        given = self.given.get(number) if number is not None else None
        if given is None:
            return {}
        return {"ICI start": given.start, "ICI stop": given.stop, "last dose": given.stop}

    def of_given(self, number: int, start: PartialDate | None, stop: PartialDate | None) -> Ends:
        """Return the place and the words of the first and the last dose of a course."""
        given = self.given[number]
        return _at(given.start, _said(start)), _at(given.stop, _said(stop))

    def bounds(
        self,
        partial: PartialDate | None,
        own: Mapping[str, Bounds | None],
        course: int | None = None,
    ) -> Bounds | None:
        """Return where a date may lie, or None where the axis has no such place.

        `own`: anchors that count before the patient's; `course`: whose cycles are meant.
        """
        if partial is None or self.mode == "order":
            return None
        if partial.precision == "relative":
            return self._counted(partial, own, course)
        if self.mode != "calendar":
            return None
        low, high = partial.earliest, partial.latest
        if low is None and high is None:
            return None
        first = float(low.toordinal()) if low else float(high.toordinal() if high else 0) - OPEN
        last = float(high.toordinal()) if high else first + OPEN
        return first, last

    def _counted(
        self, partial: PartialDate, own: Mapping[str, Bounds | None], course: int | None
    ) -> Bounds | None:
        cycle = cycle_of(partial.anchor)
        if cycle is None:
            found = own.get(partial.anchor) if partial.anchor in own else None
            if partial.anchor not in own:
                found = self.anchors.get(partial.anchor)
        else:
            given = self._meant(cycle.course or course)
            if given is None:
                return None
            if partial.offset_days is None:
                return given.after_dose(cycle.number)
            found = given.day_of_dose(cycle.number)
        offset = partial.offset_days or 0
        return (found[0] + offset, found[1] + offset) if found else None

    def _meant(self, number: int | None) -> Given | None:
        """Return the course whose cycles are counted; of several, none is guessed."""
        if number is not None:
            return self.given.get(number)
        return next(iter(self.given.values())) if len(self.given) == 1 else None

    def when(
        self,
        partial: PartialDate | None,
        own: Mapping[str, Bounds | None] | None = None,
        course: int | None = None,
        *,
        unknown: bool = False,
    ) -> When:
        """Return the place and the words of a date; `unknown`: that somebody said that nobody knows its course."""
        found = self.bounds(partial, own or {}, course)
        words = _said(partial)
        if partial is not None and self._of_any(partial, own or {}, course):
            told = _("%(when)s, course not known") if unknown else _("%(when)s, course not told")
            words = told % {"when": words}
        return _at(found, words)

    def _of_any(
        self, partial: PartialDate, own: Mapping[str, Bounds | None], course: int | None
    ) -> bool:
        """Whether a date is counted from one of several courses, and nobody told from which."""
        named = partial.anchor in own or (course is not None and cycle_of(partial.anchor))
        return not named and names_no_course(partial, len(self.given))


def _hull(places: Sequence[Bounds | None]) -> Bounds | None:
    """Return from the earliest to the latest of several places; None where one of them is not known."""
    known = [place for place in places if place is not None]
    if not known or len(known) < len(places):
        return None
    return min(low for low, _high in known), max(high for _low, high in known)


def _at(place: Bounds | None, words: str) -> When:
    return When(*place, words=words) if place else When(words=words)


def _said(partial: PartialDate | None) -> str:
    return formatting.partial_date(partial) if partial is not None else ""
