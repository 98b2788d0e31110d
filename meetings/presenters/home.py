"""The start page: what is asked of this person, most pressing first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Specialty
from cases.presenters.asked import is_asked_for, task_words
from cases.rules import counts_of
from cases.states import CaseState
from followup.presenters.words import health_words
from followup.states import CheckState
from followup.unplanned import is_unplanned
from meetings.choices import cause_label
from meetings.presenters.cases import CaseLine, case_line, returned_reason
from meetings.quorum import STANDING, needs_for
from meetings.selectors import organs_of
from ui.formatting import date, days_from_today, short_date, time

if TYPE_CHECKING:
    import datetime as dt

    from accounts.trail import NewReader
    from cases.models import Case, FactTask
    from followup.models import Check, Notice
    from followup.selectors import ReminderHealth
    from meetings.models import AgendaItem, Decision, Meeting


@dataclass(frozen=True)
class Prepare:
    """A case to read before the meeting."""

    place: int
    start: str
    line: CaseLine
    needs_you: str


@dataclass(frozen=True)
class NextMeeting:
    """The next meeting of this person and the cases it is about."""

    meeting: Meeting
    away: str
    needed: str
    needed_names: str
    standing: bool
    cases: tuple[Prepare, ...]
    more: int


@dataclass(frozen=True)
class Owed:
    """A fact that this person owes."""

    due: str
    colour: str
    what: str
    name: str
    reference: str
    href: str


@dataclass(frozen=True)
class Line:
    """One line of a list: a link with a tag and a second line."""

    text: str
    href: str
    tag: str = ""
    colour: str = "grey"
    sub: str = ""
    unread: bool = False


def next_meeting(
    meeting: Meeting, items: Sequence[AgendaItem], specialties: set[str], today: dt.date, shown: int
) -> NextMeeting:
    """Return the next meeting with its cases in order; `specialties` are what this person sits for."""
    found, minute = [], 0
    for item in items:
        asked = [
            need
            for need in needs_for(organs_of(item.case))
            if not need.standing and specialties & set(need.specialties)
        ]
        start = time(meeting.at_minute(minute).time())
        words = ", ".join(_specialty(need.specialties, specialties) for need in asked)
        found.append(Prepare(item.position, start, case_line(item.case), words))
        minute += item.minutes
    needed = [row for row in found if row.needs_you]
    words = ngettext(
        "You are needed for %(n)s of %(m)s cases",
        "You are needed for %(n)s of %(m)s cases",
        len(found),
    )
    return NextMeeting(
        meeting=meeting,
        away=days_from_today(meeting.day, today),
        needed=words % {"n": len(needed), "m": len(found)} if needed else "",
        needed_names=" · ".join(
            _("%(name)s, about %(time)s") % {"name": row.line.name, "time": row.start}
            for row in needed[:3]
        ),
        standing=bool(specialties & {str(role) for role in STANDING}),
        cases=tuple(found[:shown]),
        more=max(0, len(found) - shown),
    )


def _specialty(asked: Iterable[str], mine: set[str]) -> str:
    return ", ".join(str(Specialty(code).label).lower() for code in asked if code in mine)


def due_words(day: dt.date | None, today: dt.date) -> tuple[str, str]:
    """Return when something is due, in words and a colour."""
    if day is None:
        return _("no date"), "grey"
    if day < today:
        return days_from_today(day, today), "red"
    return (_("today"), "amber") if day == today else (short_date(day), "grey")


def owed(tasks: Iterable[FactTask], today: dt.date) -> tuple[Owed, ...]:
    """Return the facts that this person owes."""
    return tuple(_owed(task, today) for task in tasks)


def _with_count(case: Case) -> str:
    """Return the reference of a case and how many of the facts that its question needs are there."""
    settled, required = counts_of(case)
    words = {"case": case.reference, "settled": settled, "required": required}
    return _("%(case)s · %(settled)s of %(required)s facts") % words


def _owed(task: FactTask, today: dt.date) -> Owed:
    due, colour = due_words(task.due_on, today)
    return Owed(
        due=due,
        colour=colour,
        what=task_words(task) if is_asked_for(task.fact) else cause_label(task.fact),
        name=task.case.patient.identity.display_name,
        reference=_with_count(task.case),
        href=reverse("cases:detail", args=[task.case.public_id]),
    )


def came_back(cases: Iterable[Case]) -> tuple[Line, ...]:
    """Return the cases that monitoring put back on the triage list."""
    return tuple(
        Line(
            text=case.patient.identity.display_name,
            href=reverse("cases:detail", args=[case.public_id]),
            tag=returned_reason(case) or _("no reason given"),
            colour="red",
            sub=_with_count(case),
        )
        for case in cases
    )


def triage(counts: Mapping[str, int]) -> tuple[Line, ...]:
    """Return how many cases wait in each column of the triage board."""
    states = (CaseState.RETURNED, CaseState.REFERRED, CaseState.READY, CaseState.DISCUSSED)
    return tuple(
        Line(str(state.label), "", tag=str(counts.get(state, 0)), colour=_urgency(state, counts))
        for state in states
    )


def _urgency(state: CaseState, counts: Mapping[str, int]) -> str:
    return "red" if state == CaseState.RETURNED and counts.get(state) else "grey"


def to_sign(decisions: Iterable[Decision]) -> tuple[Line, ...]:
    """Return the drafts that wait for this chair's signature."""
    return tuple(
        Line(
            text=row.case.patient.identity.display_name,
            href=reverse("meetings:sign", args=[row.public_id]),
            tag=str(row.get_outcome_display()),
            colour="blue",
            sub=_("%(case)s, discussed on %(day)s")
            % {"case": _with_count(row.case), "day": date(row.meeting.day)},
        )
        for row in decisions
    )


