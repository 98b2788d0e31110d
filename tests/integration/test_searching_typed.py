"""An irAE that no list has is found by what was typed of it, and a proposed agent too."""

from __future__ import annotations

import psycopg
import pytest

from accounts.acting import acting_as, set_acting
from cases.models import Case
from cases.searching import begun, search_cases
from cases.vocabulary import Regimen
from tests.factories.people import make_board, make_user
from tests.factories.record import add_course, make_case
from tests.integration.test_merging import merge
from tests.integration.test_searching import keys, make, page, plans, sign_in  # noqa: F401
from tests.integration.test_searching_together import ALIKE, TOGETHER
from tests.integration.test_searching_unlisted import unlisted

pytestmark = pytest.mark.django_db
SUSAC = "Susac syndrome"


@pytest.fixture
def susac(member, board):
    """Weber had it and nivolumab; others had other events of no list, or nivolumab alone."""
    found = make(member, board, "Weber", "Ada", "W1")
    add_course(member, found, drugs=["nivolumab"])
    unlisted(member, found, "eye", SUSAC)
    unlisted(
        member, make(member, board, "Hale", "Rose", "H1"), "eye", "Vogt-Koyanagi-Harada disease"
    )
    other = make(member, board, "Okonkwo", "Chidi", "O1")
    add_course(member, other, drugs=["nivolumab"])
    return found


@pytest.mark.parametrize(
    "words",
    ["Susac", "susac syndrome", "Syndrome Susac", "Susa", "Weber Susac", "susac nivolumab",
     "nivolumab weber susac syndrome", "eye susac"],
)  # fmt: skip
def test_an_event_of_no_list_is_found_by_the_words_of_its_name(member, susac, words):
    found = search_cases(member, words)
    assert keys(found) == [susac.pk]
    assert found.beside == {susac.pk: f"{SUSAC} (eye)"}
    assert not found.read_as and not found.names_alike


@pytest.mark.parametrize(
    "words",
    ["Susac disease", "susac pembrolizumab", "sac", "susac x", "skin susac"],
)  # fmt: skip
def test_a_word_that_does_not_hold_finds_nobody(member, susac, words):
    assert keys(search_cases(member, words)) == []


@pytest.mark.parametrize("words", ["Hale Susac", "Okonkwo susac"])
def test_who_is_named_beside_it_had_it_or_is_only_alike(member, susac, words):
    found = search_cases(member, words)
    assert susac.pk not in keys(found) and found.beside == {}
    assert found.names_alike


def test_a_reference_beside_it_is_that_case_or_none(member, susac):
    assert keys(search_cases(member, f"{susac.reference} susac")) == [susac.pk]
    assert keys(search_cases(member, f"{susac.reference} harada")) == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Susca", SUSAC), ("suzac syndrome", SUSAC), ("Sussac sindrome", SUSAC),
        ("susacc nivolumab", SUSAC), ("Webr Sussac", SUSAC),
        ("koyanagi harado", "Vogt-Koyanagi-Harada disease"),
    ],
)  # fmt: skip
def test_a_slip_is_forgiven_and_said(member, susac, words, name):
    found = search_cases(member, words)
    assert list(found.beside.values()) == [f"{name} (eye)"]
    assert found.read_as == (f"{name} (eye)",)
    assert found.names_alike == words.startswith("Webr")


def test_hyphens_stand_between_words(member, susac):
    for words in ("Vogt Koyanagi Harada", "Vogt-Koyanagi", "harada"):
        assert list(search_cases(member, words).beside.values()) == [
            "Vogt-Koyanagi-Harada disease (eye)"
        ]
    assert begun("Vogt-Koyanagi (of 2)") >= {"~vogt", "~koy", "~koyanagi", "~of", "~2"}
    assert not begun("Vogt") & {"~vo", "~v", "~"}


def test_a_person_of_the_same_name_is_found_beside_it(member, board, susac):
    person = make(member, board, "Susac", "John", "S1")
    found = search_cases(member, "susac")
    assert keys(found) == [person.pk, susac.pk]
    assert list(found.beside) == [susac.pk]


def test_nobody_of_another_board_is_found_by_a_text(stranger, susac):
    set_acting(stranger)
    for words in ("Susac", "Sussac", "nivolumab susac"):
        found = search_cases(stranger, words)
        assert (keys(found), found.beside, found.read_as) == ([], {}, ())


def propose(by, case, agent):
    with acting_as(by):
        Case.objects.filter(pk=case.pk).update(
            proposed_regimen=Regimen.OTHER, proposed_regimen_state="known", proposed_text=agent
        )


