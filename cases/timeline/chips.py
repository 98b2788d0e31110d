"""Rows of chips, each with its word or grade at its day: irAEs, responses, decisions, measurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.timeline.axis import Axis
from cases.timeline.content import NOWHERE, Event, History, When
from cases.timeline.lanes import GAP, SIZE, Room, Spot, Thing, beside, lanes_of, pack
from cases.timeline.lettering import width
from cases.timeline.rows import (
    CHIP,
    GRADES,
    LINE,
    Row,
    chip,
    chip_wide,
    label_at,
    leader,
    mark,
    middle_of,
    placing,
    whisker,
    within,
)
from cases.timeline.shapes import Item, Mark
from cases.timeline.words import decision_row, event_row, point_row, response_row, text_of
from cases.vocabulary import version_words

PITCH = 26.0
RESPONSES: dict[str, tuple[str, tuple[str, str, str]]] = {
    "CR": ("good", ("#e2f3ea", "#00522a", "#00703c")),
    "PR": ("good", ("#e2f3ea", "#00522a", "#00703c")),
    "SD": ("same", ("#eef2f5", "#1d2b36", "#6e8290")),
    "PD": ("worse", ("#fde8e6", "#8c1d14", "#b3261e")),
    "iUPD": ("worse", ("#fde8e6", "#8c1d14", "#b3261e")),
    "iCPD": ("worse", ("#fde8e6", "#8c1d14", "#b3261e")),
}
NO_RESPONSE = ("none", ("#ffffff", "#1d2b36", "#6e8290"))
DOT = 12.0
LANES = 18


@dataclass(frozen=True)
class Sign:
    """What one thing is drawn with: its chip ("" for a dot or diamond), its style, its label."""

    kind: str
    chip: str
    style: str
    look: tuple[str, str, str]
    label: str
    at: When
    text: str
    short: str = ""
    weight: int = 0
    line_to: When | None = None
    line: str = ""
    dashed: bool = False


def event_sign(e: Event, *, with_version: bool) -> Sign:
    """Return an irAE: its worst grade, its name and outcome, a line to its resolution."""
    version = version_words(e.version) if with_version else ""
    grade = "?" if e.grade is None else str(e.grade)
    style = f"tl-grade--{e.grade}" if e.grade else "tl-grade--none"
    return Sign(
        "event", grade, f"tl-grade {style}", GRADES[e.grade],
        ", ".join(part for part in (e.label, version, e.outcome) if part),
        e.onset, text_of(event_row(e)), short=e.label, weight=e.grade or 0, line_to=e.resolved, line=style,
        dashed=e.ongoing and not e.resolved.placed,
    )  # fmt: skip


Signs = dict[str, list[Sign]]


def signs_of(history: History) -> Signs:
    """Return the signs of each row of chips, in the order of the history."""
    versions = {e.version for e in history.events if e.version}
    responses = []
    for r in history.responses:
        name, look = RESPONSES.get(r.code, NO_RESPONSE)
        responses.append(
            Sign("response", r.code or "?", f"tl-response tl-response--{name}", look, "", r.at,
                 text_of(response_row(r)))
        )  # fmt: skip
    return {
        "event": [event_sign(e, with_version=len(versions) > 1) for e in history.events],
        "response": responses,
        "decision": [
            Sign("decision", "", "tl-decision" + ("" if d.standing else " tl-decision--open"),
                 ("#0f4c5c" if d.standing else "#ffffff", "#ffffff", "#0f4c5c"), d.label, d.at,
                 text_of(decision_row(d)), weight=int(d.standing))
            for d in history.decisions
        ],
        "point": [
            Sign("point", "", "tl-point", ("#0f4c5c", "#ffffff", "#0f4c5c"), p.label, p.at,
                 text_of(point_row(p)))
            for p in history.points
        ],
    }  # fmt: skip


def chips_row(row: Row, signs: Sequence[Sign], axis: Axis, room: Room) -> Row | None:
    """Put the signs that have a place into the row; None where none has."""
    placed = [s for s in signs if s.at.placed]
    if not placed:
        return None
    spans = [_span(s, axis, room) for s in placed]
    things = [
        Thing(
            min(x, a),
            max(end, b),
            (
                *_within_span(sign, x + _wide(sign), b),
                *_spots(sign, min(x, a), max(x + _wide(sign), b), end, room),
            ),
            least=max(x + _wide(sign), b),
            weight=sign.weight,
        )
        for sign, (x, end, a, b) in zip(placed, spans, strict=True)
    ]
    places = pack(things, Room(room.right, room.today, LANES))
    for sign, (x, end, _a, _b), place in zip(placed, spans, places, strict=True):
        middle = middle_of(place, PITCH)
        marks = [] if place.cut else _line(sign, axis, x + _wide(sign), end, middle)
        marks += whisker(axis, sign.at, middle) + drawn(sign, x, middle)
        marks += leader(place, x + _wide(sign) / 2, middle + CHIP / 2, PITCH)
        labels = []
        if place.spot is not None:
            at = middle_of(place, PITCH, label=True) - (2.5 if sign.kind == "event" else 0)
            labels.append(label_at(place.spot, at))
        days = (sign.at.earliest, sign.at.middle, sign.at.middle, sign.at.latest)
        row.items.append(
            Item(
                sign.kind,
                placing(sign.at, sign.line_to or NOWHERE),
                sign.text,
                tuple(marks),
                tuple(labels),
                days,
            )
        )
    return row.fit_lanes(lanes_of(places), PITCH)


def _spots(sign: Sign, x0: float, x1: float, end: float, room: Room) -> tuple[Spot, ...]:
    """Return where the label may stand; one of an event that goes on also beyond the end of its line."""
    found = beside(x0, x1, sign.label, room)
    if sign.short != sign.label:
        found += beside(x0, x1, sign.short, room)
    if end > x1:
        found += beside(x0, end, sign.label, room)[2:]
    return tuple(found)


def _within_span(sign: Sign, x: float, end: float) -> list[Spot]:
    """Return the place right of a sign and above the span that it lies in, where the span is long enough."""
    wide = width(sign.label, SIZE)
    fits = sign.label and x + GAP + wide <= end
    return [Spot(x + GAP, sign.label, wide, inside=True)] if fits else []


def _wide(sign: Sign) -> float:
    return chip_wide(sign.chip) if sign.chip else DOT


def _span(sign: Sign, axis: Axis, room: Room) -> tuple[float, float, float, float]:
    """Return where the chip begins, where its line ends, and where its range begins and ends."""
    wide = _wide(sign)
    x = min(max(axis.x(sign.at.middle) - wide / 2, 0), room.right - wide)
    end = x + wide
    if sign.line_to is not None and sign.line_to.placed:
        end = max(end, axis.x(sign.line_to.latest))
    elif sign.dashed:
        now = room.today if room.today is not None else axis.x(axis.high) - 4
        end = max(end, now)
    a, b = (x, x + wide) if sign.at.exact else (axis.x(sign.at.earliest), axis.x(sign.at.latest))
    return x, end, a, b


def _line(sign: Sign, axis: Axis, x0: float, x1: float, middle: float) -> list[Mark]:
    """Return the line to the end of an event: whole as far as it surely went on, dotted where it may have ended."""
    if x1 <= x0:
        return []
    y, colour, to = middle + CHIP / 2 - 2, sign.look[2], sign.line_to
    sure = max(axis.x(to.earliest), x0) if to is not None and to.placed and not to.exact else x1
    marks = [
        mark("line", f"tl-line {sign.line}", x1=x0, x2=sure, y1=y, y2=y, stroke=colour, stroke_width=2.5,
             stroke_dasharray="6 3" if sign.dashed else "none")
    ] if sure > x0 else []  # fmt: skip
    if sure < x1:
        marks += within(sure, x1, y)
    elif not sign.dashed:
        marks.append(
            mark("line", f"tl-line {sign.line}", x1=x1, x2=x1, y1=y - 4, y2=y + 3, stroke=colour, stroke_width=2)
        )  # fmt: skip
    return marks


def drawn(sign: Sign, x: float, middle: float) -> list[Mark]:
    """Return the sign itself from `x`: a chip, a diamond for a decision, a dot for a measurement."""
    if sign.chip:
        return chip(x, middle, sign.chip, sign.style, sign.look)
    at, r = x + DOT / 2, DOT / 2
    if sign.kind == "decision":
        points = f"{at:.1f},{middle - 7} {at + 7:.1f},{middle} {at:.1f},{middle + 7} {at - 7:.1f},{middle}"
        return [
            mark("polygon", sign.style, points=points, fill=sign.look[0], stroke=sign.look[2], stroke_width=1.5)
        ]  # fmt: skip
    return [mark("circle", sign.style, cx=at, cy=middle, r=r - 0.5, fill=sign.look[0])]


def undated_marks(sign: Sign, x: float, middle: float) -> tuple[list[Mark], float]:
    """Return a sign without a place on the axis, in a dashed frame, and how wide it is."""
    wide = _wide(sign)
    frame = mark(
        "rect", "tl-undated", x=x, y=middle - CHIP / 2 - 2, width=wide + 4, height=CHIP + 4, rx=5, fill="none",
        stroke=LINE, stroke_width=1, stroke_dasharray="3 2",
    )  # fmt: skip
    return [frame, *drawn(sign, x + 2, middle)], wide + 4
