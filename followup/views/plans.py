"""The monitoring plan and the steps of its life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import UserRequest, requires
from cases.models import Section
from cases.presenters.patient import patient_bar_of
from cases.services.sections import StaleSection
from cases.states import CaseState
from followup import selectors
from followup.forms.checks import ResultForm
from followup.forms.intervals import interval_initial
from followup.forms.plans import CloseForm, FirstDoseForm, HoldForm, IraeForm, ResumeForm
from followup.models import Check
from followup.presenters.conditions import conditions_of
from followup.presenters.picture import dose_words
from followup.presenters.plan import plan_page
from followup.presenters.words import irae_words
from followup.services import close_plan, enter_first_dose, hold_plan, resume_plan
from followup.services.iraes import record_irae
from followup.services.reading import note_read
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.forms import Form

    from followup.models import MonitoringPlan


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
        "form": _next_form(shown.next_check) if may_record else None,
    }
    return render(request, "followup/plan.html", context=context)


def _next_form(check: Check | None) -> ResultForm | None:
    return ResultForm(check=check) if check else None


def _step(
    request: UserRequest,
    public_id: UUID,
    make: Callable[..., Form],
    act: Callable[[MonitoringPlan, Any], str],
    words: dict[str, Any],
) -> HttpResponse:
    """Show a form of one step of a plan, take the step, go back to the plan."""
    found = get_object_or_404(selectors.plans(request.user), public_id=public_id)
    initial = {"version": found.version, "on": found.first_dose_on or timezone.localdate()}
    form = make(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, act(found, form))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect(request, reverse("followup:plan", args=[public_id]))
    context = {
        "form": form,
        "plan": found,
        "bar": patient_bar_of(found.case, timezone.localdate()),
        "bar_links": True,
        **words,
    }
    return render(request, "followup/step.html", context=context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def first_dose(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Enter the first dose, or correct its day."""

    def act(found: MonitoringPlan, form: FirstDoseForm) -> str:
        given = enter_first_dose(by=request.user, plan=found, **form.entered())
        if found.first_dose_on is None and given.case.state == CaseState.RETURNED:
            return _(
                "First dose entered. The case is on the triage list: tell the board of the dose."
            )
        return _("First dose entered. The checks have their dates.")

    def make(data: Any, initial: dict[str, Any]) -> FirstDoseForm:
        initial |= interval_initial(found_plan.dose_interval_days)
        return FirstDoseForm(data, initial=initial, ask=bool(conditions))

    found_plan = get_object_or_404(selectors.plans(request.user), public_id=public_id)
    conditions = conditions_of(found_plan) if found_plan.first_dose_on is None else ()
    words = {
        "heading": _("First dose"),
        "explanation": _(
            "The checks are dated from this day. Entered again it is corrected: what is not done yet moves."
        ),
        "action": _("Save first dose"),
        "conditions": conditions,
    }
    return _step(request, public_id, make, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def hold(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Pause the doses."""

    def act(found: MonitoringPlan, form: HoldForm) -> str:
        hold_plan(by=request.user, plan=found, **form.cleaned_data)
        return _("Doses are held. Checks that do not depend on a dose go on.")

    words = {
        "heading": _("Hold the doses"),
        "explanation": _(
            "Checks at doses wait without a date until doses go on; held for toxicity, what is measured"
            " keeps its date. All others keep theirs: an irAE may begin weeks after a dose."
        ),
        "action": _("Hold"),
    }
    return _step(request, public_id, HoldForm, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def resume(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Go on with doses."""

    def act(found: MonitoringPlan, form: ResumeForm) -> str:
        values = form.cleaned_data
        resume_plan(
            by=request.user, plan=found, next_dose_on=values["on"], version=values["version"]
        )
        return _("Doses go on. Checks at doses have dates again.")

    words = {"heading": _("Go on with doses"), "explanation": "", "action": _("Go on")}
    return _step(request, public_id, ResumeForm, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def close(request: UserRequest, public_id: UUID) -> HttpResponse:
    """End the watch."""

    def act(found: MonitoringPlan, form: CloseForm) -> str:
        close_plan(by=request.user, plan=found, **form.cleaned_data)
        return _("The plan is closed.")

    words = {
        "heading": _("Close the plan"),
        "explanation": _(
            "What has not been done is cancelled. A closed plan cannot be opened again."
        ),
        "action": _("Close the plan"),
        "danger": True,
    }
    return _step(request, public_id, CloseForm, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def irae(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Record an irAE seen under monitoring."""

    def act(found: MonitoringPlan, form: IraeForm) -> str:
        try:
            _irae, reason = record_irae(by=request.user, plan=found, **form.cleaned_data)
        except StaleSection as stale:
            raise ValidationError(
                _(
                    "Somebody else has changed the list of irAEs since. Open this page anew, then save."
                )
            ) from stale
        return irae_words(found, reason)

    def make(data: Any, initial: dict[str, Any]) -> IraeForm:
        section = found_plan.case.sections.get(key=Section.IRAES)
        return IraeForm(data, initial={**initial, "version": section.version})

    found_plan = get_object_or_404(selectors.plans(request.user), public_id=public_id)
    words = {
        "heading": _("Record an irAE"),
        "explanation": _(
            "The earlier irAE again at any grade, a new one of grade 2 or more, and any of heart, nerve,"
            " muscle or blood bring the case back to the board."
        ),
        "action": _("Save irAE"),
    }
    return _step(request, public_id, make, act, words)
