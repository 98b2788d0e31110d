"""Recording, signing and reading a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import UserRequest, requires
from audit.services import record as note
from meetings import selectors
from meetings.models import Decision, Letter
from meetings.policies import check_record, check_sign
from meetings.presenters.decisions import changes, columns, decision_view
from meetings.presenters.snapshot import snapshot_view
from meetings.services.decisions import StaleDecision, record_decision
from meetings.services.signing import problems, sign_decision
from meetings.views.loading import Discussion, decision_form, discussion, discussion_context
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID


@require_http_methods(["GET", "POST"])
@requires("decision.record")
def record(request: UserRequest, item_id: UUID) -> HttpResponse:
    """Record the decision on one case: the whole form on a page, or its part of the live page."""
    found = discussion(request, item_id)
    check_record(request.user, found.meeting.board)
    if found.decision is not None and found.decision.is_signed and request.method == "GET":
        return redirect(request, _address(found.decision))
    if request.method == "GET":
        return _form_page(request, found)
    form = decision_form(found, request.POST)
    if not form.is_valid():
        return _form_page(request, found, form=form, status=422)
    try:
        version = form.cleaned_data["version"]
        record_decision(by=request.user, item=found.item, draft=form.draft(), version=version)
    except StaleDecision as stale:
        return _conflict(request, found, stale.decision, version)
    if wants_fragment(request):
        return _form_page(request, discussion(request, item_id), saved=True)
    messages.success(request, _("The draft is saved."))
    return redirect(request, reverse("meetings:record", args=[item_id]))


def _form_page(
    request: UserRequest, found: Discussion, *, status: int = 200, saved: bool = False, **extra: Any
) -> HttpResponse:
    context = discussion_context(request, found, saved=saved, **{"stale_change": None, **extra})
    return render(
        request, "meetings/record.html", "meetings/_decision.html", context, status=status
    )


def _conflict(
    request: UserRequest, found: Discussion, current: Decision, version: int
) -> HttpResponse:
    """Show who changed what meanwhile, with everything that was typed still in the form."""
    before = selectors.version_before(current, version)
    stale = {
        "by": current.recorded_by.name,
        "at": current.changed_at,
        "changes": changes(columns(before) if before else None, current),
    }
    data = request.POST.copy()
    data["version"] = str(current.version)
    form = decision_form(found, data)
    return _form_page(request, found, form=form, status=409, stale_change=stale)


def _address(decision: Decision) -> str:
    return reverse("meetings:decision", args=[decision.public_id])


def _decision(request: UserRequest, public_id: UUID) -> Decision:
    rows = selectors.decisions_for(request.user)
    decision: Decision = get_object_or_404(rows, public_id=public_id)
    return decision


@require_GET
@requires("decision.view")
def decision(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show a decision, read only."""
    shown = _decision(request, public_id)
    note(
        "decision.read",
        by=request.user,
        board=shown.board,
        patient_id=shown.patient_id,
        subject=shown,
    )
    return render(request, "meetings/decision.html", context=_read_context(request, shown))


def _read_context(request: UserRequest, shown: Decision) -> dict[str, Any]:
    facts = shown.case.facts.as_facts()
    item = shown.meeting.items.filter(case=shown.case).first()
    return {
        "shown": shown,
        "decision": decision_view(shown, facts),
        "snapshot": snapshot_view(shown) if shown.is_signed else None,
        "item": item,
        "records": request.user.can("decision.record", shown.board),
    }


@require_http_methods(["GET", "POST"])
@requires("decision.sign")
def sign(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Ask the chair, then sign. A second press changes nothing and says so."""
    shown = _decision(request, public_id)
    check_sign(request.user, shown)
    if request.method == "GET":
        if shown.is_signed:
            return redirect(request, _address(shown))
        return _sign_page(request, shown)
    version = request.POST.get("version", "")
    try:
        signed = sign_decision(
            by=request.user, decision=shown, version=int(version) if version.isdigit() else 0
        )
    except StaleDecision:
        messages.warning(request, _("The draft was changed. Read it again before you sign."))
        return _sign_page(request, _decision(request, public_id), status=409)
    except ValidationError as lacking:
        return _sign_page(request, shown, status=422, lacking=lacking.messages)
    words = _("The decision is signed. Nobody can change it any more.")
    if signed.already:
        words = _("This decision was signed before, by %(name)s. Nothing was changed.")
        words = words % {"name": signed.decision.signed_by}
    messages.success(request, words)
    return redirect(request, _address(shown))


def _sign_page(
    request: UserRequest, shown: Decision, *, status: int = 200, lacking: list[str] | None = None
) -> HttpResponse:
    context = {
        **_read_context(request, shown),
        "lacking": problems(shown) if lacking is None else lacking,
        "seats": selectors.quorum_of(shown.meeting, shown.case),
        "back_url": _address(shown),
    }
    return render(request, "meetings/sign.html", context=context, status=status)


@require_GET
@requires("decision.view")
def letter(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Return the letter; its download is noted on the trail, and its name names nobody."""
    shown = _decision(request, public_id)
    row = get_object_or_404(Letter.objects.visible_to(request.user), decision=shown)
    note(
        "letter.downloaded",
        by=request.user,
        board=shown.board,
        patient_id=shown.patient_id,
        subject=row,
    )
    response = HttpResponse(bytes(row.pdf), content_type="application/pdf")
    name = f"decision-{shown.case.reference}-{shown.number}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
