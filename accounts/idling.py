"""How long a session lasts: as long as somebody does something, and never longer than a working day.

What a page asks by itself is nothing that somebody does. A page that follows a meeting keeps its session only while the
meeting goes on: each time that something there has changed somebody is at work in the room (`UserRequest.awake`).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings

from ui.htmx import wants_fragment

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest

SIGNED_IN, SEEN = "signed_in_at", "seen_at"
# Seconds: a session is written no more often than that.
NOTED_EVERY = 60
IDLE, DAY = "idle", "day"


def begin(request: HttpRequest) -> None:
    """Note when somebody signed in."""
    request.session[SIGNED_IN] = request.session[SEEN] = int(time.time())


def over(session: SessionBase) -> str:
    """Return why the session is over, "" while it is not.

    One that began before these times were noted ends by its age alone, which Django knows.
    """
    now = time.time()
    if now - session.get(SEEN, now) > settings.IDLE_MINUTES * 60:
        return IDLE
    if now - session.get(SIGNED_IN, now) > settings.SESSION_COOKIE_AGE:
        return DAY
    return ""


def note_seen(request: HttpRequest) -> None:
    """Note that somebody did something, unless the page asked by itself."""
    view = request.resolver_match.func if request.resolver_match else None
    rule = getattr(view, "access_rule", None)
    if rule and rule.renews and wants_fragment(request) and not getattr(request, "awake", False):
        return
    session, now = request.session, int(time.time())
    if now - session.get(SEEN, now) >= NOTED_EVERY:
        session[SEEN] = now
