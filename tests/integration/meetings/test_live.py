"""The page of the discussion that everybody follows."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from meetings.models import AgendaItem, Meeting
from meetings.services.meetings import set_current_item, start_meeting
from tests.factories.meetings import make_draft, make_item, make_meeting, make_version
from tests.integration.meetings.browsing import (
    HTMX,
    page,
    send,
)

pytestmark = pytest.mark.django_db


def test_followers_get_nothing_until_something_changes(client, coordinator, chair, member, board):
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board)
    first, second = make_item(coordinator, meeting), make_item(coordinator, meeting)
    meeting = start_meeting(by=coordinator, meeting=meeting)
    seen = Meeting.objects.get().revision
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("meetings:live_state", args=[meeting.public_id])

    def poll(seen: int, shown: AgendaItem):
        return client.get(address, {"seen": seen, "item": str(shown.public_id)}, **HTMX)

    assert poll(seen, first).status_code == 204
    with acting_as(coordinator):
        set_current_item(by=coordinator, meeting=meeting, item=second)
    response = poll(seen, first)
    assert response.status_code == 200
    assert second.case.reference in response.content.decode()
    assert "2 of 2" in response.content.decode()
    seen = Meeting.objects.get().revision
    assert poll(seen, second).status_code == 204
    with acting_as(coordinator):
        make_draft(coordinator, second, rationale="Seen by all")
    assert "Seen by all" in poll(seen, second).content.decode()


def test_the_recorders_form_is_not_taken_away_by_a_poll(client, coordinator, chair, board):
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board)
    item = make_item(coordinator, meeting)
    start_meeting(by=coordinator, meeting=meeting)
    seen = Meeting.objects.get().revision
    make_draft(coordinator, item)
    client.force_login(chair, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("meetings:live_state", args=[meeting.public_id])
    response = client.get(address, {"seen": seen, "item": str(item.public_id)}, **HTMX)
    assert response["HX-Reswap"] == "none"
    assert 'hx-swap-oob="true"' in response.content.decode()
    assert "decision-form" not in response.content.decode()


def test_live_before_the_start_and_after_the_end(client, coordinator, member, board):
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board)
    assert "has not started" in page(client, member, "live", meeting.public_id).content.decode()
    send(client, coordinator, "start", meeting.public_id)
    assert "No case is up" in page(client, member, "live", meeting.public_id).content.decode()
    assert send(client, coordinator, "close", meeting.public_id).status_code == 302
    assert "is closed" in page(client, member, "live", meeting.public_id).content.decode()


def test_the_next_case_is_brought_up_by_a_button(client, coordinator, meeting, item):
    other = make_item(coordinator, meeting)
    start_meeting(by=coordinator, meeting=meeting)
    response = send(client, coordinator, "current", other.public_id, **HTMX)
    assert other.case.reference in response.content.decode()
    assert send(client, coordinator, "current", item.public_id).status_code == 302
    assert AgendaItem.objects.get(current_since__isnull=False) == item


def test_a_rule_that_cannot_be_judged_stays_in_sight_with_what_it_lacks(
    client, coordinator, member, meeting, item
):
    recurrent = {"fact": "irae_recurrent", "op": "is", "value": True}
    make_version(condition=recurrent, signal="stop", title="Invented rule of a recurrence")
    make_version(condition=recurrent, signal="", title="Invented thought of a recurrence")
    start_meeting(by=coordinator, meeting=meeting)
    send(client, coordinator, "current", item.public_id)
    html = page(client, member, "live", meeting.public_id).content.decode()
    card = html[html.index('id="live-guidance"') :]
    in_sight, folded = card.split('<details class="app-fold"', 1)
    assert "Invented rule of a recurrence" in in_sight and "cannot tell without" in in_sight
    assert "Invented rule of a recurrence" not in folded.split("</details>", 1)[0]
    assert "Invented thought of a recurrence" in folded and "One other statement" in folded
