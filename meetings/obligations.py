"""Reads for the start page: what one person owes, in a fixed number of queries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Value
from django.db.models.functions import Coalesce

from cases.family import joined
from cases.models import Case, FactTask
from cases.presenters.asked import with_items
from cases.selectors import for_rows, shown_beside, with_counts, with_counts_of
from cases.states import CaseState
from evidence.models import StatementVersion
from evidence.selectors import due_for_review
from evidence.states import UNPUBLISHED
from followup.models import Check, Notice
from followup.selectors import span
from followup.states import CheckState
from meetings.models import Decision, Meeting
from meetings.states import DecisionState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User


def next_meeting_of(user: User) -> Meeting | None:
    """Return the next meeting of a board on which the user is asked to come."""
    rows = Meeting.objects.ahead(user.boards_with("meeting.attend"))
    return rows.select_related("board").first()


# Of what is owed without a day, so that it stands after what has one.
NO_DAY = date.max


def facts_owed_by(user: User) -> QuerySet[FactTask]:
    """Return the facts the user owes on boards whose cases they may open, to be listed by `by`, the most overdue first.

    `by`: the day by which, `NO_DAY` where none was told.
    """
    boards = user.boards_with("case.view")
    rows = FactTask.objects.visible_to(user).filter(
        owner=user, done_at__isnull=True, case__board__in=boards
    )
    shown = with_items(shown_beside(rows.exclude(case__state=CaseState.CLOSED), "case"))
    return shown.annotate(by=Coalesce("due_on", Value(NO_DAY)))


def returned_to(user: User, limit: int) -> list[Case]:
    """Return the cases that came back to the user's boards, the latest first."""
    boards = user.boards_with("case.view")
    rows = Case.objects.visible_to(user).filter(board__in=boards, state=CaseState.RETURNED)
    return with_counts(list(for_rows(rows).order_by("-changed_at", "-id")[:limit]))


def waiting_for_signature(user: User, limit: int) -> list[Decision]:
    """Return the drafts with an outcome that the user may sign."""
    boards = user.boards_with("decision.sign")
    if not boards:
        return []
    rows = Decision.objects.visible_to(user).filter(board__in=boards, state=DecisionState.DRAFT)
    rows = shown_beside(rows.exclude(outcome="").select_related("meeting"), "case")
    return with_counts_of(list(rows.order_by("changed_at", "id")[:limit]), lambda row: row.case)


def checks_due(user: User, today: date, limit: int) -> list[Check]:
    """Return the safety checks due by today on the user's boards, the oldest first, and after them today's.

    Overdue and of today as in the worklist: what is of today hides nothing that is late.
    """
    boards = user.boards_with("monitoring.record")
    rows = Check.objects.visible_to(user).filter(
        plan__case__board__in=boards,
        state__in=[CheckState.DUE, CheckState.MISSED],
        result="",
    )
    rows = rows.select_related("step", *joined("plan__case__patient", "identity"))
    rows = rows.order_by("due_on", "id")
    late = list(rows.filter(span("overdue", today))[:limit])
    return late + list(rows.filter(span("today", today))[: limit - len(late)])


def notices_of(user: User, limit: int) -> list[Notice]:
    """Return the user's notices, the newest first."""
    return list(Notice.objects.filter(user=user).order_by("-created_at", "-id")[:limit])


def statement_drafts(limit: int) -> list[Any]:
    """Return the statement versions being written, submitted ones first."""
    rows = StatementVersion.objects.filter(state__in=UNPUBLISHED).select_related("statement")
    return list(rows.order_by("submitted_at", "-created_at", "-id")[:limit])


def statements_due(limit: int) -> list[Any]:
    """Return the published statement versions whose day of review has come, the longest due first."""
    return list(due_for_review()[:limit])
