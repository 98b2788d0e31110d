"""An irAE outside the list is found by the organ that was told of it, and the hit says what it was."""

from __future__ import annotations

import pytest

from accounts.acting import set_acting
from cases.eventnames import ORGANS
from cases.searching import search_cases
from cases.searchwords import codes_for
from cases.vocabulary import ELSEWHERE, ORGANS_OF_UNLISTED, UNTOLD, entities
from tests.factories.monitoring import make_irae
from tests.factories.record import add_course
from tests.integration.test_merging import merge
from tests.integration.test_searching import keys, make, page, plans, sign_in  # noqa: F401
from tests.integration.test_searching_together import ALIKE, TOGETHER

pytestmark = pytest.mark.django_db
NAME = "Aseptic meningitis"


def unlisted(by, case, organ="brain", name=NAME):
    return make_irae(by, case, "autoimmune_other", organ=organ, entity_text=name)


@pytest.fixture
def weber(member, board):
    """Weber had nivolumab and a meningitis; the others an event of another organ, or none."""
    found = make(member, board, "Weber", "Ada", "W1")
    add_course(member, found, drugs=["nivolumab"])
    unlisted(member, found)
    unlisted(member, make(member, board, "Hale", "Rose", "H1"), "eye", "Scleritis")
    make(member, board, "Okonkwo", "Chidi", "O1")
    return found


@pytest.mark.parametrize(
    "words",
    ["brain", "Brain and spinal cord", "spinal", "other brain", "brain nivolumab", "Weber brain",
     "weber nivolumab spinal", "Wbeer brain"],
)  # fmt: skip
def test_it_is_found_by_its_organ(member, weber, words):
    found = search_cases(member, words)
    assert keys(found) == [weber.pk]
    assert found.beside == {weber.pk: f"{NAME} (brain and spinal cord)"}


@pytest.mark.parametrize("words", ["eye nivolumab", "Hale spinal", "brain pembrolizumab", "liver"])
def test_not_by_another(member, weber, words):
    assert keys(search_cases(member, words)) == []


@pytest.mark.parametrize("words", ["spinel", "brian", "spinal nivolumap"])
def test_a_slip_in_the_organ_says_what_it_was_read_as(member, weber, words):
    found = search_cases(member, words)
    assert keys(found) == [weber.pk]
    assert found.beside == {weber.pk: f"{NAME} (brain and spinal cord)"}
    if words == "spinel":
        assert "Other autoimmune event (brain and spinal cord)" in found.read_as


def test_the_event_of_the_list_and_the_one_outside_it_are_found_by_one_organ(member, board, weber):
    listed = make(member, board, "Lark", "Cleo", "L1")
    make_irae(member, listed, "encephalitis", organ="brain")
    found = search_cases(member, "brain")
    assert keys(found) == [listed.pk, weber.pk]
    assert list(found.beside) == [weber.pk]
    assert search_cases(member, "encephalitis").beside == {}


def test_whatever_its_organ_it_is_found_by_what_the_list_calls_it(member, weber):
    found = search_cases(member, "other autoimmune")
    assert sorted(found.beside.values()) == [f"{NAME} (brain and spinal cord)", "Scleritis (eye)"]
    assert codes_for("other autoimmune")[1] == ["autoimmune_other"]


def test_of_several_organs_and_of_two_of_one_patient(member, board):
    case = make(member, board, "Lark", "Cleo", "L1")
    unlisted(member, case, UNTOLD, "Sarcoid-like reaction")
    unlisted(member, case, UNTOLD, "Lupus-like disease")
    found = search_cases(member, "several organs")
    assert found.beside == {
        case.pk: "Sarcoid-like reaction (several organs, or not known which); "
        "Lupus-like disease (several organs, or not known which)"
    }
    # "Another organ than these" names none, and "Than" is a name.
    assert codes_for("than") == codes_for("another") == ([], [])


def test_a_merged_record_is_told_by_what_the_kept_one_holds(member, board, weber, coordinator):
    other = make(member, board, "Webber", "Ada", "W9")
    set_acting(coordinator)
    merge(coordinator, weber.patient_id, other.patient_id)
    set_acting(member)
    found = search_cases(member, "brain")
    assert set(keys(found)) == {weber.pk, other.pk} == set(found.beside)


def test_nobody_of_another_board_is_found(stranger, weber):
    set_acting(stranger)
    found = search_cases(stranger, "brain")
    assert (keys(found), found.beside) == ([], {})


def test_the_page_says_it_beside_the_hit(client, member, weber):
    sign_in(client, member)
    assert f"{NAME} (brain and spinal cord)" in page(client, "brain")
    assert NAME not in page(client, "Weber")


def test_only_a_search_for_such_an_event_costs_a_query_more(
    member, weber, django_assert_num_queries
):
    with django_assert_num_queries(3):
        search_cases(member, "brain")
    with django_assert_num_queries(2):
        search_cases(member, "Weber")


def test_no_code_of_an_irae_is_that_of_an_organ_and_one_irae_is_no_disease():
    assert ORGANS == {code for code, _label in ORGANS_OF_UNLISTED} >= {ELSEWHERE, UNTOLD}
    assert not ORGANS & set(entities())
    # The functions and the index of the database name it.
    assert [e.code for e in entities().values() if e.unspecified] == ["autoimmune_other"]


def test_a_search_by_organ_reads_no_whole_table(plans):  # noqa: F811
    alone = "SELECT * FROM rechallenge_search_cases('', '{}', %s)"
    for sql, *values in (
        (alone, ["encephalitis", "brain"]),
        (TOGETHER, "", "", ["nivolumab", ""], ["", "encephalitis,brain"]),
        (TOGETHER, "weber", "", [""], ["encephalitis,brain"]),
        (ALIKE, "wbeer", "", [""], ["encephalitis,brain"], ["weber"], [], []),
    ):
        plan = plans(sql, *values)
        for table in ("patientidentity", "icicourse", "irae", "case"):
            assert f"Seq Scan on cases_{table} " not in plan, (values, table)
    plan = plans(alone, ["encephalitis", "brain"])
    assert "irae_entity" in plan and "irae_unlisted_organ" in plan
