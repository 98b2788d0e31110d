"""What cannot be saved is kept, or said not to be: a file, a closed case, a second press, a session that ended."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.derivations import derive
from cases.loading import load as load_record_data
from cases.models import Background, Case, CaseSection, Draft, Patient, Report
from cases.services.facts import record_of, refresh_patient
from cases.services.lifecycle import move_case
from cases.states import CaseState
from evidence.conditions import FactState
from tests.factories.record import make_case
from tests.integration.test_cases_pages import HTMX, sign_in
from tests.integration.test_cases_refer import URL, typed
from tests.unit.test_pdf import pdf
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
LONG = "LONG TYPED TEXT"


@pytest.fixture
def case(member, board):
    load_record_data()
    return make_case(member, board)


def at(case, place: str) -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def chosen() -> SimpleUploadedFile:
    return SimpleUploadedFile("chest.pdf", pdf(), content_type="application/pdf")


REPORT = {"title": "CT chest", "text": "see the PDF"}
DROPPED = "PDF: choose it again. “chest.pdf” was not kept."


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_pdf_that_a_refusal_drops_is_named_beside_its_field(client, member, case, headers):
    sign_in(client, member)
    sent = {**REPORT, "version": 1, "reported": "32 March 2025", "file": chosen()}
    answer = client.post(at(case, "reports/add"), sent, headers=headers)
    assert answer.status_code == 422
    assert DROPPED in words(answer)
    plain = client.post(
        at(case, "reports/add"), {**REPORT, "version": 1, "reported": "32 March 2025"}
    )
    assert "was not kept" not in words(plain)


def test_a_pdf_beside_what_a_colleague_added_is_named_as_well(client, member, chair, case):
    sign_in(client, chair)
    assert client.post(at(case, "reports/add"), {**REPORT, "version": 1}).status_code == 302
    sign_in(client, member)
    sent = {"title": "MRI", "text": "see the PDF", "version": 1, "file": chosen()}
    answer = client.post(at(case, "reports/add"), sent, headers=HTMX)
    assert answer.status_code == 409
    assert DROPPED in words(answer)
    assert "the file is not a PDF" not in words(answer)
    with acting_as(member):
        assert Report.objects.count() == 1


def test_a_day_of_surgery_asks_for_a_yes_and_denies_a_no_that_stands(client, member, case):
    sign_in(client, member)
    for said in ("", "no", "unknown"):
        sent = {"version": 1, "major_surgery": said, "operated": "20 November 2025"}
        answer = client.post(at(case, "parts/background"), sent)
        assert answer.status_code == 422
        assert "there is a day of an operation, so say yes" in words(answer)
    with acting_as(member):
        day, today = parse_partial_date("5 October 2025"), timezone.localdate()
        for said_on, known in ((None, False), (day.exact, False), (today, True)):
            row = Background.objects.get(patient=case.patient)
            row.operated, row.operated_state, row.surgery_said_on = day, "known", said_on
            row.major_surgery, row.major_surgery_state = False, "known"
            row.save()
            patient = Patient.objects.get(pk=case.patient_id)
            refresh_patient(patient=patient)
            fact = derive(record_of(Case.objects.get(pk=case.pk)), as_of=today)["major_surgery"]
            assert (fact.state is FactState.KNOWN) is known
    page = words(client.get(at(case, "")))
    assert "yet a day of it is entered: 5 October 2025" in page


PLACES = (
    "sections/question",
    "parts/background",
    "iraes/add",
    "organs",
    "labs/add",
    "labs/add-one",
)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_sent_to_a_case_closed_meanwhile_is_kept(client, member, coordinator, case, place):
    with acting_as(coordinator):
        move_case(by=coordinator, case=Case.objects.get(pk=case.pk), to=CaseState.CLOSED)
    name = {"parts/background": "comorbidities", "iraes/add": "sequelae_text"}.get(
        place, "question"
    )
    sign_in(client, member)
    sent = {"version": "1", name: LONG}
    assert client.post(at(case, place), sent, headers=HTMX).status_code == 403
    answer = client.post(at(case, place), sent)
    assert answer.status_code == 302
    page = words(client.get(answer.url))
    assert "The case is closed" in page
    assert LONG in str(Draft.objects.get().fields)
    assert client.get(at(case, place)).status_code == 403


def test_a_referral_sent_again_with_other_words_is_kept_and_said(client, member, board):
    sign_in(client, member)
    first = typed(board)
    place = client.post(URL, first).url
    again = client.post(URL, first)
    assert (again.status_code, again.url, Case.objects.count()) == (302, place, 1)
    assert "is referred to" in words(client.get(place))
    other = {**first, "family_name": "Otherman", "hospital_number": "99", "question": LONG}
    answer = client.post(URL, other)
    assert (answer.status_code, answer.url, Case.objects.count()) == (302, place, 1)
    page = words(client.get(place))
    assert "was referred already, by an earlier press" in page
    assert "is referred to" not in page
    kept = Draft.objects.exclude(key__endswith=first["key"]).get()
    assert kept.fields["question"] == [LONG] and kept.fields["key"] != [first["key"]]
    opened = client.get(f"{URL}?draft={kept.fields['key'][0]}").content.decode()
    assert LONG in opened and "Otherman" in opened
    sent = {**other, "key": kept.fields["key"][0]}
    assert client.post(URL, sent).url != place and Case.objects.count() == 2


def test_another_question_sent_again_with_other_words_is_kept_and_said(client, member, case):
    sign_in(client, member)
    sent = {"key": str(uuid4()), "question": "May it be given once more?"}
    place = client.post(at(case, "again"), sent).url
    assert client.post(at(case, "again"), sent).url == place
    answer = client.post(at(case, "again"), {**sent, "question": LONG})
    assert (answer.url, Case.objects.count()) == (place, 2)
    assert "was referred already" in words(client.get(place))
    kept = Draft.objects.get(key__startswith="again:")
    assert kept.fields["question"] == [LONG] and kept.fields["key"] != [sent["key"]]


def test_signing_in_says_that_what_was_sent_was_not_saved(client, member, case):
    with acting_as(member):
        assert CaseSection.objects.filter(case=case).exists()
    answer = client.post(at(case, "sections/question"), {"version": 1, "question": LONG})
    assert answer.status_code == 302 and LONG not in answer.url
    page = client.get(answer.url)
    assert "What you sent was not saved" in words(page) and LONG not in page.content.decode()
    looked = client.get(at(case, ""))
    assert "not saved" not in words(client.get(looked.url))
