"""Keeping what was sent as a draft, and the sentences of what is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.drafting import fields_sent, keep_sent
from cases.services.drafts import MOST_DRAFTS, TooManyDrafts

if TYPE_CHECKING:
    from accounts.access import UserRequest


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


def not_kept(request: UserRequest, key: str) -> HttpResponse | None:
    """Keep what was sent to a form that is not there any more; return why it is not kept, None where it is."""
    fields = fields_sent(request)
    if fields is None:
        return too_much()
    try:
        keep_sent(request, key, fields)
    except TooManyDrafts:
        return too_many()
    return None
