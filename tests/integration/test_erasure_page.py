"""The page that asks before a patient is erased, and the pages that show one who was."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import PatientErasure
from followup.services.protocols import load_protocols
from meetings.services import erasure
from tests.factories.marked import MARK, Marked, make_marked, put_report_in_place
from tests.factories.meetings import make_item, make_meeting
from tests.factories.people import make_board, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(once) -> Marked:
    return once(lambda: make_marked(make_board()))


@pytest.fixture
def marked(made) -> Marked:
    put_report_in_place()
    return deepcopy(made)


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(case) -> str:
    return reverse("meetings:erase", args=[case.public_id])


def text(response) -> str:
    return response.content.decode()


def typed(case, **extra):
    return {"reason": "request", "reference": case.reference, **extra}


def test_it_says_what_goes_what_stays_and_which_cases(client, marked):
    page = text(sign_in(client, marked.people["chair"]).get(url(marked.case)))
    for words in ("What goes for good", "What stays", marked.case.reference, "Erase for good"):
        assert words in page
    assert marked.undecided.reference in page
    assert '<a href="/cases/" aria-current="page">' in page
    assert not PatientErasure.objects.exists()


def test_the_chair_finds_it_on_the_case_page_and_others_do_not(client, marked):
    case_page = reverse("cases:detail", args=[marked.case.public_id])
    assert url(marked.case) in text(sign_in(client, marked.people["chair"]).get(case_page))
    assert url(marked.case) not in text(
        sign_in(client, marked.people["coordinator"]).get(case_page)
    )


@pytest.mark.parametrize("role", ["member", "coordinator", "nurse", "registry"])
def test_other_roles_are_refused(client, marked, role):
    for method in ("get", "post"):
        answer = getattr(sign_in(client, marked.people[role]), method)(url(marked.case))
        assert answer.status_code == 403


def test_another_boards_chair_finds_nothing(client, marked, other_board):
    answer = sign_in(client, make_user("chair", other_board)).post(url(marked.case))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reference": "RC-1999-0001"}, "not the reference of this case"),
        ({"reference": ""}, "to correct before saving"),
        ({"reason": ""}, "Why is the patient erased?"),
        ({"reason": "because"}, "Why is the patient erased?"),
    ],
)
def test_without_a_reason_and_the_reference_nothing_is_erased(client, marked, change, words):
    data = typed(marked.case, **change)
    answer = sign_in(client, marked.people["chair"]).post(url(marked.case), data)
    assert answer.status_code == 422 and words in text(answer)
    with acting_as(marked.people["chair"]):
        assert not PatientErasure.objects.exists()


def test_the_erased_patient_is_shown_as_one_on_every_page(client, marked):
    chair = sign_in(client, marked.people["chair"])
    decision = reverse("meetings:decision", args=[marked.decision.public_id])
    letter = reverse("meetings:letter", args=[marked.decision.public_id])
    assert MARK.upper() in text(chair.get(decision))
    answer = chair.post(
        url(marked.case), typed(marked.case, reference=f" {marked.case.reference.lower()}")
    )
    assert answer.status_code == 302
    pages = {
        "case": reverse("cases:detail", args=[marked.case.public_id]),
        "changes": reverse("cases:changes", args=[marked.case.public_id]),
        "list": reverse("cases:list") + "?state=all",
        "decision": decision,
        "plan": reverse("followup:plan", args=[marked.plan.public_id]),
    }
    for name, address in pages.items():
        answer = chair.get(address)
        assert answer.status_code == 200, name
        assert MARK.lower() not in text(answer).lower(), name
        assert "rased" in text(answer), name
    assert "not written yet" not in text(chair.get(decision))
    assert letter not in text(chair.get(decision))
    told = chair.get(letter, follow=True)
    assert "was erased with the patient" in text(told)
    with acting_as(marked.people["chair"]):
        assert not TrailEntry.objects.filter(kind="letter.downloaded").exists()
    again = chair.get(url(marked.case), follow=True)
    assert "had been erased before" in text(again)
    assert url(marked.case) not in text(chair.get(pages["case"]))


def test_what_stands_in_the_way_is_said_instead_of_the_form(client, chair, board, member):
    load_protocols()
    case = make_item(chair, make_meeting(chair, board)).case
    page = sign_in(client, chair).get(url(case))
    assert "off the agenda" in text(page) and "Erase for good" not in text(page)
    answer = sign_in(client, chair).post(url(case), typed(case))
    assert answer.status_code == 409 and "off the agenda" in text(answer)


def test_a_report_that_is_not_in_the_folder_is_named_on_the_page(client, marked):
    chair = sign_in(client, marked.people["chair"])
    default_storage.delete(f"reports/{MARK}.pdf")
    answer = chair.post(url(marked.case), typed(marked.case))
    assert answer.status_code == 409
    assert "is not in the folder of this server" in text(answer)
    assert "Erase for good" in text(answer) and marked.case.reference in text(answer)
    with acting_as(marked.people["chair"]):
        assert not PatientErasure.objects.exists()


def test_a_record_that_was_merged_meanwhile_is_told_of_on_the_page(client, marked, monkeypatch):
    seen = iter([{marked.case.patient_id}, {marked.case.patient_id, 0}])
    monkeypatch.setattr(erasure, "_records", lambda _patient: next(seen))
    answer = sign_in(client, marked.people["chair"]).post(url(marked.case), typed(marked.case))
    assert answer.status_code == 409
    assert "Another record of this patient was merged meanwhile" in text(answer)


def test_the_page_asks_the_database_a_fixed_number_of_questions(client, marked):
    chair = sign_in(client, marked.people["chair"])
    chair.get(url(marked.case))
    with CaptureQueriesContext(connection) as queries:
        chair.get(url(marked.case))
    assert len(queries) <= 15
