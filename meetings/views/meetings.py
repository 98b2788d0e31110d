"""The list of meetings, planning one, its calendar file, starting and closing it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import UserRequest, requires
from cases.drafting import draft_key, form_of, window_of
from cases.services.drafts import discard_draft
from meetings import selectors
from meetings.calendar import calendar_file
from meetings.changed import how_many, number_words
from meetings.forms import MeetingForm
from meetings.models import Meeting
from meetings.services.meetings import close_meeting, create_meeting, start_meeting
from meetings.states import MeetingState
from ui.htmx import redirect, render
from ui.paging import keyset

if TYPE_CHECKING:
    from uuid import UUID


@require_GET
@requires("meeting.view")
def meeting_list(request: UserRequest) -> HttpResponse:
    """Show the coming meetings, or those that are over."""
    reviews = request.user.can_anywhere("decision.review")
    past = request.GET.get("show") == "past"
    rows = selectors.meetings_for(request.user)
    if past:
        page = keyset(
            rows.filter(state=MeetingState.CLOSED), request, order=("-day", "-start", "-id")
        )
    else:
        page = keyset(
            rows.exclude(state=MeetingState.CLOSED), request, order=("day", "start", "id")
        )
    context = {
        "page": page,
        "past": past,
        "changed": number_words(how_many(request.user)) if reviews else "",
        "may_manage": request.user.can_anywhere("meeting.manage"),
        "several_boards": len(request.user.boards_with("meeting.view")) > 1,
    }
    return render(request, "meetings/list.html", context=context)


@require_http_methods(["GET", "POST"])
@requires("meeting.manage")
def new(request: UserRequest) -> HttpResponse:
    """Plan a meeting."""
    boards = request.user.boards_with("meeting.manage")
    initial = {"day": timezone.localdate() + dt.timedelta(days=7), "start": dt.time(14, 0)}
    key = draft_key("meeting", "new")

    def make(data: Any, typed: dict[str, Any]) -> MeetingForm:
        return MeetingForm(data, boards=boards, initial={**initial, **typed})

    form, draft = form_of(request, key, make)
    if request.method == "POST" and form.is_valid():
        meeting = create_meeting(by=request.user, **form.cleaned_data)
        discard_draft(by=request.user, key=key, window=window_of(request))
        messages.success(request, _("The meeting is planned."))
        return redirect(request, reverse("meetings:agenda", args=[meeting.public_id]))
    status = 422 if form.is_bound else 200
    context = {"form": form, "draft": draft}
    return render(request, "meetings/new.html", context=context, status=status)


@require_GET
@requires("meeting.view")
def calendar(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Return the meeting as a calendar file; nothing about a patient is in it."""
    meeting = get_object_or_404(selectors.meeting_for_page(request.user), public_id=public_id)
    # Not by the name under which this request came: the file stays in somebody's calendar.
    url = settings.BASE_URL + reverse("meetings:agenda", args=[meeting.public_id])
    response = HttpResponse(calendar_file(meeting, url), content_type="text/calendar")
    response["Content-Disposition"] = f'attachment; filename="meeting-{meeting.day:%Y-%m-%d}.ics"'
    return response


@require_POST
@requires("meeting.manage")
def start(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Start a meeting and go to its live page."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), public_id=public_id)
    start_meeting(by=request.user, meeting=meeting)
    return redirect(request, reverse("meetings:live", args=[public_id]))


@require_http_methods(["GET", "POST"])
@requires("meeting.manage", lists=True)
def close(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Ask, then close a meeting."""
    rows = selectors.meeting_for_page(request.user)
    meeting = get_object_or_404(rows, public_id=public_id)
    back = reverse("meetings:agenda", args=[public_id])
    if request.method == "POST":
        close_meeting(by=request.user, meeting=meeting)
        messages.success(request, _("The meeting is closed."))
        return redirect(request, back)
    items = selectors.agenda_of(request.user, meeting)
    context = {
        "meeting": meeting,
        "not_reached": [item for item in items if item.discussed_at is None],
        "unsigned": [item for item in items if item.discussed_at and not _signed(item)],
        "back_url": back,
        "confirm_text": _("Close the meeting"),
        "confirm_kind": "primary",
    }
    return render(request, "meetings/close.html", context=context)


def _signed(item: object) -> bool:
    decisions = item.case.decisions_here  # type: ignore[attr-defined]
    return any(decision.is_signed for decision in decisions)
