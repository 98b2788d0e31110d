"""The agenda of one meeting: times, minutes to scale, who is needed and who comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.models import Specialty
from meetings.presenters.cases import CaseLine, case_line
from meetings.presenters.said import Said, said_beside
from meetings.quorum import Quorum, Reply, Seat, SeatState, needs_for, quorum
from meetings.selectors import organs_of
from meetings.states import DecisionState
from ui.formatting import time

if TYPE_CHECKING:
    from accounts.models import Membership, User
    from meetings.models import AgendaItem, Attendance, Meeting

BAR_WIDTH = 1000


@dataclass(frozen=True)
class NeededSeat:
    """A seat as a tag and a line: state, specialty, who."""

    state: str
    text: str
    specialty: str


@dataclass(frozen=True)
class Row:
    """One item of the agenda."""

    item_id: str
    place: int
    start: str
    late: bool
    minutes: int
    line: CaseLine
    presenter: str
    needed: tuple[NeededSeat, ...]
    tone: str
    discussed: bool
    current: bool
    decision: str
    decision_id: str
    decision_state: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Block:
    """One case in the picture of the time; `over` is the part beyond the end, hatched."""

    place: int
    x: float
    width: float
    over_x: float
    over_width: float
    shade: str
    label: bool


@dataclass(frozen=True)
class Tick:
    """A time under the picture."""

    x: float
    text: str
    end: bool = False


@dataclass(frozen=True)
class TimeBar:
    """Minutes to scale."""

    blocks: tuple[Block, ...]
    ticks: tuple[Tick, ...]
    booked: int
    minutes: int
    end_x: float
    over: int
    free: int
    description: str


@dataclass(frozen=True)
class SeatRow:
    """One line of "who must be there"."""

    label: str
    cases: str
    who: str
    state: str


@dataclass(frozen=True)
class Person:
    """One member in the attendance list."""

    user_id: str
    name: str
    sits_for: str
    mode: str
    deputy: str
    state: str


@dataclass(frozen=True)
class Agenda:
    """Everything that the page of a meeting shows."""

    rows: tuple[Row, ...]
    bar: TimeBar
    standing: tuple[SeatRow, ...]
    by_organ: tuple[SeatRow, ...]
    quorate: int
    warnings: tuple[str, ...]
    has_invented: bool


def agenda(meeting: Meeting, items: Sequence[AgendaItem], replies: Sequence[Reply]) -> Agenda:
    """Return the agenda of `meeting` from its fetched items and the members' replies."""
    rows, seats, minute = [], [], 0
    for item in items:
        found = quorum(needs_for(organs_of(item.case)), replies)
        seats.append((item.position, found))
        rows.append(_row(meeting, item, minute, found))
        minute += item.minutes
    standing, by_organ = seat_rows(seats, replies)
    return Agenda(
        rows=tuple(rows),
        bar=time_bar(meeting, items),
        standing=standing,
        by_organ=by_organ,
        quorate=sum(found.quorate for _place, found in seats),
        warnings=tuple(_warnings(rows)),
        has_invented=any(row.line.provenance != "real" for row in rows),
    )


def _row(meeting: Meeting, item: AgendaItem, minute: int, found: Quorum) -> Row:
    decisions = item.case.decisions_here
    decision = decisions[-1] if decisions else None
    needed = tuple(needed_seat(seat) for seat in found.by_organ)
    missing = any(seat.state == SeatState.MISSING for seat in found.by_organ)
    return Row(
        item_id=str(item.public_id),
        place=item.position,
        start=time(meeting.at_minute(minute).time()),
        late=minute >= meeting.minutes,
        minutes=item.minutes,
        line=case_line(item.case, ages=True),
        presenter=item.case.referred_by.name,
        needed=needed,
        tone="red" if missing else "",
        discussed=item.discussed_at is not None,
        current=item.current_since is not None,
        decision=str(decision.get_outcome_display()) if decision and decision.outcome else "",
        decision_id=str(decision.public_id) if decision else "",
        decision_state=decision.state if decision else "",
        said=tuple(said_beside(row) for row in item.__dict__["comments_beside"]),
    )


def needed_seat(seat: Seat) -> NeededSeat:
    """Return a seat as state and words."""
    text = ", ".join(part for part in (seat.need.label, seat.who) if part)
    return NeededSeat(str(seat.state), text, seat.need.label.lower())


