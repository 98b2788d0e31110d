"""What the template draws: marks, labels, row names, ticks. Coordinates in pixels of the picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from cases.timeline.content import Mode

Value = str | float | int


@dataclass(frozen=True)
class Box:
    """A rectangle; touching edges do not overlap."""

    x0: float
    y0: float
    x1: float
    y1: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share an area."""
        return (
            self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1
        )


@dataclass(frozen=True)
class Mark:
    """One SVG element: its tag, its class for the dark set, its presentation attributes."""

    tag: str
    cls: str
    attributes: dict[str, Value] = field(hash=False)
    text: str = ""


@dataclass(frozen=True)
class Label:
    """A text with its baseline's start, and the box it fills. `full` is the text before it was cut."""

    x: float
    y: float
    text: str
    box: Box
    cls: str = "tl-text"
    fill: str = "#1d2b36"
    weight: int = 400
    size: float = 12.5
    anchor: str = "start"
    full: str = ""


@dataclass(frozen=True)
class Item:
    """One thing of the history as it is drawn: its shapes, its label, and its text for whoever comes to it.

    `placing` is "day", "range" or "undated". `days` are the days its edges stand for: where it may begin,
    surely runs from, surely runs to, may end; None where an end is not known.
    """

    kind: str
    placing: str
    text: str
    marks: tuple[Mark, ...] = ()
    labels: tuple[Label, ...] = ()
    days: tuple[float | None, ...] = ()

    @property
    def attributes(self) -> dict[str, Value]:
        """Return the attributes that tell what the item is, and the days of its edges."""
        found: dict[str, Value] = {"data-kind": self.kind, "data-placing": self.placing}
        for name, day in zip(("from", "sure-from", "sure-to", "to"), self.days, strict=False):
            if day is not None:
                found[f"data-{name}"] = round(day, 2)
        return found


@dataclass(frozen=True)
class RowName:
    """The name of a row beside the picture, and the lines below it."""

    y: float
    name: str
    subs: tuple[str, ...] = ()
    line: float = 0
    full: str = ""


@dataclass(frozen=True)
class TableRow:
    """One item of the history in words."""

    kind: str
    what: str
    when: str
    details: str = ""


@dataclass(frozen=True)
class LegendItem:
    """A sign and what it means; `kind` as the legend component knows it."""

    kind: str
    text: str


@dataclass(frozen=True)
class Timeline:
    """The whole picture. `note` says which axis was chosen and why, where it is not the calendar.

    From back to front: `ground` and `words` (grid, rules, the axis), `items`, `front` (today's line).
    """

    mode: Mode
    note: str
    title: str
    description: str
    width: float
    names_width: float
    height: float
    names: tuple[RowName, ...] = ()
    name_labels: tuple[Label, ...] = ()
    ground: tuple[Mark, ...] = ()
    words: tuple[Label, ...] = ()
    items: tuple[Item, ...] = ()
    front: tuple[Mark, ...] = ()
    fades: tuple[tuple[str, str], ...] = ()
    legend: tuple[LegendItem, ...] = ()
    more: str = ""
    table: tuple[TableRow, ...] = ()
    # Where today is on the plot, from 0 to 1; None where the axis is no calendar.
    today: float | None = None

    @property
    def empty(self) -> bool:
        """Whether there is no history to draw."""
        return not self.table

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Every shape, from back to front."""
        return (*self.ground, *(m for item in self.items for m in item.marks), *self.front)

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every label."""
        return (*self.words, *(label for item in self.items for label in item.labels))
