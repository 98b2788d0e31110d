"""Recording, signing and reading a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import UserRequest, requires
from accounts.confirming import SIGNING, confirmed
from audit.services import record as note
from cases.drafting import draft_key, window_of
from cases.presenters import patient_bar_of
from cases.selectors import attached_to, draft_of, erasure_of
from cases.services.drafts import discard_draft
from meetings import selectors
from meetings.models import Decision, Letter
from meetings.policies import check_record, check_sign
from meetings.presenters.decisions import changes, columns, decision_view
from meetings.presenters.said import said_lines
from meetings.presenters.snapshot import snapshot_view
from meetings.services.decisions import StaleDecision, record_decision
from meetings.services.signing import marks_of, problems, sign_decision
from meetings.views.loading import Discussion, decision_form, discussion, discussion_context
from ui.htmx import redirect, render, wants_fragment
from ui.typed import whole_number

if TYPE_CHECKING:
    from uuid import UUID


@require_http_methods(["GET", "POST"])
@requires("decision.record")
def record(request: UserRequest, item_id: UUID) -> HttpResponse:
    """Record the decision on one case: the whole form on a page, or its part of the live page."""
    user = request.user
    found = discussion(user, item_id)
    check_record(user, found.meeting.board)
    if request.method == "GET":
        if found.decision is not None and found.decision.is_signed:
            return redirect(request, address(found.decision))
        return _form_page(request, found)
    form = decision_form(found, request.POST)
    if not form.is_valid():
        return _form_page(request, found, form=form, status=422)
    version = form.cleaned_data["version"]
    try:
        record_decision(by=user, item=found.item, draft=form.draft(), version=version)
    except StaleDecision as stale:
        return _conflict(request, found, stale.decision, version)
    discard_draft(by=user, key=found.draft_key, window=window_of(request))
    if wants_fragment(request):
        return _form_page(request, discussion(user, item_id), saved=True)
    messages.success(request, _("The draft is saved."))
    return redirect(request, reverse("meetings:record", args=[item_id]))


def _form_page(
    request: UserRequest, found: Discussion, *, status: int = 200, **extra: Any
) -> HttpResponse:
    context = discussion_context(request.user, found, **extra)
    return render(
        request, "meetings/record.html", "meetings/_decision.html", context, status=status
    )


def _conflict(
    request: UserRequest, found: Discussion, current: Decision, version: int
) -> HttpResponse:
    """Show who changed what meanwhile, with everything that was typed still in the form."""
    before = selectors.version_before(current, version)
    stale = {
        "who": current.recorded_by.name,
        "at": current.changed_at,
        "changes": changes(columns(before) if before else None, current),
    }
    data = request.POST.copy()
    data["version"] = str(current.version)
    return _form_page(request, found, form=decision_form(found, data), stale=stale, status=409)


def address(decision: Decision) -> str:
    """Return where a decision is read."""
    return reverse("meetings:decision", args=[decision.public_id])


def visible_decision(request: UserRequest, public_id: UUID) -> Decision:
    """Return a decision whole; 404 for one that the user may not see."""
    rows = selectors.decisions_for(request.user)
    found: Decision = get_object_or_404(rows, public_id=public_id)
    return found


@require_GET
@requires("decision.view")
def decision(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show a decision, read only."""
    shown = visible_decision(request, public_id)
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
    return {
        "shown": shown,
        "decision": decision_view(shown, facts),
        "snapshot": snapshot_view(
            shown, selectors.attached_then(shown), selectors.marked_versions_then(shown)
        )
        if shown.is_signed
        else None,
        "bar": patient_bar_of(shown.case, timezone.localdate(), facts),
        "erased": erasure_of(shown.case),
        "item": shown.meeting.items.filter(case=shown.case).first(),
        "records": request.user.can("decision.record", shown.board),
        "signs": request.user.can("decision.sign", shown.board),
    }


@require_http_methods(["GET", "POST"])
@requires("decision.sign")
@confirmed(SIGNING)
def sign(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Ask the chair, then sign. A second press changes nothing and says so."""
    shown = visible_decision(request, public_id)
    check_sign(request.user, shown)
    if request.method == "GET":
        return redirect(request, address(shown)) if shown.is_signed else _ask(request, shown)
    version = whole_number(request.POST.get("version"))
    try:
        signed = sign_decision(by=request.user, decision=shown, version=version)
    except StaleDecision:
        messages.warning(request, _("The draft was changed. Read it again before you sign."))
        return _ask(request, visible_decision(request, public_id), status=409)
    except ValidationError as lacking:
        return _ask(request, shown, status=422, lacking=lacking.messages)
    if signed.already:
        words = _("This decision had been signed before, by %(name)s. Nothing was changed.")
        messages.info(request, words % {"name": signed.decision.signed_by})
    else:
        messages.success(request, _("The decision is signed. Nobody can change it any more."))
    return redirect(request, address(shown))


def _ask(
    request: UserRequest, shown: Decision, *, status: int = 200, lacking: list[str] | None = None
) -> HttpResponse:
    typed = draft_of(request.user, draft_key("decision", shown.case.public_id))
    marks = marks_of(shown, shown.case.facts.as_facts())
    context = {
        "typed_at": typed.saved_at if typed else None,
        **_read_context(request, shown),
        "lacking": problems(shown) if lacking is None else lacking,
        "said": said_lines(attached_to(shown.case)),
        "seats": selectors.quorum_of(shown.meeting, shown.case),
        "marks": marks.apply,
        "open_rules": marks.open,
    }
    return render(request, "meetings/sign.html", context=context, status=status)


@require_GET
@requires("decision.view")
def letter(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Return the letter; its download is noted on the trail, and its name names nobody."""
    shown = visible_decision(request, public_id)
    row = get_object_or_404(Letter.objects.visible_to(request.user), decision=shown)
    if row.pdf is None:
        messages.info(request, _("This letter was erased with the patient. Its hash is kept."))
        return redirect(request, address(shown))
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
