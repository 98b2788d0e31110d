"""One row of the picture after the other: ICI courses, irAEs, steroids, measurements."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cases.timeline.axis import Axis
from cases.timeline.content import Course, Event, History, When
from cases.timeline.lettering import width
from cases.timeline.placing import GAP, LANE, SOFT, Placer
from cases.timeline.shapes import Box, Label, Mark, RowName, Value

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


def _span(axis: Axis, start: When, stop: When, *, ongoing: bool, until: float) -> tuple[float, ...]:
    """Return the four edges of a bar: where it may begin, surely runs from, runs to, may end."""
    end = axis.x(until)
    a, b = (axis.x(start.earliest), axis.x(start.latest)) if start.placed else (None, None)
    if ongoing:
        c, d = end, end
    else:
        c, d = (axis.x(stop.earliest), axis.x(stop.latest)) if stop.placed else (None, None)
    if a is None and c is not None:
        a, b = max(c - 40, 0), c
    if c is None and b is not None:
        c, d = b, max(min(b + 40, end), b)
    assert a is not None and b is not None and c is not None and d is not None
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
    until = float(history.today.toordinal()) if axis.today_x is not None and history.today else axis.high
    placed = [c for c in history.courses if c.start.placed or c.stop.placed]
    lanes: list[float] = []
    bars: list[tuple[Course, Box, tuple[float, ...]]] = []
    for course in sorted(placed, key=lambda c: (c.start.earliest if c.start.placed else c.stop.earliest)):
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
            row.marks += _bar(edges, y + i * height, height, target, f"{course.label}, {course.start.words}")
        placer.take(box)
    # A class's colour decides the ink, so a text inside stands on bars of one class only.
    for course, box, edges in sorted(bars, key=lambda b: b[1].x1 - b[1].x0):
        _name_course(placer, course, box, edges)
    base = Box(0, 8, right, 8 + BAR)
    ends = [b[1].x1 for b in bars]
    _proposal(placer, row, history, axis, right, after=max(ends, default=0))
    _interval(placer, row, history, axis, [b for b in bars if b[1].y0 == base.y0])
    lowest = max([28.0, *(b[1].y1 for b in bars)])
    return _finish(row, placer, lowest)


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
    placer: Placer, row: Row, history: History, axis: Axis, bars: list[tuple[Course, Box, tuple[float, ...]]]
) -> None:
    """Write between the last dose and today why the ICI was stopped and how long ago that is."""
    text, today = history.facts.get("interval", ""), axis.today_x
    if not text or today is None or not bars:
        return
    last = max(bars, key=lambda b: b[1].x1)[1]
    wide = width(text)
    for x in (last.x1 + (today - last.x1 - wide) / 2, today - 8 - wide):
        if x > last.x1 + 12 and placer.write(x, (last.y0 + last.y1) / 2, text, cls="tl-soft", fill=SOFT):
            y = (last.y0 + last.y1) / 2
            line = {"y1": y, "y2": y, "stroke": "#6e8290", "stroke_width": 1}
            # The line keeps clear of every label of its height.
            edges = sorted(
                (b.box.x0 - 5, b.box.x1 + 5)
                for b in placer.labels
                if b.box.y0 < y < b.box.y1 and b.box.x1 > last.x1 and b.box.x0 < today
            )
            at = last.x1 + 3
            for x0, x1 in [*edges, (today - 4, today)]:
                if x0 - at > 6:
                    row.marks.append(mark("line", "tl-leader", x1=at, x2=x0, **line))
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


def events_row(history: History, axis: Axis, right: float) -> Row:
    """A chip with the worst grade at the onset, a line to the resolution, the name beside the chip."""
    placer = placer_for(axis, right)
    versions = {e.version for e in history.events}
    one = versions.pop() if len(versions) == 1 else ""
    row = Row(_("irAE"), _("CTCAE %(v)s, worst") % {"v": one} if one else _("CTCAE, worst grade"), 0)
    spare: list[Event] = []
    lowest = 24.0
    for event in sorted((e for e in history.events if e.onset.placed), key=lambda e: e.onset.middle):
        bottom = _event(placer, row, event, axis, right, with_version=not one)
        if bottom is None:
            spare.append(event)
        else:
            lowest = max(lowest, bottom)
    if spare:
        lowest = _crowd(placer, row, spare, axis, lowest)
    return _finish(row, placer, lowest)


def _event(
    placer: Placer, row: Row, event: Event, axis: Axis, right: float, *, with_version: bool
) -> float | None:
    """Draw one event in the first lane with room; return the lane's lower edge, None where there is none."""
    text = event.label
    if with_version:
        text = _("%(event)s, CTCAE %(version)s") % {"event": text, "version": event.version}
    if event.outcome:
        text = f"{text}, {event.outcome}"
    wide = width(text)
    x = axis.x(event.onset.middle)
    chip_x = min(max(x - CHIP / 2, 0), right - CHIP)
    end = chip_x + CHIP
    if event.resolved.placed:
        end = max(end, axis.x(event.resolved.middle))
    elif event.ongoing:
        end = max(end, axis.today_x if axis.today_x is not None else axis.x(axis.high) - 4)
    for lane in range(MOST_LANES):
        top = 6 + lane * (CHIP + 6)
        chip = Box(chip_x, top, chip_x + CHIP, top + CHIP)
        line = Box(chip.x1, top + CHIP - 4, end, top + CHIP)
        if not placer.free(chip) and not _only_today(placer, chip):
            continue
        if end > chip.x1 and not _only_today(placer, line):
            continue
        middle = top + 6.5
        spots = [chip.x1 + GAP, chip.x0 - GAP - wide]
        if axis.today_x is not None:
            spots.append(axis.today_x + GAP)
        for spot in spots:
            if placer.write(spot, middle, text):
                placer.take(chip)
                placer.take(line)
                _draw_event(row, event, chip, end, axis)
                return top + CHIP
    return None


