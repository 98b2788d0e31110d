"""Guidance laid beside a case: attached, commented on, kept or renewed when something newer came, taken off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import UserRequest, requires
from cases.drafting import draft_key, form_of, window_of
from cases.forms.comments import AttachForm, CommentForm
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


@dataclass(frozen=True)
class What:
    """What is to be attached: a version with what matching says of it, or one finding."""

    key: UUID
    title: str
    row: dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.attach_guidance")
def attach(request: UserRequest, public_id: UUID, version_id: UUID) -> HttpResponse:
    """Lay a published version beside the case, with what matching says of it now, and with a comment."""
    case = _case_with_facts(request, public_id)
    version = get_object_or_404(version_by_id(version_id))
    row: dict[str, Any] = {"version": version}
    if request.method == "POST":
        row["answer"] = _answer(case, version.public_id)
    return _attach(request, case, What(version_id, version.title, row))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.attach_guidance")
def attach_finding(request: UserRequest, public_id: UUID, finding_id: UUID) -> HttpResponse:
    """Lay one finding beside the case, by the revision on which published guidance rests, and with a comment."""
    case = _case_with_facts(request, public_id)
    finding = get_object_or_404(finding_in_use(finding_id))
    return _attach(request, case, What(finding_id, finding.label, {"finding": finding}))


def _attach(request: UserRequest, case: Case, what: What) -> HttpResponse:
    """Attach it with the comment that was sent along; asked by GET, show the form for one."""
    check_attach(request.user, case)
    key = draft_key("attach", case.public_id, what.key)

    def make(data: Any, typed: dict[str, Any]) -> AttachForm:
        return AttachForm(data, initial=typed)

    form, draft = form_of(request, key, make)
    if request.method == "POST" and form.is_valid():
        comment = form.cleaned_data["comment"]
        try:
            services.attach(by=request.user, case=case, comment=comment, **what.row)
        except services.CommentHasNoPlace as taken:
            form.add_error("comment", _no_place(taken.attached))
        else:
            if "comment" in request.POST:
                # Attached at one press, what was typed with a comment before stays where it is.
                discard_draft(by=request.user, key=key, window=window_of(request))
            return _attached(request, case, what.title)
    context = {
        "form": form,
        "draft": draft,
        "bar": patient_bar_of(_for_bar(request, case), timezone.localdate()),
        "bar_links": True,
        "title": what.title,
        "pinned": _pinned(what),
        "back_url": _library(request) or _guidance_url(case),
    }
    return render(request, "cases/attach.html", context=context, status=422 if form.errors else 200)


def _pinned(what: What) -> str:
    """Say which version is attached: a later one does not take its place."""
    version = what.row.get("version")
    if version is None:
        words = _("Revision %(number)s of this figure is attached, whatever is corrected later.")
        return words % {"number": what.row["finding"].revision}
    words = _("Version %(number)s is attached and stays so; a newer one is flagged on the case.")
    return words % {"number": version.number}


def _for_bar(request: UserRequest, case: Case) -> Case:
    found: Case = cases_for_list(request.user).get(pk=case.pk)
    return found


def _attached(request: UserRequest, case: Case, title: str) -> HttpResponse:
    """Say what was attached, where it was attached from: on the case, or in the library."""
    if library := _library(request):
        words = _("“%(title)s” is attached to %(case)s.")
        messages.success(request, words % {"title": title, "case": case.reference})
        return redirect(request, library)
    return _guidance(request, case, _("“%(title)s” is attached.") % {"title": title})


def _library(request: UserRequest) -> str:
    """Return the address of the evidence from which something is attached; "" where it was the case."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    within = target.startswith(reverse("evidence:statements"))
    return target if within and url_has_allowed_host_and_scheme(target, allowed_hosts=None) else ""


def _no_place(row: AttachedGuidance) -> str:
    """Return why a comment cannot go to what is attached already."""
    if row.fixed_at is not None:
        return _("This is attached already, and a decision was signed over it: its comment stays.")
    words = _("%(name)s attached this already, and the comment there is full or not yours.")
    return words % {"name": row.attached_by.name}


def _guidance_url(case: Case) -> str:
    return reverse("cases:detail", args=[case.public_id]) + "#case-guidance"


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.attach_guidance")
def comment(request: UserRequest, public_id: UUID, attached_id: UUID) -> HttpResponse:
    """Say something about what one attached."""
    case = get_object_or_404(cases_for_list(request.user), public_id=public_id)
    row = _row(case, attached_id)
    check_comment(request.user, case, row)
    key = draft_key("comment", public_id, attached_id)

    def make(data: Any, typed: dict[str, Any]) -> CommentForm:
        return CommentForm(data, was=row.comment, initial=typed)

    form, draft = form_of(request, key, make)
    back = _guidance_url(case)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["comment"]
        try:
            services.say(by=request.user, case=case, attached=row, comment=text, was=form.was)
        except services.CommentChanged as changed:
            form.refuse_over(changed.attached.comment)
        else:
            discard_draft(by=request.user, key=key, window=window_of(request))
            said = _("The comment on “%(title)s” is saved.") % {"title": row.title}
            messages.success(request, said)
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
    try:
        now = services.take_newer(
            by=request.user, case=case, attached=row, change=change, answer=answer
        )
    except services.CommentHasNoPlace as taken:
        words = _(
            "Not taken, so that your comment is not lost. %(why)s Take the old one off instead."
        )
        return _guidance(request, case, words % {"why": _no_place(taken.attached)})
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
    return redirect(request, _guidance_url(case))
