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

    @property
    def exact(self) -> bool:
        """Whether the day itself is known."""
        return self.low is not None and self.low == self.high


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
    # What is said of the worst grade where there is none.
    no_grade: str = ""
    # What was given for it, in words.
    given: str = ""


@dataclass(frozen=True)
class Steroid:
    """One steroid course; doses in mg prednisone a day (None: not known)."""

    label: str
    peak: float | None
    now: float | None
    replacement: bool = False
    start: When = NOWHERE
    stop: When = NOWHERE
    doses: tuple[tuple[When, float], ...] = ()
    ongoing: bool = False
    # The day for which the last dose was said, and what it was given for, in words.
    said: When = NOWHERE
    reason: str = ""


@dataclass(frozen=True)
class Treatment:
    """A treatment that is no ICI, or a second-line agent: `kind` is its code, `name` the kind in words."""

    kind: str
    name: str
    label: str
    start: When = NOWHERE
    stop: When = NOWHERE
    ongoing: bool = False
    details: str = ""


@dataclass(frozen=True)
class Response:
    """One assessment of the tumour; `code` is empty where the response is not known."""

    code: str
    label: str
    at: When = NOWHERE
    details: str = ""


@dataclass(frozen=True)
class Decision:
    """What the board decided; `standing` is false for a draft and for what was amended since."""

    label: str
    at: When = NOWHERE
    standing: bool = True
    details: str = ""


@dataclass(frozen=True)
class Point:
    """Something measured once, or another event that is told with a day; `kind` says which, in words."""

    label: str
    at: When = NOWHERE
    kind: str = ""


@dataclass(frozen=True)
class Value:
    """One value of a trend on its day; `bound` says that the laboratory gave a limit and no value."""

    day: float
    value: float
    shown: str
    words: str
    bound: bool = False


@dataclass(frozen=True)
class Trend:
    """The values of one analyte or index, oldest first, all in `unit`. `placed`: the axis is a calendar.

    `doubtful`: how many values were left out because they cannot be.
    """

    name: str
    unit: str
    values: tuple[Value, ...]
    placed: bool = True
    doubtful: int = 0


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
    treatments: tuple[Treatment, ...] = ()
    second_line: tuple[Treatment, ...] = ()
    responses: tuple[Response, ...] = ()
    decisions: tuple[Decision, ...] = ()
    trends: tuple[Trend, ...] = ()
    more_trends: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing but perhaps a proposal."""
        return not any(
            (
                self.courses, self.events, self.steroids, self.points, self.treatments, self.second_line,
                self.responses, self.decisions, self.trends,
            )
        )  # fmt: skip
