"""A list takes the same queries whatever its length."""

from __future__ import annotations

import pytest

from meetings.services.meetings import start_meeting
from tests.integration.meetings.browsing import (
    fill,
    queries,
)

pytestmark = pytest.mark.django_db


def test_the_agenda_takes_at_most_15_queries_whatever_its_length(client, coordinator, meeting):
    fill(coordinator, meeting, 2)
    two = queries(client, coordinator, "agenda", meeting.public_id)
    fill(coordinator, meeting, 8)
    assert queries(client, coordinator, "agenda", meeting.public_id) == two <= 15


@pytest.mark.parametrize(("name", "most"), [("triage", 18), ("home", 24), ("list", 7)])
def test_other_lists_take_the_same_queries_whatever_their_length(
    client, coordinator, meeting, name, most
):
    fill(coordinator, meeting, 2)
    two = queries(client, coordinator, name)
    fill(coordinator, meeting, 8)
    assert queries(client, coordinator, name) == two <= most


def test_the_live_page_takes_a_fixed_number_of_queries(client, coordinator, meeting):
    fill(coordinator, meeting, 2)
    start_meeting(by=coordinator, meeting=meeting)
    two = queries(client, coordinator, "live", meeting.public_id)
    fill(coordinator, meeting, 6)
    assert queries(client, coordinator, "live", meeting.public_id) == two <= 32
