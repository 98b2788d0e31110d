"""One address that keeps any form as a draft, whichever page it stands on, and the list of one's own."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import UserRequest, requires
from cases.drafting import names_a_case
from cases.presenters.drafts import draft_rows
from cases.selectors import SENT, cases_by_id, unsaved_drafts
from cases.services.drafts import MOST_DRAFTS, TooManyDrafts, discard_draft, save_draft
from ui.formatting import time
from ui.htmx import render

# "section:<case>:<key>", "decision:<case>", "referral": codes and ids, never words of a form.
KEY = re.compile(r"[a-z]+(:[a-z0-9-]{1,40}){0,4}")
LARGEST, MOST_FIELDS = 100_000, 200
LEFT_OUT = {"csrfmiddlewaretoken", "next", "reshape", "lookup"}


def _checked(key: str) -> str:
    # What was referred is noted beside the drafts; nobody writes such a note by hand.
    if not KEY.fullmatch(key) or key.startswith(SENT):
        raise Http404
    return key


@require_GET
@requires("case.view")
def draft_list(request: UserRequest) -> HttpResponse:
    """List what the user typed and did not save, newest first; at most as many as are kept."""
    drafts = unsaved_drafts(request.user)
    cases = cases_by_id(request.user, {part for d in drafts for part in d.key.split(":")[1:2]})
    context = {"rows": draft_rows(drafts, cases), "most": MOST_DRAFTS, "days": settings.DRAFTS_DAYS}
    return render(request, "cases/drafts.html", context=context)


@require_POST
@requires("case.view")
def draft(request: UserRequest, key: str) -> HttpResponse:
    """Keep the whole form as it was typed; a refusal (409, 413) says in a sentence why it is not kept."""
    fields = {k: v for k, v in request.POST.lists() if k not in LEFT_OUT}
    size = sum(len(value) for values in fields.values() for value in values)
    if size > LARGEST or len(fields) > MOST_FIELDS:
        return _refused(_("not kept: this is too much for a draft"), 413)
    if not names_a_case(_checked(key)):
        return _refused(_("not kept: open this page anew, it is from before an update"), 409)
    try:
        kept = save_draft(by=request.user, key=key, fields=fields)
    except TooManyDrafts:
        words = _("not kept: you have %(n)s drafts; save or discard some under “Your drafts”")
        return _refused(words % {"n": MOST_DRAFTS}, 409)
    return HttpResponse(status=204, headers={"X-Draft-Saved": time(kept.saved_at)})


def _refused(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


@require_POST
@requires("case.view")
def draft_discard(request: UserRequest, key: str) -> HttpResponse:
    """Forget the draft and go back to the form as the record has it."""
    discard_draft(by=request.user, key=_checked(key))
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("cases:list")
    # A plain redirect: htmx follows it too, and swaps the fresh form into its place.
    return HttpResponseRedirect(target)
