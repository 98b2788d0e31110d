"""Other treatment, response assessments, and the question with what it is weighed against."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import Case, ICICourse, OtherTreatment, Patient, ResponseAssessment
from cases.rules import readiness_of
from tests.factories.merging import merge_records
from tests.factories.people import make_user
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db
RADIOTHERAPY = {
    "version": 1,
    "kind": "radiotherapy",
    "site": "left hip",
    "dose_gy": "54.5",
    "fractions": "27",
    "start": "March 2023",
    "stop": "April 2023",
}
ASSESSMENT = {
    "version": 1,
    "assessed": "3 June 2024",
    "criteria": "irecist",
    "response": "iUPD",
    "sum_mm": "31.5",
    "new_lesions": "yes",
}


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def at(case, place: str = "") -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def test_radiotherapy_is_entered_changed_and_removed(client, member, case):
    sign_in(client, member).post(at(case, "treatment/add"), RADIOTHERAPY)
    row = OtherTreatment.objects.get()
    assert (float(row.dose_gy), row.fractions, str(row.start)) == (54.5, 27, "March 2023")
    html = client.get(at(case)).content.decode()
    assert "54.5 Gy in 27 fractions" in html
    changed = RADIOTHERAPY | {"version": 2, "fractions": "unknown"}
    assert client.post(at(case, f"treatment/{row.public_id}"), changed).status_code == 302
    row.refresh_from_db()
    assert (row.fractions, row.fractions_state) == (None, "unknown")
    client.post(at(case, f"treatment/{row.public_id}/remove"), {"version": 3})
    assert not OtherTreatment.objects.exists()
    assert "Removed" in client.get(at(case, "changes")).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "surgery"}, "only radiotherapy has it"),
        ({"stop": "2020"}, "before the start"),
        ({"start": "2150", "stop": ""}, "the date is in the future"),
        ({"kind": ""}, "Choose"),
    ],
)
def test_doubtful_treatment_is_refused(client, member, case, changes, sentence):
    answer = sign_in(client, member).post(at(case, "treatment/add"), RADIOTHERAPY | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_assessment_belongs_to_a_course(client, member, case):
    course = add_course(member, case, drugs=["nivolumab"])
    typed = ASSESSMENT | {"course": str(course.public_id)}
    assert sign_in(client, member).post(at(case, "responses/add"), typed).status_code == 302
    row = ResponseAssessment.objects.get()
    assert (row.course, row.response, float(row.sum_mm), row.new_lesions) == (
        course,
        "iUPD",
        31.5,
        True,
    )
    html = client.get(at(case)).content.decode()
    assert "last iUPD, 3 June 2024" in html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"criteria": "recist", "new_lesions": "no"}, "responses by iRECIST"),
        ({"criteria": "recist", "response": "SD"}, "a new lesion is progressive disease"),
        ({"assessed": "1 January 2150"}, "the date is in the future"),
    ],
)
def test_doubtful_assessment_is_refused(client, member, case, changes, sentence):
    answer = sign_in(client, member).post(at(case, "responses/add"), ASSESSMENT | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_assessment_before_its_course_is_refused(client, member, case):
    from ui.partial_dates import parse_partial_date

    course = add_course(member, case, drugs=["nivolumab"], start=parse_partial_date("July 2024"))
    typed = ASSESSMENT | {"course": str(course.public_id)}
    answer = sign_in(client, member).post(at(case, "responses/add"), typed)
    assert "first dose" in answer.content.decode()
    assert not ResponseAssessment.objects.exists()


@pytest.mark.parametrize("key", ["treatment", "responses"])
def test_none_is_concluded_only_from_a_list_said_to_be_complete(client, member, case, key):
    sign_in(client, member)
    assert "none as of" not in client.get(at(case)).content.decode()
    client.post(at(case, f"{key}/complete"), {"version": 1, "complete": "yes"})
    assert "none as of" in client.get(at(case)).content.decode()
    patient = Patient.objects.get()
    column = {"treatment": "treatments_complete_as_of", "responses": "responses_complete_as_of"}[
        key
    ]
    assert getattr(patient, column) is not None


QUESTION = {
    "version": 1,
    "question": "May it be given again?",
    "proposed_regimen": "same_agent",
    "proposed_drug_1": "pembrolizumab",
    "disease_status": "treat_now",
    "alternatives": ["chemotherapy", "trial"],
    "alternatives_text": "docetaxel",
    "prophylaxis": "vedolizumab",
    "prophylaxis_text": "300 mg",
    "urgent": "on",
    "needed_by": "1 May 2099",
}


def test_the_question_says_what_it_is_weighed_against(client, member, case):
    assert "disease_status" in readiness_of(case).open
    sign_in(client, member).post(at(case, "sections/question"), QUESTION)
    row = Case.objects.get()
    assert (row.disease_status, row.alternatives) == ("treat_now", ["chemotherapy", "trial"])
    assert (row.prophylaxis, row.prophylaxis_text, row.needed_by) == (
        "vedolizumab",
        "300 mg",
        date(2099, 5, 1),
    )
    case.facts.refresh_from_db()
    found = case.facts.as_facts()
    assert found["disease_status"].value == "treat_now"
    assert "disease_status" not in readiness_of(case, found).open
    html = client.get(at(case)).content.decode()
    for words in (
        "Chemotherapy, Clinical trial; docetaxel",
        "Vedolizumab, 300 mg",
        "needed by 1 May 2099",
    ):
        assert words in html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"alternatives": ["none", "trial"]}, "or that none is open"),
        (
            {"alternatives": ["none"]},
            "Alternatives still open: words stand beside “none”, so clear one of the two",
        ),
        ({"needed_by": "1 May 2020"}, "still to come"),
        ({"needed_by": "May 2099"}, "Enter the day too"),
    ],
)
def test_doubtful_question_is_refused(client, member, case, changes, sentence):
    answer = sign_in(client, member).post(at(case, "sections/question"), QUESTION | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_day_that_is_over_does_not_bar_other_changes(client, member, case):
    with acting_as(member):
        Case.objects.filter(pk=case.pk).update(needed_by=date(2020, 5, 1))
    typed = QUESTION | {"needed_by": "1 May 2020"}
    assert sign_in(client, member).post(at(case, "sections/question"), typed).status_code == 302


def test_a_page_leads_to_the_patients_other_cases_that_the_reader_may_see(
    client, member, board, case
):
    second = make_case(member, board, patient=case.patient, question="And after two years?")
    elsewhere = make_case(member, board)
    html = sign_in(client, member).get(at(case)).content.decode()
    assert second.reference in html
    assert "And after two years?" in html
    assert elsewhere.reference not in html
    assert case.reference in client.get(at(second)).content.decode()


def test_a_case_of_a_board_that_the_reader_does_not_sit_on_is_not_named(
    client, member, stranger, board, other_board, case
):
    theirs = make_case(stranger, other_board, question="A question of theirs")
    merge_records(make_user("coordinator", board, other_board), case, theirs)
    html = sign_in(client, member).get(at(case)).content.decode()
    assert theirs.reference not in html
    assert "A question of theirs" not in html
    both = make_user("member", board, other_board)
    assert theirs.reference in sign_in(client, both).get(at(case)).content.decode()


def test_a_new_question_starts_from_the_record(client, member, case):
    add_course(member, case, drugs=["nivolumab"], stop_reason="completed")
    sign_in(client, member)
    html = client.get(at(case, "again")).content.decode()
    assert "1 course · Nivolumab" in html
    key = html.split('name="key" value="')[1].split('"')[0]
    typed = {k: v for k, v in QUESTION.items() if k != "version"} | {"key": key}
    # What is proposed is held against what was given, once.
    asked = client.post(at(case, "again"), typed).content.decode()
    assert "Pembrolizumab, after nivolumab, is not “Same agent”. Is it right?" in asked
    sign = asked.split('name="right" value="')[1].split('"')[0]
    assert client.post(at(case, "again"), {**typed, "right": "another"}).status_code == 422
    typed["right"] = sign
    first, second = client.post(at(case, "again"), typed), client.post(at(case, "again"), typed)
    assert first.status_code == 302
    assert first.url == second.url
    assert Case.objects.count() == 2
    assert ICICourse.objects.count() == Patient.objects.count() == 1
    new = Case.objects.exclude(pk=case.pk).select_related("facts").get()
    assert new.facts.as_facts()["stop_reason"].value == "completed"
    assert new.disease_status == "treat_now"


def test_a_new_question_keeps_what_was_typed_when_it_is_refused(client, member, case):
    typed = {k: v for k, v in QUESTION.items() if k != "version"} | {"question": "", "key": "x"}
    answer = sign_in(client, member).post(at(case, "again"), typed)
    assert answer.status_code == 422
    assert "docetaxel" in answer.content.decode()
    reshaped = client.post(at(case, "again"), typed | {"reshape": "1"}).content.decode()
    assert "200 mg every 3 weeks" in reshaped
    assert Case.objects.count() == 1


def test_who_may_ask_again(client, stranger, board, case):
    assert sign_in(client, stranger).get(at(case, "again")).status_code == 404
    assert sign_in(client, make_user("registry", board)).get(at(case, "again")).status_code == 403
