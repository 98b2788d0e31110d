"""The discussion: one page that everybody follows, led by chair or coordinator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, requires
from audit.reading import already_on_the_trail
from meetings import selectors
from meetings.models import AgendaItem, Meeting
from meetings.presenters.live import strip
from meetings.services.following import note_followed
from meetings.services.meetings import set_current_item
from meetings.states import MeetingState
from meetings.views.loading import discussion_context, discussion_of
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID


def _meeting(request: UserRequest, public_id: UUID) -> Meeting:
    rows = selectors.meeting_for_page(request.user)
    meeting: Meeting = get_object_or_404(rows, public_id=public_id)
    return meeting


def _current(request: UserRequest, meeting: Meeting) -> AgendaItem | None:
    rows = selectors.items_for(request.user).filter(meeting=meeting)
    return rows.filter(current_since__isnull=False).first()


def _context(request: UserRequest, meeting: Meeting, item: AgendaItem | None) -> dict[str, Any]:
    """Return the whole page's context, or that of a meeting where no case is up."""
    user = request.user
    leads = user.can("meeting.manage", meeting.board)
    names = selectors.names_on(user, meeting)
    context: dict[str, Any] = {
        "meeting": meeting,
        "item": item,
        "leads": leads,
        "running": meeting.state == MeetingState.RUNNING,
        "strip": strip(meeting, names, item, None),
        "swapped": wants_fragment(request),
        "line": None,
    }
    if item is not None:
        item.meeting = meeting
        found = discussion_of(user, item)
        context |= discussion_context(user, found)
        context["strip"] = strip(meeting, names, item, found.quorum)
    return context


@require_GET
@requires("meeting.view")
def live(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show the case that is up."""
    meeting = _meeting(request, public_id)
    item = _current(request, meeting)
    if item is not None:
        note_followed(by=request.user, item=item)
    return render(request, "meetings/live.html", context=_context(request, meeting, item))


@require_GET
@requires("meeting.view")
def state(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Answer a follower's poll: 204 while nothing changed, else what did.

    Whoever records keeps the form they type in: as long as the case is the same, only the strip above it
    is renewed. Everybody else gets the whole case anew. A case is entered on the trail once for each time
    that it is brought up, and not with every poll.
    """
    meeting = _meeting(request, public_id)
    if request.GET.get("seen") == str(meeting.revision):
        return HttpResponse(status=204)
    item = _current(request, meeting)
    if item is not None and selectors.follows(request.user, item):
        already_on_the_trail()
    elif item is not None:
        note_followed(by=request.user, item=item)
    shown = request.GET.get("item", "")
    same = item is not None and shown == str(item.public_id)
    context = _context(request, meeting, item)
    context["swapped"] = True
    if same and context["records"]:
        response = render(request, "meetings/_live_top.html", context=context)
        response["HX-Reswap"] = "none"
        return response
    return render(request, "meetings/_live.html", context=context)


@require_POST
@requires("meeting.manage")
def current(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Bring a case up for everybody."""
    item = get_object_or_404(selectors.items_for(request.user), public_id=public_id)
    meeting = set_current_item(by=request.user, meeting=item.meeting, item=item)
    if wants_fragment(request):
        meeting = _meeting(request, meeting.public_id)
        context = _context(request, meeting, _current(request, meeting))
        return render(request, "meetings/_live.html", context=context)
    return redirect(request, reverse("meetings:live", args=[meeting.public_id]))
