"""The monitoring plan's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import UserRequest, requires
from accounts.zones import today_of
from cases.drafting import draft_key, open_form
from cases.selectors import drafts_of
from followup import selectors
from followup.forms.plans import DoseForm
from followup.later import since_opened
from followup.presenters.conditions import conditions_of
from followup.presenters.doses import doses_of
from followup.presenters.notes import board_note, earlier_note, lacks_irae
from followup.presenters.picture import dose_words
from followup.presenters.plan import plan_page
from followup.services.reading import note_read
from followup.views.checks import make_result_form, result_key
from ui.htmx import render

if TYPE_CHECKING:
    from uuid import UUID

    from cases.drafting import FormDraft
    from followup.models import MonitoringPlan


@require_safe
@requires("monitoring.view")
def plan(request: UserRequest, public_id: UUID) -> HttpResponse:
    """The plan as a picture, what is open, and which protocol asked for what."""
    found = get_object_or_404(selectors.plan_for_page(request.user), public_id=public_id)
    note_read(by=request.user, plan=found)
    return show_plan(request, found)


def show_plan(
    request: UserRequest,
    found: MonitoringPlan,
    *,
    dose: tuple[DoseForm, FormDraft] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a plan fetched by `selectors.plan_for_page`; `dose` is the form of the next dose as it was sent."""
    since = since_opened(found)
    dosing = doses_of(found, today_of(found.case.board), against=since.against)
    shown = plan_page(found, today_of(found.case.board))
    may_record = request.user.can("monitoring.record", found.case.board) and found.state != "closed"
    context = {
        "shown": shown,
        "plan": found,
        "bar": shown.bar,
        "bar_links": True,
        "doses": dose_words(found),
        "may_record": may_record,
        "conditions": conditions_of(found),
        "notes": [note for note in (board_note(found, since), earlier_note(found)) if note],
        "lacks_irae": lacks_irae(found),
        "check": shown.next_check,
        "dosing": dosing,
        "form": None,
        "draft": None,
        "dose_form": None,
        "dose_draft": None,
    }
    check_key = result_key(shown.next_check) if shown.next_check else ""
    dose_key = draft_key("plan", found.case.public_id, found.public_id, "dose")
    kept = drafts_of(request.user, [check_key, dose_key]) if may_record else {}
    if may_record and shown.next_check is not None:
        made = make_result_form(shown.next_check)
        context["form"], context["draft"] = open_form(check_key, made, kept)
    if may_record and dosing and dosing.next:
        first = {"version": found.version, "on": dosing.next_day}

        def make(data: Any, typed: dict[str, Any]) -> DoseForm:
            return DoseForm(data, initial={**first, **typed}, ask_board=since.undecided)

        opened = dose or open_form(dose_key, make, kept)
        context["dose_form"], context["dose_draft"] = opened
    return render(request, "followup/plan.html", context=context, status=status)