def checks(rows: Iterable[Check], today: dt.date) -> tuple[Owed, ...]:
    """Return the safety checks that are due."""
    found = []
    for row in rows:
        due, colour = due_words(row.due_on, today)
        if row.state == CheckState.MISSED:
            colour = "red"
        elif is_unplanned(row):
            due, colour = _("before the first dose"), "amber"
        case = row.plan.case
        found.append(
            Owed(
                due=due,
                colour=colour,
                what=row.label,
                name=case.patient.identity.display_name,
                reference=case.reference,
                href=_plan_url(row.plan.public_id)
                or reverse("cases:detail", args=[case.public_id]),
            )
        )
    return tuple(found)


def notices(rows: Iterable[Notice]) -> tuple[Line, ...]:
    """Return this person's notices; each tells a case by its reference only."""
    return tuple(
        Line(
            text=str(row.get_kind_display()),
            href=_plan_url(row.plan_public_id),
            tag=row.reference,
            sub=date(row.created_at),
            unread=row.read_at is None,
        )
        for row in rows
    )


def readers(found: Iterable[NewReader]) -> tuple[Line, ...]:
    """Return who may read a board's patients since lately, and by whom."""
    given = _("given by %(who)s · %(board)s · %(day)s")
    return tuple(
        Line(
            row.name,
            "",
            tag=row.role,
            sub=given % {"who": row.by, "board": row.board, "day": short_date(row.at)},
        )
        for row in found
    )


def drafts(versions: Iterable[Any]) -> tuple[Line, ...]:
    """Return the statement versions that are being written, for a curator."""
    return tuple(
        Line(
            text=version.title,
            href=version.statement.get_absolute_url(),
            tag=_("in review") if version.submitted_at else _("draft"),
            colour="amber" if version.submitted_at else "grey",
            sub=_("%(code)s, version %(n)s")
            % {"code": version.statement.code, "n": version.number},
        )
        for version in versions
    )


def reviews(versions: Iterable[Any]) -> tuple[Line, ...]:
    """Return the published statement versions that are due for review, for a curator."""
    return tuple(
        Line(
            text=version.title,
            href=version.statement.get_absolute_url(),
            tag=_("review due"),
            colour="amber",
            sub=_("%(code)s, version %(n)s, to be read again by %(day)s")
            % {
                "code": version.statement.code,
                "n": version.number,
                "day": date(version.review_by),
            },
        )
        for version in versions
    )


def _plan_url(public_id: Any) -> str:
    try:
        return reverse("followup:plan", args=[public_id])
    except NoReverseMatch:
        return ""


def flow(health: ReminderHealth) -> Line:
    """Return whether reminders go out, in one line, by the words and the colour of the worklist."""
    words, colour = health_words(health)
    return Line(words, "", colour=colour)
