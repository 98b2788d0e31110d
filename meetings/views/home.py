"""The start page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, requires
from accounts.trail import new_readers
from accounts.zones import today_among
from cases.selectors import with_counts_of
from followup.selectors import reminder_health
from meetings import obligations
from meetings.changed import MOST_COUNTED, how_many
from meetings.presenters import home as present
from meetings.selectors import items_of, triage_counts
from meetings.views.typed import typed_context
from ui.htmx import render
from ui.paging import keyset

if TYPE_CHECKING:
    from cases.models import FactTask

SHOWN = 8
OWED_ORDER = ("by", "id")
PER_PAGE = 25


@require_GET
@requires("case.view", lists=True)
def owed(request: UserRequest) -> HttpResponse:
    """List every fact that this person owes, the most overdue first."""
    request.within = "home"
    today = today_among(request.user.boards)
    rows = obligations.facts_owed_by(request.user)
    page = keyset(rows, request, order=OWED_ORDER, per_page=PER_PAGE)
    context = {"page": page, "rows": present.owed(_counted(page.rows), today)}
    return render(request, "meetings/owed.html", context=context)


def _counted(tasks: list[FactTask]) -> list[FactTask]:
    return with_counts_of(tasks, lambda task: task.case)


@require_GET
@requires("home.view", lists=True)
def home(request: UserRequest) -> HttpResponse:
    """Show what is asked of this person, most pressing first."""
    user, today = request.user, today_among(request.user.boards)
    context: dict[str, Any] = {
        "today": today,
        "next": None,
        "my_mode": "",
        "my_deputy": "",
        "owed": (),
        "owes_more": False,
        "flow": present.flow(reminder_health()),
        "notices": present.notices(obligations.notices_of(user, SHOWN)),
        "to_sign": (),
        "came_back": (),
        "checks": (),
        "drafts": (),
        "reviews": (),
        "triage": (),
        "changed": how_many(user),
        "most_counted": MOST_COUNTED,
        "readers": present.readers(new_readers(user, SHOWN)),
    }
    if user.can_anywhere("case.view"):
        context |= _with_patients(user, today)
    if user.can_anywhere("evidence.curate"):
        context["drafts"] = present.drafts(obligations.statement_drafts(SHOWN))
        context["reviews"] = present.reviews(obligations.statements_due(SHOWN))
    return render(request, "meetings/home.html", context=context)


def _with_patients(user: Any, today: Any) -> dict[str, Any]:
    """Return the part of the page that is about patients."""
    owed = list(obligations.facts_owed_by(user).order_by(*OWED_ORDER)[: SHOWN + 1])
    found: dict[str, Any] = {
        "owed": present.owed(_counted(owed[:SHOWN]), today),
        "owes_more": len(owed) > SHOWN,
        "came_back": present.came_back(obligations.returned_to(user, SHOWN)),
        "to_sign": present.to_sign(obligations.waiting_for_signature(user, SHOWN)),
    }
    if user.can_anywhere("monitoring.record"):
        found["checks"] = present.checks(obligations.checks_due(user, today, SHOWN), today)
    boards = user.boards_with("triage.view")
    if boards:
        found["triage"] = present.triage(triage_counts(user, boards))
    meeting = obligations.next_meeting_of(user)
    if meeting is not None:
        items = items_of(user, [meeting])
        mine = user.specialties_on(meeting.board)
        found["next"] = present.next_meeting(meeting, items, mine, today, SHOWN)
        reply = meeting.attendances.filter(user=user).first()
        found |= typed_context(user, meeting, reply)
    return found
