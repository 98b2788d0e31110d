"""One box finds a case by name, number, reference, drug and irAE, also where one of them is mistyped."""

from __future__ import annotations

import re
from datetime import date

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from cases.searching import search_cases
from cases.services.patients import Identity, register_patient
from tests.conftest import superuser_url
from tests.factories.record import add_course, make_case

pytestmark = pytest.mark.django_db


def make(by, board, family, given, number, **more):
    """Return a case of a patient of this name and number."""
    with acting_as(by):
        patient = register_patient(
            by=by,
            board=board,
            identity=Identity(family, given, number, **more),
            provenance="invented",
        )
    return make_case(by, board, patient=patient)


@pytest.fixture
def smith(member, board):
    return make(member, board, "Smith", "John", "H0012345", birth_date=date(1950, 3, 3))


@pytest.fixture
def others(member, board):
    """Cases that none of the searches for Smith may find."""
    return [
        make(member, board, "Müller", "Ursula", "M777"),
        make(member, board, "van der Berg", "Anna", "N888"),
        make(member, board, "Okonkwo", "Chidi", "H0099999"),
    ]


def keys(found):
    return [case.pk for case in found.cases]


@pytest.mark.parametrize(
    "words",
    ["Smith", "smi", "mith", "john smith", "Smith, John", "smith john", "joh", "H0012345", "h001",
     "h 0012345", "12345"],
)  # fmt: skip
def test_what_is_written_so_is_found_and_is_no_likeness(member, smith, others, words):
    found = search_cases(member, words)
    assert keys(found) == [smith.pk]
    assert not found.names_alike and not found.read_as


@pytest.mark.parametrize(
    "words",
    ["Smtih", "Smiht", "Smth", "Smyth", "Smitth", "Jonh Smith", "Jon Smtih", "smiht, john", "H0012354",
     "H001245", "H00123455", "h 0012355"],
)  # fmt: skip
def test_what_is_mistyped_is_found_and_called_alike(member, smith, others, words):
    found = search_cases(member, words)
    assert keys(found) == [smith.pk]
    assert found.names_alike


@pytest.mark.parametrize(
    ("words", "number"),
    [("Muler", "M777"), ("Mueler", "M777"), ("van der brg", "N888"),
     ("Ana van der Berg", "N888"), ("Okonkow", "H0099999"), ("Okonkwoo Chidi", "H0099999"),
     ("Okonkwowo", "H0099999")],
)  # fmt: skip
def test_names_of_other_kinds_are_found_too(member, smith, others, words, number):
    found = search_cases(member, words)
    numbers = [case.patient.identity.hospital_number for case in found.cases]
    assert (numbers, found.names_alike) == ([number], True)


@pytest.mark.parametrize(
    "words", ["Xqzwv", "zz", "q", "Q9999999", "%%%", "___", "\\", ",", "H", "'; --"]
)
def test_nonsense_finds_nobody(member, smith, others, words):
    found = search_cases(member, words)
    assert keys(found) == [] and not found.names_alike and not found.read_as


def test_numbers_of_one_year_are_not_alike(member, smith):
    assert keys(search_cases(member, "H0012399")) == []


def test_who_is_written_so_comes_before_who_begins_so_and_who_holds_it(member, board):
    holds = make(member, board, "Clarkson", "Ann", "A1")
    begins = make(member, board, "Larkins", "Bea", "A2")
    is_so = make(member, board, "Lark", "Cleo", "A3")
    holds.save()  # the newest change
    assert keys(search_cases(member, "lark")) == [is_so.pk, begins.pk, holds.pk]


def test_a_reference_is_found_however_it_is_parted(member, smith, others):
    plain = re.sub(r"RC-(\d+)-0*", r"rc \1 ", smith.reference)
    for words in (smith.reference, smith.reference.lower(), plain):
        assert keys(search_cases(member, words)) == [smith.pk], words
    assert keys(search_cases(member, "RC-2001-9999")) == []


def test_a_reference_is_found_without_its_letters_beside_a_number_like_it(member, board, smith):
    bare = smith.reference.removeprefix("RC-")
    assert keys(search_cases(member, bare)) == [smith.pk]
    alike = make(member, board, "Hale", "Rose", bare)
    assert keys(search_cases(member, bare)) == [smith.pk, alike.pk]


@pytest.mark.parametrize("words", ["keytruda", "Keytruda", "PD-1", "pd1", "anti-PD-1", "anti PD-1"])
def test_a_drug_is_found_by_its_brand_and_its_class(member, smith, others, words):
    add_course(member, smith, drugs=["pembrolizumab"])
    assert keys(search_cases(member, words)) == [smith.pk]
    assert keys(search_cases(member, "opdivo")) == []
    assert keys(search_cases(member, "PD-L1")) == []


def test_a_national_number_is_found_as_people_write_it(member, board, others):
    case = make(
        member, board, "Hale", "Rose", "R1", national_scheme="nhs", national_number="9434765919"
    )
    for words in ("9434765919", "943 476 5919", "943-476-5919"):
        assert keys(search_cases(member, words)) == [case.pk], words


