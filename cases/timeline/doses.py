"""The row of steroids: doses as areas over time, in prednisone-equivalent a day."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cases.timeline.axis import Axis
from cases.timeline.content import History, Steroid, When
from cases.timeline.doseshapes import shapes_of
from cases.timeline.lanes import GAP, Room, Spot, Thing, beside, lanes_of, pack
from cases.timeline.lettering import width
from cases.timeline.rows import LEAST, LINE, PURPLE, SOFT, Row, label_at, mark, placing
from cases.timeline.shapes import Box, Item, Label, Mark
from cases.timeline.words import steroid_row, text_of

AREA, PITCH = 46.0, 19.0
LIMIT = 10.0
LABEL_LANES = 4


def steroids_row(history: History, axis: Axis, room: Room, names_width: float) -> Row | None:
    """Areas where the doses are known step by step; else points of peak and now, with no dose told between them.

    Nor is one told after the last that was said: there is a dashed line, and no area. What is known in part is
    drawn with soft ends.
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
        marks = shapes_of(steroid, axis, height, base)
        labels: tuple[Label, ...] = ()
        if place.spot is not None:
            lane = place.lane + (1 if place.under else 0)
            middle = 6 + lane * PITCH + PITCH / 2
            labels = (label_at(place.spot, middle, cls="tl-purple", fill=PURPLE),)
            marks += _leader(place.spot, x, middle, height(_first(steroid)))
        stop = steroid.stop if steroid.stop.placed or not steroid.ongoing else When(0, 0)
        kind = placing(steroid.start, stop, *(day for day, _mg in steroid.doses), needed=2)
        row.items.append(
            Item(
                "steroid", kind, text_of(steroid_row(steroid)), tuple(marks), labels, _days(steroid)
            )
        )
    row.height = max(base + 9, LEAST)
    return row


def _days(s: Steroid) -> tuple[float | None, ...]:
    stop = (s.stop.earliest, s.stop.latest) if s.stop.placed else (None, None)
    if stop[0] is not None and s.start.latest > stop[0]:
        return s.start.earliest, None, None, stop[1]
    return s.start.earliest, s.start.latest, *stop


def _first(s: Steroid) -> float:
    """Return the dose at which the line from the label ends."""
    if s.doses and not s.replacement:
        return min(s.doses, key=lambda step: step[0].earliest)[1]
    return 0.0 if s.replacement else s.peak or 0.0


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


def _leader(spot: Spot, x: float, middle: float, y: float) -> list[Mark]:
    """Return the line from a label to the start of its course."""
    y0 = middle + PITCH / 2 - 2
    if y - y0 < 3 or not (spot.x - GAP - 1 <= x <= spot.end + GAP + 1):
        return []
    return [
        mark("line", "tl-leader", x1=x, x2=x, y1=middle - 3, y2=y, stroke=LINE, stroke_width=0.75)
    ]
