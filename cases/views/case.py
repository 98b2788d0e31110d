"""The page of one case, and guidance laid beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, requires
from cases.guidance import card_of, guidance_for
from cases.models import AttachedGuidance, Case
from cases.presenters.patient import facts_of
from cases.selectors import erasure_of
from cases.services import guidance as services
from cases.views.loading import page_of
from evidence.selectors import version_by_id
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID


@require_GET
@requires("case.view")
def detail(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show one case."""
    page = page_of(request, public_id, shown=request.GET.get("open", ""))
    context = {"page": page, "bar": page.bar, "erased": erasure_of(page.case)}
    return render(request, "cases/case.html", context=context)


def _case_with_facts(request: UserRequest, public_id: UUID) -> Case:
    rows = Case.objects.visible_to(request.user).select_related("board", "patient", "facts")
    case: Case = get_object_or_404(rows, public_id=public_id)
    return case


@require_POST
@requires("case.attach_guidance")
def attach(request: UserRequest, public_id: UUID, version_id: UUID) -> HttpResponse:
    """Lay a published version beside the case, with what matching says of it now."""
    case = _case_with_facts(request, public_id)
    version = get_object_or_404(version_by_id(version_id))
    card = card_of(
        guidance_for(facts_of(case), case.facts.said_on(), board=case.board), version.public_id
    )
    answer = card.answer.value if card else ""
    services.attach(by=request.user, case=case, version=version, answer=answer)
    return _guidance(request, case, _("“%(title)s” is attached.") % {"title": version.title})


@require_POST
@requires("case.attach_guidance")
def detach(request: UserRequest, public_id: UUID, attached_id: UUID) -> HttpResponse:
    """Take attached guidance off the case."""
    case = _case_with_facts(request, public_id)
    rows = AttachedGuidance.objects.filter(case=case).select_related("version")
    row = get_object_or_404(rows, public_id=attached_id)
    services.detach(by=request.user, case=case, attached=row)
    return _guidance(request, case, _("“%(title)s” is taken off.") % {"title": row.version.title})


def _guidance(request: UserRequest, case: Case, message: str) -> HttpResponse:
    if wants_fragment(request):
        context = {"page": page_of(request, case.public_id), "said": message}
        return render(request, "cases/_guidance.html", context=context)
    messages.success(request, message)
    return redirect(request, reverse("cases:detail", args=[case.public_id]) + "#case-guidance")