@pytest.mark.parametrize(
    "words", ["BNT327", "bnt327 hale", "BNT372", "Hale bnt327 trial", "bnt327 nivolumab"]
)
def test_an_agent_of_a_trial_is_found_by_its_name(member, board, words):
    case = make(member, board, "Hale", "Rose", "H1")
    add_course(member, case, drugs=["nivolumab"])
    propose(member, case, "BNT327 (trial)")
    found = search_cases(member, words)
    assert keys(found) == [case.pk]
    assert found.beside == {case.pk: "proposed: BNT327 (trial)"}


def test_what_another_board_proposes_finds_no_case_here(member, board):
    elsewhere = make_board("Elsewhere")
    other = make_user("member", elsewhere)
    both = make_user("member", board)
    mine = make_case(member, board)
    theirs = make_case(other, elsewhere)
    propose(other, theirs, "BNT327")
    propose(member, mine, "KN-999")
    assert keys(search_cases(both, "BNT327")) == []
    with acting_as(other):
        assert keys(search_cases(other, "BNT327")) == [theirs.pk]
        assert keys(search_cases(other, "KN-999")) == []


def test_a_merged_record_proposes_what_its_cases_do(member, board, susac, coordinator):
    absorbed = make(member, board, "Webber", "Ada", "W9")
    propose(member, absorbed, "BNT327")
    set_acting(coordinator)
    merge(coordinator, susac.patient_id, absorbed.patient_id)
    set_acting(member)
    assert set(keys(search_cases(member, "bnt327"))) == {susac.pk, absorbed.pk}
    assert set(keys(search_cases(member, "bnt327 nivolumab susac"))) == {susac.pk, absorbed.pk}


def test_the_page_says_it_beside_the_hit(client, member, susac):
    sign_in(client, member)
    assert f"{SUSAC} (eye)" in page(client, "susac syndrome")
    html = page(client, "Sussac")
    assert f"read as: {SUSAC} (eye)" in html and susac.reference in html


def test_it_costs_no_query_where_nothing_was_found_by_it(member, susac, django_assert_num_queries):
    for words, n in (("Weber", 2), ("Susac", 3), ("Wbeer", 3), ("Sussac", 4), ("xqzwvk", 2)):
        with django_assert_num_queries(n):
            search_cases(member, words)


# What the function asks, alone: of tables without rows it takes any index.
BY_TEXT = {
    "irae_unlisted_words": "cases_irae t WHERE t.entity = 'autoimmune_other' AND rechallenge_begun(t.entity_text)",
    "case_proposed_words": "cases_case t WHERE t.proposed_text <> '' AND rechallenge_begun(t.proposed_text)",
}


def test_a_search_by_a_text_reads_no_whole_table(plans):  # noqa: F811
    for sql, *values in (
        (TOGETHER, "", "", [""], ["~susac"]),
        (TOGETHER, "", "", ["nivolumab", ""], ["", "encephalitis,brain,~susac"]),
        (TOGETHER, "weber", "", [""], ["~susac"]),
        (ALIKE, "wbeer", "", [""], ["~susac,~susa"], ["weber"], [], []),
    ):
        plan = plans(sql, *values)
        for table in ("patientidentity", "icicourse", "irae", "case"):
            assert f"Seq Scan on cases_{table} " not in plan, (values, table)
        # Beside the name of nobody no text is looked for.
        assert ("entity_text)::text) && " in plan) is (not values[0])
    # Without a text nobody looks for one.
    plan = plans(TOGETHER, "", "", ["nivolumab", ""], ["", "encephalitis,brain"])
    assert "rechallenge_begun((" not in plan


@pytest.mark.parametrize("index", BY_TEXT)
def test_no_policy_keeps_a_text_from_its_index(plans, index):  # noqa: F811
    """Without the indexes that do for a table without rows; taken back at once."""
    with pytest.raises(psycopg.errors.RaiseException, match="taken back"):
        plans(
            "DO $$ BEGIN SET LOCAL ROLE NONE; DROP INDEX irae_entity, irae_unlisted_organ;"
            " SET LOCAL ROLE rechallenge_owner;"
            " PERFORM set_config('app.owner_reason', 'search', true);"
            f" PERFORM n.id FROM (SELECT t.id FROM {BY_TEXT[index]} && ARRAY['~susac']) n;"
            " RAISE EXCEPTION 'taken back'; END $$"
        )
    assert f"on {index}" in plans.said()
