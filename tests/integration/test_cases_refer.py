"""Referring: one form, one case however often it is sent, and nobody registered twice unseen."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from cases.models import (
    BiomarkerResult,
    Case,
    CaseSection,
    Draft,
    FactTask,
    ICICourse,
    IrAE,
    OrganReview,
    Patient,
    PatientIdentity,
    SteroidCourse,
)
from cases.services.history import set_complete
from cases.vocabulary import Organ
from evidence.conditions.facts import FactState
from tests.factories.people import make_user
from tests.factories.record import make_case, make_patient
from tests.integration.test_cases_pages import HTMX, sign_in

pytestmark = pytest.mark.django_db
URL = "/cases/refer"


# What a short fact is told with: where the test leaves the fact open, nothing of this is typed either.
BESIDE = {"steroid": ("steroid_drug", "steroid_purpose", "steroid_peak")}


def typed(board, **changes):
    fields = {
        "key": str(uuid4()),
        "board": str(board.public_id),
        "hospital_number": "0047 2213",
        "family_name": "Sample",
        "given_name": "Margaret",
        "birth_date": "12 May 1962",
        "stop_reason": "irae",
        "progression_timing": "after_stop",
        "drug_1": "pembrolizumab",
        "start": "10 April 2024",
        "stop": "29 January 2025",
        "cycles": "14",
        "best_response": "PR",
        "entity": "pneumonitis",
        "ctcae_version": "5.0",
        "worst_grade": "3",
        "grade_now": "0",
        "onset": "20 February 2025",
        "proposed_regimen": "same_agent",
        "proposed_drug_1": "pembrolizumab",
        "question": "May pembrolizumab be resumed?",
        "urgency": "meeting",
        "histology": "adenocarcinoma",
        "ecog": "1",
        "ecog_state": "known",
        "pdl1_state": "not_yet",
        "steroid": "5",
        "steroid_state": "known",
        "steroid_drug": "prednisolone",
        "steroid_peak": "70",
        "steroid_purpose": "irae",
        **changes,
    }
    for name, others in BESIDE.items():
        if not fields[name] and fields[f"{name}_state"] != "known":
            fields |= dict.fromkeys(set(others) - set(changes), "")
    return fields


def test_referral_enters_everything_and_owes_the_rest(client, member, nurse, board):
    fields = typed(board, owed_by=str(nurse.public_id), owed_on="1 December 2099")
    answer = sign_in(client, member).post(URL, fields)
    case = Case.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("cases:detail", args=[case.public_id])
    facts = case.facts.as_facts()
    assert facts["stop_reason"].value == "irae"
    assert facts["ecog"].low == 1
    assert facts["pdl1_tps_initial"].state is FactState.NOT_YET
    assert facts["histology"].value == "adenocarcinoma"
    assert ICICourse.objects.get().cycles_low == 14
    event = IrAE.objects.get()
    assert (event.organ, event.worst_grade, event.course) == ("lung", 3, ICICourse.objects.get())
    steroid = SteroidCourse.objects.get()
    assert (steroid.irae, steroid.indication) == (event, "irae")
    assert not OrganReview.objects.exists()
    task = FactTask.objects.get()
    assert (task.fact, task.owner) == ("pdl1_tps_initial", nurse)
    assert "SAMPLE, Margaret" in client.get(answer.url).content.decode()


def test_what_a_steroid_was_for_is_not_concluded_and_all_organs_may_be_said(client, member, board):
    fields = typed(board, steroid_purpose="", all_organs="on")
    assert sign_in(client, member).post(URL, fields).status_code == 302
    steroid = SteroidCourse.objects.get()
    assert (steroid.irae, steroid.indication_state) == (None, "missing")
    assert OrganReview.objects.filter(asked_by=member).count() == len(Organ)
    assert Case.objects.get().facts.as_facts()["myocarditis_any"].value is False


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"entity": "arthritis", "worst_grade": "4"}, "has grades 1 to 3"),
        ({"onset": "1 January 2099"}, "in the future"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(client, member, board, wrong, sentence):
    answer = sign_in(client, member).post(URL, typed(board, **wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Case.objects.exists()


def test_least_that_is_needed(client, member, board):
    fields = {k: v for k, v in typed(board).items() if k in {
        "key", "hospital_number", "family_name", "given_name", "question"
    }} | {"board": str(board.public_id), "stop_reason": "completed", "proposed_regimen": "undecided"}  # fmt: skip
    assert sign_in(client, member).post(URL, fields).status_code == 302
    facts = Case.objects.get().facts.as_facts()
    assert facts["proposed_regimen"].state is FactState.NOT_YET
    assert facts["ecog"].state is FactState.MISSING
    assert facts["stop_reason"].value == "completed"
    assert facts["prior_courses"].high is None
    # A course was stopped; of which drug nobody said.
    assert (ICICourse.objects.get().drugs, ICICourse.objects.get().drugs_state) == ([], "missing")
    assert not BiomarkerResult.objects.exists()


def test_a_steroid_dose_that_is_not_yet_known_is_owed_and_says_so(client, member, nurse, board):
    fields = typed(board, steroid="", steroid_state="not_yet", steroid_drug="", steroid_peak="")
    page = sign_in(client, member).post(URL, fields | {"owed_by": str(nurse.public_id)}).url
    case = Case.objects.get()
    assert case.facts.as_facts()["steroid_now"].state is FactState.NOT_YET
    assert not SteroidCourse.objects.exists()
    html = client.get(page).content.decode()
    assert "now not yet" in html and "now not entered" not in html
    # The list said to be complete answers it: there is none.
    section = CaseSection.objects.get(case=case, key="steroids")
    set_complete(by=member, case=case, version=section.version, key="steroids", complete=True)
    assert Case.objects.get().facts.as_facts()["steroid_now"].high == 0
    assert FactTask.objects.get(fact="steroid_now").done_at is not None


def test_that_nobody_knows_the_steroid_dose_is_kept(client, member, board):
    fields = typed(board, steroid="", steroid_state="unknown")
    page = sign_in(client, member).post(URL, fields).url
    assert Case.objects.get().facts.as_facts()["steroid_now"].state is FactState.UNKNOWN
    line = SteroidCourse.objects.get()
    assert (line.drug, line.drug_state, line.peak_mg_per_day) == (None, "unknown", None)
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("state", ["unknown", "not_yet"])
def test_that_progression_is_not_known_can_be_said(client, member, board, state):
    html = sign_in(client, member).get(URL).content.decode()
    assert f'name="progression_timing" value="{state}"' in html
    client.post(URL, typed(board, progression_timing=state))
    course = ICICourse.objects.get()
    assert (course.progression_timing, course.progression_timing_state) == (None, state)
    fact = Case.objects.get().facts.as_facts()["progression_timing"]
    assert fact.state is FactState(state)


def test_no_answer_about_steroids_is_offered_that_would_be_lost(client, member, board):
    fields = typed(board, steroid="", steroid_state="not_applicable")
    assert sign_in(client, member).post(URL, fields).status_code == 422
    assert not Case.objects.exists()


def test_sent_twice_makes_one_case(client, member, board):
    fields = typed(board)
    sign_in(client, member)
    first, second = (
        client.post(URL, fields),
        client.post(URL, fields | {"same_patient": "different"}),
    )
    assert first.url == second.url
    assert Case.objects.count() == 1
    assert Patient.objects.count() == 1


def test_invalid_referral_keeps_everything_that_was_typed(client, member, board):
    fields = typed(board, question="", stop="30 January 2020", steroid_drug="")
    answer = sign_in(client, member).post(URL, fields)
    assert answer.status_code == 422
    html = answer.content.decode()
    for kept in ("0047 2213", "Margaret", "12 May 1962", "30 January 2020", "20 February 2025"):
        assert kept in html
    assert "before the first dose" in html
    assert "Choose the steroid" in html
    assert fields["key"] in html
    assert not Case.objects.exists()


NO_EVENT = {"entity": "", "ctcae_version": "", "worst_grade": "", "grade_now": "", "onset": ""}


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({"worst_grade": "3"}, "worst grade"),
        ({"grade_now": "0"}, "grade now"),
        ({"onset": "20 February 2025"}, "onset"),
        ({"worst_grade": "unknown", "onset": "March 2025"}, "worst grade, onset"),
        ({"ctcae_version": "5.0"}, "CTCAE version"),
    ],
)
@pytest.mark.parametrize("reason", ["irae", "completed"])
def test_what_is_told_of_an_event_without_the_event_is_not_dropped_unsaid(
    client, member, board, told, names, reason
):
    fields = typed(board, **NO_EVENT | told, stop_reason=reason)
    answer = sign_in(client, member).post(URL, fields)
    html = answer.content.decode()
    assert answer.status_code == 422 and not Case.objects.exists()
    assert 'id="id_entity-error"' in html
    assert f"Choose the event, or clear what is entered of one: {names}" in html
    for name, value in told.items():
        kept = f'value="{value}" selected' if name != "onset" else f'value="{value}"'
        assert kept in html
    assert (
        client.post(URL, fields | {"entity": "pneumonitis", "ctcae_version": "5.0"}).status_code
        == 302
    )
    assert IrAE.objects.count() == 1


def test_without_an_event_nothing_of_one_is_asked_for(client, member, board):
    fields = typed(board, **NO_EVENT | {"steroid_purpose": ""})
    assert sign_in(client, member).post(URL, fields).status_code == 302
    assert not IrAE.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"family_name": "Smpl"}, {"hospital_number": "another", "given_name": "MARGARET"}]
)
def test_patient_who_is_here_already_is_asked_about(client, member, board, changes):
    client = sign_in(client, member)
    client.post(URL, typed(board))
    answer = client.post(URL, typed(board, **changes))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "1 patient like this is already here" in html
    assert "(differs)" in html
    assert Patient.objects.count() == 1
    known = Patient.objects.get()
    answer = client.post(URL, typed(board, **changes, same_patient=str(known.public_id)))
    assert answer.status_code == 302
    assert Patient.objects.count() == 1
    assert Case.objects.filter(patient=known).count() == 2


def test_different_person_is_registered(client, member, board):
    client = sign_in(client, member)
    client.post(URL, typed(board))
    fields = typed(board, same_patient="different")
    refused = client.post(URL, fields)
    assert refused.status_code == 422
    assert "A patient shown below has this number" in refused.content.decode()
    assert client.post(URL, fields | {"hospital_number": "0047 2214"}).status_code == 302
    assert PatientIdentity.objects.count() == 2


def test_patients_of_another_board_are_never_shown(client, member, board, stranger, other_board):
    patient = make_patient(stranger, other_board, family_name="Sample")
    fields = typed(board, same_patient=str(patient.public_id), lookup="1")
    html = sign_in(client, member).post(URL, fields).content.decode()
    assert "already here" not in html
    del fields["lookup"]
    assert client.post(URL, fields).status_code == 302
    assert Case.objects.get().patient != patient


def test_lookup_makes_nothing_and_keeps_the_form(client, member, board):
    answer = sign_in(client, member).post(URL, typed(board, lookup="1"), headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in html
    assert "Nobody like this" in html
    assert "0047 2213" in html
    assert not Patient.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("nurse", 200), ("registry", 403), ("curator", 403)])
def test_who_may_refer(client, board, role, status):
    user = make_user(role, board)
    assert sign_in(client, user).get(URL).status_code == status


def test_board_of_somebody_else_cannot_be_chosen(client, member, board, other_board):
    answer = sign_in(client, member).post(URL, typed(other_board))
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_draft_comes_back_with_its_key_and_goes_with_the_referral(client, member, board):
    sign_in(client, member)
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', client.get(URL).content.decode())[1]
    client.post(
        reverse("cases:draft", args=[f"referral:{key}"]), {"key": key, "family_name": "Halfway"}
    )
    html = client.get(f"{URL}?draft={key}").content.decode()
    assert f'name="key" value="{key}"' in html
    assert 'value="Halfway"' in html
    client.post(URL, typed(board, key=key))
    assert not Draft.objects.filter(key__startswith="referral:").exists()


def test_a_draft_of_somebody_is_offered_and_never_opened_by_itself(client, member, board):
    sign_in(client, member)
    empty = client.get(URL).content.decode()
    assert "You began a referral" not in empty
    sent = {"family_name": "Halfway", "entity": "pneumonitis", "worst_grade": "3"}
    client.post(reverse("cases:draft", args=["referral:0c"]), sent)
    html = client.get(URL).content.decode()
    assert "You began a referral of Halfway on " in html
    assert "It is not in the form below" in html
    assert 'value="Halfway"' not in html and 'value="3" selected' not in html
    assert f'href="{URL}?draft=0c"' in html
    # Discarding leads back to the same page.
    client.post(reverse("cases:draft_discard", args=["referral:0c"]), {"next": URL})
    assert "You began a referral" not in client.get(URL).content.decode()


def test_second_case_of_a_patient_starts_with_the_record_that_is_there(client, member, board):
    first = make_case(member, board)
    identity = first.patient.identity
    fields = typed(board, hospital_number=identity.hospital_number, family_name=identity.family_name,
                   given_name=identity.given_name, birth_date="",
                   same_patient=str(first.patient.public_id))  # fmt: skip
    assert sign_in(client, member).post(URL, fields).status_code == 302
    assert IrAE.objects.get().patient == first.patient


def test_what_is_in_the_record_already_is_not_entered_twice(client, member, board):
    client = sign_in(client, member)
    client.post(URL, typed(board, best_response="", stop=""))
    known = Patient.objects.get()
    again = typed(board, same_patient=str(known.public_id), steroid="6")
    answer = client.post(URL, again)
    assert answer.status_code == 302
    course = ICICourse.objects.get()
    # What was missing is completed; nothing is doubled.
    assert (course.best_response, str(course.stop)) == ("PR", "29 January 2025")
    assert IrAE.objects.count() == SteroidCourse.objects.count() == 1
    assert "The steroid dose was not entered" in client.get(answer.url).content.decode()
    other = again | {"key": str(uuid4()), "drug_1": "atezolizumab", "start": "May 2025", "stop": "",
                     "proposed_regimen": "switch_pd1_pdl1"}  # fmt: skip
    assert client.post(URL, other).status_code == 302
    assert [c.number for c in ICICourse.objects.order_by("number")] == [1, 2]


def test_a_patient_found_leads_to_a_new_question_from_the_record(client, member, board):
    client = sign_in(client, member)
    client.post(URL, typed(board))
    html = client.post(URL, typed(board, lookup="1")).content.decode()
    assert reverse("cases:again", args=[Case.objects.get().public_id]) in html
