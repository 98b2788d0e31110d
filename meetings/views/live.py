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
from meetings.presenters.live import Mark, strip
from meetings.services.following import note_followed
from meetings.services.meetings import set_current_item
from meetings.states import MeetingState
from meetings.views.loading import discussion_context, discussion_of
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID

    from meetings.models import Decision

# How far the decision is: which of its forms stand on the page follows from it.
NOTHING, DRAFT, SIGNED = "nothing", "draft", "signed"


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
    seen = selectors.guidance_mark(user, meeting)
    context: dict[str, Any] = {
        "mark": Mark(meeting.revision, seen),
        "shape": NOTHING,
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
        context["shape"] = _shape(found.decision)
        context["mark"] = Mark(
            meeting.revision, seen, found.decision.form_version if found.decision else 0
        )
    return context


def _shape(decision: Decision | None) -> str:
    if decision is None:
        return NOTHING
    return SIGNED if decision.is_signed else DRAFT


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
@requires("meeting.view", renews=True)
def state(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Answer a follower's poll: 204 while nothing changed, else what did.

    As long as the case is the same and not signed, everything is renewed but the forms: what somebody is
    typing stays. Another case, or a signature, brings the whole page anew. A case is entered on the trail
    once for each time that it is brought up, and not with every poll.
    """
    meeting = _meeting(request, public_id)
    seen = Mark.read(request.GET.get("seen", ""))
    guidance = selectors.guidance_mark(request.user, meeting)
    if (seen.revision, seen.guidance) == (meeting.revision, guidance):
        return HttpResponse(status=204)
    # Somebody is at work in the meeting: the screen in the room, which nobody touches, follows on.
    request.awake = True
    item = _current(request, meeting)
    if item is not None and selectors.follows(request.user, item):
        already_on_the_trail()
    elif item is not None:
        note_followed(by=request.user, item=item)
    same = item is not None and request.GET.get("item") == str(item.public_id)
    context = _context(request, meeting, item)
    context["swapped"] = True
    if not same or context["shape"] == SIGNED:
        return render(request, "meetings/_live.html", context=context)
    mark = context["mark"]
    context["begun"] = context["shape"] == DRAFT != request.GET.get("shape")
    context["guidance_changed"] = (mark.guidance, mark.form) != (seen.guidance, seen.form)
    response = render(request, "meetings/_live_parts.html", context=context)
    response["HX-Reswap"] = "none"
    return response


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
