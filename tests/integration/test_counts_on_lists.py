"""A list fetches of the facts what its rows show, and all of them only where the kept counts hold no more."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import CaseFacts
from cases.rules import counts_of
from cases.selectors import case_for_page
from tests.factories.monitoring import make_plan
from tests.integration.test_cases_pages import queries, sign_in

pytestmark = pytest.mark.django_db


def shown(client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def figures(html: str) -> list[str]:
    return re.findall(r"\b\d+ of \d+\b", html)


# How many queries more the counts cost: the worklist fetches all facts of its 25 rows anyhow.
@pytest.mark.parametrize(("listed", "more"), [("cases:list", 1), ("followup:worklist", 0)])
def test_the_count_is_that_of_the_case_whether_it_was_kept_or_not(
    client, member, board, nurse, listed, more
):
    address = reverse(listed)
    load_record_data()
    for n in range(3):
        make_plan(nurse, board, dosed=n + 1)
    reader = nurse if listed == "followup:worklist" else member
    sign_in(client, reader)
    kept, before = shown(client, address), queries(client, address)
    with acting_as(member):
        over = {"counts_until": timezone.localdate() - timedelta(days=1), "facts_settled": 0}
        assert CaseFacts.objects.update(**over) == 3
    # Rules are read once for all requests; the facts by one query for all rows, and the words are those of before.
    assert figures(shown(client, address)) == figures(kept)
    assert queries(client, address) == before + more <= 8
    with acting_as(member):
        found = [counts_of(case) for case in case_for_page(member)]
    assert all(f"{settled} of {required}" in kept for settled, required in found if settled)
    assert len(found) == 3 and any(settled for settled, _required in found)
