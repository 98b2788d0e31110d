"""Lays a history out as one picture: header, rows, grid, legend, and the same in words."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _

from cases.timeline.axis import Axis, axis_of
from cases.timeline.chips import Signs, chips_row, signs_of
from cases.timeline.content import History
from cases.timeline.courses import courses_row, second_line_row, treatments_row
from cases.timeline.doses import steroids_row
from cases.timeline.lanes import Room
from cases.timeline.legends import fades_of, legend_of
from cases.timeline.lettering import fit, lines_of, width
from cases.timeline.rows import RESERVE, SOFT, Row, down, lower, lower_item, mark
from cases.timeline.shapes import Box, Item, Label, Mark, RowName, Timeline
from cases.timeline.trends import trend_rows
from cases.timeline.undated import undated_row
from cases.timeline.words import description_of, table_of
from cases.vocabulary import UNSTATED, version_words

WIDTH, NAMES = 1050.0, 150.0
HEADER = 44.0
NAME_SIZE, SUB_SIZE = 14.0, 12.0
# The height that a name takes, and each line below it.
NAME_HEIGHT, SUB_HEIGHT = 25.0, 15.0


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
    table = () if history.empty else table_of(history)
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
    signs = signs_of(history)
    rows = _rows(history, axis, signs)
    loose = undated_row(history, signs, Room(WIDTH))
    header = HEADER if history.mode != "order" else 8.0
    dated = header + sum(row.height for row in rows)
    ground, words = _header(axis, header, dated)
    names: list[RowName] = []
    beside: list[Label] = []
    items: list[Item] = []
    y = header
    for row in [*rows, *([loose] if loose else [])]:
        names.append(_name(row, y))
        row.height = max(row.height, NAME_HEIGHT + len(names[-1].subs) * SUB_HEIGHT)
        ground.append(
            mark("line", "tl-rule", x1=0.0, x2=WIDTH, y1=y, y2=y, stroke="#d5dde3", stroke_width=1)
        )
        ground += [down(m, y) for m in row.ground]
        words += [lower(label, y) for label in row.words]
        items += [lower_item(item, y) for item in row.items]
        beside += [lower(label, y) for label in row.beside]
        y += row.height
    return Timeline(
        height=round(y, 1),
        names=tuple(names),
        name_labels=tuple(beside),
        ground=tuple(ground),
        words=tuple(words),
        items=tuple(items),
        front=tuple(_today(axis, dated)),
        fades=fades_of(items),
        legend=tuple(legend_of(history, items)),
        more=_more(history),
        today=None if axis.today_x is None else axis.today_x / WIDTH,
        **base,  # type: ignore[arg-type]
    )


def _name(row: Row, y: float) -> RowName:
    """Return the name of a row whose top is at `y`: what is said of it in as many lines as it takes."""
    # What lies beside the name, doses on their scale, takes its room from the right.
    taken = min((label.box.x0 for label in row.beside), default=NAMES)
    subs = lines_of(row.sub, min(NAMES, taken) - 6, SUB_SIZE)
    return RowName(y + 19, fit(row.name, NAMES - 6, NAME_SIZE, bold=True), subs, y, row.name)


def _more(history: History) -> str:
    """Return which trends there was no room for."""
    if not history.more_trends:
        return ""
    names = ", ".join(history.more_trends)
    return _("Not drawn, in the laboratory section: %(names)s.") % {"names": names}


def _rows(history: History, axis: Axis, signs: Signs) -> list[Row]:
    """Return the rows from top to bottom, without the band of what has no place."""
    room = Room(WIDTH, axis.today_x)
    versions = {e.version for e in history.events if e.version}
    graded = _("CTCAE, worst grade")
    if versions == {UNSTATED}:
        graded = _("worst grade, %(version)s") % {"version": version_words(UNSTATED)}
    elif len(versions) == 1:
        graded = _("%(version)s, worst") % {"version": version_words(versions.pop())}
    criteria = _("at each assessment")
    found = [
        courses_row(history, axis, room),
        treatments_row(history, axis, room),
        chips_row(Row(_("irAE"), graded), signs["event"], axis, room),
        steroids_row(history, axis, room, NAMES),
        second_line_row(history, axis, room),
        chips_row(Row(_("Response"), criteria), signs["response"], axis, room),
        chips_row(Row(_("Decision"), _("of the board")), signs["decision"], axis, room),
        chips_row(Row(_("Measured"), _("biomarkers, ECOG")), signs["point"], axis, room),
        *trend_rows(history.trends, axis, room),
    ]
    return [row for row in found if row is not None]


def _header(axis: Axis, header: float, bottom: float) -> tuple[list[Mark], list[Label]]:
    marks: list[Mark] = []
    labels: list[Label] = []
    today = _today_label(axis)
    for tick in axis.ticks():
        colour = "#aab6bf" if tick.major else "#e8edf1"
        marks.append(
            mark("line", "tl-grid tl-grid--major" if tick.major else "tl-grid", x1=tick.x, x2=tick.x,
                 y1=header - 6, y2=bottom, stroke=colour, stroke_width=1, data_day=tick.day)
        )  # fmt: skip
        wide = width(tick.label, 12.5)
        if tick.label and tick.x + 3 + wide < WIDTH:
            box = Box(tick.x + 3, 24, tick.x + 3 + wide, 38)
            if not any(box.overlaps(label.box) for label in labels):
                labels.append(Label(box.x0, 35, tick.label, box, "tl-soft", SOFT, size=12.5))
    for tick in axis.years():
        wide = width(tick.label, 14, bold=True)
        box = Box(tick.x + 3, 4, tick.x + 3 + wide, 20)
        if box.x1 < WIDTH and not (today and box.overlaps(today.box)):
            labels.append(Label(box.x0, 17, tick.label, box, "tl-text", weight=600, size=14))
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
    wide = width(text, 12.5, bold=True) + 12
    x = max(axis.today_x - wide, 0)
    box = Box(x, 2, x + wide, 21)
    return Label(x + 6, 16, text, box, "tl-today-text", "#ffffff", 600, 12.5)


def _today(axis: Axis, bottom: float) -> list[Mark]:
    if axis.today_x is None:
        return []
    x = axis.today_x
    return [
        mark("line", "tl-today", x1=x, x2=x, y1=21.0, y2=bottom, stroke="#1d2b36", stroke_width=1.5,
             stroke_dasharray="4 3")
    ]  # fmt: skip
