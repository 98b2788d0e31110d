"""Asking somebody for a missing fact at one press, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, requires
from cases.forms.owner import people_of
from cases.giving import days_for
from cases.policies import check_edit
from cases.presenters.words import fact_label
from cases.selectors import cases_for_list
from cases.services.tasks import ask_once, take_back
from cases.standing import stage_columns
from cases.views.loading import page_of
from evidence.conditions import FACTS
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID

    from cases.models import Case


@require_POST
@requires("case.edit")
def ask(request: UserRequest, public_id: UUID, fact: str) -> HttpResponse:
    """Give a missing fact to whom the page proposed, by the day that it proposed; else ask for both in the form."""
    case = _case(request, public_id, fact)
    people = people_of(case.board)
    day = {one.code: one for one in days_for(case, timezone.localdate())}.get(
        request.POST.get("by", "")
    )
    who = request.POST.get("who", "")
    if who not in people or day is None:
        messages.error(request, _("Whom to ask, or by when, has changed. Choose here."))
        return redirect(request, reverse("cases:owner", args=[case.public_id, fact]))
    owner = people[who][0]
    done = ask_once(by=request.user, case=case, fact=fact, owner=owner, due_on=day.due_on)
    if done is None:
        return _shown(request, case, fact, _("Somebody else was asked meanwhile."))
    words = _("%(fact)s: given to %(who)s, %(when)s.")
    said = words % {"fact": fact_label(fact), "who": owner.name, "when": day.words}
    return _shown(request, case, fact, said)


@require_POST
@requires("case.edit")
def unask(request: UserRequest, public_id: UUID, fact: str) -> HttpResponse:
    """Take a fact back from whom the page says was asked for it."""
    case = _case(request, public_id, fact)
    owner = request.POST.get("owner", "")
    if take_back(by=request.user, case=case, fact=fact, owner=owner):
        words = _("%(fact)s: taken back, nobody is asked for it.") % {"fact": fact_label(fact)}
    else:
        words = _("Not taken back: who is asked has changed meanwhile.")
    return _shown(request, case, fact, words)


def _case(request: UserRequest, public_id: UUID, fact: str) -> Case:
    if fact not in FACTS:
        raise Http404
    rows = cases_for_list(request.user).annotate(**stage_columns(request.user))
    case: Case = get_object_or_404(rows, public_id=public_id)
    check_edit(request.user, case)
    return case


def _shown(request: UserRequest, case: Case, fact: str, said: str) -> HttpResponse:
    if not wants_fragment(request):
        messages.success(request, said)
        url = reverse("cases:detail", args=[case.public_id])
        return redirect(request, f"{url}#guidance-cannot_tell")
    page = page_of(request, case.public_id)
    context = {"page": page, "bar": page.bar, "said": said, "said_of": fact}
    return render(request, "cases/_asked.html", context=context)
