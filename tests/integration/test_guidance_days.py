"""The guidance of a case says as of when each fact is known, and how many statements a missing one would settle."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.models import CaseFacts
from tests.factories.meetings import make_version
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db


def leaf(fact, op, value):
    return {"fact": fact, "op": op, "value": value}


@pytest.fixture
def page(client, member, board):
    make_version(title="Fit enough", condition=leaf("ecog", "<=", 1))
    make_version(title="Lately assessed", condition=leaf("ecog_on", "within", 36_500))
    make_version(
        title="Old", condition={"any": [leaf("stop_reason", "=", "irae"), leaf("ecog", ">=", 3)]}
    )
    case = make_case(member, board)
    client = sign_in(client, member)
    address = reverse("cases:detail", args=[case.public_id])
    form = {"version": 1, "ecog": "1", "assessed": "12 November 2025"}
    assert client.post(f"{address}sections/fitness", form).status_code in {200, 302}
    return case, client.get(address).content.decode()


def test_a_reason_stands_with_the_day_of_its_fact(page):
    case, text = page
    assert CaseFacts.objects.get(case=case).as_facts()["ecog_on"].low.isoformat() == "2025-11-12"
    assert "ECOG performance status 1, as of 12 November 2025" in text
    assert "day on which ECOG was assessed: 12 November 2025" in text


def test_a_missing_fact_says_how_many_statements_it_would_settle(page):
    _case, text = page
    assert "settles 1 of 1" in text
    assert "bears on" not in text
