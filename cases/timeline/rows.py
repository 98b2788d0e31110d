"""What all rows of the picture share: colours, marks, labels, and how a thing becomes an item."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cases.timeline.lanes import SIZE, Place, Spot
from cases.timeline.lettering import width
from cases.timeline.shapes import Box, Item, Label, Mark, Value

if TYPE_CHECKING:
    from cases.timeline.axis import Axis
    from cases.timeline.content import When

SOFT = "#51626f"
INK = "#1d2b36"
LINE = "#6e8290"
PURPLE = "#5b3a78"
STEROID = "#d9c7e6"

# By class of ICI, or kind of another treatment: name of its style, colour, ink upon it.
CLASSES: dict[str, tuple[str, str, str]] = {
    "PD-1": ("pd1", "#2f6f9f", "#ffffff"),
    "PD-L1": ("pdl1", "#7fa3c7", "#1d2b36"),
    "CTLA-4": ("ctla4", "#8a4f9e", "#ffffff"),
    "chemotherapy": ("chemo", "#9aa7b1", "#1d2b36"),
    "radiotherapy": ("radio", "#c98a2b", "#1d2b36"),
    "targeted": ("targeted", "#37756d", "#ffffff"),
    "antiangiogenic": ("vessel", "#9c5a74", "#ffffff"),
    "second_line": ("second", "#b39ac7", "#1d2b36"),
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
BAR, CHIP, PITCH = 22.0, 20.0, 26.0
TOP = 7.0
RESERVE = 190.0
# Two lines of a row's name.
LEAST = 44.0


@dataclass
class Row:
    """A finished row: its name, its height, the things in it, and what lies behind and beside them."""

    name: str
    sub: str
    height: float = LEAST
    items: list[Item] = field(default_factory=list)
    ground: list[Mark] = field(default_factory=list)
    words: list[Label] = field(default_factory=list)
    beside: list[Label] = field(default_factory=list)

    def fit_lanes(self, lanes: int, pitch: float = PITCH) -> Row:
        """Take the height of so many lanes."""
        self.height = max(TOP + lanes * pitch + 6, LEAST)
        return self


def mark(tag: str, cls: str, text: str = "", **attributes: Value) -> Mark:
    """Return a mark; underscores in names become hyphens."""
    rounded = {
        name.replace("_", "-"): round(value, 1) if isinstance(value, float) else value
        for name, value in attributes.items()
    }
    return Mark(tag, cls, rounded, text)


def label_at(
    spot: Spot, middle: float, *, cls: str = "tl-text", fill: str = INK, weight: int = 400
) -> Label:
    """Return a spot's text as a label with its middle at a height."""
    box = Box(spot.x, middle - SIZE * 0.62, spot.end, middle + SIZE * 0.62)
    return Label(
        round(spot.x, 1), round(middle + SIZE * 0.35, 1), spot.text, box, cls, fill, weight, SIZE,
        full=spot.full,
    )  # fmt: skip


def middle_of(place: Place, pitch: float = PITCH, *, label: bool = False) -> float:
    """Return the height of the middle of a thing, or of its label."""
    lane = place.lane + (1 if label and place.under else 0)
    return TOP + lane * pitch + pitch / 2 - 2


def leader(place: Place, x: float, bottom: float, pitch: float = PITCH) -> list[Mark]:
    """Return the line from a thing to its label below."""
    if place.spot is None or not place.under:
        return []
    end = middle_of(place, pitch, label=True) - SIZE * 0.62
    at = min(max(x, place.spot.x + 2), place.spot.end - 2)
    return [mark("line", "tl-leader", x1=at, x2=at, y1=bottom, y2=end, stroke=LINE, stroke_width=1)]


def chip_wide(text: str) -> float:
    """Return how wide a chip with a text is."""
    return max(CHIP, width(text, 13, bold=True) + 8)


def chip(x: float, middle: float, text: str, name: str, look: tuple[str, str, str]) -> list[Mark]:
    """Return a chip from `x` with its text; `look`: fill, ink, outline."""
    fill, ink, line = look
    wide = chip_wide(text)
    return [
        mark("rect", f"tl-chip {name}", x=x, y=middle - CHIP / 2, width=wide, height=CHIP, rx=4, fill=fill,
             stroke=line, stroke_width=1),
        Mark("text", f"tl-chip-text {name}", {
            "x": round(x + wide / 2, 1), "y": round(middle + 4.7, 1), "text-anchor": "middle",
            "font-size": 13, "font-weight": 700, "fill": ink,
        }, text),
    ]  # fmt: skip


def dotted(x0: float, x1: float, y0: float, y1: float, dash: str = "2 2") -> Mark:
    """Return one line of those that say: somewhere within."""
    return mark("line", "tl-span", x1=x0, x2=x1, y1=y0, y2=y1, stroke=LINE, stroke_width=1.5,
                stroke_dasharray=dash)  # fmt: skip


def within(x0: float, x1: float, y: float) -> list[Mark]:
    """Return the line with an end at each bound that says: somewhere within."""
    return [dotted(x0, x1, y, y), *(dotted(x, x, y - 2.5, y + 2.5, "none") for x in (x0, x1))]


def whisker(axis: Axis, when: When, middle: float) -> list[Mark]:
    """Return the bounds within which a thing lies, below it; nothing where its day is known."""
    if when.exact:
        return []
    return within(axis.x(when.earliest), axis.x(when.latest), middle + CHIP / 2 + 1.5)


def placing(*dates: When, needed: int = 1) -> str:
    """Return whether the days are known, a range of days, or nothing: of the first `needed`, all must be."""
    if not any(d.placed for d in dates):
        return "undated"
    exact = all(d.exact for d in dates[:needed]) and all(d.exact for d in dates if d.placed)
    return "day" if exact else "range"


_VERTICAL = {"y", "y1", "y2", "cy"}


def down(m: Mark, by: float) -> Mark:
    """Return the mark moved down."""
    moved = {k: round(float(v) + by, 1) if k in _VERTICAL else v for k, v in m.attributes.items()}
    if "points" in moved:
        pairs = (pair.split(",") for pair in str(moved["points"]).split())
        moved["points"] = " ".join(f"{x},{float(y) + by:.1f}" for x, y in pairs)
    return Mark(m.tag, m.cls, moved, m.text)


def lower(label: Label, by: float) -> Label:
    """Return the label moved down."""
    b = label.box
    box = Box(b.x0, b.y0 + by, b.x1, b.y1 + by)
    return replace(label, x=round(label.x, 1), y=round(label.y + by, 1), box=box)


def lower_item(item: Item, by: float) -> Item:
    """Return the item moved down."""
    return replace(
        item,
        marks=tuple(down(m, by) for m in item.marks),
        labels=tuple(lower(label, by) for label in item.labels),
    )
