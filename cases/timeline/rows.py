"""What all rows of the picture share: colours, marks, the room in which labels find their place."""

from __future__ import annotations

from dataclasses import dataclass, field

from cases.timeline.axis import Axis
from cases.timeline.placing import Placer
from cases.timeline.shapes import Box, Label, Mark, Value

CLASSES: dict[str, tuple[str, str, str]] = {
    "PD-1": ("pd1", "#2f6f9f", "#ffffff"),
    "PD-L1": ("pdl1", "#7fa3c7", "#1d2b36"),
    "CTLA-4": ("ctla4", "#8a4f9e", "#ffffff"),
}
OTHER_CLASS = ("other", "#9aa7b1", "#1d2b36")
GRADES: dict[int | None, tuple[str, str, str]] = {
    1: ("#f6dfa6", "#3d2a00", "#c99a2e"),
    2: ("#eeab5c", "#3a1f00", "#c9781f"),
    3: ("#bf3f17", "#ffffff", "#bf3f17"),
    4: ("#75130c", "#ffffff", "#75130c"),
    5: ("#1d2b36", "#ffffff", "#1d2b36"),
    None: ("#ffffff", "#1d2b36", "#6e8290"),
}
BAR, CHIP, MOST_LANES = 20.0, 18.0, 12
RESERVE = 190.0
# Two lines of a row's name.
LEAST = 42.0


@dataclass
class Row:
    """A finished row: its name, its height, what is drawn and written in it."""

    name: str
    sub: str
    height: float
    marks: list[Mark] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    beside: list[Label] = field(default_factory=list)


def mark(tag: str, cls: str, title: str = "", **attributes: Value) -> Mark:
    """Return a mark; underscores in names become hyphens."""
    rounded = {
        name.replace("_", "-"): round(value, 1) if isinstance(value, float) else value
        for name, value in attributes.items()
    }
    return Mark(tag, cls, rounded, title)


def placer_for(axis: Axis, width_of_picture: float) -> Placer:
    """Return an empty row's room, with today's line kept free."""
    placer = Placer(width_of_picture)
    if axis.today_x is not None:
        placer.take(Box(axis.today_x - 3, -1000, axis.today_x + 3, 100_000))
    return placer


def finish(row: Row, placer: Placer, lowest: float) -> Row:
    """Give the row its labels, leaders and height."""
    row.labels = placer.labels
    row.marks += placer.leaders
    row.height = max(placer.bottom(lowest) + 9, LEAST)
    return row
