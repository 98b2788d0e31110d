"""Conditions and dissent of a draft: small forms of their own beside the record form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, requires
from cases.drafting import draft_key, window_of
from cases.services.drafts import discard_draft
from meetings import selectors
from meetings.forms import ConditionForm, DissentForm
from meetings.models import Decision, DecisionCondition, Dissent
from meetings.services.decisions import (
    add_condition,
    note_dissent,
    remove_condition,
    withdraw_dissent,
)
from meetings.views.decisions import address, visible_decision
from meetings.views.loading import Discussion, discussion, discussion_context, parts_forms
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID


def _discussion(request: UserRequest, decision: Decision) -> Discussion:
    item = selectors.items_for(request.user).filter(meeting=decision.meeting, case=decision.case)
    return discussion(request.user, get_object_or_404(item).public_id)


def _answer(
    request: UserRequest, decision: Decision, said: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    """Return the part to htmx; else the page the reader came from, with bound forms where they are wrong."""
    found = _discussion(request, decision)
    if wants_fragment(request):
        context = {
            "decision": found.view,
            "said": said,
            **parts_forms(request.user, found),
            **forms,
        }
        return render(request, "meetings/_parts.html", context=context, status=status)
    if forms:
        context = discussion_context(request.user, found, **forms)
        return render(request, "meetings/record.html", context=context, status=status)
    messages.success(request, said)
    records = request.user.can("decision.record", decision.board)
    back = reverse("meetings:record", args=[found.item.public_id])
    return redirect(request, back if records else address(decision))


@require_POST
@requires("decision.record")
def condition_add(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Add a condition."""
    decision = visible_decision(request, public_id)
    form = ConditionForm(request.POST)
    if not form.is_valid():
        return _answer(request, decision, status=422, condition_form=form)
    data = form.cleaned_data
    add_condition(
        by=request.user,
        decision=decision,
        text=data["text"],
        expires_on=data["expires_on"],
        condition=form.condition(),
    )
    discard_draft(
        by=request.user,
        key=draft_key("condition", decision.case.public_id, public_id),
        window=window_of(request),
    )
    return _answer(request, decision, _("The condition is added."))


@require_POST
@requires("decision.record")
def condition_remove(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Remove a condition."""
    rows = DecisionCondition.objects.visible_to(request.user).select_related("decision")
    condition = get_object_or_404(rows, public_id=public_id)
    decision = visible_decision(request, condition.decision.public_id)
    remove_condition(by=request.user, condition=condition)
    return _answer(request, decision, _("The condition is removed."))


@require_POST
@requires("decision.view")
def dissent_add(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Note that somebody does not agree."""
    decision = visible_decision(request, public_id)
    forms = parts_forms(request.user, _discussion(request, decision))
    members = forms["dissent_form"].members.values() if forms["dissent_form"] else ()
    form = DissentForm(request.POST, members=members)
    if not form.is_valid():
        return _answer(request, decision, status=422, dissent_form=form)
    data = form.cleaned_data
    note_dissent(by=request.user, decision=decision, user=data["user"], reason=data["reason"])
    discard_draft(
        by=request.user,
        key=draft_key("dissent", decision.case.public_id, public_id),
        window=window_of(request),
    )
    return _answer(request, decision, _("The dissent is noted."))


@require_POST
@requires("decision.view")
def dissent_withdraw(request: UserRequest, public_id: UUID, user_id: UUID) -> HttpResponse:
    """Take a dissent back."""
    decision = visible_decision(request, public_id)
    rows = Dissent.objects.visible_to(request.user).select_related("user", "decision")
    dissent = get_object_or_404(rows, decision=decision, user__public_id=user_id)
    withdraw_dissent(by=request.user, dissent=dissent)
    return _answer(request, decision, _("The dissent is withdrawn."))
