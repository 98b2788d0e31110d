"""What a picture of the history shows: items with positions in days, words already chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Mode = Literal["calendar", "relative", "order"]


@dataclass(frozen=True)
class When:
    """Where on the axis: bounds in days (a day's ordinal, or days from the first dose), and its words.

    One bound may be open. Both are None where the position is not known.
    """

    low: float | None = None
    high: float | None = None
    words: str = ""

    @property
    def placed(self) -> bool:
        """Whether there is any position to draw at."""
        return self.low is not None or self.high is not None

    @property
    def earliest(self) -> float:
        """The lower bound; two months before the upper one where it is open."""
        return self.low if self.low is not None else (self.high or 0) - 60

    @property
    def latest(self) -> float:
        """The upper bound; two months after the lower one where it is open."""
        return self.high if self.high is not None else (self.low or 0) + 60

    @property
    def middle(self) -> float:
        """The point to draw a mark at."""
        return (self.earliest + self.latest) / 2


NOWHERE = When()


@dataclass(frozen=True)
class Course:
    """One ICI course: targets in the order of its drugs ("PD-1", "CTLA-4"), full and short label."""

    number: int
    label: str
    short: str
    targets: tuple[str, ...]
    start: When = NOWHERE
    stop: When = NOWHERE
    ongoing: bool = False
    stopped: str = ""


@dataclass(frozen=True)
class Event:
    """One irAE with its worst grade (None: not known) in the given CTCAE version."""

    label: str
    grade: int | None
    version: str
    onset: When = NOWHERE
    resolved: When = NOWHERE
    ongoing: bool = False
    course: int | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Steroid:
    """One steroid course; doses in mg prednisone a day (None: not known)."""

    label: str
    peak: float | None
    now: float | None
    replacement: bool = False
    start: When = NOWHERE
    stop: When = NOWHERE


@dataclass(frozen=True)
class Point:
    """Something measured once."""

    label: str
    at: When = NOWHERE


@dataclass(frozen=True)
class History:
    """All that the picture shows. `today` is None where the axis has no place for it."""

    mode: Mode
    today: date | None
    courses: tuple[Course, ...] = ()
    events: tuple[Event, ...] = ()
    steroids: tuple[Steroid, ...] = ()
    points: tuple[Point, ...] = ()
    proposed: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing but perhaps a proposal."""
        return not (self.courses or self.events or self.steroids or self.points)
