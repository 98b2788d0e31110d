"""The triage board: columns of cards, each with what it lacks and where it can go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.states import CaseState, may_follow, permission_for
from meetings.presenters.cases import (
    CaseLine,
    OwedLine,
    case_line,
    owed_lines,
    returned_words,
    short_day,
    waiting_words,
)
from ui.formatting import time

if TYPE_CHECKING:
    from datetime import date

    from cases.models import Case
    from meetings.models import AgendaItem, Meeting

COLUMNS = (CaseState.RETURNED, CaseState.REFERRED, CaseState.READY, CaseState.DISCUSSED)


@dataclass(frozen=True)
class Target:
    """A place where a card can be moved to."""

    value: str
    text: str
    note: str


@dataclass(frozen=True)
class Card:
    """One case on the board."""

    line: CaseLine
    waiting: str
    banner: str
    owed: tuple[OwedLine, ...]
    targets: tuple[Target, ...]
    note: str = ""


@dataclass(frozen=True)
class Column:
    """Cases in one state; `more` of them are on the list of cases only."""

    key: str
    title: str
    note: str
    count: int
    cards: tuple[Card, ...]
    more: int
    more_url: str


@dataclass(frozen=True)
class ListedMeeting:
    """A coming meeting with the cards on its agenda."""

    title: str
    href: str
    booked: int
    minutes: int
    count: int
    cards: tuple[Card, ...]
    more: int


NOTES = {
    CaseState.RETURNED: gettext_lazy("from monitoring"),
    CaseState.REFERRED: gettext_lazy("facts still owed"),
    CaseState.READY: gettext_lazy("can be listed"),
    CaseState.DISCUSSED: gettext_lazy("not signed yet"),
}


def meeting_name(meeting: Meeting) -> str:
    """Return "Thu 3 December, 14:00"."""
    return f"{short_day(meeting.day)}, {time(meeting.start)}"


def columns(
    cases: Iterable[Case], counts: dict[str, int], meetings: Sequence[Meeting], today: date
) -> tuple[Column, ...]:
    """Return the columns of cases that are on no agenda."""
    by_state: dict[str, list[Case]] = {state: [] for state in COLUMNS}
    for case in cases:
        by_state[case.state].append(case)
    return tuple(
        Column(
            key=state,
            title=str(state.label),
            note=str(NOTES[state]),
            count=counts.get(state, 0),
            cards=tuple(card(case, meetings, today) for case in by_state[state]),
            more=max(0, counts.get(state, 0) - len(by_state[state])),
            more_url=f"{reverse('cases:list')}?state={state}",
        )
        for state in COLUMNS
    )


def listed(
    meetings: Sequence[Meeting], items: Iterable[AgendaItem], today: date, shown: int
) -> tuple[ListedMeeting, ...]:
    """Return the coming meetings, each with its first cards."""
    by_meeting: dict[int, list[AgendaItem]] = {}
    for item in items:
        by_meeting.setdefault(item.meeting_id, []).append(item)
    return tuple(
        ListedMeeting(
            title=meeting_name(meeting),
            href=reverse("meetings:agenda", args=[meeting.public_id]),
            booked=meeting.booked,  # type: ignore[attr-defined]
            minutes=meeting.minutes,
            count=len(by_meeting.get(meeting.pk, [])),
            cards=tuple(
                card(item.case, meetings, today, place=item.position, of=meeting)
                for item in by_meeting.get(meeting.pk, [])[:shown]
            ),
            more=max(0, len(by_meeting.get(meeting.pk, [])) - shown),
        )
        for meeting in meetings
    )


def card(
    case: Case,
    meetings: Sequence[Meeting],
    today: date,
    *,
    place: int | None = None,
    of: Meeting | None = None,
) -> Card:
    """Return a case as a card; `place` on the agenda `of` a meeting where it is listed."""
    return Card(
        line=case_line(case),
        waiting=waiting_words(case, today),
        banner=returned_words(case) if case.state == CaseState.RETURNED else "",
        owed=owed_lines(case, today),
        targets=tuple(_targets(case, meetings, of)),
        note=_("place %(n)s") % {"n": place} if place else "",
    )


def _targets(case: Case, meetings: Sequence[Meeting], of: Meeting | None) -> Iterable[Target]:
    if of is not None or may_follow(case.state, CaseState.LISTED):
        for meeting in meetings:
            if meeting.board_id == case.board_id and meeting != of:
                yield _meeting_target(meeting)
    words = {
        CaseState.READY: _("can be listed"),
        CaseState.REFERRED: _("facts are still owed"),
        CaseState.WATCHING: _("go on as decided"),
    }
    for state, note in words.items():
        if may_follow(case.state, state) and permission_for(case.state, state) == "triage.manage":
            yield Target(state, str(state.label), note)


def _meeting_target(meeting: Meeting) -> Target:
    booked = meeting.booked  # type: ignore[attr-defined]
    free = meeting.minutes - booked
    words = _("%(booked)s of %(minutes)s min booked, %(free)s free")
    if free <= 0:
        words = _("%(booked)s of %(minutes)s min booked, %(over)s over")
    return Target(
        value=f"meeting:{meeting.public_id}",
        text=_("Listed, %(meeting)s") % {"meeting": meeting_name(meeting)},
        note=words % {"booked": booked, "minutes": meeting.minutes, "free": free, "over": -free},
    )
