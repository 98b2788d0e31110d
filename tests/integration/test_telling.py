"""What is told after a step waits on the server: it may name a patient."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import typed

pytestmark = pytest.mark.django_db


def test_what_is_told_of_a_patient_is_in_no_cookie_and_is_told_once(client, member, board):
    sign_in(client, member)
    answer = client.post(reverse("cases:refer"), typed(board))
    assert answer.status_code == 302
    assert not any("messages" in name for name in answer.cookies)
    assert client.session.get("_messages")
    assert client.get(answer.url).status_code == 200
    assert not client.session.get("_messages")
