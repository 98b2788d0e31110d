"""The axis: from days to pixels, with ticks that do not crowd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.utils import formats
from django.utils.translation import gettext as _

from cases.timeline.content import History, Mode, When
from cases.timeline.lettering import width

MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240)
DAY_STEPS = (7, 14, 28, 56, 84, 168, 364, 728, 1820, 3640, 7280, 14560, 36400)
TICK_ROOM = 50.0
FIRST, LAST = date(1850, 1, 1).toordinal(), date(2250, 1, 1).toordinal()


@dataclass(frozen=True)
class Tick:
    """A place on the axis; a major one starts a year. `day` is the day it stands for."""

    x: float
    label: str
    major: bool = False
    year: int = 0
    day: float = 0


@dataclass(frozen=True)
class Axis:
    """Maps days onto the picture. `end` is where the known history stops and the proposal begins."""

    mode: Mode
    low: float
    high: float
    left: float
    right: float
    today: date | None = None

    def x(self, day: float) -> float:
        """Return the pixel of a day, held within the picture."""
        share = (day - self.low) / (self.high - self.low)
        return round(self.left + min(max(share, 0), 1) * (self.right - self.left), 1)

    @property
    def today_x(self) -> float | None:
        """Where today is, where the axis is a calendar."""
        return self.x(self.today.toordinal()) if self.today and self.mode == "calendar" else None

    def ticks(self) -> list[Tick]:
        """Return the ticks from left to right; an axis that is not to scale has none."""
        if self.mode == "calendar":
            return list(self._months())
        return list(self._days()) if self.mode == "relative" else []

    def _days(self) -> Iterator[Tick]:
        pixels = (self.right - self.left) / (self.high - self.low)
        step = next((s for s in DAY_STEPS if s * pixels >= TICK_ROOM + 12), DAY_STEPS[-1])
        day = -(-int(self.low) // step) * step
        while day <= self.high:
            yield Tick(self.x(day), _("day %(n)s") % {"n": day}, major=day == 0, day=day)
            day += step

    def _months(self) -> Iterator[Tick]:
        pixels = (self.right - self.left) / (self.high - self.low) * 30.4
        step = next((s for s in MONTH_STEPS if s * pixels >= TICK_ROOM), MONTH_STEPS[-1])
        start = date.fromordinal(int(self.low))
        month = start.year * 12 + (start.month - 1) // min(step, 12) * min(step, 12)
        if step > 12:
            month = start.year // (step // 12) * step
        while (day := date(month // 12, month % 12 + 1, 1).toordinal()) <= self.high:
            if day >= self.low:
                first = date.fromordinal(day)
                yield Tick(
                    self.x(day),
                    formats.date_format(first, "M") if step < 12 else "",
                    major=first.month == 1,
                    year=first.year,
                    day=day,
                )
            month += step

    def years(self) -> list[Tick]:
        """Return the year labels of a calendar axis: where it begins, and each January that has room."""
        if self.mode != "calendar":
            return []
        start = date.fromordinal(int(self.low))
        marks = [Tick(self.left, str(start.year))]
        room = width("2026", 14, bold=True) + 14
        for tick in self.ticks():
            if not tick.major:
                continue
            if tick.x - marks[-1].x < room and len(marks) == 1 and marks[0].x == self.left:
                marks.pop()
            if not marks or tick.x - marks[-1].x >= room:
                marks.append(Tick(tick.x, str(tick.year), major=True))
        return marks


DATES = ("start", "stop", "onset", "resolved", "at")


def _days_of(history: History) -> Iterator[float]:
    items: Iterable[object] = chain(
        history.courses, history.events, history.steroids, history.points, history.treatments,
        history.second_line, history.responses, history.decisions,
    )  # fmt: skip
    for item in items:
        for when in (getattr(item, name, None) for name in DATES):
            if isinstance(when, When) and when.placed:
                yield when.earliest
                yield when.latest
    for steroid in history.steroids:
        for day in (day for day, _mg in steroid.doses if day.placed):
            yield day.earliest
            yield day.latest
    for trend in history.trends:
        if trend.placed:
            yield trend.values[0].day
            yield trend.values[-1].day


def axis_of(history: History, *, left: float, right: float, reserve: float) -> Axis:
    """Return an axis that holds every placed item; `reserve` pixels at its end wait for the proposal."""
    days = list(_days_of(history)) or [0.0]
    low, high = min(days), max(days)
    if history.mode == "calendar" and history.today:
        low, high = min(low, history.today.toordinal()), max(high, history.today.toordinal())
        low, high = max(low, FIRST), min(max(high, FIRST + 1), LAST)
    least = 60 if history.mode != "order" else 1
    span = max(high - low, least)
    low -= span * 0.03
    share = (right - left) / max(right - left - reserve, 1)
    high = low + max(high - low, span) * 1.02 * share
    return Axis(history.mode, low, high, left, right, history.today)
