"""The row of steroids: doses as areas over time, in prednisone-equivalent a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from cases.timeline.axis import Axis
from cases.timeline.content import History, Steroid, When
from cases.timeline.lanes import GAP, Room, Spot, Thing, beside, lanes_of, pack
from cases.timeline.lettering import width
from cases.timeline.rows import LEAST, LINE, PURPLE, SOFT, Row, label_at, mark, placing
from cases.timeline.shapes import Box, Item, Label, Mark
from cases.timeline.words import steroid_row, text_of

AREA, PITCH = 46.0, 19.0
LIMIT = 10.0
LABEL_LANES = 4
# A course whose end nobody told, on an axis without today.
OPEN = 120.0
Edge = tuple[float, float, float, bool]


def steroids_row(history: History, axis: Axis, room: Room, names_width: float) -> Row | None:
    """Areas where the doses are known step by step; else points of peak and now, with no dose told between them.

    Nor is one told after the last that was said: there is a dashed line, and no area.
    """
    drawn = [s for s in history.steroids if s.start.placed]
    if not drawn:
        return None
    row = Row(_("Steroid"), _("pred.-eq. mg"))
    starts = [axis.x(s.start.middle) for s in drawn]
    things = [
        Thing(x, x + 2, tuple(beside(x, x, s.label, room)), weight=int(s.peak or 0))
        for s, x in zip(drawn, starts, strict=True)
    ]
    places = pack(things, Room(room.right, room.today, LABEL_LANES, LABEL_LANES))
    top = 6 + max(lanes_of(places), 1) * PITCH + 4
    peak = max([2 * LIMIT, *(mg for s in drawn for mg in _doses(s))])
    base = top + AREA

    def height(dose: float) -> float:
        return base - AREA * min(dose / peak, 1)

    _scale(row, axis, room, names_width, [(peak, top), (LIMIT, height(LIMIT))], base)
    for steroid, x, place in zip(drawn, starts, places, strict=True):
        edges = _edges(steroid, axis, x)
        marks = _area(steroid, edges, height, base)
        labels: tuple[Label, ...] = ()
        if place.spot is not None:
            lane = place.lane + (1 if place.under else 0)
            middle = 6 + lane * PITCH + PITCH / 2
            labels = (label_at(place.spot, middle, cls="tl-purple", fill=PURPLE),)
            marks += _leader(place.spot, x, middle, height(edges[0][2]) if edges else base)
        stop = steroid.stop if steroid.stop.placed or not steroid.ongoing else When(0, 0)
        days = (steroid.start.earliest, steroid.start.middle, _end(steroid), _end(steroid))
        row.items.append(
            Item("steroid", placing(steroid.start, stop, needed=2), text_of(steroid_row(steroid)),
                 tuple(marks), labels, days)
        )  # fmt: skip
    row.height = max(base + 9, LEAST)
    return row


def _end(s: Steroid) -> float | None:
    return s.stop.middle if s.stop.placed else None


def _doses(s: Steroid) -> list[float]:
    return [*(mg for _day, mg in s.doses), s.peak or 0.0, s.now or 0.0]


def _scale(
    row: Row,
    axis: Axis,
    room: Room,
    names_width: float,
    ticks: Sequence[tuple[float, float]],
    base: float,
) -> None:
    limit = ticks[1][1]
    row.ground += [
        mark("line", "tl-limit", x1=axis.left, x2=room.right, y1=limit, y2=limit, stroke=LINE,
             stroke_width=1, stroke_dasharray="2 3"),
        mark("line", "tl-base", x1=axis.left, x2=room.right, y1=base, y2=base, stroke="#d5dde3"),
    ]  # fmt: skip
    for dose, y in ticks:
        text = f"{dose:g}"
        wide = width(text, 12)
        x = names_width - 8 - wide
        row.beside.append(
            Label(x, y + 4, text, Box(x, y - 6, x + wide, y + 6), "tl-soft", SOFT, size=12)
        )


def _edges(s: Steroid, axis: Axis, x0: float) -> list[Edge]:
    """Return the pieces of the upper edge: from, to, dose at its start, and whether it falls to the next."""
    if s.stop.placed:
        x1 = axis.x(s.stop.middle)
    elif axis.today_x is not None:
        x1 = axis.today_x
    else:
        x1 = min(x0 + OPEN, axis.right)
    x1 = max(x1, x0 + 3)
    said = axis.x(s.said.middle) if s.said.placed and not s.stop.placed else None
    if s.doses:
        steps = sorted((max(axis.x(day.middle), x0), mg) for day, mg in s.doses if day.placed)
        if not steps:
            return []
        last = steps[-1][0]
        told = x1 if s.stop.placed else min(max(last + 2, said or last), max(x1, last))
        ends = [*(x for x, _mg in steps[1:]), max(told, last)]
        edges = [(x, end, mg, False) for (x, mg), end in zip(steps, ends, strict=True)]
        open_ = not s.stop.placed and steps[-1][1] > 0 and x1 > told + 2
        return [*edges, (told, x1, steps[-1][1], True)] if open_ else edges
    first = s.peak or 0.0
    if said is not None:
        x1 = max(said, x0 + 3)
    return [(x0, x1, first, True)]


def _area(
    s: Steroid, edges: Sequence[Edge], to_y: Callable[[float], float], base: float
) -> list[Mark]:
    if not edges:
        return []
    x0, x1 = edges[0][0], edges[-1][1]
    if s.replacement:
        return [
            mark("line", "tl-replacement", x1=x0, x2=x1, y1=base - 3, y2=base - 3, stroke=PURPLE,
                 stroke_width=3, stroke_dasharray="1 3")
        ]  # fmt: skip
    if edges[0][3]:
        return _sloped(s, edges[0], to_y, base)
    open_ = [_untold(a, b, to_y(mg), to_y(mg)) for a, b, mg, falls in edges if falls]
    edges = [edge for edge in edges if not edge[3]]
    x1 = edges[-1][1]
    corners = [(x0, base)]
    for start, end, dose, _falls in edges:
        corners += [(start, to_y(dose)), (end, to_y(dose))]
    upper = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    closed = f"{upper} {x1:.1f},{base:.1f}"
    return [
        *open_,
        mark("polygon", "tl-steroid", points=closed, fill="#d9c7e6", fill_opacity=0.65),
        mark("polyline", "tl-steroid-edge", points=closed, fill="none", stroke=PURPLE, stroke_width=1.75),
    ]  # fmt: skip


def _sloped(s: Steroid, edge: Edge, to_y: Callable[[float], float], base: float) -> list[Mark]:
    """Return the points of the first and the last dose, where they are known, and the line of what nobody told."""
    x0, x1, _dose, _falls = edge
    # With its end a course came to nothing; a dose that is not known has no height.
    ended = 0.0 if s.stop.placed else None
    last = s.now if s.now is not None else ended
    if not (s.said.placed or s.stop.placed):
        # A dose of which nobody knows the day is none of today.
        last = None
    known = [to_y(mg) for mg in (s.peak, last) if mg is not None] or [base - 3]
    marks = [_untold(x0, x1, known[0], known[-1])]
    for x, mg in ((x0, s.peak), (x1, last)):
        if mg is not None:
            marks.append(mark("circle", "tl-steroid-point", cx=x, cy=to_y(mg), r=3.5, fill=PURPLE))
    if s.peak is not None:
        marks.append(mark("line", "tl-steroid-edge", x1=x0, x2=x0, y1=base, y2=to_y(s.peak), stroke=PURPLE,
                          stroke_width=2))  # fmt: skip
    return marks


def _untold(x0: float, x1: float, y0: float, y1: float) -> Mark:
    """Return the line where a steroid was given, or may have been, in a dose that nobody told."""
    return mark("line", "tl-steroid-untold", x1=x0, x2=x1, y1=y0, y2=y1, stroke=PURPLE, stroke_width=1.5,
                stroke_dasharray="5 3")  # fmt: skip


def _leader(spot: Spot, x: float, middle: float, y: float) -> list[Mark]:
    """Return the line from a label to the start of its course."""
    y0 = middle + PITCH / 2 - 2
    if y - y0 < 3 or not (spot.x - GAP - 1 <= x <= spot.end + GAP + 1):
        return []
    return [
        mark("line", "tl-leader", x1=x, x2=x, y1=middle - 3, y2=y, stroke=LINE, stroke_width=0.75)
    ]
