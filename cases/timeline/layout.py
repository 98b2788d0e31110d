"""Lays a history out as one picture: header, rows, grid, legend, and the same in words."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _

from cases.timeline.axis import Axis, axis_of
from cases.timeline.content import History
from cases.timeline.courses import courses_row
from cases.timeline.doses import points_row, steroids_row, undated_row
from cases.timeline.events import events_row
from cases.timeline.lettering import width
from cases.timeline.placing import SOFT
from cases.timeline.rows import RESERVE, Row, mark
from cases.timeline.shapes import Box, Label, LegendItem, Mark, RowName, Timeline
from cases.timeline.words import description_of, table_of

WIDTH, NAMES = 1050.0, 112.0
HEADER = 40.0


def notes() -> dict[str, str]:
    """Return what is said about the axis, by its mode."""
    return {
        "calendar": "",
        "relative": _(
            "No calendar date is known: days are counted from the first dose of the first ICI."
        ),
        "order": _("No date is known: courses in their order, not to scale."),
    }


def lay_out(history: History) -> Timeline:
    """Return the picture of `history`. The same history gives the same picture."""
    table = table_of(history)
    base = {
        "mode": history.mode,
        "note": notes()[history.mode] if table else "",
        "title": _("History on one time axis"),
        "description": description_of(history, table),
        "width": WIDTH,
        "names_width": NAMES,
        "table": table,
    }
    if not table:
        return Timeline(height=0.0, **base)  # type: ignore[arg-type]
    axis = axis_of(history, left=0, right=WIDTH, reserve=RESERVE if history.proposed else 24)
    rows = [
        row
        for row in (
            courses_row(history, axis, WIDTH),
            events_row(history, axis, WIDTH) if history.events else None,
            steroids_row(history, axis, WIDTH, NAMES),
            points_row(history, axis, WIDTH),
            undated_row(history, WIDTH),
        )
        if row is not None
    ]
    header = HEADER if history.mode != "order" else 8.0
    height = header + sum(row.height for row in rows)
    dated = height - (rows[-1].height if _has_undated(history) else 0)
    marks, labels = _header(axis, header, dated)
    names, beside = [], []
    y = header
    for row in rows:
        names.append(RowName(y + 18, row.name, row.sub, y))
        marks.append(
            mark("line", "tl-rule", x1=0.0, x2=WIDTH, y1=y, y2=y, stroke="#d5dde3", stroke_width=1)
        )
        marks += [_down(m, y) for m in row.marks]
        labels += [_lower(label, y) for label in row.labels]
        beside += [_lower(label, y) for label in row.beside]
        y += row.height
    return Timeline(
        height=round(height, 1),
        names=tuple(names),
        name_labels=tuple(beside),
        marks=(*marks, *_today(axis, dated)),
        labels=tuple(labels),
        legend=tuple(_legend(history, rows)),
        **base,  # type: ignore[arg-type]
    )


def _has_undated(history: History) -> bool:
    return undated_row(history, WIDTH) is not None


def _header(axis: Axis, header: float, bottom: float) -> tuple[list[Mark], list[Label]]:
    marks: list[Mark] = []
    labels: list[Label] = []
    today = _today_label(axis)
    years = axis.years()
    for tick in axis.ticks():
        colour = "#aab6bf" if tick.major else "#e8edf1"
        marks.append(
            mark("line", "tl-grid tl-grid--major" if tick.major else "tl-grid", x1=tick.x, x2=tick.x,
                 y1=header - 6, y2=bottom, stroke=colour, stroke_width=1)
        )  # fmt: skip
        wide = width(tick.label, 11.5)
        if tick.label and tick.x + 3 + wide < WIDTH:
            box = Box(tick.x + 3, 22, tick.x + 3 + wide, 35)
            if not any(box.overlaps(label.box) for label in labels):
                labels.append(Label(box.x0, 32, tick.label, box, "tl-soft", SOFT, size=11.5))
    for tick in years:
        wide = width(tick.label, 13, bold=True)
        box = Box(tick.x + 3, 4, tick.x + 3 + wide, 19)
        if box.x1 < WIDTH and not (today and box.overlaps(today.box)):
            labels.append(Label(box.x0, 15, tick.label, box, "tl-text", weight=600, size=13))
    if today:
        box = today.box
        marks.append(
            mark("rect", "tl-today-box", x=box.x0, y=box.y0, width=box.x1 - box.x0,
                 height=box.y1 - box.y0, rx=3, fill="#1d2b36")
        )  # fmt: skip
        labels.append(today)
    return marks, labels


def _today_label(axis: Axis) -> Label | None:
    if axis.today_x is None or axis.today is None:
        return None
    text = _("today, %(date)s") % {"date": formats.date_format(axis.today, "j M Y")}
    wide = width(text, 11.5, bold=True) + 12
    x = max(axis.today_x - wide, 0)
    box = Box(x, 2, x + wide, 19)
    return Label(x + 6, 14.5, text, box, "tl-today-text", "#ffffff", 600, 11.5)


def _today(axis: Axis, bottom: float) -> list[Mark]:
    if axis.today_x is None:
        return []
    x = axis.today_x
    return [
        mark("line", "tl-today", x1=x, x2=x, y1=19.0, y2=bottom, stroke="#1d2b36", stroke_width=1.5,
             stroke_dasharray="4 3")
    ]  # fmt: skip


_VERTICAL = {"y", "y1", "y2", "cy"}


def _down(m: Mark, by: float) -> Mark:
    """Return the mark moved down."""
    moved = {k: round(float(v) + by, 1) if k in _VERTICAL else v for k, v in m.attributes.items()}
    if "points" in moved:
        pairs = (pair.split(",") for pair in str(moved["points"]).split())
        moved["points"] = " ".join(f"{x},{float(y) + by:.1f}" for x, y in pairs)
    return Mark(m.tag, m.cls, moved, m.title)


def _lower(label: Label, by: float) -> Label:
    """Return the label moved down."""
    box = label.box
    return Label(
        round(label.x, 1), round(label.y + by, 1), label.text, Box(box.x0, box.y0 + by, box.x1, box.y1 + by),
        label.cls, label.fill, label.weight, label.size, label.anchor, label.full,
    )  # fmt: skip


def _legend(history: History, rows: list[Row]) -> list[LegendItem]:
    """Return the signs that this picture uses, and no others."""
    found: list[LegendItem] = []
    targets = {t for c in history.courses for t in c.targets}
    for target, kind in (("PD-1", "pd1"), ("PD-L1", "pdl1"), ("CTLA-4", "ctla4")):
        if target in targets:
            found.append(LegendItem(kind, target))
    grades = sorted({e.grade for e in history.events if e.grade})
    found += [LegendItem(f"grade{g}", _("grade %(g)s") % {"g": g}) for g in grades]
    if any(m.cls.startswith("tl-steroid") for row in rows for m in row.marks):
        found.append(LegendItem("steroid", _("steroid; dashed: course between not known")))
    if any("tl-soft-" in m.cls or m.cls == "tl-span" for row in rows for m in row.marks):
        found.append(LegendItem("soft", _("soft edge or dots: only month or year known")))
    if history.proposed:
        found.append(LegendItem("proposed", _("proposed")))
    return found
