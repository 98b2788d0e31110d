"""Which meeting is next: one that nobody closed hides none, and those of a day come by their hour."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Board
from accounts.zones import today_of
from meetings.models import Meeting
from meetings.obligations import next_meeting_of
from meetings.selectors import next_meetings
from meetings.services.meetings import create_meeting, start_meeting
from tests.factories.meetings import make_meeting
from tests.factories.people import make_board, make_user
from tests.integration.meetings.browsing import page, page_again

pytestmark = pytest.mark.django_db


def left_open(by, board, days_ago, started_hours_ago=None):
    """Return a meeting of an earlier day that was not closed."""
    meeting = make_meeting(by, board, in_days=-days_ago)
    if started_hours_ago is not None:
        start_meeting(by=by, meeting=meeting)
        at = timezone.now() - dt.timedelta(hours=started_hours_ago)
        Meeting.objects.filter(pk=meeting.pk).update(started_at=at)
    return meeting


def at_hour(by, board, hour, in_days=3):
    day = today_of(board) + dt.timedelta(days=in_days)
    with acting_as(by):
        return create_meeting(by=by, board=board, day=day, start=dt.time(hour, 0))


def test_a_meeting_that_nobody_closed_hides_no_other(client, coordinator, board, meeting):
    for n in range(7):
        left_open(coordinator, board, n + 1, started_hours_ago=25 if n % 2 else None)
    assert next_meeting_of(coordinator) == meeting
    assert next_meetings(coordinator, [board]) == [meeting]
    assert reverse("meetings:agenda", args=[meeting.public_id]) in (
        page(client, coordinator, "home").content.decode()
    )


def test_one_under_way_comes_first_past_midnight(coordinator, board, meeting):
    running = left_open(coordinator, board, 1, started_hours_ago=3)
    assert next_meetings(coordinator, [board]) == [running, meeting]


def test_the_day_is_that_of_the_board(coordinator, board):
    for there, here in (("Etc/GMT-14", "Etc/GMT+12"), ("Etc/GMT+12", "Etc/GMT-14")):
        Board.objects.filter(pk=board.pk).update(zone=there)
        board.refresh_from_db()
        with timezone.override(here):
            yesterday, today = (at_hour(coordinator, board, 12, in_days=n) for n in (-1, 0))
            assert next_meetings(coordinator, [board]) == [today]
            Meeting.objects.filter(pk__in=[yesterday.pk, today.pk]).delete()


def test_each_of_several_boards_has_its_own(board):
    other = make_board()
    both = make_user("coordinator", board, other)
    first, second = make_meeting(both, board, in_days=1), make_meeting(both, other, in_days=2)
    assert next_meetings(both, [board, other]) == [first, second]
    assert next_meetings(both, [other]) == [second]
    assert next_meetings(both, []) == []


def shown(response):
    """Return the meetings of a page in order, and the address of the next page."""
    html = response.content.decode()
    further = re.search(r'rel="next" href="([^"]+)"', html)
    found = re.findall(r'scope="row"[^>]*><a href="/meetings/([0-9a-f-]{36})/', html)
    return [UUID(one) for one in found], unescape(further[1]) if further else None


def test_meetings_of_a_day_stand_by_their_hour_page_by_page(client, coordinator, board):
    made = [at_hour(coordinator, board, hour) for hour in [15, 9, 11, 8] * 8]
    wanted = [m.public_id for m in sorted(made, key=lambda m: (m.start, m.pk))]
    first, further = shown(page(client, coordinator, "list"))
    second, nothing = shown(client.get(further))
    assert first + second == wanted and nothing is None
    now = timezone.now()
    Meeting.objects.all().update(state="closed", started_at=now, closed_at=now)
    assert shown(page_again(client, "list")) == ([], None)
    first, further = shown(client.get(reverse("meetings:list") + "?show=past"))
    second, nothing = shown(client.get(further))
    assert first + second == wanted[::-1] and nothing is None
