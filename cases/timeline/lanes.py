"""Keeps the things of one row apart: each in the first lane with room for it and its label.

Where a row is too full for labels, all its things are drawn and those that matter most are labelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases.timeline.lettering import fit, width

GAP = 6.0
SIZE = 14.0
# Beyond these lanes things are drawn without the line to their end, which their text tells.
FULL_LANES = 24
# How many things of a crowd are named whatever it costs; fewer where that would take too many lanes.
NAMED = (24, 12, 6, 3)
NEAR = 30.0
NOWHERE = -1e9


@dataclass(frozen=True)
class Spot:
    """A place for a label: where it begins, what it says, how wide it is. `inside` its own bar."""

    x: float
    text: str
    wide: float
    inside: bool = False
    full: str = ""

    @property
    def end(self) -> float:
        """Where the label ends."""
        return self.x + self.wide


@dataclass(frozen=True)
class Thing:
    """What is drawn from `x0` to `x1` (its mark alone to `least`), and where its label may stand."""

    x0: float
    x1: float
    spots: tuple[Spot, ...] = ()
    least: float = NOWHERE
    weight: int = 0


@dataclass(frozen=True)
class Place:
    """Where a thing went. `under`: its label stands in the lane below; `cut`: without its line."""

    lane: int
    spot: Spot | None = None
    under: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Room:
    """The room of a row: its right edge, today's line that labels avoid, lanes for labels, and in a crowd."""

    right: float
    today: float | None = None
    most: int = 12
    crowd: int = FULL_LANES

    def stands(self, spot: Spot, after: float = 0.0) -> bool:
        """Whether a label lies in the picture, off today's line, and right of `after`."""
        if spot.x < 0 or spot.end > self.right or (not spot.inside and spot.x < after):
            return False
        return self.today is None or spot.end < self.today - 4 or spot.x > self.today + 4


def beside(x0: float, x1: float, text: str, room: Room) -> list[Spot]:
    """Return the places right of `x1`, left of `x0`, and beyond today's line where that is near."""
    if not text:
        return []
    wide = width(text, SIZE)
    at = [x1 + GAP, x0 - GAP - wide]
    if room.today is not None and abs(room.today - x1) < NEAR:
        at.append(max(room.today, x1) + GAP)
    return [Spot(x, text, wide) for x in at]


def pack(things: Sequence[Thing], room: Room) -> list[Place]:
    """Return the place of each thing, in their order. No two marks and no two labels touch."""
    return _roomy(things, room) or _dense(things, room)


def _order(things: Sequence[Thing]) -> list[int]:
    return sorted(range(len(things)), key=lambda i: (things[i].x0, things[i].x1))


def _roomy(things: Sequence[Thing], room: Room) -> list[Place] | None:
    """Place every thing with its label, or give up."""
    ends: list[float] = []
    found: dict[int, Place] = {}
    for i in _order(things):
        place = _first_lane(things[i], ends, room)
        if place is None:
            return None
        found[i] = place
        _extend(ends, place, things[i])
    return [found[i] for i in range(len(things))]


def _extend(ends: list[float], place: Place, thing: Thing) -> None:
    last = place.lane + (1 if place.under else 0)
    ends += [NOWHERE] * (last + 1 - len(ends))
    ends[place.lane] = max(ends[place.lane], thing.x1 + GAP)
    if place.spot is not None:
        ends[last] = max(ends[last], place.spot.end + 2 * GAP)


def _first_lane(thing: Thing, ends: list[float], room: Room) -> Place | None:
    alone = next((s for s in thing.spots if room.stands(s)), None)
    for lane in range(min(len(ends) + 1, room.most)):
        end = ends[lane] if lane < len(ends) else NOWHERE
        if thing.x0 < end:
            continue
        if not thing.spots:
            return Place(lane)
        if alone is None:
            below = ends[lane + 1] if lane + 1 < len(ends) else NOWHERE
            spot = _under(thing, room, below)
            if spot is not None and lane + 1 < room.most:
                return Place(lane, spot, under=True)
            continue
        spot = next((s for s in thing.spots if room.stands(s, max(end, 0))), None)
        if spot is not None:
            return Place(lane, spot)
    return None


def _under(thing: Thing, room: Room, after: float) -> Spot | None:
    """Return the place below a thing that has none beside it; cut where it is wider than the picture."""
    text = thing.spots[0].text
    shown = fit(text, room.right - 4, SIZE)
    wide = width(shown, SIZE)
    least = Spot(0, shown, wide, full=text if shown != text else "")
    starts = [max(thing.x0, 0), room.right - wide]
    if room.today is not None:
        starts += [room.today - 5 - wide, room.today + 5]
    spots = (replace(least, x=max(min(x, room.right - wide), 0.0)) for x in starts)
    for spot in spots:
        if spot.x >= after and (room.stands(spot) or shown != text):
            return spot
    return None


def _dense(things: Sequence[Thing], room: Room) -> list[Place]:
    """Draw every thing; name those of most weight, the newest first, then others where there is room."""
    first = sorted(range(len(things)), key=lambda i: (-things[i].weight, -things[i].x0))
    wide = replace(room, most=room.crowd)
    for number in NAMED:
        named = set(first[:number])
        tried = [t if i in named else replace(t, spots=()) for i, t in enumerate(things)]
        places = _roomy(tried, wide)
        if places is not None:
            return _filled(things, places, first, room)
    return _filled(things, _unnamed(things), first, room)


def _unnamed(things: Sequence[Thing]) -> list[Place]:
    """Place every thing without its label, beyond the last full lane without its line."""
    ends: list[float] = []
    found: dict[int, Place] = {}
    for i in _order(things):
        thing = things[i]
        lane = next((n for n, end in enumerate(ends) if thing.x0 >= end), len(ends))
        cut = lane >= FULL_LANES and thing.least > NOWHERE
        ends += [NOWHERE] * (lane + 1 - len(ends))
        ends[lane] = (thing.least if cut else thing.x1) + 2
        found[i] = Place(lane, cut=cut)
    return [found[i] for i in range(len(things))]


def _filled(
    things: Sequence[Thing], places: list[Place], first: Sequence[int], room: Room
) -> list[Place]:
    """Give labels to things without one where their lane has room."""
    filled = list(places)
    taken: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    for i, (thing, place) in enumerate(zip(things, places, strict=True)):
        last = thing.least if place.cut else thing.x1
        taken[place.lane].append((thing.x0, last, i))
        if place.spot is not None:
            lane = place.lane + (1 if place.under else 0)
            taken[lane].append((place.spot.x, place.spot.end, i))
    for i in (i for i in first if places[i].spot is None):
        lane = places[i].lane
        for spot in things[i].spots:
            others = [t for t in taken[lane] if t[2] != i]
            free = spot.inside or not any(
                spot.x - GAP < end and start < spot.end + GAP for start, end, _i in others
            )
            if free and room.stands(spot):
                filled[i] = replace(places[i], spot=spot)
                taken[lane].append((spot.x, spot.end, i))
                break
    return filled


def lanes_of(places: Sequence[Place]) -> int:
    """Return how many lanes are used."""
    return max((p.lane + (2 if p.under else 1) for p in places), default=0)
