"""A date that is counted from a course which is not there is refused beside its field."""

from __future__ import annotations

import pytest

from cases.models import ICICourse, IrAE, OtherTreatment
from tests.factories.labs import analytes
from tests.factories.record import make_case
from tests.factories.spreadsheets import COURSE, IRAE, WHOLE, file_of, imported, told
from tests.integration.bulk.test_entering import by
from tests.integration.test_cases_iraes import TYPED
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import URL as REFER
from tests.integration.test_cases_refer import typed as referral
from tests.integration.test_doubts import add

pytestmark = pytest.mark.django_db
__all__ = ["by"]
EVENT = {
    name: value for name, value in TYPED.items() if name not in {"version", "resolved", "course"}
}


@pytest.fixture
def case(client, member, board):
    made = make_case(member, board)
    sign_in(client, member)
    for start in ("3 February 2019", "5 May 2024"):
        add(client, made, "courses", drug_1="nivolumab", start=start)
    return made


def numbers(case):
    return set(ICICourse.objects.filter(patient=case.patient).values_list("number", flat=True))


@pytest.mark.parametrize("onset", ["after cycle 9 of course 7", "day 5 after cycle 2 of course 7"])
def test_an_irae_names_a_course_of_the_record(client, case, onset):
    assert 7 not in numbers(case)
    answer = add(client, case, "iraes", **{**EVENT, "onset": onset})
    html = answer.content.decode()
    assert answer.status_code == 422 and "Onset: there is no course 7" in html
    assert (
        onset in html
        and not IrAE.objects.filter(patient=case.patient, entity=EVENT["entity"]).exists()
    )
    there = max(numbers(case))
    sent = {**EVENT, "onset": onset.replace("7", str(there))}
    assert add(client, case, "iraes", **sent).status_code == 302


def test_every_form_asks_alike_and_a_further_course_may_name_itself(client, case):
    sent = {"kind": "radiotherapy", "start": "after cycle 2 of course 7"}
    answer = add(client, case, "treatment", **sent)
    assert answer.status_code == 422 and "From: there is no course 7" in answer.content.decode()
    assert not OtherTreatment.objects.filter(patient=case.patient).exists()
    new = len(numbers(case)) + 1
    sent = {
        "drug_1": "ipilimumab",
        "start": "March 2026",
        "stop": f"after cycle 2 of course {new + 1}",
    }
    answer = add(client, case, "courses", **sent)
    assert f"Last dose: there is no course {new + 1}" in answer.content.decode()
    sent["stop"] = f"after cycle 2 of course {new}"
    assert add(client, case, "courses", **sent).status_code == 302


def test_a_referral_has_its_own_course_alone(client, member, board):
    sign_in(client, member)
    sent = referral(board, onset="after cycle 2 of course 7")
    answer = client.post(REFER, sent)
    assert answer.status_code == 422 and "Onset: there is no course 7" in answer.content.decode()
    assert client.post(REFER, {**sent, "onset": "after cycle 2 of course 1"}).status_code == 302


def test_a_file_is_told_by_row_and_column(by, board):
    analytes()
    event = IRAE | {"Onset": "after cycle 9 of course 7"}
    ((sheet, row, heading, words),) = told(
        imported(by, board, file_of(**WHOLE | {"iraes": [event]}))
    )
    assert (sheet, row, heading, words) == ("iraes", 2, "Onset", "Onset: there is no course 7")
    named = file_of(**WHOLE | {"iraes": [event | {"Onset": "after cycle 2 of course 1"}]})
    assert told(imported(by, board, named)) == []
    wrong = COURSE | {"Course": "2", "First dose": "", "Last dose": "after cycle 2 of course 7"}
    found = told(imported(by, board, file_of(courses=[wrong])))
    assert ("courses", 2, "Last dose", "Last dose: there is no course 7") in found
