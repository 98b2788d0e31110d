"""One address that keeps any form as a draft, whichever page it stands on."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import UserRequest, requires
from cases.services.drafts import discard_draft, save_draft
from ui.formatting import time

# "section:<case>:<key>", "decision:<case>", "referral": codes and ids, never words of a form.
KEY = re.compile(r"[a-z]+(:[a-z0-9-]{1,40}){0,3}")
LARGEST, MOST_FIELDS = 100_000, 200
LEFT_OUT = {"csrfmiddlewaretoken", "next", "reshape", "lookup"}


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise Http404
    return key


@require_POST
@requires("case.view")
def draft(request: UserRequest, key: str) -> HttpResponse:
    """Keep the whole form as it was typed; 413 for what is no form of ours."""
    fields = {k: v for k, v in request.POST.lists() if k not in LEFT_OUT}
    size = sum(len(value) for values in fields.values() for value in values)
    if size > LARGEST or len(fields) > MOST_FIELDS:
        return HttpResponse(status=413)
    kept = save_draft(by=request.user, key=_checked(key), fields=fields)
    return HttpResponse(status=204, headers={"X-Draft-Saved": time(kept.saved_at)})


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
