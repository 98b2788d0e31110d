"""A session ends when nobody did anything for a while, and after a working day; polls of pages do not count."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from accounts.idling import MET, SEEN, SIGNED_IN
from audit.models import TrailEntry
from cases.services import bulk
from tests.factories.line import make_line
from tests.factories.people import PASSWORD, make_board, make_user
from tests.integration.test_cases_pages import HTMX

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600
HOME = reverse("home")


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    set_acting(None)
    return client


def age(client: Client, *, seen: int = 0, signed_in: int = 0) -> None:
    """Make the session as old as that, in seconds."""
    session = client.session
    session[SEEN] = int(time.time()) - seen
    session[SIGNED_IN] = int(time.time()) - max(seen, signed_in)
    session.save()


def seen_ago(client: Client) -> float:
    return time.time() - float(client.session[SEEN])


def test_signing_in_is_noted_in_the_session(client, member):
    member.set_password(PASSWORD)
    member.save()
    set_acting(None)
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    assert seen_ago(client) < MINUTE
    assert time.time() - client.session[SIGNED_IN] < MINUTE


def test_a_session_in_which_nothing_was_done_ends_and_it_is_said(client, board, other_board):
    user = make_user("member", board, other_board)
    sign_in(client, user)
    age(client, seen=31 * MINUTE)
    answer = client.get(HOME)
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={HOME}"
    assert not Session.objects.exists()
    page = client.get(answer.url).content.decode()
    assert "You were signed out because nothing was done for a while." in page
    for one in (board, other_board):
        with acting_as(make_user("administrator", one)):
            (entry,) = TrailEntry.objects.filter(kind="account.session_ended", board_id=one.pk)
        assert entry.actor_id == entry.subject_id == user.pk


def test_a_part_of_a_page_is_told_that_the_session_has_ended(client, member):
    sign_in(client, member)
    age(client, seen=31 * MINUTE)
    assert client.get(HOME, headers=HTMX).status_code == 401


@pytest.mark.parametrize(("minutes", "ago", "status"), [(30, 29, 200), (60, 59, 200), (5, 6, 302)])
def test_the_limit_is_the_installations(client, member, settings, minutes, ago, status):
    settings.IDLE_MINUTES = minutes
    sign_in(client, member)
    age(client, seen=ago * MINUTE)
    assert client.get(HOME).status_code == status


def test_what_somebody_does_keeps_the_session_until_the_day_is_over(client, member):
    sign_in(client, member)
    age(client, seen=29 * MINUTE, signed_in=7 * HOUR)
    assert client.get(HOME).status_code == 200
    assert seen_ago(client) < MINUTE
    age(client, seen=0, signed_in=8 * HOUR + MINUTE)
    answer = client.get(HOME)
    assert answer.status_code == 302
    assert "signed in many hours ago" in client.get(answer.url).content.decode()


def test_what_reaches_no_view_brings_no_session_back(client, member):
    sign_in(client, member)
    age(client, seen=31 * MINUTE)
    assert client.get("/no-such").status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(HOME).status_code == 403
    assert client.get(HOME).status_code == 302


def from_before(client: Client, user: User) -> None:
    """Sign in to a session that says neither when that was nor when somebody was seen."""
    sign_in(client, user)
    session = client.session
    del session[SIGNED_IN], session[SEEN]
    session.save()


def test_a_session_from_before_the_limit_goes_on_and_ends_like_others(client, member):
    from_before(client, member)
    assert client.get(HOME).status_code == 200
    assert seen_ago(client) < MINUTE and SIGNED_IN not in client.session
    session = client.session
    session[MET] = int(time.time()) - 8 * HOUR - MINUTE
    session.save()
    assert client.get(HOME).status_code == 302


def test_a_session_from_before_the_limit_in_which_nothing_is_done_ends(client, board, coordinator):
    with acting_as(coordinator):
        job = bulk.export(by=coordinator, board=board, form="csv")
    from_before(client, coordinator)
    poll = reverse("cases:bulk_job", args=[job.public_id])
    assert client.get(poll, headers=HTMX).status_code == 200
    met = client.session[MET]
    session = client.session
    session[SEEN] = int(time.time()) - 20 * MINUTE
    session.save()
    assert client.get(poll, headers=HTMX).status_code == 200
    assert seen_ago(client) > 19 * MINUTE and client.session[MET] == met
    session[SEEN] = int(time.time()) - 31 * MINUTE
    session.save()
    assert client.get(poll, headers=HTMX).status_code == 401


def test_a_session_is_written_once_a_minute_at_most(client, member):
    sign_in(client, member)

    def writes() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(HOME)
        return sum('UPDATE "django_session"' in q["sql"] for q in found)

    age(client, seen=2 * MINUTE)
    assert [writes(), writes()] == [1, 0]


def test_a_page_that_follows_a_meeting_keeps_its_session_only_while_something_happens(client):
    line = make_line(make_board())
    sign_in(client, line.people["member"])
    page = client.get(reverse("meetings:live", args=[line.meeting.public_id])).content.decode()
    found = re.search(r'hx-get="([^"]+/state[^"]*)"', page)
    assert found
    poll = found[1].replace("&amp;", "&")
    age(client, seen=20 * MINUTE)
    assert client.get(poll, headers=HTMX).status_code == 204
    assert seen_ago(client) > 19 * MINUTE
    changed = re.sub(r"seen=[^&]*", "seen=0", poll)
    assert client.get(changed, headers=HTMX).status_code == 200
    assert seen_ago(client) < MINUTE


def test_the_screen_of_a_meeting_in_which_nothing_happens_is_told_that_it_is_over(client):
    line = make_line(make_board())
    sign_in(client, line.people["member"])
    age(client, seen=31 * MINUTE)
    address = reverse("meetings:live_state", args=[line.meeting.public_id])
    assert client.get(f"{address}?seen=0", headers=HTMX).status_code == 401


def test_a_page_that_waits_for_an_export_keeps_no_session(client, board, coordinator):
    with acting_as(coordinator):
        job = bulk.export(by=coordinator, board=board, form="csv")
    sign_in(client, coordinator)
    address = reverse("cases:bulk_job", args=[job.public_id])
    age(client, seen=20 * MINUTE)
    assert client.get(address, headers=HTMX).status_code == 200
    assert seen_ago(client) > 19 * MINUTE
    assert client.get(address).status_code == 200
    assert seen_ago(client) < MINUTE


def test_every_request_that_a_page_makes_by_itself_is_known_as_such() -> None:
    """Whatever asks again and again in a template is an address that keeps no session."""
    from tests.architecture.sources import ROOT
    from tests.architecture.test_access_rules import patterns, rule_of

    asking = [
        path.name
        for folder in ("evidence/templates", "templates")
        for path in sorted((ROOT / folder).rglob("*.html"))
        if re.search(r'hx-trigger="[^"]*every ', path.read_text())
    ]
    assert asking == ["_count.html", "_reach.html", "_bulk_job.html", "_live_top.html"]
    renewing: set[Any] = set()
    for _path, pattern in patterns():
        rule = rule_of(pattern)
        if rule and rule.renews:
            renewing.add(pattern.name)
    counts = {"evidence_version_count", "evidence_version_reach"}
    assert renewing == {"bulk_job", "live_state", *counts}
