"""Decisions whose guidance changed: the list, and the page of one change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import UserRequest, requires
from cases.drafting import draft_key, form_of, window_of
from cases.presenters import patient_bar_of
from cases.services.drafts import discard_draft
from evidence.changed_words import change_words
from meetings import changed as reads
from meetings.models import DecisionStatement, GuidanceReview
from meetings.policies import check_review
from meetings.presenters.changed import answered_line, waiting_line
from meetings.review_form import ReviewForm
from meetings.selectors import decisions_for
from meetings.services.reviews import review_guidance
from ui.htmx import redirect, render
from ui.paging import keyset

if TYPE_CHECKING:
    from uuid import UUID

SHOWS = ("open", "done")


@require_safe
@requires("decision.view", lists=True)
def changed(request: UserRequest) -> HttpResponse:
    """Show the signed decisions whose guidance changed, or what was made of them."""
    user, show = request.user, request.GET.get("show", "open")
    if show not in SHOWS:
        raise Http404
    allowed = user.boards_with("decision.view")
    wanted = request.GET.get("board", "")
    boards = [b for b in allowed if str(b.public_id) == wanted] or allowed
    context: dict[str, Any] = {"show": show, "wanted": wanted, "allowed": allowed}
    changes = reads.changes_now()
    waiting = reads.waiting(user, boards, changes)
    if show == "done":
        page = keyset(reads.answered(user, boards), request, order=("-id",))
        context["lines"] = [answered_line(row) for row in page.rows]
    else:
        every = reads.with_names(DecisionStatement.objects.visible_to(user))
        page = keyset(waiting, request, order=("-id",), shown=every)
        reviewing = {board.pk for board in user.boards_with("decision.review")}
        context["lines"] = [
            waiting_line(row, changes[row.statement_version_id], reviewing) for row in page.rows
        ]
    whole = show == "open" and not (page.next_url or page.previous_url)
    context["waiting"] = reads.number_words(len(page.rows) if whole else reads.counted(waiting))
    context["page"] = page
    return render(request, "meetings/changed.html", "meetings/_changed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("decision.review")
def review(request: UserRequest, public_id: UUID, version_id: UUID) -> HttpResponse:
    """Say what follows from one change for one signed decision."""
    decision = get_object_or_404(decisions_for(request.user), public_id=public_id)
    check_review(request.user, decision)
    rows = DecisionStatement.objects.filter(decision=decision)
    pin = get_object_or_404(
        rows.select_related("statement_version__statement"), statement_version__public_id=version_id
    )
    pin.decision = decision
    back = reverse("meetings:changed")
    change = reads.changes_now().get(pin.statement_version_id)
    if change is None or not decision.is_signed or reads.has_successor(decision):
        raise Http404
    if request.method != "POST" and (said := reads.answer_to(pin, change)):
        messages.info(request, _answered_already(said))
        return redirect(request, f"{back}?show=done")
    key = draft_key("review", decision.case.public_id, public_id, version_id)
    form, draft = form_of(
        request, key, lambda data, typed: ReviewForm(data, initial={**typed, "key": change.mark})
    )
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["key"] != change.mark:
            messages.error(request, _("Something else changed meanwhile. Look at it again."))
            return redirect(request, request.get_full_path())
        values = {name: form.cleaned_data[name] for name in ("outcome", "reason")}
        row, kept = review_guidance(by=request.user, pin=pin, change=change, **values)
        if not kept and (row.by_id, row.outcome, row.reason) != (request.user.pk, *values.values()):
            # What was typed stays a draft: somebody else was quicker, and their answer stands.
            messages.error(request, _answered_already(row))
            return redirect(request, f"{back}?show=done")
        discard_draft(by=request.user, key=key, window=window_of(request))
        messages.success(
            request, _("Your answer for %(case)s is kept.") % {"case": decision.case.reference}
        )
        return redirect(request, back)
    context = {
        "form": form,
        "draft": draft,
        "bar": patient_bar_of(decision.case, timezone.localdate()),
        "bar_links": True,
        "decision": decision,
        "version": pin.statement_version,
        "change": change_words(change),
        "back_url": back,
    }
    return render(
        request, "meetings/review.html", context=context, status=422 if form.errors else 200
    )


def _answered_already(row: GuidanceReview) -> str:
    words = _("%(name)s answered this before: %(outcome)s. That answer stands.")
    return words % {"name": row.by.name, "outcome": str(row.get_outcome_display()).lower()}
