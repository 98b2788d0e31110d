"""Is the meeting quorate for this case: by role, and by the organ once affected. Pure.

Some roles are asked for every case of a lung board; besides, each organ of an irAE asks for its specialist.
A deputy and a remote member count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Specialty
from cases.vocabulary import SPECIALISTS
from meetings.choices import AttendanceMode

STANDING = (Specialty.MEDICAL_ONCOLOGY, Specialty.RESPIRATORY, Specialty.RADIOLOGY)


class SeatState(StrEnum):
    """How a seat is taken; the first three count."""

    PRESENT = "present"
    REMOTE = "remote"
    DEPUTY = "deputy"
    NO_REPLY = "no_reply"
    MISSING = "missing"


COUNTS = (SeatState.PRESENT, SeatState.REMOTE, SeatState.DEPUTY)
_BY_MODE = {
    AttendanceMode.IN_ROOM: SeatState.PRESENT,
    AttendanceMode.REMOTE: SeatState.REMOTE,
    AttendanceMode.DEPUTY: SeatState.DEPUTY,
    AttendanceMode.NO: SeatState.MISSING,
}
_BEST_FIRST = list(SeatState)


@dataclass(frozen=True, slots=True)
class Reply:
    """What one member of the board said about coming; `mode` is None where nothing was said."""

    name: str
    specialties: frozenset[str]
    mode: str | None = None
    deputy: str = ""

    @property
    def state(self) -> SeatState:
        """The state of a seat that this member would take."""
        return _BY_MODE[AttendanceMode(self.mode)] if self.mode else SeatState.NO_REPLY


@dataclass(frozen=True, slots=True)
class Need:
    """A specialist who is asked for: any of `specialties` will do. No organs: a standing role."""

    specialties: tuple[str, ...]
    organs: tuple[str, ...] = ()

    @property
    def standing(self) -> bool:
        """Whether the role is asked for in every case."""
        return not self.organs

    @property
    def label(self) -> str:
        """The specialties in words."""
        return " / ".join(str(Specialty(code).label) for code in self.specialties)


@dataclass(frozen=True, slots=True)
class Seat:
    """A need and how it is met."""

    need: Need
    state: SeatState
    who: str = ""

    @property
    def counts(self) -> bool:
        """Whether the seat is taken."""
        return self.state in COUNTS


@dataclass(frozen=True, slots=True)
class Quorum:
    """The seats of one case."""

    seats: tuple[Seat, ...]

    @property
    def quorate(self) -> bool:
        """Whether every seat is taken."""
        return all(seat.counts for seat in self.seats)

    @property
    def by_organ(self) -> tuple[Seat, ...]:
        """The seats that an irAE of this case asks for."""
        return tuple(seat for seat in self.seats if not seat.need.standing)

    @property
    def open(self) -> tuple[Seat, ...]:
        """The seats not taken."""
        return tuple(seat for seat in self.seats if not seat.counts)


def needs_for(organs: Iterable[str]) -> tuple[Need, ...]:
    """Return the standing roles and the specialists of the given organs, each once."""
    by_specialists: dict[tuple[str, ...], list[str]] = {}
    for organ in organs:
        wanted = tuple(str(code) for code in SPECIALISTS.get(organ, ()))
        if wanted and organ not in by_specialists.setdefault(wanted, []):
            by_specialists[wanted].append(organ)
    by_organ = tuple(Need(wanted, tuple(found)) for wanted, found in by_specialists.items())
    asked = {need.specialties for need in by_organ}
    standing = tuple(Need((str(role),)) for role in STANDING if (str(role),) not in asked)
    return (*standing, *by_organ)


def quorum(needs: Iterable[Need], replies: Iterable[Reply]) -> Quorum:
    """Return how every need is met by the members' replies; the best reply takes the seat."""
    known = list(replies)
    return Quorum(tuple(_seat(need, known) for need in needs))


def _seat(need: Need, replies: list[Reply]) -> Seat:
    able = [reply for reply in replies if reply.specialties & set(need.specialties)]
    if not able:
        return Seat(need, SeatState.MISSING)
    best = min(able, key=lambda reply: _BEST_FIRST.index(reply.state))
    who = best.deputy if best.state is SeatState.DEPUTY and best.deputy else best.name
    return Seat(need, best.state, who)


def as_data(result: Quorum) -> Mapping[str, object]:
    """Return the quorum as plain values for a snapshot."""
    return {
        "quorate": result.quorate,
        "seats": [
            {
                "specialties": list(seat.need.specialties),
                "organs": list(seat.need.organs),
                "state": str(seat.state),
                "who": seat.who,
            }
            for seat in result.seats
        ],
    }
