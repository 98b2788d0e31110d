"""One check: its result, taking it back, passing it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import UserRequest, requires
from accounts.models import Membership
from accounts.zones import today_of
from cases.drafting import FormDraft, Make, draft_key, form_of, window_of
from cases.presenters.patient import patient_bar_of
from cases.services.drafts import discard_draft
from followup import selectors
from followup.forms.checks import AssignForm, CorrectionForm, ResultForm, VersionForm
from followup.presenters.words import (
    abnormal_words,
    limit_rows,
    measured_rows,
    moment_words,
    state_words,
)
from followup.presenters.worklist import row_of
from followup.services import assign_check, record_result, reopen_check
from followup.services.locking import Outdated
from followup.services.reading import note_read
from followup.views.renewing import add_errors, renewed
from followup.vocabulary import Result
from followup.yardsticks import upper_limits_known
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form

    from followup.models import Check


def _found(request: UserRequest, public_id: UUID) -> Check:
    check: Check = get_object_or_404(selectors.checks(request.user), public_id=public_id)
    return check


def _context(request: UserRequest, check: Check, form: Form) -> dict[str, Any]:
    today = today_of(check.plan.case.board)
    words, colour = state_words(check, today)
    return {
        "check": check,
        "plan": check.plan,
        "form": form,
        "bar": patient_bar_of(check.plan.case, today),
        "bar_links": True,
        "state": words,
        "state_colour": colour,
        "moment": moment_words(check),
        "values": measured_rows(check),
        "limits": limit_rows(check),
        "may_record": request.user.can("monitoring.record", check.plan.case.board)
        and check.plan.state != "closed",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.view")
def check(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show a check and record its result."""
    found = _found(request, public_id)
    if request.method != "POST":
        note_read(by=request.user, plan=found.plan)
        chosen = request.GET.get("result", "")
        form, draft = result_form(request, found, chosen=chosen)
        return _show(request, found, form, draft)
    return _save(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.record")
def correct(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Put a normal result right where it stands, by the form that it was entered with."""
    found = _found(request, public_id)
    if request.method == "POST":
        return _save(request, found, correcting=True)
    if found.result != Result.NORMAL:
        return redirect(request, reverse("followup:check", args=[public_id]))
    note_read(by=request.user, plan=found.plan)
    form, draft = result_form(request, found, correcting=True)
    return _show(request, found, form, draft, correcting=True)


def _save(request: UserRequest, found: Check, *, correcting: bool = False) -> HttpResponse:
    """Record the result that was sent, or put it in the place of the one that stands."""
    form, draft = result_form(request, found, correcting=correcting)
    if not form.is_valid():
        return _show(request, found, form, draft, status=422, correcting=correcting)
    try:
        done = record_result(by=request.user, check=found, correcting=correcting, **form.outcome())
    except Outdated as error:
        anew = _found(request, found.public_id)
        correcting = correcting and anew.result == Result.NORMAL
        made = make_result_form(anew, correcting=correcting)
        form = made(renewed(request.POST, anew.version), {})
        problem = error.messages[0]
        return _show(request, anew, form, draft, status=409, problem=problem, correcting=correcting)
    except ValidationError as error:
        add_errors(form, error)
        return _show(request, found, form, draft, status=422, correcting=correcting)
    discard_draft(by=request.user, key=draft.key, window=window_of(request))
    return redirect(request, _after(request, done))


def result_key(found: Check, *, correcting: bool = False) -> str:
    """Return what the result of a check, or its correction, is kept under."""
    step = "correct" if correcting else "result"
    return draft_key("check", found.plan.case.public_id, found.public_id, step)


def result_form(
    request: UserRequest, found: Check, *, chosen: str = "", correcting: bool = False
) -> tuple[ResultForm, FormDraft]:
    """Return the form of a check's result as its user left it; `chosen` is a result chosen before."""
    key = result_key(found, correcting=correcting)
    return form_of(request, key, make_result_form(found, chosen=chosen, correcting=correcting))


def make_result_form(
    found: Check, *, chosen: str = "", correcting: bool = False
) -> Make[ResultForm]:
    """Return what makes the form of a check's result, or of what it is corrected to."""
    offered = upper_limits_known(found)
    form = CorrectionForm if correcting else ResultForm

    def make(data: Any, typed: dict[str, Any]) -> ResultForm:
        initial = {"result": chosen, **_entered(found), **typed}
        if chosen:
            initial["result"] = chosen
        return form(data, check=found, offered=offered, initial=initial)

    return make


def _entered(check: Check) -> dict[str, Any]:
    """Return what was entered before, so that a reason can be put right."""
    values = {f"value-{code}": value for code, value in check.values.items()}
    values |= {f"upper-{code}": limit for code, limit in check.upper_limits.items()}
    if check.result:
        values |= {"result": check.result, "reason": check.reason}
    if check.measured_on:
        values |= {"measured_on": check.measured_on, "unmeasured": check.unmeasured}
    return values


def _show(
    request: UserRequest,
    found: Check,
    form: Form,
    draft: FormDraft,
    *,
    status: int = 200,
    problem: str = "",
    correcting: bool = False,
) -> HttpResponse:
    context = {
        **_context(request, found, form),
        "draft": draft,
        "problem": problem,
        "correcting": correcting,
    }
    return render(request, "followup/check.html", "followup/_record.html", context, status=status)


def _after(request: UserRequest, done: Check) -> str:
    """Return where to go: an abnormal result leads to the irAE form, filled in as far as is known."""
    if done.result == "abnormal":
        messages.warning(request, abnormal_words(done))
        return reverse("followup:irae", args=[done.plan.public_id])
    messages.success(request, _("Recorded: %(what)s.") % {"what": done.label})
    return reverse("followup:plan", args=[done.plan.public_id])


@require_POST
@requires("monitoring.record")
def normal(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Record a check as normal, measured today, from its row; taking it back stands in the same row.

    A check that is critical, missed or measures something is recorded by its form, with the day and the values.
    """
    asked = _found(request, public_id)
    if asked.needs_form and not asked.result:
        return redirect(request, reverse("followup:check", args=[public_id]) + "?result=normal")
    return _row_step(
        request,
        public_id,
        lambda found, version: record_result(
            by=request.user,
            check=found,
            result="normal",
            measured_on=today_of(found.plan.case.board),
            version=version,
        ),
    )


@require_POST
@requires("monitoring.record")
def undo(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Take a normal result back."""
    return _row_step(
        request,
        public_id,
        lambda found, version: reopen_check(by=request.user, check=found, version=version),
    )


def _row_step(request: UserRequest, public_id: UUID, step: Any) -> HttpResponse:
    """Take one step with a check from its row in a list, and show the row anew."""
    found = _found(request, public_id)
    form = VersionForm(request.POST)
    status, problem = 200, ""
    try:
        version = form.cleaned_data["version"] if form.is_valid() else -1
        step(found, version)
    except ValidationError as error:
        status, problem = 409, error.messages[0]
    if not wants_fragment(request):
        if problem:
            messages.warning(request, problem)
            return redirect(request, reverse("followup:check", args=[public_id]))
        messages.success(request, _("Saved: %(what)s.") % {"what": found.label})
        return redirect(request, _back(request, found))
    row = row_of(_found(request, public_id), today_of(found.plan.case.board))
    context = {"row": row, "problem": problem, "may_record": True}
    return render(request, "followup/_row.html", "followup/_row.html", context, status=status)


def _back(request: UserRequest, found: Check) -> str:
    """Return the list that the button stood in; without scripts the worklist says so in its form."""
    if request.POST.get("from") == "worklist":
        return reverse("followup:worklist")
    return reverse("followup:plan", args=[found.plan.public_id])


@require_http_methods(["GET", "HEAD", "POST"])
@requires("monitoring.view")
def assign(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Pass a check on to somebody who may record it."""
    found = _found(request, public_id)
    holders = Membership.objects.filter(board=found.plan.case.board).holding("monitoring.record")
    people = sorted({m.user for m in holders}, key=lambda user: user.name)
    key = draft_key("check", found.plan.case.public_id, public_id, "assign")

    def make(data: Any, typed: dict[str, Any]) -> AssignForm:
        return AssignForm(data, people=people, initial={"version": found.version, **typed})

    form, draft = form_of(request, key, make)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                assign_check(by=request.user, check=found, **form.cleaned_data)
            except Outdated as error:
                found = _found(request, public_id)
                form, status = make(renewed(request.POST, found.version), {}), 409
                form.add_error(None, error)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                discard_draft(by=request.user, key=key, window=window_of(request))
                messages.success(
                    request, _("Passed on to %(name)s.") % {"name": form.cleaned_data["to"].name}
                )
                return redirect(request, reverse("followup:check", args=[public_id]))
    context = {**_context(request, found, form), "draft": draft}
    return render(request, "followup/assign.html", context=context, status=status)
