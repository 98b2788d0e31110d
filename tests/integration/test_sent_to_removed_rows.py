"""What is sent without scripts to the form of a row that somebody removed meanwhile is kept, and can be read."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import CaseSection, DossierItem, Draft, IrAE
from cases.services import history
from cases.services.drafts import MOST_DRAFTS, stamp_of
from tests.factories.record import make_case
from tests.integration.test_cases_iraes import TYPED, at
from tests.integration.test_cases_pages import HTMX, sign_in
from tests.integration.test_doubts import add

pytestmark = pytest.mark.django_db
TEXT = "LONGTEXT of what was seen"


@pytest.fixture
def case(member, board):
    return make_case(member, board)


@pytest.fixture
def removed(client, member, case):
    """Return the id of an irAE that was there and is removed."""
    sign_in(client, member)
    sent = {name: value for name, value in TYPED.items() if name != "version"}
    assert add(client, case, "iraes", **sent).status_code == 302
    row = IrAE.objects.get(patient=case.patient, entity=TYPED["entity"])
    version = CaseSection.objects.get(case=case, key="iraes").version
    with acting_as(member):
        history.remove(by=member, case=case, version=version, key="iraes", public_id=row.public_id)
    return row.public_id


def key_of(case, item):
    return f"section:{case.public_id}:iraes:{item}"


def test_the_text_of_a_removed_row_is_kept_and_shown(client, case, removed):
    key = key_of(case, removed)
    answer = client.post(
        at(case, f"iraes/{removed}"), {**TYPED, "version": "1", "sequelae_text": TEXT}
    )
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("cases:draft_typed", args=[key]),
    )
    page = client.get(answer["Location"]).content.decode()
    assert TEXT in page and "What you typed this into was removed meanwhile." in page
    assert TEXT in str(Draft.objects.get(key=key).fields) and "csrf" not in str(
        Draft.objects.get().fields
    )
    assert reverse("cases:draft_as_new", args=[key]) in page


def test_the_text_of_a_dossier_is_kept_alike(client, case, removed):
    key = key_of(case, f"dossier:{removed}")
    item = DossierItem.objects.first()
    sent = {"version": "1", f"{item.code}_note" if item else "note": TEXT}
    answer = client.post(reverse("cases:dossier", args=[case.public_id, removed]), sent)
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("cases:draft_typed", args=[key]),
    )
    assert TEXT in str(Draft.objects.get(key=key).fields)
    assert client.get(answer["Location"]).status_code == 200


def test_it_stands_beside_what_another_window_typed_and_goes_on_from_what_was_shown(
    client, member, case, removed
):
    key = key_of(case, removed)
    other = Draft.objects.create(
        user=member, key=key, fields={"entity_text": ["theirs"]}, window="windowa"
    )
    form = at(case, f"iraes/{removed}")
    client.post(form, {"entity_text": "mine"})
    texts = [d.fields["entity_text"] for d in Draft.objects.order_by("pk")]
    assert texts == [["theirs"], ["mine"]]
    client.post(form, {"entity_text": "mine, of what was shown", "draft_known": stamp_of(other)})
    assert Draft.objects.get(key=key).fields["entity_text"] == ["mine, of what was shown"]


def test_a_row_that_never_was_in_the_record_is_not_there(client, case, removed):
    other = at(case, f"iraes/{uuid4()}")
    assert client.post(other, {"sequelae_text": TEXT}).status_code == 404
    assert client.post(reverse("cases:dossier", args=[case.public_id, uuid4()])).status_code == 404
    assert not Draft.objects.exists()


def test_a_script_shows_the_refusal_beside_what_it_keeps_itself(client, case, removed):
    sent = {"sequelae_text": TEXT}
    assert client.post(at(case, f"iraes/{removed}"), sent, headers=HTMX).status_code == 404


def test_who_keeps_as_many_as_the_server_takes_is_told(client, member, case, removed):
    Draft.objects.bulk_create(
        Draft(user=member, key=f"section:x:y:{n}", fields={}) for n in range(MOST_DRAFTS)
    )
    answer = client.post(at(case, f"iraes/{removed}"), {"sequelae_text": TEXT})
    assert answer.status_code == 409 and "not kept: you have" in answer.content.decode()


def test_more_than_a_draft_takes_is_refused_and_stays_with_its_browser(client, case, removed):
    answer = client.post(at(case, f"iraes/{removed}"), {"sequelae_text": "x" * 100_001})
    assert answer.status_code == 413 and "too much for a draft" in answer.content.decode()
    assert not Draft.objects.exists()
