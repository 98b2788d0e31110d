"""One analyte over time as a small line, drawn on the server; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cases.lab_entry import is_doubtful
from cases.models import Comparator

if TYPE_CHECKING:
    from cases.models import LabResult

WIDTH, HEIGHT, MARGIN = 104, 26, 4


@dataclass(frozen=True)
class Mark:
    """One result; a bound is drawn hollow, where its limit is."""

    x: float
    y: float
    is_bound: bool


@dataclass(frozen=True)
class Sparkline:
    """Points of a line through exact values, and a mark for each result."""

    width: int
    height: int
    points: str
    marks: tuple[Mark, ...]
    # The reference range of the newest result, as top and height of a band; None without one.
    band: tuple[float, float] | None


def sparkline(rows: Sequence[LabResult]) -> Sparkline | None:
    """Return the course of one analyte, doubtful results left out; None where there are not two days."""
    sound = [row for row in rows if not is_doubtful(row)]
    ordered = sorted(sound, key=lambda row: (row.taken_on, row.pk))
    if not ordered:
        return None
    first, last = ordered[0].taken_on, ordered[-1].taken_on
    if first == last:
        return None
    values = [float(row.value) for row in ordered]
    low, high = min(values), max(values)
    room = (high - low) or 1.0
    days = (last - first).days

    def across(row: LabResult) -> float:
        return round(MARGIN + (row.taken_on - first).days / days * (WIDTH - 2 * MARGIN), 1)

    def down(value: float) -> float:
        share = (value - low) / room if high > low else 0.5
        return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)

    marks = tuple(
        Mark(across(row), down(float(row.value)), row.comparator != Comparator.EQUAL)
        for row in ordered
    )
    points = " ".join(f"{mark.x},{mark.y}" for mark in marks if not mark.is_bound)
    return Sparkline(WIDTH, HEIGHT, points, marks, _band(ordered[-1], down))


def _band(newest: LabResult, down: object) -> tuple[float, float] | None:
    """Return top and height of the reference range, cut at the edges of the picture."""
    low, high = newest.reference_low, newest.reference_high
    if (low is None and high is None) or not callable(down):
        return None
    top = 0.0 if high is None else _within(down(float(Decimal(high))))
    bottom = float(HEIGHT) if low is None else _within(down(float(Decimal(low))))
    return (round(top, 1), round(bottom - top, 1)) if bottom > top else None


def _within(y: float) -> float:
    return min(max(y, 0.0), float(HEIGHT))
