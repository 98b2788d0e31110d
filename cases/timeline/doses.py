"""The rows below the events: steroid doses as areas, measurements as points, and what has no date."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from cases.timeline.axis import Axis
from cases.timeline.content import History, Steroid
from cases.timeline.lettering import fit, width
from cases.timeline.placing import SOFT, Placer
from cases.timeline.rows import GRADES, LEAST, Row, mark, placer_for
from cases.timeline.shapes import Box, Label, Mark

PURPLE = "#5b3a78"
AREA, TOP = 44.0, 24.0
LIMIT = 10.0
MOST_LINES = 6


def _number(value: float) -> str:
    return f"{value:g}"


def steroids_row(history: History, axis: Axis, right: float, names_width: float) -> Row | None:
    """Areas from the peak at the start to the dose now; between the two nothing is known, so it is dashed."""
    drawn = [s for s in history.steroids if s.start.placed]
    if not drawn:
        return None
    placer = placer_for(axis, right)
    row = Row(_("Steroid"), _("pred.-eq. mg"), 0)
    peak = max([2 * LIMIT, *(s.peak or s.now or 0 for s in drawn)])
    base = TOP + AREA

    def height(dose: float) -> float:
        return base - AREA * min(dose / peak, 1)

    limit = height(LIMIT)
    row.marks.append(
        mark("line", "tl-limit", x1=axis.left, x2=right, y1=limit, y2=limit, stroke="#6e8290",
             stroke_width=1, stroke_dasharray="2 3")
    )  # fmt: skip
    row.marks.append(
        mark("line", "tl-base", x1=axis.left, x2=right, y1=base, y2=base, stroke="#d5dde3")
    )
    for dose, y in ((peak, TOP), (LIMIT, limit)):
        text = _number(dose)
        wide = width(text, 11)
        x = names_width - 8 - wide
        row.beside.append(
            Label(x, y + 4, text, Box(x, y - 6, x + wide, y + 6), "tl-soft", SOFT, size=11)
        )
    tops = [_steroid(placer, row, s, axis, height, base) for s in drawn]
    for steroid, bar in zip(drawn, tops, strict=True):
        _name_steroid(placer, steroid, bar)
    row.labels, row.marks = placer.labels, row.marks + placer.leaders
    row.height = max(placer.bottom(base) + 9, LEAST)
    return row


def _steroid(
    placer: Placer,
    row: Row,
    steroid: Steroid,
    axis: Axis,
    to_y: Callable[[float], float],
    base: float,
) -> Box:
    x0 = axis.x(steroid.start.middle)
    if steroid.stop.placed:
        x1 = axis.x(steroid.stop.middle)
    elif axis.today_x is not None:
        x1 = axis.today_x
    else:
        x1 = min(x0 + 120, axis.right)
    x1 = max(x1, x0 + 6)
    if steroid.replacement:
        row.marks.append(
            mark("line", "tl-replacement", steroid.label, x1=x0, x2=x1, y1=base - 2, y2=base - 2,
                 stroke=PURPLE, stroke_width=2, stroke_dasharray="1 3")
        )  # fmt: skip
        return Box(x0, base - 6, x1, base)
    first = to_y(steroid.peak if steroid.peak is not None else steroid.now or 0)
    last_dose = (
        steroid.now
        if steroid.now is not None
        else (0.0 if steroid.stop.placed else steroid.peak or 0)
    )
    last = to_y(last_dose)
    points = f"{x0},{base} {x0},{first:.1f} {x1},{last:.1f} {x1},{base}"
    row.marks.append(
        mark(
            "polygon", "tl-steroid", steroid.label, points=points, fill="#d9c7e6", fill_opacity=0.65
        )
    )
    row.marks.append(
        mark("line", "tl-steroid-edge", x1=x0, x2=x1, y1=first, y2=last, stroke=PURPLE, stroke_width=1.25,
             stroke_dasharray="5 3")
    )  # fmt: skip
    row.marks += [
        mark(
            "line",
            "tl-steroid-edge",
            x1=x0,
            x2=x0,
            y1=base,
            y2=first,
            stroke=PURPLE,
            stroke_width=2,
        ),
        mark("circle", "tl-steroid-point", cx=x0, cy=first, r=3, fill=PURPLE),
        mark("circle", "tl-steroid-point", cx=x1, cy=last, r=3, fill=PURPLE),
    ]
    placer.take(Box(x0 - 3, first - 3, x0 + 3, base))
    # Labels keep clear of the falling edge, piece by piece.
    pieces = max(int((x1 - x0) / 12), 1)
    for i in range(pieces):
        x, y = x0 + (x1 - x0) * i / pieces, first + (last - first) * (i + 0.5) / pieces
        placer.take(Box(x, y - 2, x + (x1 - x0) / pieces, y + 2))
    return Box(x0, first - 5, x0 + 6, first + 5)


def _name_steroid(placer: Placer, steroid: Steroid, bar: Box) -> None:
    look = {"cls": "tl-purple", "fill": PURPLE}
    # Above the falling edge first: the label would lie on it anywhere else.
    if placer.write(bar.x0 + 6, bar.y0 - 6, steroid.label, **look):
        return
    if not placer.beside(bar, steroid.label, **look):
        placer.below(Box(bar.x0, bar.y0, bar.x1, TOP + AREA), steroid.label, **look)


def points_row(history: History, axis: Axis, right: float) -> Row | None:
    """A dot at the day of each measurement, its value beside it."""
    drawn = sorted((p for p in history.points if p.at.placed), key=lambda p: p.at.middle)
    if not drawn:
        return None
    placer = placer_for(axis, right)
    row = Row(_("Measured"), _("biomarkers, ECOG"), 0)
    for point in drawn:
        x = axis.x(point.at.middle)
        low, high = axis.x(point.at.earliest), axis.x(point.at.latest)
        dot = Box(x - 5, 8, x + 5, 18)
        if high - low > 12:
            row.marks.append(
                mark("line", "tl-span", x1=low, x2=high, y1=13, y2=13, stroke="#6e8290", stroke_width=1.5,
                     stroke_dasharray="2 2")
            )  # fmt: skip
        row.marks.append(
            mark("circle", "tl-point", point.label, cx=x, cy=13.0, r=5, fill="#0f4c5c")
        )
        placer.take(dot)
    for point in drawn:
        x = axis.x(point.at.middle)
        dot = Box(x - 5, 8, x + 5, 18)
        if not placer.beside(dot, point.label):
            placer.below(dot, point.label)
    row.labels, row.marks = placer.labels, row.marks + placer.leaders
    row.height = max(placer.bottom(20) + 9, LEAST)
    return row


def undated_row(history: History, right: float) -> Row | None:
    """What has no place on the axis, in the order of the courses, as a running line."""
    items = _undated(history)
    if not items:
        return None
    sub = _("no calendar date") if history.mode == "calendar" else _("in order of course")
    row = Row(_("Undated"), sub, 0)
    placer = Placer(right)
    x, y, left_out = 0.0, 16.0, 0
    for text, grade, chip in items:
        lead = 24.0 if chip else 0.0
        shown = fit(text, right - lead - 2)
        wide = lead + width(shown)
        if x and x + wide > right:
            x, y = 0.0, y + 22
        if y > 16 + 22 * (MOST_LINES - 1):
            left_out += 1
            continue
        if chip:
            row.marks += _chip(x, y, grade)
        placer.write(x + lead, y, shown, full=text if shown != text else "")
        x += wide + 18
    if left_out:
        y = min(y, 16 + 22.0 * MOST_LINES)
        placer.write(
            0, y, _("and %(n)s more, in the table") % {"n": left_out}, cls="tl-soft", fill=SOFT
        )
    row.labels = placer.labels
    row.height = max(y + 16, LEAST)
    return row


def _undated(history: History) -> list[tuple[str, int | None, bool]]:
    def numbered(n: int | None, text: str) -> str:
        return _("course %(n)s: %(what)s") % {"n": n, "what": text} if n else text

    found: list[tuple[int, str, int | None, bool]] = [
        (c.number * 2, numbered(c.number, c.label), None, False)
        for c in history.courses
        if not (c.start.placed or c.stop.placed)
    ]
    for e in history.events:
        if not e.onset.placed:
            words = [e.label, _("CTCAE %(v)s") % {"v": e.version}, e.onset.words, e.outcome]
            text = numbered(e.course, ", ".join(w for w in words if w))
            found.append(((e.course or 999) * 2 + 1, text, e.grade, True))
    found += [(9998, s.label, None, False) for s in history.steroids if not s.start.placed]
    found += [(9999, p.label, None, False) for p in history.points if not p.at.placed]
    return [(text, grade, chip) for _order, text, grade, chip in sorted(found, key=lambda f: f[0])]


def _chip(x: float, y: float, grade: int | None) -> list[Mark]:
    fill, ink, line = GRADES[grade]
    name = f"tl-grade--{grade}" if grade else "tl-grade--none"
    return [
        mark("rect", f"tl-grade {name}", x=x, y=y - 9, width=18, height=18, rx=3, fill=fill, stroke=line,
             stroke_width=1),
        Mark("text", f"tl-grade-text {name}", {
            "x": round(x + 9, 1), "y": round(y + 4.3, 1), "text-anchor": "middle", "font-size": 12.5,
            "font-weight": 700, "fill": ink,
        }, str(grade or "?")),
    ]  # fmt: skip
