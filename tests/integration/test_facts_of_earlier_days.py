"""Pages whose rows of facts were written on an earlier day: carried on, without a query for each row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import set_acting
from cases.models import CaseFacts
from meetings.services.agenda import list_case
from tests.factories.meetings import make_meeting
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(coordinator, board):
    """Pages that show many cases: the list, the triage board and an agenda."""
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board, minutes=300)
    for _ in range(6):
        list_case(by=coordinator, meeting=meeting, case=make_case(coordinator, board))
        make_case(coordinator, board)
    agenda = reverse("meetings:agenda", args=[meeting.public_id])
    return [reverse("cases:list"), reverse("meetings:triage"), agenda]


def counted(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_yesterdays_facts_cost_no_query_each(client, coordinator, pages):
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    today = [counted(client, path) for path in pages]
    set_acting(coordinator)
    for row in CaseFacts.objects.all():
        CaseFacts.objects.filter(pk=row.pk).update(as_of=row.as_of - timedelta(days=1))
    assert CaseFacts.objects.count() == 12
    assert [counted(client, path) for path in pages] == today
