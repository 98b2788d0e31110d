"""The column of listed cases: the nearest meeting open, the others folded with their number of cases."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.acting import set_acting
from tests.factories.meetings import make_item, make_meeting

pytestmark = pytest.mark.django_db


def test_only_the_nearest_meeting_stands_open_and_each_says_how_many_cases(
    client, board, coordinator
):
    set_acting(coordinator)
    near, far = (make_meeting(coordinator, board, in_days=n) for n in (3, 10))
    for meeting, count in ((near, 1), (far, 2)):
        for _ in range(count):
            make_item(coordinator, meeting)
    client.force_login(coordinator)
    html = client.get(reverse("meetings:triage")).content.decode()
    assert html.count('<details class="app-board__fold" open>') == 1
    assert html.count('<details class="app-board__fold">') == 1
    assert html.index("<small>1 case</small>") < html.index("<small>2 cases</small>")
    for meeting in (near, far):
        assert reverse("meetings:agenda", args=[meeting.public_id]) in html
