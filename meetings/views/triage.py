"""The triage board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, requires
from cases.models import Case
from cases.states import CaseState
from meetings import selectors
from meetings.forms import MoveForm
from meetings.models import Meeting
from meetings.presenters import triage as present
from meetings.services.triage import move_card
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from uuid import UUID

SHOWN_OF_A_MEETING = 3


@require_GET
@requires("triage.view", lists=True)
def triage(request: UserRequest) -> HttpResponse:
    """Show the cases that wait for a meeting or a signature, and the coming meetings."""
    user, today = request.user, timezone.localdate()
    allowed = user.boards_with("triage.view")
    wanted = request.GET.get("board", "")
    boards = [b for b in allowed if str(b.public_id) == wanted] or allowed
    urgent = request.GET.get("show") == "urgent"
    meetings = selectors.next_meetings(user, boards)
    cases = selectors.cases_on_triage(user, boards, present.COLUMNS, urgent=urgent)
    counts = selectors.triage_counts(user, boards, urgent=urgent)
    wanted_items = {"case__state": CaseState.LISTED, **({"case__urgent": True} if urgent else {})}
    items = selectors.items_of(user, meetings, **wanted_items)
    context: dict[str, Any] = {
        "columns": present.columns(cases, counts, meetings, today),
        "listed": present.listed(meetings, items, today, SHOWN_OF_A_MEETING),
        "listed_count": counts.get(CaseState.LISTED, 0),
        "stats": _stats(user, boards, counts, meetings, cases),
        "boards": boards,
        "allowed": allowed,
        "urgent": urgent,
        "wanted": wanted,
        "today": today,
    }
    return render(request, "meetings/triage.html", context=context)


def _stats(
    user: Any, boards: list[Any], counts: dict[str, int], meetings: list[Meeting], cases: list[Case]
) -> list[dict[str, Any]]:
    today = timezone.localdate()
    overdue = selectors.overdue_tasks(user, boards, today)
    waiting = sum(counts.get(s, 0) for s in (CaseState.REFERRED, CaseState.READY))
    days = [
        (today - c.referred_at.date()).days
        for c in cases
        if c.state in (CaseState.REFERRED, CaseState.READY)
    ]
    back = counts.get(CaseState.RETURNED, 0)
    stats = [
        {"number": back, "text": _("came back"), "colour": "red" if back else None},
        {"number": overdue, "text": _("facts overdue"), "colour": "red" if overdue else None},
        {"number": waiting, "text": _("wait for a meeting")},
        {"number": max(days, default=0), "text": _("days, longest wait")},
    ]
    if meetings:
        nearest = meetings[0]
        free = nearest.minutes - nearest.booked  # type: ignore[attr-defined]
        text = _("min free") if free >= 0 else _("min over")
        stats.append(
            {
                "number": abs(free),
                "text": text,
                "sub": present.meeting_name(nearest),
                "colour": None if free >= 0 else "red",
            }
        )
    return stats


@require_POST
@requires("triage.manage")
def move(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Move a card to a column or onto the agenda of a meeting."""
    user = request.user
    rows = Case.objects.visible_to(user).filter(board__in=user.boards_with("triage.manage"))
    case = get_object_or_404(rows.select_related("board"), public_id=public_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose where the case goes. Nothing was moved."))
        return redirect(request, reverse("meetings:triage"))
    to = form.cleaned_data["to"]
    if isinstance(to, str):
        case = move_card(by=user, case=case, to=to)
        words = _("%(case)s is now “%(place)s”.")
        place = case.get_state_display()
    else:
        meeting = get_object_or_404(Meeting.objects.visible_to(user), public_id=to)
        move_card(by=user, case=case, meeting=meeting)
        words, place = _("%(case)s is listed for %(place)s."), present.meeting_name(meeting)
    words = words % {"case": case.reference, "place": place}
    messages.success(request, words)
    return redirect(request, reverse("meetings:triage"))
