"""Guidance laid beside a case: attached, commented on, kept or renewed when something newer came, taken off."""

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
from cases.drafting import draft_key, form_of
from cases.forms.comments import CommentForm
from cases.guidance import card_of, guidance_for, history_read
from cases.models import AttachedGuidance, Case
from cases.policies import check_attach, check_comment
from cases.presenters.attached import change_of
from cases.presenters.patient import facts_of, patient_bar_of
from cases.selectors import cases_for_list
from cases.services import guidance as services
from cases.services.drafts import discard_draft
from cases.views.loading import page_of
from evidence.selectors import finding_in_use, version_by_id
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID


def _case_with_facts(request: UserRequest, public_id: UUID) -> Case:
    rows = Case.objects.visible_to(request.user).select_related("board", "patient", "facts")
    case: Case = get_object_or_404(rows, public_id=public_id)
    return case


def _row(case: Case, attached_id: UUID) -> AttachedGuidance:
    rows = AttachedGuidance.objects.filter(case=case).select_related(
        "version__statement", "finding__source"
    )
    row: AttachedGuidance = get_object_or_404(rows, public_id=attached_id)
    return row


def _answer(case: Case, version_id: object) -> str:
    card = card_of(guidance_for(facts_of(case), case.facts.said_on(), board=case.board), version_id)
    return card.answer.value if card else ""


@require_POST
@requires("case.attach_guidance")
def attach(request: UserRequest, public_id: UUID, version_id: UUID) -> HttpResponse:
    """Lay a published version beside the case, with what matching says of it now."""
    case = _case_with_facts(request, public_id)
    version = get_object_or_404(version_by_id(version_id))
    answer = _answer(case, version.public_id)
    services.attach(by=request.user, case=case, version=version, answer=answer)
    return _guidance(request, case, _("“%(title)s” is attached.") % {"title": version.title})


@require_POST
@requires("case.attach_guidance")
def attach_finding(request: UserRequest, public_id: UUID, finding_id: UUID) -> HttpResponse:
    """Lay one finding beside the case, by the revision on which published guidance rests."""
    case = _case_with_facts(request, public_id)
    finding = get_object_or_404(finding_in_use(finding_id))
    services.attach(by=request.user, case=case, finding=finding)
    return _guidance(request, case, _("“%(title)s” is attached.") % {"title": finding.label})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.attach_guidance")
def comment(request: UserRequest, public_id: UUID, attached_id: UUID) -> HttpResponse:
    """Say something about what one attached."""
    case = get_object_or_404(cases_for_list(request.user), public_id=public_id)
    row = _row(case, attached_id)
    check_comment(request.user, case, row)
    key = draft_key("comment", attached_id)

    def make(data: Any, typed: dict[str, Any]) -> CommentForm:
        return CommentForm(data, was=row.comment, initial=typed)

    form, draft = form_of(request, key, make)
    back = reverse("cases:detail", args=[case.public_id]) + "#case-guidance"
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["comment"]
        services.say(by=request.user, case=case, attached=row, comment=text)
        discard_draft(by=request.user, key=key)
        messages.success(request, _("The comment on “%(title)s” is saved.") % {"title": row.title})
        return redirect(request, back)
    context = {
        "form": form,
        "draft": draft,
        "bar": patient_bar_of(case, timezone.localdate()),
        "bar_links": True,
        "row": row,
        "back_url": back,
    }
    return render(
        request, "cases/comment.html", context=context, status=422 if form.errors else 200
    )


@require_POST
@requires("case.attach_guidance")
def keep(request: UserRequest, public_id: UUID, attached_id: UUID) -> HttpResponse:
    """Keep what is attached, having seen what changed since."""
    case, row = _changed(request, public_id, attached_id)
    change = change_of(row, history_read())
    if change is None or change.mark != request.POST.get("mark"):
        return _guidance(request, case, _("Something else changed meanwhile. Look at it again."))
    services.keep(by=request.user, case=case, attached=row, change=change)
    return _guidance(request, case, _("“%(title)s” is kept as it was.") % {"title": row.title})


@require_POST
@requires("case.attach_guidance")
def take(request: UserRequest, public_id: UUID, attached_id: UUID) -> HttpResponse:
    """Attach what is newer in place of what is attached."""
    case, row = _changed(request, public_id, attached_id)
    change = change_of(row, history_read())
    if change is None or change.mark != request.POST.get("mark") or not change.may_be_taken:
        return _guidance(request, case, _("Something else changed meanwhile. Look at it again."))
    answer = _answer(case, change.newer.public_id) if change.newer else ""
    now = services.take_newer(
        by=request.user, case=case, attached=row, change=change, answer=answer
    )
    return _guidance(request, case, _("“%(title)s” is attached.") % {"title": now.title})


def _changed(request: UserRequest, public_id: UUID, attached_id: UUID) -> tuple[Case, Any]:
    """Return the case and what is attached, with what is published read."""
    case = _case_with_facts(request, public_id)
    check_attach(request.user, case)
    row = _row(case, attached_id)
    if row.detached_at is not None:
        raise Http404
    guidance_for(facts_of(case))
    return case, row


@require_POST
@requires("case.attach_guidance")
def detach(request: UserRequest, public_id: UUID, attached_id: UUID) -> HttpResponse:
    """Take attached guidance off the case."""
    case = _case_with_facts(request, public_id)
    row = _row(case, attached_id)
    services.detach(by=request.user, case=case, attached=row)
    return _guidance(request, case, _("“%(title)s” is taken off.") % {"title": row.title})


def _guidance(request: UserRequest, case: Case, message: str) -> HttpResponse:
    if wants_fragment(request):
        context = {"page": page_of(request, case.public_id), "said": message}
        return render(request, "cases/_guidance.html", context=context)
    messages.success(request, message)
    return redirect(request, reverse("cases:detail", args=[case.public_id]) + "#case-guidance")
