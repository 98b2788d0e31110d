"""The monitoring plan's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, requires
from followup import selectors
from followup.presenters.conditions import conditions_of
from followup.presenters.picture import dose_words
from followup.presenters.plan import plan_page
from followup.services.reading import note_read
from followup.views.checks import result_form
from ui.htmx import render

if TYPE_CHECKING:
    from uuid import UUID


@require_safe
@requires("monitoring.view")
def plan(request: UserRequest, public_id: UUID) -> HttpResponse:
    """The plan as a picture, what is open, and which protocol asked for what."""
    found = get_object_or_404(selectors.plan_for_page(request.user), public_id=public_id)
    note_read(by=request.user, plan=found)
    shown = plan_page(found, timezone.localdate())
    may_record = request.user.can("monitoring.record", found.case.board) and found.state != "closed"
    context = {
        "shown": shown,
        "plan": found,
        "bar": shown.bar,
        "bar_links": True,
        "doses": dose_words(found),
        "may_record": may_record,
        "conditions": conditions_of(found),
        "check": shown.next_check,
        "form": None,
        "draft": None,
    }
    if may_record and shown.next_check is not None:
        context["form"], context["draft"] = result_form(request, shown.next_check)
    return render(request, "followup/plan.html", context=context)
