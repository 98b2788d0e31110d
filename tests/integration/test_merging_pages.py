"""The pages of a merge: who finds them, both records side by side, what is chosen, twice and out of date."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from cases.models import Case, CaseSection, PatientMerge
from cases.services.identity import save_identity
from tests.factories.people import make_user
from tests.factories.posted import fields_of
from tests.factories.record import make_case, make_patient
from tests.integration.test_cases_pages import HTMX, queries
from tests.integration.test_cases_refer import sign_in
from ui.partial_dates import parse_partial_date

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
    return reverse("cases:merge_with", args=[kept.public_id, other.public_id])


def sent(client, two, **chosen):
    """Return what the page of the merge would send, with the differing name chosen."""
    fields = fields_of(text(client.get(address(*two))), address(*two))
    return fields | {"name": "kept", "number": "kept", "one_person": "on", **chosen}


def test_the_coordinator_finds_the_other_record_and_compares(client, two, both, member):
    kept, other = two
    page = reverse("cases:detail", args=[kept.public_id])
    start = reverse("cases:merge", args=[kept.public_id])
    assert start in text(sign_in(client, both).get(page))
    shown = text(client.get(start))
    assert "SAMPEL, Margaret" in shown
    assert address(kept, other) in shown
    found = client.get(start, {"reference": other.reference.lower()})
    assert found.url == address(kept, other)
    for reference in ("RC-1999-0001", kept.reference):
        answer = client.get(start, {"reference": reference})
        assert answer.status_code == 422
        assert "You see no case of another record" in text(answer)
    shown = text(client.get(address(kept, other)))
    differing = re.findall(r"<mark[^>]*>([^<]*)<", shown)
    assert differing[:2] == ["SAMPLE, Margaret", "SAMPEL, Margaret"]
    assert "6 May 1962" in shown
    assert "6 May 1962" not in differing
    assert start not in text(sign_in(client, member).get(page))
    assert client.get(start).status_code == 403


def test_a_duplicate_that_is_offered_leads_the_coordinator_to_the_merge(client, two, both, member):
    kept, _other = two
    typed = {"board": str(kept.board.public_id), "family_name": "Sample", "given_name": "Margaret"}
    typed |= {"birth_date": "6 May 1962", "lookup": "1"}
    start = reverse("cases:merge", args=[kept.public_id])
    assert start in text(sign_in(client, both).post(reverse("cases:refer"), typed))
    assert start not in text(sign_in(client, member).post(reverse("cases:refer"), typed))


def test_a_coordinator_of_one_board_sees_nothing_of_the_other(client, two, board):
    kept, other = two
    client = sign_in(client, make_user("coordinator", board))
    start = reverse("cases:merge", args=[kept.public_id])
    assert "SAMPEL" not in text(client.get(start))
    assert "You see no case" in text(client.get(start, {"reference": other.reference}))
    assert client.get(address(kept, other)).status_code == 404


def test_what_is_chosen_stands_and_the_rest_is_listed(client, two, both, member):
    kept, other = two
    client = sign_in(client, both)
    fields = fields_of(text(client.get(address(*two))), address(*two))
    refused = client.post(address(*two), fields)
    assert refused.status_code == 422
    for words in ("Confirm that it is one person", "Name: choose which holds"):
        assert words in text(refused)
    assert not PatientMerge.objects.exists()
    answer = client.post(address(*two), sent(client, two, name="absorbed"))
    assert answer.url == reverse("cases:merged", args=[kept.public_id])
    shown = text(client.get(answer.url))
    assert "Name: SAMPLE, Margaret" in shown
    # From the case, whichever of the two records it is of, its board is led there; other boards' stay closed.
    page = text(sign_in(client, member).get(reverse("cases:detail", args=[kept.public_id])))
    assert "SAMPEL, Margaret" in page
    assert reverse("cases:merged", args=[kept.public_id]) in page
    for name in ("detail", "merged"):
        assert client.get(reverse(f"cases:{name}", args=[other.public_id])).status_code == 403
    page = text(sign_in(client, both).get(reverse("cases:detail", args=[other.public_id])))
    assert "SAMPEL, Margaret" in page
    assert kept.reference in page


def test_before_the_press_it_says_that_it_cannot_be_undone_and_whom_to_confirm(client, two, both):
    shown = text(sign_in(client, both).get(address(*two)))
    assert shown.index("A merge cannot be undone") < shown.index("Merge into the record of")
    for case, name in zip(two, ("SAMPLE, Margaret", "SAMPEL, Margaret"), strict=True):
        number = case.patient.identity.hospital_number
        assert f"{name}, born 6 May 1962, hospital no. {number}" in shown


def test_a_second_press_says_that_it_is_done(client, two, both):
    kept, _other = two
    client = sign_in(client, both)
    fields = sent(client, two)
    for _press in range(2):
        answer = client.post(address(*two), fields)
        assert answer.url == reverse("cases:merged", args=[kept.public_id])
    assert PatientMerge.objects.count() == 1


def test_a_page_that_is_out_of_date_is_shown_anew(client, two, both, stranger):
    _kept, other = two
    client = sign_in(client, both)
    fields = sent(client, two)
    with acting_as(stranger):
        version = CaseSection.objects.get(case=other, key="patient").version
        save_identity(
            by=stranger, case=other, version=version, values={"given_name": "Changedname"}
        )
    answer = client.post(address(*two), fields)
    assert answer.status_code == 409
    assert "Nothing was merged" in text(answer)
    assert "Changedname" in text(answer)
    assert not PatientMerge.objects.exists()
    fields = fields_of(text(answer), address(*two))
    fields |= {"name": "kept", "number": "kept", "one_person": "on"}
    assert client.post(address(*two), fields).status_code == 302
    assert PatientMerge.objects.count() == 1


def test_what_is_in_the_way_is_said_and_nothing_can_be_sent(client, two, both, member):
    kept, _other = two
    with acting_as(member):
        version = CaseSection.objects.get(case=kept, key="patient").version
        died = parse_partial_date("March 2026")
        save_identity(by=member, case=kept, version=version, values={"died": died})
    shown = text(sign_in(client, both).get(address(*two)))
    assert "These cannot be merged" in shown
    assert "one_person" not in shown


def test_a_case_page_and_a_list_of_merged_records_keep_their_budgets(client, two, both):
    other = two[1]
    client = sign_in(client, both)
    client.post(address(*two), sent(client, two))
    session_user_memberships = 3
    for url, most, extra in (
        (reverse("cases:detail", args=[other.public_id]), 15, {}),
        (
            reverse("cases:section", args=[other.public_id, "patient"]),
            6 + session_user_memberships,
            {"headers": HTMX},
        ),
        (reverse("cases:list"), 8, {}),
    ):
        client.get(url, **extra)
        assert queries(client, url, **extra) <= most, url


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
