"""The pages of a merge: who finds them, both records side by side, what is chosen, twice and out of date."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from cases.models import Case, CaseSection, PatientIdentity, PatientMerge
from cases.services.identity import save_identity
from tests.factories.people import make_user
from tests.factories.posted import fields_of
from tests.factories.record import make_case, make_patient
from tests.integration.test_cases_refer import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(board, other_board):
    return make_user("coordinator", board, other_board)


@pytest.fixture
def two(board, other_board, both, member, stranger):
    """Two records of one patient, on two boards, spelt differently."""
    cases = []
    for by, where, name in ((member, board, "Sample"), (stranger, other_board, "Sampel")):
        case = make_case(by, where, patient=make_patient(by, where, family_name=name))
        with acting_as(by):
            values = {"birth_date": date(1962, 5, 6), "given_name": "Margaret"}
            save_identity(by=by, case=case, version=1, values=values)
        cases.append(case)
    set_acting(both)
    return cases


def text(response):
    return response.content.decode()


def address(kept, other):
    return reverse("meetings:merge_with", args=[kept.public_id, other.public_id])


def test_the_coordinator_finds_the_other_record_and_compares(client, two, both, member):
    kept, other = two
    page = reverse("cases:detail", args=[kept.public_id])
    start = reverse("meetings:merge", args=[kept.public_id])
    assert start in text(sign_in(client, both).get(page))
    shown = text(client.get(start))
    assert "SAMPEL, Margaret" in shown
    assert address(kept, other) in shown
    found = client.get(start, {"reference": other.reference.lower()})
    assert found.url == address(kept, other)
    for reference in ("RC-1999-0001", kept.reference):
        assert "You see no case of another record" in text(
            client.get(start, {"reference": reference})
        )
    shown = text(client.get(address(kept, other)))
    for words in ("Sample", "Sampel", "Who the patient is: which is right?", "As in RC-"):
        assert words in shown
    assert start not in text(sign_in(client, member).get(page))
    assert client.get(start).status_code == 403


def test_a_coordinator_of_one_board_sees_nothing_of_the_other(client, two, board):
    kept, other = two
    client = sign_in(client, make_user("coordinator", board))
    start = reverse("meetings:merge", args=[kept.public_id])
    assert "SAMPEL" not in text(client.get(start))
    assert "You see no case" in text(client.get(start, {"reference": other.reference}))
    assert client.get(address(kept, other)).status_code == 404


def test_what_is_chosen_stands_and_the_rest_is_listed(client, two, both, member):
    kept, other = two
    client = sign_in(client, both)
    fields = fields_of(text(client.get(address(kept, other))), address(kept, other))
    refused = client.post(address(kept, other), fields)
    assert refused.status_code == 422
    assert "Confirm that it is one person" in text(refused)
    sent = fields | {"identity": "absorbed", "one_person": "on"}
    answer = client.post(address(kept, other), sent)
    assert answer.url == reverse("meetings:merged", args=[kept.public_id])
    shown = text(client.get(answer.url))
    assert "Family name: Sample" in shown
    assert PatientIdentity.objects.get(patient=kept.patient_id).family_name == "Sampel"
    # Everybody of both boards is led there from the case, whichever of the two it was of.
    for case in (kept, other):
        page = text(sign_in(client, member).get(reverse("cases:detail", args=[case.public_id])))
        assert "Another record was merged into this one" in page
        assert "SAMPEL, Margaret" in page
        assert reverse("meetings:merged", args=[case.public_id]) in page


def test_a_second_press_says_that_it_is_done(client, two, both):
    kept, other = two
    client = sign_in(client, both)
    fields = fields_of(text(client.get(address(kept, other))), address(kept, other))
    for _press in range(2):
        answer = client.post(address(kept, other), fields | {"one_person": "on"})
        assert answer.url == reverse("meetings:merged", args=[kept.public_id])
    assert PatientMerge.objects.count() == 1


def test_a_page_that_is_out_of_date_is_shown_anew(client, two, both, stranger):
    kept, other = two
    client = sign_in(client, both)
    fields = fields_of(text(client.get(address(kept, other))), address(kept, other))
    with acting_as(stranger):
        version = CaseSection.objects.get(case=other, key="patient").version
        save_identity(
            by=stranger, case=other, version=version, values={"given_name": "Changedname"}
        )
    answer = client.post(address(kept, other), fields | {"one_person": "on"})
    assert answer.status_code == 409
    assert "Nothing was merged" in text(answer)
    assert "Changedname" in text(answer)
    assert not PatientMerge.objects.exists()
    fresh = fields_of(text(answer), address(kept, other))
    assert client.post(address(kept, other), fresh | {"one_person": "on"}).status_code == 302
    assert PatientMerge.objects.count() == 1


def test_the_other_way_round_is_offered(client, two, both):
    kept, other = two
    assert address(other, kept) in text(sign_in(client, both).get(address(kept, other)))


def test_the_pages_take_a_constant_number_of_queries(client, two, both, member, board):
    kept, other = two
    counts = []
    for more in (0, 4):
        for _n in range(more):
            make_case(member, board, patient=Case.objects.get(pk=kept.pk).patient)
        client = sign_in(client, both)
        with CaptureQueriesContext(connection) as captured:
            client.get(address(kept, other))
        counts.append(len(captured))
    assert counts[0] == counts[1]
