"""The band of what has no place on the axis, apart from the rest, in the order of the courses."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.timeline.chips import Sign, Signs, undated_marks
from cases.timeline.content import History
from cases.timeline.lanes import GAP, SIZE, Room, Spot
from cases.timeline.lettering import fit, width
from cases.timeline.rows import CHIP, CLASSES, OTHER_CLASS, Row, label_at, mark
from cases.timeline.shapes import Item, Mark
from cases.timeline.words import course_row, steroid_row, text_of, treatment_row, trend_row
from cases.vocabulary import version_words

PITCH = 30.0
# More lines than this, and each thing says less: its mark tells the rest.
ROOMY_LINES = 7
SHORT = 118.0


@dataclass(frozen=True)
class Loose:
    """One thing without a place: its order, its short text, and a sign or the colour of a bar."""

    order: float
    kind: str
    label: str
    text: str
    sign: Sign | None = None
    cls: str = ""


def undated_row(history: History, signs: Signs, room: Room) -> Row | None:
    """Return the band, or None where everything has its place."""
    things = sorted(_loose(history, signs), key=lambda t: t.order)
    if not things:
        return None
    sub = _("no calendar date") if history.mode == "calendar" else _("in order of course")
    if history.mode == "relative":
        sub = _("no day counted")
    whole = Room(room.right)
    row, lines = _band(things, whole, room.right - CHIP - 2 * GAP)
    if lines > ROOMY_LINES:
        row, lines = _band(things, whole, SHORT)
    row.name, row.sub = _("Undated"), sub
    row.height = max(12 + lines * PITCH, row.height)
    return row


def _band(things: list[Loose], room: Room, most: float) -> tuple[Row, int]:
    row = Row("", "")
    x, line = 2.0, 0
    for thing in things:
        shown = fit(thing.label, most, SIZE)
        wide = width(shown, SIZE)
        mark_wide = _mark(thing, 0, 0)[1]
        if x > 2 and x + mark_wide + GAP + wide > room.right - 2:
            x, line = 2.0, line + 1
        middle = 8 + line * PITCH + PITCH / 2
        marks, _wide = _mark(thing, x, middle)
        at = Spot(
            x + mark_wide + GAP, shown, wide, full=thing.label if shown != thing.label else ""
        )
        labels = (label_at(at, middle),) if shown else ()
        row.items.append(Item(thing.kind, "undated", thing.text, tuple(marks), labels))
        x = at.end + 22
    return row, line + 1


def _mark(thing: Loose, x: float, middle: float) -> tuple[list[Mark], float]:
    if thing.sign is not None:
        return undated_marks(thing.sign, x, middle)
    name, colour, _on = CLASSES.get(thing.cls, OTHER_CLASS)
    if thing.kind == "steroid":
        name, colour = "second", CLASSES["second_line"][1]
    return [
        mark("rect", "tl-undated", x=x, y=middle - 9, width=26.0, height=18.0, rx=4, fill="none",
             stroke="#6e8290", stroke_width=1, stroke_dasharray="3 2"),
        mark("rect", f"tl-bar--{name}", x=x + 4, y=middle - 5, width=18.0, height=10.0, rx=1, fill=colour),
    ], 26.0  # fmt: skip


def _loose(history: History, signs: Signs) -> list[Loose]:
    def numbered(n: int | None, text: str) -> str:
        return _("course %(n)s: %(what)s") % {"n": n, "what": text} if n else text

    found = [
        Loose(c.number * 2, "course", numbered(c.number, c.label), text_of(course_row(c)),
              cls=c.targets[0] if c.targets else "")
        for c in history.courses
        if not (c.start.placed or c.stop.placed)
    ]  # fmt: skip
    for e, sign in zip(history.events, signs["event"], strict=True):
        if not e.onset.placed:
            words = [
                e.label,
                version_words(e.version),
                e.onset.words,
                e.outcome,
            ]
            label = numbered(e.course, ", ".join(w for w in words if w))
            found.append(Loose((e.course or 999) * 2 + 1, "event", label, sign.text, sign))
    for order, items in ((9990, history.treatments), (9992, history.second_line)):
        found += [
            Loose(order, "treatment" if order == 9990 else "second_line",
                  ", ".join(w for w in (t.label, t.start.words) if w), text_of(treatment_row(t)), cls=t.kind)
            for t in items
            if not (t.start.placed or t.stop.placed)
        ]  # fmt: skip
    found += [
        Loose(9991, "steroid", s.label, text_of(steroid_row(s)))
        for s in history.steroids
        if not s.start.placed
    ]
    for r, sign in zip(history.responses, signs["response"], strict=True):
        if not r.at.placed:
            found.append(Loose(9994, "response", r.at.words, sign.text, sign))
    for n, key in enumerate(("decision", "point")):
        found += [
            Loose(9996 + n, key, ", ".join(w for w in (s.label, s.at.words) if w), s.text, s)
            for s in signs[key]
            if not s.at.placed
        ]
    found += [
        Loose(
            9999, "trend", f"{t.name} {t.values[-1].shown} {t.unit}".strip(), text_of(trend_row(t))
        )
        for t in history.trends
        if not t.placed
    ]
    return found
