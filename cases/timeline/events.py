"""The row of irAEs: a chip with the worst grade at the onset, a line to the resolution."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.timeline.axis import Axis
from cases.timeline.content import Event, History
from cases.timeline.lettering import width
from cases.timeline.placing import GAP, SOFT, Placer
from cases.timeline.rows import CHIP, GRADES, MOST_LANES, Row, finish, mark, placer_for
from cases.timeline.shapes import Box, Mark


def events_row(history: History, axis: Axis, right: float) -> Row:
    """A chip with the worst grade at the onset, a line to the resolution, the name beside the chip."""
    placer = placer_for(axis, right)
    versions = {e.version for e in history.events}
    one = versions.pop() if len(versions) == 1 else ""
    row = Row(
        _("irAE"), _("CTCAE %(v)s, worst") % {"v": one} if one else _("CTCAE, worst grade"), 0
    )
    spare: list[Event] = []
    lowest = 24.0
    for event in sorted(
        (e for e in history.events if e.onset.placed), key=lambda e: e.onset.middle
    ):
        bottom = _event(placer, row, event, axis, right, with_version=not one)
        if bottom is None:
            spare.append(event)
        else:
            lowest = max(lowest, bottom)
    if spare:
        lowest = _crowd(placer, row, spare, axis, lowest)
    return finish(row, placer, lowest)


def _end_of(event: Event, chip_end: float, axis: Axis) -> float:
    """Return where the line of an event ends: its resolution, today while it goes on, else at once."""
    if event.resolved.placed:
        return max(chip_end, axis.x(event.resolved.middle))
    if event.ongoing:
        now = axis.today_x if axis.today_x is not None else axis.x(axis.high) - 4
        return max(chip_end, now)
    return chip_end


def _event(
    placer: Placer, row: Row, event: Event, axis: Axis, right: float, *, with_version: bool
) -> float | None:
    """Draw an event in the first lane with room; return the lane's lower edge, None without one."""
    version = _("CTCAE %(version)s") % {"version": event.version} if with_version else ""
    text = ", ".join(part for part in (event.label, version, event.outcome) if part)
    chip_x = min(max(axis.x(event.onset.middle) - CHIP / 2, 0), right - CHIP)
    end = _end_of(event, chip_x + CHIP, axis)
    spots = [chip_x + CHIP + GAP, chip_x - GAP - width(text)]
    if axis.today_x is not None:
        spots.append(axis.today_x + GAP)
    for lane in range(MOST_LANES):
        top = 6 + lane * (CHIP + 6)
        chip = Box(chip_x, top, chip_x + CHIP, top + CHIP)
        line = Box(chip.x1, top + CHIP - 4, end, top + CHIP)
        if not _only_today(placer, chip) or (end > chip.x1 and not _only_today(placer, line)):
            continue
        if any(placer.write(spot, top + 6.5, text) for spot in spots):
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
        dash = "6 3" if event.ongoing else "none"
        row.marks.append(
            mark("line", f"tl-line {name}", x1=chip.x1, x2=end, y1=y, y2=y, stroke=line, stroke_width=2.5,
                 stroke_dasharray=dash)
        )  # fmt: skip
        if event.resolved.placed:
            row.marks.append(
                mark(
                    "line",
                    f"tl-line {name}",
                    x1=end,
                    x2=end,
                    y1=y - 4,
                    y2=y + 3,
                    stroke=line,
                    stroke_width=2,
                )
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
