"""Asks again who it is before what cannot be undone: a session that was left open, or stolen, is not enough for it.

Asked before a form is opened. What is sent all the same waits in the session, and is done once the answer is right:
nothing that was filled in is lost, with scripts or without.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, suspend_request
from django.http import HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.idling import SIGNED_IN

if TYPE_CHECKING:
    from accounts.access import UserRequest, View

# How long ago the last answer may be. A chair signs many decisions in one meeting.
FOR_GOOD, SIGNING = timedelta(minutes=10), timedelta(minutes=60)
# Beyond that for what is sent: a form that was opened in time can be filled in.
TO_FILL_IN = timedelta(minutes=20)
FROM_HTMX = ("HTTP_HX_", "HTTP_X_WHOLE_PAGE")


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
            return _ask(request)

        return asked

    return decorate


def confirmed_at(request: UserRequest) -> float:
    """Return when the user last said who they are, by a password, a code or a key."""
    records = get_authentication_records(request, request.user)
    times = [float(record["at"]) for record in records if "at" in record]
    return max([float(request.session.get(SIGNED_IN, time.time())), *times])


def _ask(request: UserRequest) -> HttpResponse:
    methods = get_adapter().get_reauthentication_methods(request.user)
    by_htmx = bool(getattr(request, "htmx", False))
    # What was sent to another page, or long ago, is not what is confirmed now.
    request.session.pop(STATE_SESSION_KEY, None)
    # What waits is answered later, to a page that htmx did not ask for.
    for header in [name for name in request.META if name.startswith(FROM_HTMX)]:
        del request.META[header]
    where = methods[0]["url"] if methods else reverse("account_reauthenticate")
    answer: HttpResponse = suspend_request(request, where)
    return HttpResponseClientRedirect(answer["Location"]) if by_htmx else answer
