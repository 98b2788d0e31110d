"""The row of ICI courses: bars by class, the time since the last dose, what is proposed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.timeline.axis import Axis
from cases.timeline.content import Course, History, When
from cases.timeline.lettering import width
from cases.timeline.placing import GAP, LANE, SOFT, Placer
from cases.timeline.rows import (
    BAR,
    CLASSES,
    MOST_LANES,
    OTHER_CLASS,
    RESERVE,
    Row,
    finish,
    mark,
    placer_for,
)
from cases.timeline.shapes import Box, Label, Mark


def _span(axis: Axis, start: When, stop: When, *, ongoing: bool, until: float) -> tuple[float, ...]:
    """Return the four edges of a bar: where it may begin, surely runs from, runs to, may end."""
    end = axis.x(until)
    first = (axis.x(start.earliest), axis.x(start.latest)) if start.placed else None
    last = (axis.x(stop.earliest), axis.x(stop.latest)) if stop.placed else None
    if ongoing:
        last = (end, end)
    # A bar of which one end alone is known fades towards the other.
    if first is None:
        first = (max(last[0] - 40, 0), last[0]) if last else (axis.left, axis.left)
    if last is None:
        last = (first[1], max(min(first[1] + 40, end), first[1]))
    (a, b), (c, d) = first, last
    d = max(d, a + 4)
    if b > c:
        b = c = (max(a, c) + min(b, d)) / 2
    return a, min(b, d), max(c, a), d


def _bar(edges: tuple[float, ...], y: float, height: float, target: str, title: str) -> list[Mark]:
    a, b, c, d = edges
    name, colour, _on = CLASSES.get(target, OTHER_CLASS)
    parts = []
    if b - a > 1.5:
        parts.append((a, b, f"url(#tl-{name}-in)", f"tl-soft-{name}"))
    parts.append((b, max(c, b + 1), colour, f"tl-bar tl-bar--{name}"))
    if d - c > 1.5:
        parts.append((c, d, f"url(#tl-{name}-out)", f"tl-soft-{name}"))
    return [
        mark("rect", cls, title, x=x0, y=y, width=x1 - x0, height=height, fill=fill)
        for x0, x1, fill, cls in parts
    ]


def courses_row(history: History, axis: Axis, right: float) -> Row:
    """Bars by class with soft edges, the time since the last dose, and what is proposed."""
    placer = placer_for(axis, right)
    row = Row(_("ICI"), _("by class"), 0)
    until = (
        float(history.today.toordinal())
        if axis.today_x is not None and history.today
        else axis.high
    )
    placed = [c for c in history.courses if c.start.placed or c.stop.placed]
    lanes: list[float] = []
    bars: list[tuple[Course, Box, tuple[float, ...]]] = []
    for course in sorted(
        placed, key=lambda c: c.start.earliest if c.start.placed else c.stop.earliest
    ):
        edges = _span(axis, course.start, course.stop, ongoing=course.ongoing, until=until)
        lane = next((i for i, end in enumerate(lanes) if end <= edges[0]), len(lanes))
        lane = min(lane, MOST_LANES)
        lanes[lane : lane + 1] = [edges[3]]
        y = 8 + lane * (BAR + 3)
        box = Box(edges[0], y, edges[3], y + BAR)
        bars.append((course, box, edges))
        targets = course.targets or ("",)
        for i, target in enumerate(targets[:2]):
            height = BAR / len(targets[:2])
            row.marks += _bar(
                edges, y + i * height, height, target, f"{course.label}, {course.start.words}"
            )
        placer.take(box)
    # A class's colour decides the ink, so a text inside stands on bars of one class only.
    for course, box, edges in sorted(bars, key=lambda b: b[1].x1 - b[1].x0):
        _name_course(placer, course, box, edges)
    base = Box(0, 8, right, 8 + BAR)
    ends = [b[1].x1 for b in bars]
    _proposal(placer, row, history, axis, right, after=max(ends, default=0))
    _interval(placer, row, history, axis, [b for b in bars if b[1].y0 == base.y0])
    lowest = max([28.0, *(b[1].y1 for b in bars)])
    return finish(row, placer, lowest)


def _name_course(placer: Placer, course: Course, box: Box, edges: tuple[float, ...]) -> None:
    inside = edges[2] - edges[1] - 2 * GAP
    for text in (course.label, course.short):
        wide = width(text, bold=True)
        if len(course.targets) == 1 and wide <= inside:
            ink = CLASSES.get(course.targets[0], OTHER_CLASS)
            y = (box.y0 + box.y1) / 2
            inner = Box(edges[1] + GAP, y - 7.75, edges[1] + GAP + wide, y + 7.75)
            placer.labels.append(
                Label(inner.x0, y + 4.4, text, inner, f"tl-on tl-on--{ink[0]}", ink[2], 600)
            )
            return
    for text in (course.label, course.short):
        if placer.beside(box, text) or placer.below(box, text):
            return


def _interval(
    placer: Placer,
    row: Row,
    history: History,
    axis: Axis,
    bars: list[tuple[Course, Box, tuple[float, ...]]],
) -> None:
    """Write between the last dose and today why the ICI was stopped and how long ago that is."""
    text, today = history.facts.get("interval", ""), axis.today_x
    if not text or today is None or not bars:
        return
    last = max(bars, key=lambda b: b[1].x1)[1]
    wide = width(text)
    for x in (last.x1 + (today - last.x1 - wide) / 2, today - 8 - wide):
        if x > last.x1 + 12 and placer.write(
            x, (last.y0 + last.y1) / 2, text, cls="tl-soft", fill=SOFT
        ):
            y = (last.y0 + last.y1) / 2
            # The line keeps clear of every label of its height.
            edges = sorted(
                (b.box.x0 - 5, b.box.x1 + 5)
                for b in placer.labels
                if b.box.y0 < y < b.box.y1 and b.box.x1 > last.x1 and b.box.x0 < today
            )
            at = last.x1 + 3
            for x0, x1 in [*edges, (today - 4, today)]:
                if x0 - at > 6:
                    row.marks.append(
                        mark("line", "tl-leader", x1=at, x2=x0, y1=y, y2=y, stroke="#6e8290")
                    )
                at = max(at, x1)
            return


def _proposal(
    placer: Placer, row: Row, history: History, axis: Axis, right: float, *, after: float
) -> None:
    if not history.proposed:
        return
    x0 = axis.today_x + 8 if axis.today_x is not None else right - RESERVE + 8
    x0 = max(x0, after + 4)
    box = Box(x0, 8, right - 2, 8 + BAR)
    if box.x1 - box.x0 < 24:
        return
    row.marks.append(
        mark(
            "rect", "tl-proposed", history.proposed, x=box.x0, y=box.y0, width=box.x1 - box.x0,
            height=BAR, rx=2, fill="none", stroke="#0b5c7a", stroke_width=1.5, stroke_dasharray="5 3",
        )
    )  # fmt: skip
    look = {"cls": "tl-link", "fill": "#0b5c7a", "weight": 600}
    wide = width(history.proposed, bold=True)
    if wide <= box.x1 - box.x0 - 8 and placer.write(box.x0 + 6, 18, history.proposed, **look):
        placer.take(box)
        return
    placer.take(box)
    for lane in range(1, 4):
        if placer.write(right - 2 - wide, box.y1 + LANE * (lane - 0.4), history.proposed, **look):
            return
