"""The page of a meeting: its agenda, who comes, and the small forms that change them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, requires
from accounts.models import User
from cases.drafting import window_of
from cases.models import Case
from cases.services.drafts import discard_draft
from meetings import selectors
from meetings.forms import AddCaseForm, AttendanceForm
from meetings.models import Meeting
from meetings.presenters import agenda as present
from meetings.services.agenda import list_case, move_item, remove_item, set_minutes
from meetings.services.attendance import set_attendance
from meetings.services.triage import move_card
from meetings.states import MeetingState
from meetings.views.typed import add_key, reply_key, typed_context
from ui.htmx import redirect, render, wants_fragment
from ui.typed import whole_number


def _meeting(request: UserRequest, public_id: UUID) -> Meeting:
    rows = selectors.meeting_for_page(request.user)
    meeting: Meeting = get_object_or_404(rows, public_id=public_id)
    return meeting


def _context(request: UserRequest, meeting: Meeting) -> dict[str, Any]:
    user = request.user
    manages = user.can("meeting.manage", meeting.board) and meeting.state != MeetingState.CLOSED
    members = selectors.board_members(meeting.board)
    attendances = list(meeting.attendances.all())
    items = selectors.agenda_of(user, meeting)
    replies = selectors.replies_of(members, attendances)
    mine = next((row for row in attendances if row.user_id == user.pk), None)
    candidates = selectors.cases_to_list(user, meeting.board) if manages else []
    return {
        "meeting": meeting,
        "agenda": present.agenda(meeting, items, replies),
        "people": present.people(members, attendances),
        "manages": manages,
        "attends": user.can("meeting.attend", meeting.board)
        and meeting.state != MeetingState.CLOSED,
        **typed_context(user, meeting, mine, candidates),
        "candidates": candidates,
        "others": _other_meetings(user, meeting) if manages and items else [],
    }


def _other_meetings(user: User, meeting: Meeting) -> list[Meeting]:
    found = selectors.next_meetings(user, [meeting.board], limit=4)
    return [one for one in found if one.pk != meeting.pk]


def _answer(request: UserRequest, public_id: UUID, said: str = "") -> HttpResponse:
    """Return the changed part of the page to htmx, else go back to the page."""
    if wants_fragment(request):
        context = _context(request, _meeting(request, public_id))
        return render(request, "meetings/_agenda.html", context={**context, "said": said})
    if said:
        messages.success(request, said)
    return redirect(request, reverse("meetings:agenda", args=[public_id]))


@require_GET
@requires("meeting.view", lists=True)
def agenda(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show the agenda of a meeting."""
    context = _context(request, _meeting(request, public_id))
    return render(request, "meetings/agenda.html", context={**context, "said": ""})


@require_POST
@requires("meeting.manage")
def add(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Put a case on the agenda."""
    meeting = _meeting(request, public_id)
    form = AddCaseForm(
        request.POST, candidates=selectors.cases_to_list(request.user, meeting.board)
    )
    if not form.is_valid():
        context = {**_context(request, meeting), "add_form": form, "said": ""}
        return render(request, "meetings/agenda.html", "meetings/_agenda.html", context, status=422)
    rows = Case.objects.visible_to(request.user).select_related("board")
    case = get_object_or_404(rows, public_id=form.cleaned_data["case"])
    minutes = form.cleaned_data["minutes"] or 5
    list_case(by=request.user, meeting=meeting, case=case, minutes=minutes)
    discard_draft(by=request.user, key=add_key(public_id), window=window_of(request))
    return _answer(request, public_id, _("%(case)s is listed.") % {"case": case.reference})


@require_POST
@requires("meeting.manage")
def move(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Move an item up or down, take it off, or list it for another meeting."""
    item = get_object_or_404(selectors.items_for(request.user), public_id=public_id)
    meeting_id, to = item.meeting.public_id, request.POST.get("to", "")
    reference = item.case.reference
    if to in ("up", "down"):
        place = item.position + (1 if to == "down" else -1)
        item = move_item(by=request.user, item=item, to=place)
        said = _("%(case)s has moved.") % {"case": reference}
    elif to == "off":
        remove_item(by=request.user, item=item)
        said = _("%(case)s is off the agenda and “ready” again.") % {"case": reference}
    else:
        rows = Meeting.objects.visible_to(request.user)
        other = get_object_or_404(rows, public_id=_uuid_or_404(to))
        move_card(by=request.user, case=item.case, meeting=other)
        said = _("%(case)s is listed for the other meeting.") % {"case": reference}
    return _answer(request, meeting_id, said)


@require_POST
@requires("meeting.manage")
def minutes(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Give an item more or less time."""
    item = get_object_or_404(selectors.items_for(request.user), public_id=public_id)
    wanted = whole_number(request.POST.get("minutes"))
    if wanted:
        set_minutes(by=request.user, item=item, minutes=wanted)
    return _answer(request, item.meeting.public_id)


@require_POST
@requires("meeting.attend")
def attendance(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Say how oneself, or as the one who manages somebody else, comes to the meeting."""
    meeting = _meeting(request, public_id)
    form = AttendanceForm(request.POST)
    if not form.is_valid():
        context = {**_context(request, meeting), "attendance_form": form, "said": ""}
        return render(request, "meetings/agenda.html", "meetings/_agenda.html", context, status=422)
    data, user = form.cleaned_data, request.user
    if data["user"]:
        rows = User.objects.filter(memberships__board=meeting.board).distinct()
        user = get_object_or_404(rows, public_id=data["user"])
    set_attendance(
        by=request.user, meeting=meeting, user=user, mode=data["mode"], deputy=data["deputy"]
    )
    if user == request.user:
        discard_draft(by=request.user, key=reply_key(public_id), window=window_of(request))
    if request.POST.get("next") == "home":
        messages.success(request, _("Your reply is noted."))
        return redirect(request, reverse("home"))
    return _answer(request, public_id, _("The reply is noted."))


def _uuid_or_404(text: str) -> UUID:
    try:
        return UUID(text.removeprefix("meeting:"))
    except ValueError:
        raise Http404 from None
