"""Bars: from the first day to the last, soft where a day is not known, in lanes where they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.timeline.axis import Axis
from cases.timeline.content import When
from cases.timeline.lanes import GAP, SIZE, Place, Room, Spot, Thing, beside, pack
from cases.timeline.lettering import width
from cases.timeline.rows import (
    BAR,
    CLASSES,
    INK,
    OTHER_CLASS,
    Row,
    label_at,
    leader,
    mark,
    middle_of,
    placing,
)
from cases.timeline.shapes import Item, Mark

# What is shorter than this gets a head that can be seen from afar; its edges stay where they are.
SEEN = 5.0


@dataclass(frozen=True)
class Bar:
    """What a bar stands for: its classes, its label long and short, its dates, its text."""

    kind: str
    classes: tuple[str, ...]
    texts: tuple[str, ...]
    start: When
    stop: When
    ongoing: bool
    text: str


def edges_of(axis: Axis, bar: Bar, until: float) -> tuple[float, float, float, float]:
    """Return where a bar may begin, surely runs from, surely runs to, and may end, in pixels."""
    first = (axis.x(bar.start.earliest), axis.x(bar.start.latest)) if bar.start.placed else None
    last = (axis.x(bar.stop.earliest), axis.x(bar.stop.latest)) if bar.stop.placed else None
    end = axis.x(until)
    if bar.ongoing and last is None:
        last = (end, end)
    # A bar of which one end alone is known fades towards the other.
    if first is None:
        first = (max(last[0] - 40, 0), last[0]) if last else (axis.left, axis.left)
    if last is None:
        last = (first[1], max(min(first[1] + 40, max(end, first[1])), first[1] + 8))
    (a, b), (c, d) = first, last
    d = max(d, a)
    if b > c:
        b = c = (max(a, c) + min(b, d)) / 2
    return a, min(b, d), max(c, a), d


def _days(bar: Bar, until: float) -> tuple[float | None, ...]:
    start = (bar.start.earliest, bar.start.latest) if bar.start.placed else (None, None)
    stop = (bar.stop.earliest, bar.stop.latest) if bar.stop.placed else (None, None)
    if bar.ongoing and not bar.stop.placed:
        stop = (until, until)
    if None not in (*start, *stop) and (start[1] or 0) > (stop[0] or 0):
        return start[0], None, None, stop[1]
    return start[0], start[1], stop[0], stop[1]


def _piece(
    edges: tuple[float, float, float, float], y: float, height: float, cls: str
) -> list[Mark]:
    a, b, c, d = edges
    name, colour, _on = CLASSES.get(cls, OTHER_CLASS)
    parts: list[tuple[float, float, str, str]] = []
    if b - a > 0.5:
        parts.append((a, b, f"url(#tl-{name}-in)", f"tl-fade tl-fade--{name}"))
    parts.append((b, max(c, b + 0.5), colour, f"tl-bar tl-bar--{name}"))
    if d - c > 0.5:
        parts.append((c, d, f"url(#tl-{name}-out)", f"tl-fade tl-fade--{name}"))
    return [
        mark("rect", style, x=x0, y=y, width=x1 - x0, height=height, fill=fill)
        for x0, x1, fill, style in parts
    ]


def _drawn(edges: tuple[float, float, float, float], middle: float, bar: Bar) -> list[Mark]:
    classes = bar.classes[:3] or ("",)
    height, top = BAR / len(classes), middle - BAR / 2
    marks = [
        m for i, cls in enumerate(classes) for m in _piece(edges, top + i * height, height, cls)
    ]
    if edges[3] - edges[0] < SEEN:
        name, colour, _on = CLASSES.get(classes[0], OTHER_CLASS)
        at = (edges[0] + edges[3]) / 2
        marks.append(
            mark("circle", f"tl-head tl-bar--{name}", cx=at, cy=middle, r=5.0, fill=colour)
        )
    return marks


def _spots(bar: Bar, edges: tuple[float, float, float, float], room: Room) -> list[Spot]:
    """Return where the label may stand: within a bar of one class, else beside; the long text first."""
    spots: list[Spot] = []
    inside = edges[2] - edges[1] - 2 * GAP
    thin = 6.0 if edges[3] - edges[0] < SEEN else 0.0
    for text in bar.texts:
        wide = width(text, SIZE, bold=True)
        if len(bar.classes) == 1 and wide <= inside:
            spots.append(Spot(edges[1] + GAP, text, wide, inside=True))
        spots += beside(edges[0] - thin, edges[3] + thin, text, room)
    return spots


def draw_bars(
    row: Row,
    bars: Sequence[Bar],
    axis: Axis,
    room: Room,
    until: float,
) -> list[tuple[Bar, Place, tuple[float, float, float, float]]]:
    """Put the bars into the row; return where each went."""
    found = [(bar, edges_of(axis, bar, until)) for bar in bars]
    thin = [6.0 if e[3] - e[0] < SEEN else 0.0 for _bar, e in found]
    things = [
        Thing(e[0] - t, e[3] + t, tuple(_spots(bar, e, room)), weight=int(e[3] - e[0]))
        for (bar, e), t in zip(found, thin, strict=True)
    ]
    placed = []
    for (bar, edges), place in zip(found, pack(things, room), strict=True):
        middle = middle_of(place)
        marks = _drawn(edges, middle, bar)
        marks += leader(place, edges[0], middle + BAR / 2)
        labels = []
        if place.spot is not None:
            name, _colour, on = (
                CLASSES.get(bar.classes[0], OTHER_CLASS) if bar.classes else OTHER_CLASS
            )
            inside = place.spot.inside
            labels.append(
                label_at(
                    place.spot, middle_of(place, label=True),
                    cls=f"tl-on tl-on--{name}" if inside else "tl-text",
                    fill=on if inside else INK, weight=600 if inside else 400,
                )
            )  # fmt: skip
        stop = When(until, until) if bar.ongoing and not bar.stop.placed else bar.stop
        kind = placing(bar.start, stop, needed=2)
        row.items.append(
            Item(bar.kind, kind, bar.text, tuple(marks), tuple(labels), _days(bar, until))
        )
        placed.append((bar, place, edges))
    return placed
