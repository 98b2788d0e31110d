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
# The first sight of a session that does not say when somebody signed in.
MET = "met_at"
# Seconds: a session is written no more often than that.
NOTED_EVERY = 60
IDLE, DAY = "idle", "day"


def begin(request: HttpRequest) -> None:
    """Note when somebody signed in."""
    request.session[SIGNED_IN] = request.session[SEEN] = int(time.time())


def over(session: SessionBase) -> str:
    """Return why the session is over, "" while it is not.

    One that does not say when somebody signed in counts from the first request in which that was noticed.
    """
    now = time.time()
    if now - session.get(SEEN, now) > settings.IDLE_MINUTES * 60:
        return IDLE
    if now - session.get(SIGNED_IN, session.get(MET, now)) > settings.SESSION_COOKIE_AGE:
        return DAY
    return ""


def note_seen(request: HttpRequest) -> None:
    """Note that somebody did something, unless the page asked by itself; what a session lacks is noted at any rate."""
    session, now = request.session, int(time.time())
    if SIGNED_IN not in session:
        session.setdefault(MET, now)
    if SEEN not in session or (
        now - session[SEEN] >= NOTED_EVERY and not _asked_by_itself(request)
    ):
        session[SEEN] = now


def _asked_by_itself(request: HttpRequest) -> bool:
    view = request.resolver_match.func if request.resolver_match else None
    rule = getattr(view, "access_rule", None)
    polls = rule is not None and rule.renews and wants_fragment(request)
    return polls and not getattr(request, "awake", False)