def time_bar(meeting: Meeting, items: Sequence[AgendaItem]) -> TimeBar:
    """Return the picture of the time; its width stands for the longer of booked and available time."""
    booked = sum(item.minutes for item in items)
    span = max(booked, meeting.minutes)
    scale = BAR_WIDTH / span
    blocks, minute = [], 0
    for number, item in enumerate(items):
        inside = max(0, min(minute + item.minutes, meeting.minutes) - minute)
        over = item.minutes - inside
        blocks.append(
            Block(
                place=item.position,
                x=round(minute * scale, 1),
                width=round(max(inside * scale - 1.5, 0), 1),
                over_x=round((minute + inside) * scale, 1),
                over_width=round(max(over * scale - 1.5, 0), 1),
                shade="a" if number % 2 == 0 else "b",
                label=item.minutes * scale > 22,
            )
        )
        minute += item.minutes
    over = max(0, booked - meeting.minutes)
    words = _("%(booked)s of %(minutes)s minutes are booked.")
    return TimeBar(
        blocks=tuple(blocks),
        ticks=tuple(_ticks(meeting, booked, scale)),
        booked=booked,
        minutes=meeting.minutes,
        end_x=round(meeting.minutes * scale, 1),
        over=over,
        free=max(0, meeting.minutes - booked),
        description=words % {"booked": booked, "minutes": meeting.minutes},
    )


def _ticks(meeting: Meeting, booked: int, scale: float) -> Iterable[Tick]:
    step = 15 if meeting.minutes <= 120 else 30
    for minute in range(0, meeting.minutes, step):
        if meeting.minutes - minute >= step / 2:
            yield Tick(round(minute * scale, 1), time(meeting.at_minute(minute).time()))
    yield Tick(round(meeting.minutes * scale, 1), time(meeting.ends_at.time()), end=True)
    if booked - meeting.minutes > step / 2:
        yield Tick(round(booked * scale, 1), time(meeting.at_minute(booked).time()), end=True)


def seat_rows(
    seats: Iterable[tuple[int, Quorum]], replies: Sequence[Reply]
) -> tuple[tuple[SeatRow, ...], tuple[SeatRow, ...]]:
    """Return the roles needed for all cases, and the specialists with the places that ask for them."""
    standing: dict[str, Seat] = {}
    by_organ: dict[str, tuple[Seat, list[int]]] = {}
    for need in quorum(needs_for(()), replies).seats:
        standing[need.need.label] = need
    for place, found in seats:
        for seat in found.by_organ:
            if seat.need.label not in standing:
                by_organ.setdefault(seat.need.label, (seat, []))[1].append(place)
    return (
        tuple(
            SeatRow(label, _("all cases"), seat.who, str(seat.state))
            for label, seat in standing.items()
        ),
        tuple(
            SeatRow(
                label,
                _("case %(places)s") % {"places": ", ".join(str(p) for p in places)},
                seat.who,
                str(seat.state),
            )
            for label, (seat, places) in by_organ.items()
        ),
    )


def _warnings(rows: Iterable[Row]) -> Iterable[str]:
    for row in rows:
        if row.decision_state == DecisionState.SIGNED:
            continue
        for seat in row.needed:
            if seat.state == SeatState.MISSING:
                words = _("Case %(place)s, %(name)s: no %(who)s")
            elif seat.state == SeatState.NO_REPLY:
                words = _("Case %(place)s, %(name)s: %(who)s has not replied")
            else:
                continue
            yield words % {"place": row.place, "name": row.line.name, "who": seat.specialty}


def people(members: Iterable[Membership], attendances: Iterable[Attendance]) -> tuple[Person, ...]:
    """Return one line for each person who is asked to come, with their reply."""
    said = {row.user_id: row for row in attendances}
    found: dict[int, tuple[User, list[str]]] = {}
    for member in members:
        _user, specialties = found.setdefault(member.user_id, (member.user, []))
        if member.specialty and member.specialty not in specialties:
            specialties.append(member.specialty)
    return tuple(
        _person(user, specialties, said.get(pk)) for pk, (user, specialties) in found.items()
    )


def _person(user: User, specialties: Sequence[str], row: Attendance | None) -> Person:
    return Person(
        user_id=str(user.public_id),
        name=user.name,
        sits_for=", ".join(str(Specialty(code).label) for code in specialties),
        mode=row.mode if row else "",
        deputy=row.deputy if row else "",
        state=(row.mode if row else "no_reply"),
    )
