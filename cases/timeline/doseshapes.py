"""The shapes of one steroid course: what is sure of its doses as areas, what is known in part with soft ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cases.timeline.axis import Axis
from cases.timeline.content import Steroid
from cases.timeline.rows import PURPLE, STEROID, dotted, mark, within
from cases.timeline.shapes import Mark

# A course whose end nobody told, on an axis without today.
OPEN = 120.0
Ends = tuple[float, float]
Height = Callable[[float], float]


@dataclass(frozen=True)
class Piece:
    """A stretch within which the least and the highest dose that it may have been stay the same."""

    x0: float
    x1: float
    least: float
    most: float
    # Whether the later of the doses that it may have been is the higher, the lower, or neither.
    turn: int

    @property
    def sure(self) -> bool:
        """Whether one dose alone is possible."""
        return self.least == self.most

    def goes_on_as(self, other: Piece) -> bool:
        """Whether another piece says the same."""
        mine = (self.least, self.most, self.turn)
        return mine == (other.least, other.most, other.turn)


def shapes_of(s: Steroid, axis: Axis, to_y: Height, base: float) -> list[Mark]:
    """Return everything that is drawn of a course but its label."""
    start = axis.x(s.start.earliest), axis.x(s.start.latest)
    stop = _stop(s, axis, start)
    if s.replacement:
        return _replacement(start, stop, base)
    if s.doses:
        return _stepwise(s, axis, to_y, base)
    return _sloped(s, start, stop, to_y, base)


def _stop(s: Steroid, axis: Axis, start: Ends) -> Ends:
    """Return where the drawing of a course ends: with it, at the day its dose was said for, or today."""
    if s.stop.placed:
        ends = axis.x(s.stop.earliest), axis.x(s.stop.latest)
    elif s.said.placed and not s.doses:
        ends = axis.x(s.said.earliest), axis.x(s.said.latest)
    else:
        ends = (_open(axis, start[0]),) * 2
    return max(ends[0], start[0] + 3), max(ends[1], start[0] + 3)


def _open(axis: Axis, x0: float) -> float:
    return axis.today_x if axis.today_x is not None else min(x0 + OPEN, axis.right)


def _replacement(start: Ends, stop: Ends, base: float) -> list[Mark]:
    y = base - 3
    marks = [*_within(start, y), *_within(stop, y)]
    if stop[0] > start[1]:
        marks.insert(
            0,
            mark("line", "tl-replacement", x1=start[1], x2=stop[0], y1=y, y2=y, stroke=PURPLE,
                 stroke_width=3, stroke_dasharray="1 3"),
        )  # fmt: skip
    return marks


def _sloped(s: Steroid, start: Ends, stop: Ends, to_y: Height, base: float) -> list[Mark]:
    """Return the points of the first and the last dose, where they are known, and the line of what nobody told."""
    # With its end a course came to nothing; a dose that is not known has no height.
    ended = 0.0 if s.stop.placed else None
    last = s.now if s.now is not None else ended
    if not (s.said.placed or s.stop.placed):
        # A dose of which nobody knows the day is none of today.
        last = None
    known = [to_y(mg) for mg in (s.peak, last) if mg is not None] or [base - 3]
    first, end = (sum(start) / 2, known[0]), (sum(stop) / 2, known[-1])

    def between(x: float) -> float:
        share = (x - first[0]) / (end[0] - first[0]) if end[0] > first[0] else 0.0
        return first[1] + (end[1] - first[1]) * share

    marks = []
    if stop[0] > start[1]:
        marks.append(_untold(start[1], stop[0], between(start[1]), between(stop[0])))
    marks += [*_within(start, first[1]), *_within(stop, end[1])]
    for (x, y), mg in ((first, s.peak), (end, last)):
        if mg is not None:
            marks.append(mark("circle", "tl-steroid-point", cx=x, cy=y, r=3.5, fill=PURPLE))
    if s.peak is not None and s.start.exact:
        marks.append(mark("line", "tl-steroid-edge", x1=first[0], x2=first[0], y1=base, y2=first[1],
                          stroke=PURPLE, stroke_width=2))  # fmt: skip
    return marks


def _stepwise(s: Steroid, axis: Axis, to_y: Height, base: float) -> list[Mark]:
    """Return the areas of doses told step by step; none is told after the last day for which one was said."""
    x0 = axis.x(s.start.earliest)
    steps = sorted(
        (max(axis.x(day.earliest), x0), max(axis.x(day.latest), x0), mg) for day, mg in s.doses
    )
    begun, last = steps[0][0], max(b for _a, b, _mg in steps)
    marks: list[Mark] = []
    if s.stop.placed:
        least = begun + 3
        stop = max(axis.x(s.stop.earliest), least), max(axis.x(s.stop.latest), least)
    else:
        end = _open(axis, x0)
        said = axis.x(s.said.latest) if s.said.placed else last
        told = max(min(max(last + 2, said), max(end, last)), begun + 2)
        stop = (told, told)
        if steps[-1][2] > 0 and end > told + 2:
            y = to_y(steps[-1][2])
            marks.append(_untold(told, end, y, y))
    start = x0, axis.x(s.start.latest)
    if begun > start[1] + 2:
        # Given, and no dose told before the first of them.
        marks += [_untold(start[1], begun, base - 3, base - 3), *_within(start, base - 3)]
    pieces = list(pieces_of(steps, stop))
    return [*marks, *_areas(pieces, to_y, base), *_soft(pieces, to_y)]


def pieces_of(steps: Sequence[tuple[float, float, float]], stop: Ends) -> Iterator[Piece]:
    """Yield from left to right what the dose may have been.

    `steps`: where each may begin at the earliest and latest, and its dose. Until the first has surely begun, and
    once the course may be over, it may have been nothing.
    """
    begun = min(b for _a, b, _mg in steps)
    places = {*stop, *(x for a, b, _mg in steps for x in (a, b))}
    cuts = sorted(x for x in places if steps[0][0] <= x <= stop[1])
    held: Piece | None = None
    for x0, x1 in pairwise(cuts):
        at = (x0 + x1) / 2
        may = [0.0] if at < begun else []
        for n, (a, _b, mg) in enumerate(steps):
            if a <= at and all(at < later for _a, later, _mg in steps[n + 1 :]):
                may.append(mg)
        may += [0.0] if at > stop[0] else []
        turn = (may[-1] > may[0]) - (may[-1] < may[0])
        piece = Piece(x0, x1, min(may), max(may), turn)
        if held is not None and held.goes_on_as(piece):
            held = Piece(held.x0, x1, held.least, held.most, held.turn)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _areas(pieces: Sequence[Piece], to_y: Height, base: float) -> Iterator[Mark]:
    """Yield what is sure: filled up to the least dose, and with an edge where no other is possible."""
    for run in _runs(pieces, lambda p: p.sure or p.least > 0):
        upper = [(x, to_y(p.least)) for p in run for x in (p.x0, p.x1)]
        corners = [(run[0].x0, base), *upper, (run[-1].x1, base)]
        yield mark(
            "polygon", "tl-steroid", points=_points(corners), fill=STEROID, fill_opacity=0.65
        )
    for run in _runs(pieces, lambda p: p.sure):
        edge = [(x, to_y(p.least)) for p in run for x in (p.x0, p.x1)]
        if run[0] is pieces[0]:
            edge.insert(0, (run[0].x0, base))
        if run[-1] is pieces[-1]:
            edge.append((run[-1].x1, base))
        yield mark("polyline", "tl-steroid-edge", points=_points(edge), fill="none", stroke=PURPLE,
                   stroke_width=1.75)  # fmt: skip


def _runs(pieces: Sequence[Piece], which: Callable[[Piece], bool]) -> Iterator[list[Piece]]:
    """Yield the pieces of a kind, those together that follow each other."""
    run: list[Piece] = []
    for piece in pieces:
        if which(piece):
            run.append(piece)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _soft(pieces: Sequence[Piece], to_y: Height) -> Iterator[Mark]:
    """Yield what may have been: a soft end between the doses, its upper rim dotted."""
    for p in (p for p in pieces if not p.sure):
        y0, y1 = to_y(p.most), to_y(p.least)
        middle = (p.x0 + p.x1) / 2
        halves = {1: [(p.x0, p.x1, "in")], -1: [(p.x0, p.x1, "out")]}
        for x0, x1, side in halves.get(p.turn, [(p.x0, middle, "in"), (middle, p.x1, "out")]):
            yield mark("rect", "tl-fade tl-fade--steroid", x=x0, y=y0, width=x1 - x0, height=y1 - y0,
                       fill=f"url(#tl-steroid-{side})")  # fmt: skip
        yield dotted(p.x0, p.x1, y0, y0)


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _untold(x0: float, x1: float, y0: float, y1: float) -> Mark:
    """Return the line where a steroid was given, or may have been, in a dose that nobody told."""
    return mark("line", "tl-steroid-untold", x1=x0, x2=x1, y1=y0, y2=y1, stroke=PURPLE, stroke_width=1.5,
                stroke_dasharray="5 3")  # fmt: skip


def _within(ends: Ends, y: float) -> list[Mark]:
    """Return the bounds of what is not known to the day; none for one day."""
    return within(*ends, y) if ends[1] - ends[0] >= 1 else []
