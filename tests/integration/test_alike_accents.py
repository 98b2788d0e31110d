"""A patient whose name is typed without its accents is offered as the one that is known, never entered twice."""

from __future__ import annotations

from datetime import date

import pytest

from cases.duplicates import alike
from cases.loading import load
from cases.models import Patient
from cases.services.patients import Identity, register_patient
from tests.factories.people import make_user
from tests.factories.spreadsheets import PATIENT, counts, file_of, imported, told
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import typed

pytestmark = pytest.mark.django_db
PAIRS = [
    (("Gökçe", "Özgür"), ("Gokce", "Ozgur")),
    (("Dvořáková", "Jiřina"), ("Dvorakova", "Jirina")),
    (("Žižka", "Tomáš"), ("Zizka", "Tomas")),
    (("Ångström", "Åsa"), ("Angstrom", "Asa")),
    (("Müller", "Jörg"), ("Mueller", "Joerg")),
    (("Łuć", "Ola"), ("Luc", "Ola")),
    (("Sørbø", "Bjørn"), ("Sorbo", "Bjorn")),
    (("Đỗ", "Thị Hoa"), ("Do", "Thi Hoa")),
    (("Weiß", "Käthe"), ("Weiss", "Kaethe")),
    (("Sæbø", "Åge"), ("Saebo", "Age")),
    (("O´Brien", "Noa"), ("O'Brien", "Noa")),
]
BORN = date(1940, 3, 1)


def offered(by, board, name, born):
    names = {"family_name": name[0], "given_name": name[1], "hospital_number": ""}
    return [found.patient for found in alike(by, board, **names, birth_date=born)]


@pytest.mark.parametrize(("there", "other"), PAIRS)
@pytest.mark.parametrize("turned", [False, True])
def test_either_way_of_writing_finds_the_other(member, board, there, other, turned):
    there, other = (other, there) if turned else (there, other)
    patient = register_patient(by=member, board=board, identity=Identity(*there, "x99", BORN))
    # The same birth, day and month changed over, a digit off, and none.
    for born in (BORN, date(1940, 1, 3), date(1941, 3, 1), None):
        assert offered(member, board, other, born) == [patient], born
    assert offered(member, board, ("Oakley", "Peter"), BORN) == []
    assert offered(member, board, other, date(1971, 5, 6)) == []


@pytest.mark.parametrize(("there", "other"), PAIRS[:5])
def test_a_referral_asks(client, member, board, there, other):
    register_patient(by=member, board=board, identity=Identity(*there, "P000", BORN))
    names = {"family_name": other[0], "given_name": other[1]}
    answer = sign_in(client, member).post(
        "/cases/refer", typed(board, hospital_number="Q077", birth_date="1 March 1940", **names)
    )
    assert answer.status_code != 302 and "P000" in answer.content.decode()
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(("there", "other"), PAIRS[:5])
def test_an_import_asks_of_the_record_and_of_its_own_rows(board, there, other):
    load()
    by = make_user("coordinator", board)
    rows = [
        {**PATIENT, "Hospital number": number, "Family name": family, "First name": given}
        for number, (family, given) in (("N 100", there), ("N 200", other))
    ]
    asked = "Number N 100 is a patient of a like name"
    both = imported(by, board, file_of(patients=rows))
    assert any(asked in problem[3] for problem in told(both))
    assert counts(imported(by, board, file_of(patients=rows[:1]))) == {"patients_new": 1}
    again = imported(by, board, file_of(patients=rows[1:]))
    assert any(asked in problem[3] for problem in told(again)) and counts(again) == {}