def test_drugs_and_iraes_that_are_mistyped_say_what_they_were_read_as(member, smith):
    add_course(member, smith, drugs=["pembrolizumab"])
    found = search_cases(member, "pembrolizumap")
    assert (keys(found), found.read_as, found.names_alike) == (
        [smith.pk],
        ("pembrolizumab",),
        False,
    )
    assert search_cases(member, "pembrolizumab").read_as == ()
    nobodys = search_cases(member, "nivolumab")
    assert (keys(nobodys), nobodys.read_as) == ([], ())
    mistyped = search_cases(member, "pneumonits")
    assert (keys(mistyped), mistyped.read_as) == ([], ("Pneumonitis",))


@pytest.mark.parametrize("words", ["Smith", "Smtih", "H0012345", "H0012354", "pembrolizumap"])
def test_nobody_of_another_board_is_found_alike_either(member, stranger, smith, words):
    add_course(member, smith, drugs=["pembrolizumab"])
    set_acting(stranger)
    assert keys(search_cases(stranger, words)) == []
    assert not search_cases(stranger, words).names_alike


def sign_in(client, user):
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client, words):
    answer = client.post(reverse("cases:search"), {"query": words})
    assert words.lower() not in answer.url.lower()
    return client.get(answer.url).content.decode()


def test_the_page_says_that_what_it_shows_is_written_alike_and_who_it_is(client, member, smith):
    sign_in(client, member)
    html = page(client, "Smtih")
    assert "Nobody is written exactly like this; these are written alike" in html
    assert "H0012345" in html and "3 March 1950" in html and smith.reference in html
    html = page(client, "Smith")
    assert "written alike" not in html and smith.reference in html
    html = page(client, "Xqzwvk")
    assert "written alike" not in html and "No case of your boards" in html
    add_course(member, smith, drugs=["pembrolizumab"])
    html = page(client, "pembrolizumap")
    assert "read as: pembrolizumab" in html and "Nobody is written" not in html


WRITTEN = "SELECT * FROM rechallenge_search_cases(%s, '{}', '{}')"
NAMES = "identity_family_plain", "identity_given_plain", "identity_number", "patient_search_plain"
ALIKE = "SELECT * FROM rechallenge_search_cases(%s, '{}', '{}', %s, %s, %s)"


@pytest.fixture
def plans():
    """What the database plans within the function, as `app`, a scan of a whole table being the last resort."""
    with psycopg.connect(superuser_url(connection.settings_dict["NAME"])) as server:
        said: list[str] = []
        server.add_notice_handler(lambda notice: said.append(notice.message_primary))
        for setting in (
            "LOAD 'auto_explain'",
            "SET auto_explain.log_min_duration = 0",
            "SET auto_explain.log_nested_statements = on",
            "SET auto_explain.log_level = notice",
            "SET enable_seqscan = off",
            "SET ROLE rechallenge_app",
        ):
            server.execute(setting)

        def planned(sql, *values):
            said.clear()
            server.execute(sql, values)
            return planned.said()

        planned.said = lambda: "\n".join(said)
        yield planned


def test_no_search_reads_all_identities(plans):
    """The control: a condition for which there is no index has the whole table read."""
    control = plans(
        "WITH named AS (SELECT 1 FROM cases_patientidentity i WHERE i.holds_number) SELECT * FROM named"
    )
    assert "Seq Scan on cases_patientidentity" in control
    written = plans(WRITTEN, "smith")
    for index in NAMES:
        assert index in written, index
    two = ["smith"], ["john"], ["smith"]
    alike = plans(ALIKE, "smith", *two)
    for index in NAMES:
        assert index in alike, index
    for plan in (
        written,
        alike,
        plans(WRITTEN, "h0"),
        plans(ALIKE, "h0012345", ["h0012345"], [], []),
    ):
        assert "Seq Scan on cases_patientidentity" not in plan


def test_nor_does_one_for_a_drug_or_an_irae_read_all_courses_or_events(plans):
    plan = plans(
        "SELECT * FROM rechallenge_search_cases('', %s, %s)", ["nivolumab"], ["pneumonitis"]
    )
    for index in ("course_drugs", "irae_entity"):
        assert index in plan, index
    assert "Seq Scan on cases_icicourse" not in plan
    assert "Seq Scan on cases_irae" not in plan


def test_nor_does_what_looks_for_duplicates(plans):
    sql = "SELECT * FROM rechallenge_alike(1, 'H1', 'nhs', '9434765919', 'Smith', 'John', %s)"
    for born, index in ((date(1950, 3, 3), "identity_born"), (None, "patient_search_plain")):
        plan = plans(sql, born)
        assert index in plan
        assert "Seq Scan on cases_patientidentity" not in plan


def test_a_search_costs_one_query_and_what_is_alike_two(member, smith, django_assert_num_queries):
    with django_assert_num_queries(2):
        search_cases(member, "Smith")
    with django_assert_num_queries(3):
        search_cases(member, "Smtih")
