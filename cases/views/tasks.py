"""Giving an open fact to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import UserRequest, requires
from cases.drafting import Make, draft_key, form_of, window_of
from cases.forms.owner import OwnerForm
from cases.policies import check_edit
from cases.presenters.asked import task_words
from cases.presenters.patient import patient_bar_of
from cases.presenters.words import fact_label
from cases.selectors import cases_for_list, changed_last, open_tasks
from cases.services.drafts import discard_draft
from cases.services.saying import MAY_STILL_HOLD, still_holds
from cases.services.sections import StaleSection
from cases.services.tasks import GivenMeanwhile, hand_over, holding
from cases.views.editing import saved
from evidence.conditions import FACTS
from ui import formatting
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from uuid import UUID

    from cases.models import FactTask


@require_POST
@requires("case.edit")
def still(request: UserRequest, public_id: UUID, fact: str) -> HttpResponse:
    """Say that a stale fact holds today as it stands in the record."""
    if fact not in MAY_STILL_HOLD:
        raise Http404
    case = get_object_or_404(cases_for_list(request.user), public_id=public_id)
    version = request.POST.get("version", "")
    try:
        still_holds(
            by=request.user,
            case=case,
            fact=fact,
            version=int(version) if version.isascii() and version.isdigit() else 0,
        )
    except StaleSection as stale:
        words = _("%(who)s has saved this part of the record meanwhile. Read it again first.")
        messages.error(request, words % {"who": stale.section.changed_by.name})
        # No place on the page: a browser would go there without loading it anew.
        return redirect(request, reverse("cases:detail", args=[case.public_id]))
    words = _("%(fact)s: said anew as of today.") % {"fact": fact_label(fact)}
    return saved(request, case, MAY_STILL_HOLD[fact], words)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.edit")
def owner(request: UserRequest, public_id: UUID, fact: str) -> HttpResponse:
    """Give a missing fact to a member of the board, with a date."""
    case = get_object_or_404(cases_for_list(request.user), public_id=public_id)
    check_edit(request.user, case)
    task = open_tasks().filter(case=case, fact=fact).first()
    if fact not in FACTS and task is None:
        raise Http404
    named = task_words(task) if task is not None else fact_label(fact)
    key = draft_key("fact", public_id, fact)

    def make(data: Any, typed: dict[str, Any]) -> OwnerForm:
        return OwnerForm(data, board=case.board, task=task, initial=typed)

    form, draft = form_of(request, key, make)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        who, by_when = form.owner(), form.cleaned_data["due"]
        told = {"owner": who, "due_on": by_when, "shown": form.cleaned_data["shown"]}
        try:
            hand_over(by=request.user, case=case, fact=fact, **told)
        except GivenMeanwhile as since:
            form, status = _asked_again(request, make, since.task), 409
        else:
            discard_draft(by=request.user, key=key, window=window_of(request))
            words = _("%(fact)s: given to %(who)s.") % {"fact": named, "who": who.name}
            messages.success(request, words)
            return redirect(request, f"{reverse('cases:detail', args=[case.public_id])}#case-owed")
    context = {
        "form": form,
        "draft": draft,
        "bar": patient_bar_of(case, timezone.localdate()),
        "bar_links": True,
        "fact": named,
        "question": _(FACTS[fact].question) if fact in FACTS else "",
        "back_url": reverse("cases:detail", args=[case.public_id]),
    }
    return render(request, "cases/owner.html", context=context, status=status)


def _asked_again(request: UserRequest, make: Make[OwnerForm], task: FactTask | None) -> OwnerForm:
    """Return the form as it was sent, with who was asked meanwhile, so that it can be sent again knowing it."""
    sent = request.POST.copy()
    sent["shown"] = holding(task)
    form = make(sent, {})
    form.add_error("owner_id", _meanwhile_words(task))
    return form


def _meanwhile_words(task: FactTask | None) -> str:
    if task is None or task.owner is None:
        return _(
            "It was taken back, or told, since you opened this. Give it again if it is still open."
        )
    by = changed_last(task)
    day = formatting.date(task.due_on) if task.due_on else _("no day")
    told = {"who": task.owner.name, "day": day, "by": by.name if by else ""}
    words = _("%(who)s was asked meanwhile (by %(by)s; due: %(day)s). Give again to hand it over.")
    if not by:
        words = _("%(who)s was asked meanwhile (due: %(day)s). Give again to hand it over.")
    return words % told
