"""Names are found with their accents or without, a slip besides, and whoever is written so to the letter first."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.acting import acting_as, set_acting
from cases.searching import search_cases
from cases.searchwords import codes_for, codes_like
from tests.factories.people import make_board, make_user
from tests.factories.record import add_course
from tests.integration.test_searching import keys, make, plans  # noqa: F401
from tests.integration.test_searching_unlisted import unlisted

pytestmark = pytest.mark.django_db
PEOPLE = {
    "K0": ("Gökçe", "Özgür"), "K1": ("Žižka", "Tomáš"), "K2": ("Dvořáková", "Jiřina"),
    "K3": ("Németh-Szabó", "Éva"), "K4": ("Łukasiewicz", "Zdzisław"), "K5": ("Jiménez", "José"),
    "K6": ("Müller", "Ursula"), "K7": ("Ångström", "Åsa"), "K8": ("Sørensen", "Bjørn"),
    "K9": ("Nguyễn", "Thị Hoa"), "L1": ("Ó Briain", "Siobhán"), "L2": ("Strauß", "Jörg"),
    "L3": ("Sæther", "Đorđe"), "L4": ("Goethe", "Ada"),
}  # fmt: skip


@pytest.fixture
def people(member, board):
    return {
        make(member, board, family, given, number).pk: number
        for number, (family, given) in PEOPLE.items()
    }


def numbers(member, people, words):
    found = search_cases(member, words)
    return [people[key] for key in keys(found)], found.names_alike


def test_names_are_found_without_their_accents_and_with_accents_they_lack(member, people):
    asked = {
        "Gokce": "K0", "Gokce Ozgur": "K0", "gökce": "K0", "Zizka": "K1", "Zizka Tomas": "K1",
        "Tomas": "K1", "Dvorakova": "K2", "Dvorakova, Jirina": "K2", "Dvorak": "K2", "DVOŘÁK": "K2",
        "Nemeth": "K3", "Szabo": "K3", "Nemeth-Szabo": "K3", "Lukasiewicz": "K4", "kasiewic": "K4",
        "Jimenez": "K5", "Muller": "K6", "Mueller": "K6", "Müller": "K6", "Angstrom": "K7",
        "Asa": "K7", "Angstroem": "K7", "Sorensen": "K8", "Soerensen": "K8", "Sorensen Bjorn": "K8",
        "Sørensen": "K8", "Nguyen": "K9", "Nguyen Thi": "K9", "Siobhan": "L1", "O Briain": "L1",
        "Strauss": "L2", "Jorg": "L2", "Joerg": "L2", "Saether": "L3", "Dorde": "L3",
        "Góethe": "L4", "Göthe": "L4",
    }  # fmt: skip
    told = {words: numbers(member, people, words) for words in asked}
    assert told == {words: ([number], False) for words, number in asked.items()}


def test_and_with_a_slip_besides(member, people):
    asked = {
        "Muler": "K6", "Muler Ursla": "K6", "mueler": "K6", "Mueller Ursula": "K6", "Jimenes": "K5",
        "Sorenson": "K8", "Soerenson": "K8", "Ngyuen": "K9", "Ngyuen Thi": "K9", "Shiobhan": "L1",
        "Gokze": "K0", "Gokec Ozgr": "K0", "Ziska": "K1", "Dvorkova": "K2", "Angstorm": "K7",
        "Ånström": "K7", "Strauhs": "L2", "Goehte": "L4",
    }  # fmt: skip
    told = {words: numbers(member, people, words) for words in asked}
    assert told == {words: ([number], True) for words, number in asked.items()}


def test_who_is_written_so_to_the_letter_comes_first(member, board):
    named = ("Müller", "Muller", "Mueller", "Mullerova")
    made = {make(member, board, name, "A", f"N{n}").pk: name for n, name in enumerate(named)}
    found = {
        words: [made[key] for key in keys(search_cases(member, words))]
        for words in ("müller", "muller", "mueller")
    }
    assert found == {
        "müller": ["Müller", "Muller", "Mullerova", "Mueller"],
        "muller": ["Muller", "Müller", "Mullerova"],
        "mueller": ["Mueller", "Muller", "Müller"],
    }


def test_beside_a_drug_too(member, board):
    case = make(member, board, "Gökçe", "Özgür", "G1")
    add_course(member, case, drugs=["nivolumab"])
    short = make(member, board, "Ó", "Åb", "G2")
    add_course(member, short, drugs=["nivolumab"])
    for words, alike in (
        ("Gokce nivolumab", False),
        ("Ozgur Gokce nivolumab", False),
        ("Gokze nivolumab", True),
        ("Goekce nivolumab", True),
        (f"{case.reference} gokce", False),
    ):
        found = search_cases(member, words)
        assert (keys(found), found.names_alike) == ([case.pk], alike), words
    assert keys(search_cases(member, "ab nivolumab")) == [short.pk]


def test_words_of_what_no_list_has_and_of_the_lists_are_folded_too(member, board):
    case = make(member, board, "Weber", "Ada", "W1")
    unlisted(member, case, "eye", "Ménière’s disease")
    for words in ("Meniere", "Ménière", "meniere disease", "Menière weber", "Meneire"):
        assert keys(search_cases(member, words)) == [case.pk], words
    assert codes_for("nivolumáb") == codes_for("nivolumab") == (["nivolumab"], [])
    assert codes_like("nívolumap") == (["nivolumab"], [])


def test_nobody_of_another_board_is_found(member, people):
    stranger = make_user("member", make_board("Elsewhere"))
    with acting_as(stranger):
        for words in ("Gokce", "Gokce Ozgur", "Muler", "Mueller", "K0"):
            assert keys(search_cases(stranger, words)) == []
    set_acting(member)


def test_no_way_to_write_a_name_reads_all_identities(plans):  # noqa: F811
    for words in ("Mueller", "Gökçe Özgür"):
        plan = plans("SELECT * FROM rechallenge_search_cases(%s, '{}', '{}')", words)
        assert "identity_family_plain" in plan and "patient_search_plain" in plan
        assert "Seq Scan on cases_patientidentity" not in plan
    for born in (None, "1950-03-03"):
        sql = "SELECT * FROM rechallenge_alike(1, '', '', '', 'Müller', 'Joerg', %s)"
        assert "Seq Scan on cases_patientidentity" not in plans(sql, born)


def test_the_indexes_of_names_as_they_stand_are_gone():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'cases_patientidentity'"
        )
        found = dict(cursor.fetchall())
    assert not {"identity_family", "identity_given", "patient_search"} & found.keys()
    assert "rechallenge_folded" in found["identity_family_plain"]
