"""The rows of laboratory trends: a small line for each analyte or index, with its first and last value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cases.timeline.axis import Axis
from cases.timeline.content import Trend, Value
from cases.timeline.lanes import GAP, NEAR, Room, Spot
from cases.timeline.lettering import width
from cases.timeline.rows import Row, mark
from cases.timeline.shapes import Box, Item, Label, Mark
from cases.timeline.words import text_of, trend_row

HEIGHT, TOP, DEEP = 40.0, 8.0, 22.0
LETTERS = 13.0
# More points than this are a line alone.
DOTS = 60
LINE = "#0b5c7a"


def trend_rows(trends: tuple[Trend, ...], axis: Axis, room: Room) -> list[Row]:
    """Return a row for each trend that has a place on the axis."""
    return [_row(t, axis, room) for t in trends if t.placed]


def _row(t: Trend, axis: Axis, room: Room) -> Row:
    low, high = min(v.value for v in t.values), max(v.value for v in t.values)
    span = (high - low) or 1.0

    def spot(v: Value) -> tuple[float, float]:
        share = (v.value - low) / span if high > low else 0.5
        return axis.x(v.day), round(TOP + DEEP * (1 - share), 1)

    at = [spot(v) for v in t.values]
    first, last = at[0], at[-1]
    marks: list[Mark] = [
        # Whoever points anywhere at the line hits it.
        mark("rect", "tl-hit", x=first[0] - 4, y=TOP - 5, width=last[0] - first[0] + 8, height=DEEP + 10,
             fill="#ffffff", fill_opacity=0),
    ]  # fmt: skip
    if len(at) > 1:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        marks.append(
            mark("polyline", "tl-trend", points=points, fill="none", stroke=LINE, stroke_width=1.75)
        )
    dots = zip(t.values, at, strict=True) if len(at) <= DOTS else ()
    for value, (x, y) in dots:
        hollow = "tl-trend-dot tl-trend-dot--bound" if value.bound else "tl-trend-dot"
        fill = "#ffffff" if value.bound else LINE
        marks.append(
            mark("circle", hollow, cx=x, cy=y, r=2.75, fill=fill, stroke=LINE, stroke_width=1.25)
        )
    item = Item(
        "trend", "day", text_of(trend_row(t)), tuple(marks), _labels(t, at, room),
        (t.values[0].day, None, None, t.values[-1].day),
    )  # fmt: skip
    return Row(t.name, t.unit, HEIGHT, [item])


def _line_boxes(at: list[tuple[float, float]]) -> Iterator[Box]:
    """Yield small boxes that cover the points and the line between them."""
    for x, y in at:
        yield Box(x - 3, y - 3, x + 3, y + 3)
    for (x0, y0), (x1, y1) in pairwise(at):
        pieces = max(int((x1 - x0) / 6), 1)
        for i in range(pieces):
            share = (i + 0.5) / pieces
            x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
            yield Box(x - 3, y - 1, x + 3, y + 1)


def _labels(t: Trend, at: list[tuple[float, float]], room: Room) -> tuple[Label, ...]:
    """Write the first, the last and the highest value where there is room beside the line."""
    labels: list[Label] = []
    marks = list(_line_boxes(at[-DOTS:]))
    highest = max(range(len(at)), key=lambda i: t.values[i].value)
    for i in dict.fromkeys((len(at) - 1, 0, highest)):
        x, y = at[i]
        text = t.values[i].shown
        wide = width(text, LETTERS, bold=True)
        # Beside a peak the line falls away at once: a little further off the label is clear of it.
        off = GAP if i in {0, len(at) - 1} else GAP + 4
        sides = [x + off, x - off - wide] if i == len(at) - 1 else [x - off - wide, x + off]
        if i == len(at) - 1 and room.today is not None and 0 <= room.today - x < 2 * NEAR:
            sides.insert(1, room.today + GAP)
        for x0 in sides:
            middle = min(max(y, 9.0), HEIGHT - 9)
            box = Box(x0, middle - 8, x0 + wide, middle + 8)
            letters = Box(x0, middle - 4.5, x0 + wide, middle + 4.5)
            clear = not any(letters.overlaps(m) for m in marks)
            if clear and not any(box.overlaps(label.box) for label in labels):
                found = Spot(x0, text, wide)
                if not room.stands(found):
                    continue
                baseline = round(middle + 4.6, 1)
                labels.append(
                    Label(round(x0, 1), baseline, text, box, "tl-value", LINE, 600, LETTERS)
                )
                break
    return tuple(labels)