def _only_today(placer: Placer, box: Box) -> bool:
    """Whether `box` touches nothing but, perhaps, today's line."""
    return not any(box.overlaps(other) for other in placer.taken if other.y0 > -1000)


def _draw_event(row: Row, event: Event, chip: Box, end: float, axis: Axis) -> None:
    fill, ink, line = GRADES[event.grade]
    grade = "?" if event.grade is None else str(event.grade)
    name = f"tl-grade--{grade}" if event.grade else "tl-grade--none"
    a, b = axis.x(event.onset.earliest), axis.x(event.onset.latest)
    y = chip.y1 - 2
    if b - a > 3:
        row.marks.append(
            mark("line", "tl-span", x1=a, x2=b, y1=chip.y1 + 2, y2=chip.y1 + 2, stroke="#6e8290",
                 stroke_width=1.5, stroke_dasharray="2 2")
        )  # fmt: skip
    if end > chip.x1:
        dash: dict[str, Value] = {"stroke_dasharray": "6 3"} if event.ongoing else {}
        row.marks.append(
            mark("line", f"tl-line {name}", x1=chip.x1, x2=end, y1=y, y2=y, stroke=line, stroke_width=2.5,
                 **dash)
        )  # fmt: skip
        if event.resolved.placed:
            row.marks.append(
                mark("line", f"tl-line {name}", x1=end, x2=end, y1=y - 4, y2=y + 3, stroke=line, stroke_width=2)
            )
    row.marks.append(
        mark("rect", f"tl-grade {name}", event.label, x=chip.x0, y=chip.y0, width=CHIP, height=CHIP, rx=3,
             fill=fill, stroke=line, stroke_width=1)
    )  # fmt: skip
    row.marks.append(
        Mark("text", f"tl-grade-text {name}", {
            "x": round(chip.x0 + CHIP / 2, 1), "y": round(chip.y0 + 13.3, 1), "text-anchor": "middle",
            "font-size": 12.5, "font-weight": 700, "fill": ink,
        }, grade)
    )  # fmt: skip


def _crowd(placer: Placer, row: Row, events: list[Event], axis: Axis, lowest: float) -> float:
    """Draw events for which no lane has room as counts in one last lane; each stands in the table."""
    groups: dict[int, list[Event]] = {}
    for event in events:
        groups.setdefault(int(axis.x(event.onset.middle) // 40), []).append(event)
    top = lowest + 8
    for slot, found in sorted(groups.items()):
        text = f"+{len(found)}"
        worst = max((e.grade or 0 for e in found), default=0) or None
        x = min(slot * 40.0, placer.right - 34)
        row.marks.append(
            mark("rect", "tl-crowd", _("%(n)s more, in the table") % {"n": len(found)}, x=x, y=top, width=6,
                 height=16, rx=2, fill=GRADES[worst][2])
        )  # fmt: skip
        placer.write(x + 8, top + 8, text, size=11, cls="tl-soft", fill=SOFT)
    return top + 18


def _finish(row: Row, placer: Placer, lowest: float) -> Row:
    row.labels = placer.labels
    row.marks += placer.leaders
    row.height = max(placer.bottom(lowest) + 9, LEAST)
    return row
