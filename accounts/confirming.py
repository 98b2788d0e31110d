"""Asks again who it is before what cannot be undone: a session that was left open, or stolen, is not enough for it.

Asked before a form is opened. What is sent all the same waits in the session, and is done once the answer is right:
nothing that was filled in is lost, with scripts or without. It waits under a mark that only the browser that sent it is
told: whoever confirms something else, in the same session, does not do it.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

import pghistory
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.internal.httpkit import deserialize_request, serialize_request
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from accounts.idling import SIGNED_IN

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.access import UserRequest, View

# How long ago the last answer may be. A chair signs many decisions in one meeting.
FOR_GOOD, SIGNING = timedelta(minutes=10), timedelta(minutes=60)
# Beyond that for what is sent: a form that was opened in time can be filled in.
TO_FILL_IN = timedelta(minutes=20)
FROM_HTMX = ("HTTP_HX_", "HTTP_X_WHOLE_PAGE")
# What waits in a session, and the field of the confirmation that says what it asks for.
WAITS, MARK = "waits_for_confirmation", "mark"


def confirmed(within: timedelta) -> Any:
    """Let a request through when its user signed in, or said again who they are, at most `within` ago.

    Stands below `@requires`: whoever may not do it at all is refused first.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            allowed = within + TO_FILL_IN if request.method == "POST" else within
            if time.time() - confirmed_at(request) <= allowed.total_seconds():
                return view(request, *args, **kwargs)
            return ask(request)

        return asked

    return decorate


def confirmed_at(request: UserRequest) -> float:
    """Return when the user last said who they are, by a password, a code or a key."""
    records = get_authentication_records(request, request.user)
    times = [float(record["at"]) for record in records if "at" in record]
    return max([float(request.session.get(SIGNED_IN, 0)), *times])


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to where somebody says again who they are; what was sent waits for it."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    by_htmx = bool(getattr(request, "htmx", False))
    # What was sent to another page, or long ago, is not what is confirmed now.
    request.session.pop(WAITS, None)
    # What waits is answered later, to a page that htmx did not ask for.
    for header in [name for name in request.META if name.startswith(FROM_HTMX)]:
        del request.META[header]
    said = {REDIRECT_FIELD_NAME: request.get_full_path()}
    if request.method == "POST":
        said[MARK] = get_random_string(32)
        request.session[WAITS] = {MARK: said[MARK], "request": serialize_request(request)}
    where = methods[0]["url"] if methods else reverse("account_reauthenticate")
    address = f"{where}?{urlencode(said)}"
    return HttpResponseClientRedirect(address) if by_htmx else HttpResponseRedirect(address)


def resume(request: HttpRequest, mark: str) -> HttpResponse | None:
    """Do what waits for the confirmation with this mark, if anything does; whatever else waited is dropped."""
    # The library's own would do what was sent to an address, whoever sent it.
    request.session.pop(STATE_SESSION_KEY, None)
    waits = request.session.pop(WAITS, None)
    if not waits or not constant_time_compare(waits[MARK], mark):
        return None
    sent = deserialize_request(waits["request"], request)
    # The trail and the history name what is done, not the page on which it was confirmed.
    match = sent.resolver_match = resolve(sent.path_info)
    pghistory.context(url=f"{sent.method} {match.route}")
    answer: HttpResponse = match.func(sent, *match.args, **match.kwargs)
    return answer
