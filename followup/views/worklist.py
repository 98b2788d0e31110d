"""The worklist, notices, and reminders that could not be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import UserRequest, requires
from accounts.zones import today_among
from followup import selectors
from followup.models import Notice
from followup.presenters.words import health_words
from followup.presenters.worklist import groups_of
from followup.services.reading import mark_read
from followup.services.results import retry_reminder
from ui.htmx import redirect, render
from ui.paging import keyset

if TYPE_CHECKING:
    from uuid import UUID

SHOWS = ("all", "overdue", "today", "week")
PER_PAGE = 25


@require_safe
@requires("monitoring.view", lists=True)
def worklist(request: UserRequest) -> HttpResponse:
    """What is overdue, due today and in the next seven days, oldest first."""
    show, mine = request.GET.get("show", "all"), request.GET.get("whose") == "mine"
    if show not in SHOWS:
        raise Http404
    today = today_among(request.user.boards)
    rows = selectors.worklist(request.user, show=show, mine=mine, today=today)
    page = keyset(
        rows,
        request,
        order=("due_on", "id"),
        per_page=PER_PAGE,
        shown=selectors.worklist_rows(request.user),
    )
    health, colour = health_words(selectors.reminder_health())
    context = {
        "today": today,
        "show": show,
        "mine": mine,
        "page": page,
        "groups": groups_of(page.rows, today),
        "counts": selectors.worklist_counts(request.user, today=today),
        "health": health,
        "health_colour": colour,
        "may_record": request.user.can_anywhere("monitoring.record"),
    }
    return render(request, "followup/worklist.html", "followup/_worklist.html", context)


@require_safe
@requires("monitoring.view")
def notices(request: UserRequest) -> HttpResponse:
    """The user's notices, newest first."""
    page = keyset(selectors.notices(request.user), request, per_page=PER_PAGE)
    return render(request, "followup/notices.html", "followup/_notices.html", {"page": page})


@require_POST
@requires("monitoring.view")
def read_notices(request: UserRequest) -> HttpResponse:
    """Mark all notices as read."""
    mark_read(by=request.user)
    return redirect(request, reverse("followup:notices"))


@require_POST
@requires("monitoring.view")
def read_notice(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Mark one notice as read and open what it is about."""
    notice = get_object_or_404(Notice.objects.filter(user=request.user), public_id=public_id)
    mark_read(by=request.user, public_id=public_id)
    if notice.check_public_id:
        return redirect(request, reverse("followup:check", args=[notice.check_public_id]))
    return redirect(request, reverse("followup:plan", args=[notice.plan_public_id]))


@require_safe
@requires("monitoring.view", lists=True)
def failed(request: UserRequest) -> HttpResponse:
    """Reminders that could not be sent after the last attempt."""
    rows = selectors.failed_for_list(request.user)
    page = keyset(rows, request, order=("-due_at", "-id"), per_page=PER_PAGE)
    health, colour = health_words(selectors.reminder_health())
    context = {"page": page, "health": health, "health_colour": colour}
    return render(request, "followup/failed.html", context=context)


@require_POST
@requires("triage.manage")
def retry(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Have a failed reminder sent again."""
    reminder = get_object_or_404(selectors.reminders(request.user), public_id=public_id)
    retry_reminder(by=request.user, reminder=reminder)
    messages.success(request, _("The reminder goes out with the next sweep."))
    return redirect(request, reverse("followup:failed"))
