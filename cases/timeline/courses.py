"""The rows of bars: ICI courses with what is proposed, other treatment, second-line agents."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cases.timeline.axis import Axis
from cases.timeline.bars import Bar, draw_bars
from cases.timeline.content import Course, History, Treatment, When
from cases.timeline.lanes import SIZE, Room, Spot, lanes_of
from cases.timeline.lettering import fit, width
from cases.timeline.rows import (
    BAR,
    LINE,
    PITCH,
    RESERVE,
    SOFT,
    TOP,
    Row,
    label_at,
    mark,
    middle_of,
)
from cases.timeline.shapes import Box, Item
from cases.timeline.words import course_row, proposed_row, text_of, treatment_row

SURGERY = "surgery"


def until_of(history: History, axis: Axis) -> float:
    """Return the day to which what goes on is drawn."""
    if axis.today_x is not None and history.today:
        return float(history.today.toordinal())
    return axis.high


def courses_row(history: History, axis: Axis, room: Room) -> Row:
    """Bars by class with soft edges, the time since the last dose, and what is proposed."""
    row = Row(_("ICI"), _("by class"))
    until = until_of(history, axis)
    placed = [c for c in history.courses if c.start.placed or c.stop.placed]
    drawn = draw_bars(row, [_bar(c) for c in placed], axis, room, until)
    lanes = lanes_of([place for _b, place, _e in drawn])
    ends = [edges[3] for _b, _p, edges in drawn]
    lanes = max(lanes, _proposal(row, history, axis, room, after=max(ends, default=0)))
    if drawn:
        last = max(drawn, key=lambda d: d[2][3])
        _interval(row, history, room, last[2][3], middle_of(last[1]))
    return row.fit_lanes(max(lanes, 1))


def _bar(c: Course) -> Bar:
    return Bar(
        "course", c.targets, tuple(dict.fromkeys((c.label, c.short))), c.start, c.stop, c.ongoing,
        text_of(course_row(c)),
    )  # fmt: skip


def _free(row: Row, box: Box) -> bool:
    """Whether nothing of a row lies in `box`."""
    labels = [label.box for item in row.items for label in item.labels]
    bars = [_box(m.attributes) for item in row.items for m in item.marks if m.tag == "rect"]
    return not any(box.overlaps(other) for other in (*labels, *bars))


def _box(attributes: dict[str, str | float | int]) -> Box:
    x, y = float(attributes["x"]), float(attributes["y"])
    return Box(x, y, x + float(attributes["width"]), y + float(attributes["height"]))


def _interval(row: Row, history: History, room: Room, after: float, middle: float) -> None:
    """Write between the last dose and today why the ICI was stopped and how long ago that is."""
    today = room.today
    if today is None:
        return
    for key in ("interval", "free"):
        words = history.facts.get(key, "")
        wide = width(words, SIZE)
        for x in (after + (today - after - wide) / 2, today - 9 - wide):
            box = Box(x, middle - SIZE, x + wide, middle + SIZE)
            if words and x > after + 12 and _free(row, box):
                _between(row, Spot(x, words, wide), (after, today), middle)
                return


def _between(row: Row, spot: Spot, ends: tuple[float, float], middle: float) -> None:
    """Write at a spot between two days, with a line to each of them."""
    row.words.append(label_at(spot, middle, cls="tl-soft", fill=SOFT))
    for x0, x1 in ((ends[0] + 3, spot.x - 5), (spot.end + 5, ends[1] - 4)):
        if x1 - x0 > 6 and _free(row, Box(x0, middle - 1, x1, middle + 1)):
            row.ground.append(
                mark("line", "tl-leader", x1=x0, x2=x1, y1=middle, y2=middle, stroke=LINE)
            )


def _proposal(row: Row, history: History, axis: Axis, room: Room, *, after: float) -> int:
    """Draw what is proposed after today as an outline; return the lanes that it takes."""
    if not history.proposed:
        return 0
    right = room.right
    x0 = axis.today_x + 8 if axis.today_x is not None else right - RESERVE + 8
    box = Box(max(x0, after + 4), TOP, right - 2, TOP + BAR)
    lane = 0
    while not _free(row, box):
        lane += 1
        box = Box(max(x0, 0), TOP + lane * PITCH, right - 2, TOP + lane * PITCH + BAR)
    if box.x1 - box.x0 < 24:
        box = Box(right - 34, box.y0, right - 2, box.y1)
        while not _free(row, box):
            lane += 1
            box = Box(box.x0, TOP + lane * PITCH, box.x1, TOP + lane * PITCH + BAR)
    outline = mark(
        "rect", "tl-proposed", x=box.x0, y=box.y0, width=box.x1 - box.x0, height=BAR, rx=3, fill="none",
        stroke="#0b5c7a", stroke_width=1.5, stroke_dasharray="5 3",
    )  # fmt: skip
    text = fit(history.proposed, right - 4, SIZE, bold=True)
    wide = width(text, SIZE, bold=True)
    x = box.x0 + 6
    if wide > box.x1 - box.x0 - 10:
        # It stands below its outline, clear of what is there and of today's line.
        x = max(right - 2 - wide, 0)
        if room.today is not None and x < room.today + 4 and x + wide > room.today - 4:
            x = max(min(room.today - 6 - wide, x), 0.0)
        lane += 1
        while not _free(
            row, Box(x - 4, TOP + lane * PITCH, x + wide + 4, TOP + lane * PITCH + BAR)
        ):
            lane += 1
    middle = TOP + lane * PITCH + PITCH / 2 - 2
    spot = Spot(x, text, wide, full=history.proposed if text != history.proposed else "")
    label = label_at(spot, middle, cls="tl-link", fill="#0b5c7a", weight=600)
    text = text_of(proposed_row(history.proposed))
    row.items.append(Item("proposed", "undated", text, (outline,), (label,)))
    return lane + 1


def treatments_row(history: History, axis: Axis, room: Room) -> Row | None:
    """Bars by kind of what else was given."""
    return _treatments(
        Row(_("Other treatment"), _("by kind")),
        history.treatments,
        "treatment",
        history,
        axis,
        room,
    )


def second_line_row(history: History, axis: Axis, room: Room) -> Row | None:
    """Bars of the second-line agents that an irAE was treated with."""
    return _treatments(
        Row(_("Second line"), _("for irAEs")),
        history.second_line,
        "second_line",
        history,
        axis,
        room,
    )


def _treatments(
    row: Row,
    items: Sequence[Treatment],
    kind: str,
    history: History,
    axis: Axis,
    room: Room,
) -> Row | None:
    placed = [t for t in items if t.start.placed or t.stop.placed]
    if not placed:
        return None
    bars = [
        Bar(kind, (t.kind,), (t.label,), t.start, _end(t), t.ongoing, text_of(treatment_row(t)))
        for t in placed
    ]
    drawn = draw_bars(row, bars, axis, room, until_of(history, axis))
    return row.fit_lanes(lanes_of([place for _b, place, _e in drawn]))


def _end(t: Treatment) -> When:
    """An operation ends on the day it began."""
    return t.start if t.kind == SURGERY and not t.stop.placed else t.stop
