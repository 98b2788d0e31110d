"""Keeping what was sent as a draft, and the sentences of what is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.drafting import fields_sent, keep_sent
from cases.policies import CaseIsClosed, check_edit
from cases.services.drafts import MOST_DRAFTS, TooManyDrafts
from ui.htmx import redirect, wants_fragment

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.access import UserRequest
    from cases.models import Case

    Fields = dict[str, list[str]]


def refused(sentence: str, status: int) -> HttpResponse:
    """Answer with a sentence that says why something is not kept."""
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def too_much() -> HttpResponse:
    """Say that a form has more in it than a draft may have."""
    return refused(_("not kept: this is too much for a draft"), 413)


def too_many() -> HttpResponse:
    """Say that somebody keeps as many drafts as the server takes."""
    words = _("not kept: you have %(n)s drafts; save or discard some under “Your drafts”")
    return refused(words % {"n": MOST_DRAFTS}, 409)


def kept_of_closed(request: UserRequest, case: Case, key: str) -> HttpResponse | None:
    """Raise unless the user may edit; what was sent without scripts to a case closed meanwhile is kept and led to.

    A script keeps what it sends by itself, and shows the refusal beside it.
    """
    try:
        check_edit(request.user, case)
    except CaseIsClosed:
        if request.method != "POST" or wants_fragment(request):
            raise
        sent_on = redirect(request, reverse("cases:draft_typed", args=[key]))
        return not_kept(request, key) or sent_on
    return None


def sent_otherwise(
    request: UserRequest, case: Case, make_key: Callable[[str], str]
) -> HttpResponse:
    """Answer a form that has made `case` already, and was sent once more with other words: these are kept.

    They are of a form of their own from now on: sent again it makes another case. `make_key` returns the key of its
    draft, by what makes sending it twice harmless.
    """
    fresh = str(uuid4())
    if (refused := not_kept(request, make_key(fresh), {"key": [fresh]})) is not None:
        return refused
    words = _(
        "%(reference)s was referred already, by an earlier press. What you changed since is not in it: it is kept"
        " under “Your drafts”."
    )
    messages.warning(request, words % {"reference": case.reference})
    return redirect(request, reverse("cases:detail", args=[case.public_id]))


def not_kept(request: UserRequest, key: str, instead: Fields | None = None) -> HttpResponse | None:
    """Keep what was sent to a form that is not there any more; return why it is not kept, None where it is.

    `instead`: what is kept in place of fields that were sent.
    """
    fields = fields_sent(request)
    if fields is None:
        return too_much()
    fields |= instead or {}
    try:
        keep_sent(request, key, fields)
    except TooManyDrafts:
        return too_many()
    for chosen in request.FILES.values():
        words = _("“%(file)s” was not kept: choose it again.")
        messages.warning(request, words % {"file": getattr(chosen, "name", "")})
    return None
