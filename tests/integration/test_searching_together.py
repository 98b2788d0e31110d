"""A search of several words of different kinds finds the patients for whom all of them hold."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from cases.loading import load as load_record_data
from cases.models import Case
from cases.searching import MOST, search_cases
from cases.services.searches import save_search
from cases.spelling import spelt
from tests.factories.monitoring import make_irae
from tests.factories.people import make_board, make_user
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import queries, sign_in
from tests.integration.test_merging import merge
from tests.integration.test_searching import keys, make, plans  # noqa: F401
from tests.integration.test_searching_much import common  # noqa: F401

pytestmark = pytest.mark.django_db
TOGETHER = "SELECT * FROM rechallenge_search_together(%s, %s, %s, %s)"
ALIKE = "SELECT * FROM rechallenge_search_together(%s, %s, %s, %s, %s, %s, %s)"


@pytest.fixture
def weber(member, board):
    """Weber had nivolumab and pneumonitis; each of the others has but some of that."""
    load_record_data()
    found = make(member, board, "Weber", "Ada", "W1")
    add_course(member, found, drugs=["nivolumab"])
    make_irae(member, found)
    namesake = make(member, board, "Weber", "Bo", "W2")
    add_course(member, namesake, drugs=["pembrolizumab"])
    other = make(member, board, "Okonkwo", "Chidi", "O1")
    add_course(member, other, drugs=["nivolumab"])
    return found


@pytest.mark.parametrize(
    "words",
    [
        "Weber nivolumab", "nivolumab weber", "nivolumab pneumonitis", "pneumonitis Weber",
        "weber, nivolumab pneumonitis", "W1 nivolumab", "Ada Weber opdivo", "lung nivolumab",
        "anti-pd-1 pneumonitis",
    ],
)  # fmt: skip
def test_every_word_holds_by_its_own_kind(member, weber, words):
    assert keys(search_cases(member, words)) == [weber.pk]


@pytest.mark.parametrize(
    "words",
    ["Weber colitis", "Okonkwo pneumonitis", "pembrolizumab pneumonitis"],
)
def test_one_word_that_does_not_hold_finds_nobody(member, weber, words):
    assert keys(search_cases(member, words)) == []


def test_a_reference_beside_other_words_is_that_case_or_none(member, weber):
    year, number = weber.reference.split("-")[1:]
    for words in (f"{weber.reference} nivolumab", f"nivolumab rc {year} {int(number)}"):
        assert keys(search_cases(member, words)) == [weber.pk]
    assert keys(search_cases(member, f"{weber.reference} weber nivolumab")) == [weber.pk]
    assert keys(search_cases(member, f"{weber.reference} okonkwo nivolumab")) == []
    assert keys(search_cases(member, f"{weber.reference} pembrolizumab")) == []


def test_a_word_that_is_mistyped_is_read_as_what_it_may_mean(member, weber):
    found = search_cases(member, "nivolumap pneumonitis")
    assert keys(found) == [weber.pk]
    assert "nivolumab" in found.read_as


@pytest.mark.parametrize(
    "words",
    ["Weebr nivolumab", "pneumonitis Wbeer", "wever, nivolumab pneumonitis", "Ada Wbeer opdivo",
     "weberr lung nivolumab"],
)  # fmt: skip
def test_a_name_with_a_slip_is_found_beside_a_drug_or_an_irae(member, weber, words):
    found = search_cases(member, words)
    assert keys(found) == [weber.pk]
    assert found.names_alike and not found.read_as


def test_a_name_and_a_drug_may_both_have_a_slip(member, weber):
    found = search_cases(member, "Wbeer nivolumap pneumonitis")
    assert keys(found) == [weber.pk]
    assert found.names_alike and "nivolumab" in found.read_as


def test_a_number_with_a_slip_is_found_beside_a_drug(member, board, weber):
    found = search_cases(member, "W12345 nivolumab")
    assert keys(found) == [] and not found.names_alike
    numbered = make(member, board, "Okoye", "Ngozi", "W123456")
    add_course(member, numbered, drugs=["nivolumab"])
    found = search_cases(member, "W124356 nivolumab")
    assert (keys(found), found.names_alike) == ([numbered.pk], True)


def test_a_reference_takes_a_name_with_a_slip_too(member, weber):
    found = search_cases(member, f"{weber.reference} wbeer")
    assert (keys(found), found.names_alike) == ([weber.pk], True)
    assert keys(search_cases(member, f"{weber.reference} wbeer colitis")) == []
    assert keys(search_cases(member, f"{weber.reference} okonkwoo")) == []


def test_who_only_sounds_so_is_asked_for_where_nobody_is_one_slip_away(member, board, weber):
    sounding = make(member, board, "Okonkvaro", "Ada", "K1")
    add_course(member, sounding, drugs=["pembrolizumab"])
    found = search_cases(member, "okonkvara pembrolizumab")
    assert (keys(found), found.names_alike) == ([sounding.pk], True)
    # One slip from Okonkwo, who was not given it.
    assert keys(search_cases(member, "okonkvo pembrolizumab")) == []
    assert keys(search_cases(member, "okonkvo nivolumab")) != []


def test_who_is_one_slip_away_on_another_board_hides_nobody(member, board, weber):
    elsewhere = make_board("Elsewhere")
    make(make_user("member", elsewhere), elsewhere, "Okonkvarro", "Bo", "K2")
    sounding = make(member, board, "Okonkvarorum", "Ada", "K1")
    add_course(member, sounding, drugs=["pembrolizumab"])
    assert keys(search_cases(member, "okonkvaro pembrolizumab")) == [sounding.pk]


def test_who_is_written_so_hides_who_is_written_alike(member, board, weber):
    alike = make(member, board, "Webber", "Ada", "W3")
    add_course(member, alike, drugs=["nivolumab"])
    assert keys(search_cases(member, "weber nivolumab")) == [weber.pk]
    # The one who is written so was not given it.
    found = search_cases(member, "okonkwo pembrolizumab")
    assert keys(found) == [] and not found.names_alike


def test_a_search_of_two_kinds_with_a_slip_keeps_the_budget_of_a_list(client, member, weber):
    url = reverse("cases:list")
    costs = {}
    for words in (
        "Weber nivolumab",
        "Wbeer nivolumab",
        "Wbeer nivolumap",
        "Wbeer colitis",
        "xy zz nix",
    ):
        with acting_as(member):
            kept = save_search(by=member, text=words)
        costs[words] = queries(sign_in(client, member), f"{url}?s={kept.public_id}")
    assert {words: cost for words, cost in costs.items() if cost > 8} == {}


def test_a_short_name_is_taken_as_it_stands(member, board, weber):
    li = make(member, board, "Li", "Wei", "L1")
    add_course(member, li, drugs=["nivolumab"])
    assert keys(search_cases(member, "li nivolumab")) == [li.pk]


def test_the_name_of_a_merged_record_finds_the_history_that_was_kept(
    member, coordinator, board, weber
):
    other = make(member, board, "Maier", "Ada", "W9")
    set_acting(coordinator)
    merge(coordinator, weber.patient_id, other.patient_id)
    assert set(keys(search_cases(member, "Maier pneumonitis"))) == {weber.pk, other.pk}


def test_nobody_of_another_board_is_found(weber):
    stranger = make_user("member", make_board("Elsewhere"))
    with acting_as(stranger):
        for words in ("Weber nivolumab", "nivolumab pneumonitis", f"{weber.reference} nivolumab"):
            assert keys(search_cases(stranger, words)) == []


def test_what_all_have_is_found_too(member, common):  # noqa: F811
    older, newer = common
    for words in ("nivolumab pneumonitis", "pneumonitis lung"):
        assert keys(search_cases(member, words)) == [newer.pk, older.pk]


def test_it_reads_no_whole_table(plans):  # noqa: F811
    for values in (
        ("weber", "", ["nivolumab"], [""]),
        ("", "", ["nivolumab", ""], ["", "pneumonitis"]),
        ("li", "", ["nivolumab"], [""]),
        ("", "RC-2026-0001", ["nivolumab"], [""]),
    ):
        plan = plans(TOGETHER, *values)
        for table in ("patientidentity", "icicourse", "irae", "case"):
            assert f"Seq Scan on cases_{table} " not in plan, (values, table)


def test_what_is_alike_reads_no_whole_table_either(plans):  # noqa: F811
    for name, reference in (("wbeer", ""), ("ada wbeer", ""), ("wbeer", "RC-2026-0001")):
        meant = spelt(name)
        ways = (list(meant.alone), list(meant.one), list(meant.other))
        plan = plans(ALIKE, name, reference, ["nivolumab"], [""], *ways)
        assert "%>>" in plan or "strict_word_similarity" in plan
        for table in ("patientidentity", "icicourse", "irae", "case"):
            assert f"Seq Scan on cases_{table} " not in plan, (name, table)


@pytest.mark.parametrize("left", [0, 1, 2])
def test_what_all_have_fills_a_page_with_the_newest(member, board, common, left):  # noqa: F811
    """The newest cases are read in parts: none is lost or twice where one part ends and the next begins."""
    had, plain = common[0], make_case(member, board)
    columns = [f.column for f in Case._meta.concrete_fields]
    own = {
        "id": "nextval(pg_get_serial_sequence('cases_case', 'id'))",
        "public_id": "gen_random_uuid()",
        "reference": "'RC-2020-' || n",
        "changed_at": "changed_at - n * interval '1 minute'",
        "patient_id": "CASE WHEN n %% 3 = %s THEN %s ELSE patient_id END",
    }
    copied = ", ".join(own.get(column, column) for column in columns)
    with connection.cursor() as cursor, acting_as(member):
        cursor.execute(
            f"INSERT INTO cases_case ({', '.join(columns)}) SELECT {copied}"
            " FROM cases_case, generate_series(1, 240) n WHERE id = %s",
            [left, had.patient_id, plain.pk],
        )
        whose = {case.patient_id for case in common}
        newest = Case.objects.filter(patient__in=whose).order_by("-changed_at", "-pk")
        expected = list(newest.values_list("pk", flat=True)[:MOST])
        assert keys(search_cases(member, "nivolumab pneumonitis")) == expected
