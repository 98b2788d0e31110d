"""Meetings, agendas and decisions for tests, made through the services that forms call."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from accounts.acting import acting_as
from evidence.models import Statement, StatementVersion
from meetings.services.agenda import list_case
from meetings.services.decisions import Draft, record_decision
from meetings.services.meetings import create_meeting, set_current_item, start_meeting
from meetings.services.signing import sign_decision
from tests.factories.record import make_case

if TYPE_CHECKING:
    from accounts.models import Board, User
    from cases.models import Case
    from meetings.models import AgendaItem, Decision, Meeting


def make_meeting(by: User, board: Board, *, in_days: int = 7, **extra: Any) -> Meeting:
    """Return a planned meeting."""
    day = timezone.localdate() + dt.timedelta(days=in_days)
    with acting_as(by):
        return create_meeting(by=by, board=board, day=day, start=dt.time(14, 0), **extra)


def make_item(by: User, meeting: Meeting, case: Case | None = None, **extra: Any) -> AgendaItem:
    """Return a case on the agenda; `by` manages the meeting."""
    with acting_as(by):
        case = case or make_case(by, meeting.board)
        return list_case(by=by, meeting=meeting, case=case, **extra)


def make_version(number: int = 1, **extra: Any) -> StatementVersion:
    """Return a published statement version with an invented content."""
    code = extra.pop("code", f"T{Statement.objects.count() + 1:03d}")
    statement, _new = Statement.objects.get_or_create(code=code)
    return StatementVersion.objects.create(
        **{
            "statement": statement,
            "number": number,
            "state": "published",
            "published_at": timezone.now(),
            "review_by": timezone.localdate() + dt.timedelta(days=730),
            "origin": "repository",
            "release": 1,
            "title": f"Invented statement {code}",
            "says": "Something invented.",
            "does_not_say": "Anything else.",
            "category": "irae",
            "certainty": "low",
            "mark": "seen",
            "condition": {"fact": "irae_any", "op": "is", "value": True},
            **extra,
        }
    )


def make_draft(by: User, item: AgendaItem, *, version: int = 0, **values: Any) -> Decision:
    """Return a recorded draft, complete enough to be signed."""
    draft = Draft(
        **{
            "outcome": "same_agent",
            "drugs": ["pembrolizumab"],
            "dose_interval_days": 21,
            "rationale": "It went away and stayed away.",
            **values,
        }
    )
    with acting_as(by):
        return record_decision(by=by, item=item, draft=draft, version=version)


def make_signed(by: User, item: AgendaItem, **values: Any) -> Decision:
    """Return a signed decision; `by` is a chair."""
    with acting_as(by):
        decision = make_draft(by, item, **values)
        return sign_decision(by=by, decision=decision, version=decision.version).decision


def start(by: User, meeting: Meeting, item: AgendaItem | None = None) -> Meeting:
    """Return the meeting running, with `item` brought up."""
    with acting_as(by):
        meeting = start_meeting(by=by, meeting=meeting)
        return set_current_item(by=by, meeting=meeting, item=item) if item else meeting


def run_sql(sql: str, *parameters: Any) -> int:
    """Run raw SQL as the suite's login role and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount
