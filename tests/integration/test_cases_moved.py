"""After a save the section says what else moved: facts, values worked out, statements that apply."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from cases.models import CaseFacts
from cases.presenters.moved import DERIVED, few, moved
from evidence.conditions.vocabulary import FACTS
from tests.factories.guidance import load_some_guidance
from tests.factories.record import make_case
from tests.integration.test_cases_editing import FORMS, at
from tests.integration.test_cases_pages import HTMX, sign_in
from ui.formatting import date as date_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def told(html: str) -> str:
    """Return what the section says after the save, without its markup."""
    found = re.search(
        r'<div class="app-told" data-focus tabindex="-1" role="status">.*?</div>', html, re.S
    )
    assert found, html[:2000]
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


# Without its day nobody could tell whether it is too old.
ECOG = {"ecog": "1", "assessed": date_words(timezone.localdate())}


def save(client, case, place, **typed):
    answer = client.post(at(case, place), typed, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    return told(answer.content.decode())


def counts(case) -> tuple[int, int]:
    row = CaseFacts.objects.get(case=case)
    return row.facts_settled, row.facts_required


def test_a_fact_that_is_settled_is_named_and_counted(client, member, case):
    before = counts(case)
    words = save(sign_in(client, member), case, "sections/fitness", version=1, **ECOG)
    after = counts(case)
    assert after[0] == before[0] + 1
    assert f"Facts that are there: {before[0]} of {before[1]} → {after[0]} of {after[1]}" in words
    assert re.search(r"Settled: ECOG\b", words)
    words = save(client, case, "sections/fitness", version=2, ecog="", assessed="")
    assert re.search(r"Open again: ECOG\b", words)
    assert "Settled" not in words


def test_a_value_that_is_worked_out_is_told_old_and_new(client, member, case):
    sign_in(client, member)
    words = save(client, case, "courses/add", **FORMS["courses/add"])
    assert re.search(r"Worked out: .*length of the last|Worked out: .*→", words)
    assert "not entered →" in words
    assert re.search(r"and \d+ more|Worked out: [^:]+", words)


def test_statements_that_apply_now_and_no_longer_are_named(client, member, case):
    load_some_guidance()
    sign_in(client, member)
    first = save(client, case, "iraes/add", **FORMS["iraes/add"])
    assert "Applies now: “" in first
    title = re.search(r"Applies now: “([^”]+)”", first)[1]
    row = case.patient.iraes.get()
    answer = client.post(at(case, f"iraes/{row.public_id}/remove"), {"version": 2}, headers=HTMX)
    words = told(answer.content.decode())
    assert f"“{title}”" in words.split("Applies no longer: ")[1]


def test_a_save_that_moves_nothing_says_no_more_than_that(client, member, case):
    sign_in(client, member)
    words = save(client, case, "parts/background", version=1, preference="At home")
    assert words == "Background: saved."


def test_without_scripts_the_page_says_it_as_well(client, member, case):
    sign_in(client, member)
    answer = client.post(at(case, "sections/fitness"), {"version": 1, **ECOG}, follow=True)
    html = answer.content.decode()
    assert re.search(r"Fitness[^<]*: saved\. Facts that are there: \d+ of \d+ → \d+ of \d+\.", html)


def test_names_are_told_up_to_five():
    assert few(list("abcde")) == "a, b, c, d, e"
    assert few(list("abcdefg")) == "a, b, c, d, e and 2 more"


def test_what_is_worked_out_is_in_the_vocabulary():
    assert set(DERIVED) <= set(FACTS)


def test_what_moved_costs_no_query_beside_the_page(member, case, django_assert_num_queries):
    row = CaseFacts.objects.get(case=case)
    changed = CaseFacts.objects.get(case=case)
    changed.ecog_state = "unknown"
    with django_assert_num_queries(0):
        case.facts, case.rules_now = row, 0
        found = moved(case, changed, [])
    assert "Settled: ECOG" in str(found)
