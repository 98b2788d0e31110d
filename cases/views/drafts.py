"""One address that keeps any form as a draft, whichever page it stands on, and the list of one's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, requires
from cases.beside import APART
from cases.drafting import WINDOW, fields_sent, names_a_case, window_of
from cases.policies import check_edit
from cases.presenters.drafts import draft_rows, typed_texts
from cases.selectors import (
    SENT,
    can_be_added,
    cases_by_id,
    is_gone,
    texts_of,
    unsaved_drafts,
)
from cases.services.drafts import (
    MOST_DRAFTS,
    TooManyDrafts,
    choose_draft,
    discard_draft,
    move_draft,
    save_draft,
    stamp_of,
)
from cases.states import CaseState
from cases.typed import Around
from cases.views.keeping import refused, too_many, too_much
from cases.views.typed import fields_typed
from ui.formatting import time
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

# "section:<case>:<key>", "decision:<case>", "referral": codes and ids, never words of a form.
KEY = re.compile(r"[a-z]+(:[a-z0-9-]{1,40}){0,4}")


def _checked(key: str, *, apart: bool = False) -> str:
    # What was referred is noted beside the drafts; nobody writes such a note by hand.
    form, of_another, window = key.partition(APART)
    sound = WINDOW.fullmatch(window) if apart and of_another else not of_another
    if not sound or not KEY.fullmatch(form) or key.startswith(SENT):
        raise Http404
    return key


@require_GET
@requires("case.view")
def draft_list(request: UserRequest) -> HttpResponse:
    """List what the user typed and did not save, newest first; at most as many as are kept."""
    drafts = unsaved_drafts(request.user)
    cases = cases_by_id(
        request.user, {part for d in drafts for part in d.key.partition(APART)[0].split(":")[1:2]}
    )
    context = {"rows": draft_rows(drafts, cases), "most": MOST_DRAFTS, "days": settings.DRAFTS_DAYS}
    return render(request, "cases/drafts.html", context=context)


@require_POST
@requires("case.view")
def draft(request: UserRequest, key: str) -> HttpResponse:
    """Keep the whole form as it was typed; a refusal (409, 413) says in a sentence why it is not kept."""
    fields = fields_sent(request)
    if fields is None:
        return too_much()
    if not names_a_case(_checked(key)):
        return refused(_("not kept: open this page anew, it is from before an update"), 409)
    try:
        kept = save_draft(by=request.user, key=key, fields=fields, window=window_of(request))
    except TooManyDrafts:
        return too_many()
    saved = time(kept.draft.saved_at)
    if kept.beside is None:
        told = {"X-Draft-Saved": saved, "X-Draft-Stamp": stamp_of(kept.draft)}
        return HttpResponse(status=204, headers=told)
    words = _("kept %(time)s, beside something else that you typed here in another window")
    answer = refused(words % {"time": saved}, 409)
    answer.headers["X-Draft-Saved"] = saved
    answer.headers["X-Draft-Both"] = reverse("cases:draft_typed", args=[key])
    return answer


@require_GET
@requires("case.view")
def draft_typed(request: UserRequest, key: str) -> HttpResponse:
    """Show what was typed into a form, to be read and copied; of two windows both texts, to choose from.

    Of a case that its user does not see any more nothing of the record is shown, but what they typed themselves.
    """
    user, form = request.user, _checked(key, apart=True).partition(APART)[0]
    kept = texts_of(user, form)
    if not kept:
        raise Http404
    case = _case_of(user, form)
    (row,) = draft_rows(kept[:1], {str(case.public_id): case} if case else {})
    is_open = case is not None and case.state != CaseState.CLOSED
    gone = case is not None and is_open and is_gone(case, form)
    may_edit = case is not None and user.can("case.edit", case.board)
    around = Around(user, case)
    context = {
        "row": row,
        "texts": typed_texts(
            kept,
            lambda sent: fields_typed(form, sent, around),
            form=form,
            seen=case is not None or form.startswith("referral:"),
        ),
        "gone": gone,
        "closed": case is not None and not is_open,
        "may_add": gone and may_edit and can_be_added(form),
        "opens": row.opens and not gone,
        "case_url": reverse("cases:detail", args=[case.public_id]) if case else "",
    }
    return render(request, "cases/draft_typed.html", context=context)


def _case_of(user: User, form: str) -> Case | None:
    return next(iter(cases_by_id(user, set(form.split(":")[1:2])).values()), None)


@require_POST
@requires("case.view")
def draft_choose(request: UserRequest, key: str) -> HttpResponse:
    """Go on in the form with one of two texts; the other stays beside it."""
    form = _checked(key, apart=True).partition(APART)[0]
    choose_draft(by=request.user, key=key)
    kept, case = texts_of(request.user, form), _case_of(request.user, form)
    rows = draft_rows(kept[:1], {str(case.public_id): case} if case else {})
    target = next((row.href for row in rows if row.opens), reverse("cases:drafts"))
    return redirect(request, target)


@require_POST
@requires("case.edit")
def draft_as_new(request: UserRequest, key: str) -> HttpResponse:
    """Let what was typed into a row that is gone be a further row of its list, not yet saved."""
    form = _checked(key, apart=True).partition(APART)[0]
    case = _case_of(request.user, form)
    if case is None or not can_be_added(form) or not is_gone(case, form):
        raise Http404
    check_edit(request.user, case)
    if not move_draft(by=request.user, key=key, to=f"{form.rpartition(':')[0]}:new"):
        messages.error(
            request, _("Not added: you are typing another new row. Save or discard it first.")
        )
        return redirect(request, reverse("cases:draft_typed", args=[form]))
    kind = form.split(":")[-2]
    return redirect(request, reverse("cases:item_add", args=[case.public_id, kind]))


@require_POST
@requires("case.view")
def draft_discard(request: UserRequest, key: str) -> HttpResponse:
    """Forget the draft and go back to the form as the record has it, or with what another window typed.

    A form discards what it shows, and nothing newer; the list of drafts and the page of one name no window, and
    discard what was pressed.
    """
    window = window_of(request)
    left = discard_draft(by=request.user, key=_checked(key, apart=True), window=window)
    # A part of a page says itself what it was drawn with.
    if left and window is not None and not wants_fragment(request):
        messages.info(request, _("Discarded. What you typed in another window is kept."))
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("cases:list")
    # A plain redirect: htmx follows it too, and swaps the fresh form into its place.
    return HttpResponseRedirect(target)
