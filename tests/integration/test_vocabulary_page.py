"""Curators read the vocabulary of conditions beside the forms in which they write them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import CaseFacts
from evidence.conditions import FACTS
from evidence.conditions.described import ORIGINS
from evidence.conditions.vocabulary import GROUPS
from evidence.matching import match, rules_settled, settles
from evidence.selectors import published_versions
from tests.factories.people import make_user
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db
PAGE = "/admin/evidence/vocabulary/"


@pytest.fixture
def curator(board, client):
    found = make_user("curator", board)
    found.is_staff = True
    found.save()
    client.force_login(found)
    return found


def test_every_fact_stands_there_with_its_unit_its_values_and_where_it_comes_from(curator, client):
    page = client.get(PAGE).content.decode()
    assert reverse("vocabulary") == PAGE
    for key, spec in FACTS.items():
        assert f"<code>{key}</code>" in page
        assert f'id="{key}"' in page
        for code in spec.codes:
            assert f"<code>{code}</code>" in page
    assert "mg/day prednisone-equivalent" in page and "0 to 5, whole numbers" in page
    assert "to 2 decimal places" in page and "The organ review" not in page
    assert "<form" not in page.split('id="content-main"')[1]
    assert set(ORIGINS) == set(GROUPS)
    for origin in ORIGINS.values():
        assert origin.title in page


def test_only_curators_read_it_and_nobody_writes_it(curator, board, client):
    assert client.post(PAGE).status_code == 405
    member = make_user("member", board)
    member.is_staff = True
    member.save()
    client.force_login(member)
    assert client.get(PAGE).status_code in {302, 403}
    client.logout()
    assert client.get(PAGE).status_code == 302


def test_the_form_of_a_condition_leads_to_it(curator, client):
    answer = client.get("/admin/evidence/statementversion/add/")
    assert answer.status_code == 200
    assert f'<a href="{PAGE}">The facts, their values and units</a>' in answer.content.decode()


def test_once_the_facts_are_there_nothing_is_read_to_match_them_and_to_rank_what_is_missing(
    all_guidance, member, board
):
    case = make_case(member, board)
    facts = CaseFacts.objects.get(case=case).as_facts()
    versions = list(published_versions())
    with CaptureQueriesContext(connection) as queries:
        matches = match(versions, facts)
        ranked = settles(matches, facts)
        rows = rules_settled(matches, facts)
    assert len(queries) == 0
    assert len(versions) > 50 and len(ranked) > 20 and rows
