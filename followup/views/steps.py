"""The steps of a plan's life, each a form on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import UserRequest, requires
from accounts.zones import today_of
from cases.drafting import draft_key, form_of, window_of
from cases.models import Section
from cases.presenters.patient import patient_bar_of
from cases.services.drafts import discard_draft
from cases.services.sections import StaleSection
from cases.states import CaseState
from followup import selectors
from followup.conditions import Standing
from followup.dosing import when_resumed
from followup.forms.intervals import interval_initial
from followup.forms.plans import (
    CloseForm,
    FirstDoseForm,
    HoldForm,
    IraeForm,
    LastDoseForm,
    PlannedFirstForm,
    ResumeForm,
    TakeBackFirstForm,
)
from followup.later import is_against, is_undecided
from followup.presenters.conditions import conditions_of
from followup.presenters.doses import taken_back_words, taking_back_words
from followup.presenters.notes import board_note
from followup.presenters.words import irae_words
from followup.services import (
    close_plan,
    enter_first_dose,
    enter_last_dose,
    hold_plan,
    plan_first_dose,
    resume_plan,
    take_back_first_dose,
)
from followup.services.iraes import record_irae
from followup.services.locking import Outdated
from followup.services.planning import last_known_dose
from followup.views.renewing import add_errors, renewed
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form

    from followup.models import MonitoringPlan


DOSING = frozenset({"planned-first", "first-dose", "last-dose", "resume"})
"""The steps beside which it is said what the board decided since, or that it has not."""


@dataclass(frozen=True)
class Step:
    """One step: its form of (data, initial values), what it does and what it then says, and its words."""

    name: str
    form: Callable[..., Any]
    act: Callable[[Any], str]
    heading: str
    action: str
    explanation: str = ""
    initial: dict[str, Any] = field(default_factory=dict)
    version: Callable[[MonitoringPlan], int] = lambda plan: plan.version
    extra: dict[str, Any] = field(default_factory=dict)


def _found(request: UserRequest, public_id: UUID) -> MonitoringPlan:
    plan: MonitoringPlan = get_object_or_404(selectors.plans(request.user), public_id=public_id)
    return plan


def _take(request: UserRequest, plan: MonitoringPlan, step: Step) -> HttpResponse:
    """Show the form of a step as its user left it; sent, take the step and go back to the plan."""
    key = draft_key("plan", plan.case.public_id, plan.public_id, step.name)

    def make(data: Any, typed: dict[str, Any]) -> Form:
        first = {"version": step.version(plan), "on": today_of(plan.case.board), **step.initial}
        form: Form = step.form(data, initial={**first, **typed})
        return form

    form, draft = form_of(request, key, make)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, step.act(form))
            except Outdated as error:
                version = step.version(_found(request, plan.public_id))
                form, status = make(renewed(request.POST, version), {}), 409
                form.add_error(None, error)
            except ValidationError as error:
                add_errors(form, error)
            else:
                discard_draft(by=request.user, key=key, window=window_of(request))
                return redirect(request, reverse("followup:plan", args=[plan.public_id]))
    if isinstance(form, FirstDoseForm | LastDoseForm | PlannedFirstForm | ResumeForm):
        form.hide_questions()
    context = {
        "form": form,
        "draft": draft,
        "plan": plan,
        "bar": patient_bar_of(plan.case, today_of(plan.case.board)),
        "bar_links": True,
        "heading": step.heading,
        "explanation": step.explanation,
        "action": step.action,
        "note": board_note(plan) if step.name in DOSING else None,
        **step.extra,
    }
    return render(request, "followup/step.html", context=context, status=status)


def _plain(
    request: UserRequest, public_id: UUID, service: Callable[..., object], said: str, **step: Any
) -> HttpResponse:
    """Take a step whose form asks for what its service takes, and say `said`."""
    plan = _found(request, public_id)

    def act(form: Form) -> str:
        service(by=request.user, plan=plan, **form.cleaned_data)
        return said

    return _take(request, plan, Step(act=act, **step))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def planned_first(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Enter for which day the first dose is planned, or another day."""
    plan = _found(request, public_id)
    return _plain(
        request,
        public_id,
        plan_first_dose,
        _("Planned. What is asked before the first dose counts back from that day."),
        name="planned-first",
        form=PlannedFirstForm,
        heading=_("Plan the first dose"),
        explanation=_(
            "What is asked before the first dose is due shortly before this day. Enter the dose itself once"
            " it was given."
        ),
        action=_("Save day"),
        initial={"on": plan.planned_first_on},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def first_dose(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Enter the first dose, or correct its day."""
    plan = _found(request, public_id)
    first = plan.first_dose_on is None
    conditions = conditions_of(plan)
    asked = [c for c in conditions if c.standing == Standing.IN_WORDS] if first else []
    in_words = {c.place: c.text for c in asked}
    ask = any(c.standing != Standing.MET for c in conditions) if first else bool(conditions)
    ask_board = plan.first_dose_on is None and is_undecided(plan)

    def act(form: FirstDoseForm) -> str:
        given = enter_first_dose(by=request.user, plan=plan, **form.entered())
        if plan.first_dose_on is None and given.case.state == CaseState.RETURNED:
            return _(
                "First dose entered. The case is on the triage list; coordinator and chair were told."
            )
        return _("First dose entered. The checks have their dates.")

    def make(data: Any, **kwargs: Any) -> FirstDoseForm:
        today = today_of(plan.case.board)
        return FirstDoseForm(
            data, today=today, ask=ask, ask_board=ask_board, in_words=in_words, **kwargs
        )

    initial = {} if first else {"on": plan.first_dose_on, "corrects": True}
    return _take(
        request,
        plan,
        Step(
            name="first-dose",
            form=make,
            act=act,
            heading=_("First dose"),
            explanation=_(
                "The checks are dated from this day. Entered again it is corrected: what is not done"
                " yet moves."
            ),
            action=_("Save first dose"),
            initial={**initial, **interval_initial(plan.dose_interval_days)},
            extra={"conditions": conditions},
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def take_back_first(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Take a first dose back that was entered by mistake."""
    plan = _found(request, public_id)

    def act(form: Form) -> str:
        taken = take_back_first_dose(by=request.user, plan=plan, **form.cleaned_data)
        stays = plan.case.patient.courses.filter(pk=plan.course_id).exists()
        return taken_back_words(taken, had_course=bool(plan.course_id), course_stays=stays)

    step = Step(
        name="take-back-first",
        form=TakeBackFirstForm,
        act=act,
        heading=_("Take the first dose back"),
        explanation=taking_back_words(decided=plan.succeeded or is_against(plan)),
        action=_("Take it back"),
        extra={"danger": True},
    )
    return _take(request, plan, step)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def last_dose(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Enter that no further dose is given; the watch goes on."""
    plan = _found(request, public_id)

    def act(form: LastDoseForm) -> str:
        enter_last_dose(by=request.user, plan=plan, **form.cleaned_data)
        return _("Last dose entered. The watch goes on: late contacts count from that day.")

    def make(data: Any, **kwargs: Any) -> LastDoseForm:
        return LastDoseForm(data, ask_board=is_undecided(plan), **kwargs)

    return _take(
        request,
        plan,
        Step(
            name="last-dose",
            form=make,
            act=act,
            heading=_("Last dose"),
            explanation=_(
                "Nothing is asked at doses any more. The watch goes on, as an irAE may begin months after"
                " the last dose: late contacts count from that day. Giving an ICI again afterwards needs a"
                " new decision of the board. Toxicity and progression bring the case back."
            ),
            action=_("Save last dose"),
            initial={"on": last_known_dose(plan), "reason": plan.end_reason},
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def hold(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Pause the doses."""
    return _plain(
        request,
        public_id,
        hold_plan,
        _("Doses are held. Checks that do not depend on a dose go on."),
        name="hold",
        form=HoldForm,
        heading=_("Hold the doses"),
        explanation=_(
            "Checks at doses wait without a date until doses go on; held for toxicity, what is"
            " measured, what is critical and what is asked because of an affected organ keeps its date. All"
            " others keep theirs: an irAE may begin weeks after a dose."
        ),
        action=_("Hold"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def resume(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Go on with doses."""
    plan = _found(request, public_id)

    def act(form: ResumeForm) -> str:
        values = form.cleaned_data
        resume_plan(
            by=request.user,
            plan=plan,
            next_dose_on=values["on"],
            confirmed=values["confirmed"],
            version=values["version"],
        )
        return _("Doses go on. Checks at doses have dates again.")

    today = today_of(plan.case.board)
    step = Step(
        name="resume",
        form=ResumeForm,
        act=act,
        heading=_("Go on with doses"),
        action=_("Go on"),
        initial={"on": max(when_resumed(plan) or today, today)},
    )
    return _take(request, plan, step)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def close(request: UserRequest, public_id: UUID) -> HttpResponse:
    """End the watch."""
    return _plain(
        request,
        public_id,
        close_plan,
        _("The plan is closed."),
        name="close",
        form=CloseForm,
        heading=_("Close the plan"),
        explanation=_(
            "What has not been done is cancelled, late contacts too. A closed plan cannot be opened again."
            " Where only the treatment has ended, enter the last dose instead: the watch then goes on."
        ),
        action=_("Close the plan"),
        extra={"danger": True},
    )


def _irae_version(plan: MonitoringPlan) -> int:
    """Return the version of the list of irAEs, which is what the form adds to."""
    return int(plan.case.sections.get(key=Section.IRAES).version)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def irae(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Record an irAE seen under monitoring."""
    plan = _found(request, public_id)

    def act(form: IraeForm) -> str:
        try:
            _irae, reason = record_irae(by=request.user, plan=plan, **form.recorded())
        except StaleSection as stale:
            raise Outdated(
                _(
                    "Somebody else has changed the list of irAEs since. Look at it on the case's page,"
                    " then save again."
                )
            ) from stale
        return irae_words(plan, reason)

    patient = plan.case.patient

    def make(data: Any, **kwargs: Any) -> IraeForm:
        kwargs |= {"courses": patient.courses.all(), "others": patient.iraes.all()}
        return IraeForm(data, today=today_of(plan.case.board), **kwargs)

    return _take(
        request,
        plan,
        Step(
            name="irae",
            form=make,
            act=act,
            heading=_("Record an irAE"),
            explanation=_(
                "The earlier irAE again at any grade, a new one of grade 2 or more, and any of heart,"
                " nerve, muscle or blood bring the case back to the board."
            ),
            action=_("Save irAE"),
            version=_irae_version,
        ),
    )
