"""The next dose, entered on the plan's page, and taken back there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, requires
from cases.drafting import FormDraft, draft_key, form_of, window_of
from cases.services.drafts import discard_draft
from followup import selectors
from followup.forms.plans import DoseForm
from followup.later import is_undecided
from followup.services import give_dose, skip_dose, take_back_dose, take_back_last_dose
from followup.services.locking import Outdated
from followup.views.plans import show_plan
from followup.views.renewing import add_errors, renewed
from ui import formatting
from ui.htmx import redirect
from ui.typed import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from followup.models import MonitoringPlan


def _found(request: UserRequest, public_id: UUID) -> MonitoringPlan:
    plan: MonitoringPlan = get_object_or_404(
        selectors.plan_for_page(request.user), public_id=public_id
    )
    return plan


@require_POST
@requires("monitoring.record")
def dose(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Enter the next dose as given or as skipped."""
    plan = _found(request, public_id)
    key = draft_key("plan", plan.case.public_id, public_id, "dose")
    ask_board = is_undecided(plan)

    def make(data: Any, typed: dict[str, Any]) -> DoseForm:
        return DoseForm(data, initial=typed, ask_board=ask_board)

    form: DoseForm = form_of(request, key, make)[0]
    status = 422
    if form.is_valid():
        try:
            words = _enter(request, plan, form)
        except Outdated as error:
            plan, status = _found(request, public_id), 409
            form = make(renewed(request.POST, plan.version), {})
            form.add_error(None, error)
        except ValidationError as error:
            add_errors(form, error)
        else:
            discard_draft(by=request.user, key=key, window=window_of(request))
            messages.success(request, words)
            return redirect(request, reverse("followup:plan", args=[public_id]) + "#doses")
    return show_plan(request, plan, dose=(form, FormDraft(key)), status=status)


def _enter(request: UserRequest, plan: MonitoringPlan, form: DoseForm) -> str:
    """Take the step and return what to say."""
    lock: dict[str, Any] = {
        "by": request.user,
        "plan": plan,
        "version": form.cleaned_data["version"],
    }
    if form.skipped:
        entered = skip_dose(**lock, reason=form.cleaned_data["reason"])
        return _("Dose %(n)s is entered as skipped.") % {"n": entered.number}
    entered = give_dose(
        **lock,
        on=form.cleaned_data["on"],
        confirmed=form.cleaned_data["confirmed"],
        undecided=form.cleaned_data.get("undecided", False),
    )
    return _("Dose %(n)s is entered, given on %(day)s. What is asked at doses follows it.") % {
        "n": entered.number,
        "day": formatting.date(entered.on),
    }


@require_POST
@requires("monitoring.record")
def take_back(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Take the entry of the latest dose back."""
    return _take_back(request, public_id, take_back_dose, _("The entry is taken back."))


@require_POST
@requires("monitoring.record")
def go_on(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Take the entry of the last dose back: doses go on after all."""
    said = _("The last dose is taken back. Doses go on as before it, and so do the checks at them.")
    return _take_back(request, public_id, take_back_last_dose, said)


def _take_back(
    request: UserRequest, public_id: UUID, service: Callable[..., object], said: str
) -> HttpResponse:
    """Take an entry back by a button that sends the version of the plan beside which it stands."""
    plan = _found(request, public_id)
    version = whole_number(request.POST.get("version"))
    try:
        service(by=request.user, plan=plan, version=version)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, said)
    return redirect(request, reverse("followup:plan", args=[public_id]) + "#doses")
