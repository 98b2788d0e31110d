"""Recording, changing and signing a decision by its forms."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import PatientIdentity
from followup.models import MonitoringPlan
from meetings.models import Decision, Letter
from tests.factories.meetings import make_draft, make_version
from tests.factories.record import CANARY
from tests.integration.meetings.browsing import (
    HTMX,
    page,
    send,
    text_of,
)

pytestmark = pytest.mark.django_db


def decision_data(**extra):
    return {
        "version": "0",
        "outcome": "same_agent",
        "drug": "pembrolizumab",
        "second_drug": "",
        "dose_interval": "21",
        "rationale": "Because",
        "patient_preference": "",
        "defer_fact": "",
        "defer_owner": "",
        "defer_on": "",
        **extra,
    }


def test_the_whole_decision_is_recorded_by_the_form(client, coordinator, item):
    version = make_version(condition={"always": True})
    data = decision_data(
        **{f"rely-{version.public_id}": "board-choice", "second_drug": "ipilimumab"}
    )
    response = send(client, coordinator, "record", item.public_id, data=data)
    assert response.status_code == 302
    decision = Decision.objects.get()
    assert decision.drugs == ["pembrolizumab", "ipilimumab"]
    assert decision.statements.get().deviation_reason == "board-choice"
    html = text_of(page(client, coordinator, "record", item.public_id))
    assert "Because" in html and 'name="version" value="1"' in html


@pytest.mark.parametrize(
    "extra",
    [
        {"outcome": "defer"},
        {"drug": ""},
        {"second_drug": "pembrolizumab"},
        {"outcome": "nonsense"},
        {"outcome": "defer", "defer_on": "soon"},
    ],
)
def test_a_wrong_record_form_keeps_what_was_typed(client, coordinator, item, extra):
    data = decision_data(rationale="Typed <here>", **extra)
    for headers in ({}, HTMX):
        response = send(client, coordinator, "record", item.public_id, data=data, **headers)
        assert response.status_code == 422
        assert "Typed &lt;here&gt;" in response.content.decode()
    assert not Decision.objects.exists()


def test_another_interval_that_is_out_of_sight_blocks_nothing(client, coordinator, item):
    hidden = {"dose_interval_other": "999"}
    data = decision_data(**hidden)
    assert send(client, coordinator, "record", item.public_id, data=data).status_code == 302
    assert Decision.objects.get().dose_interval_days == 21
    data = decision_data(version="1", outcome="no_rechallenge", dose_interval="other", **hidden)
    assert send(client, coordinator, "record", item.public_id, data=data).status_code == 302
    # Where it is meant it is held against its limits.
    data = decision_data(version="2", dose_interval="other", **hidden)
    response = send(client, coordinator, "record", item.public_id, data=data)
    assert response.status_code == 422 and "Enter a number from" in response.content.decode()


def test_a_day_of_a_deferral_that_is_out_of_sight_blocks_nothing(client, coordinator, item):
    hidden = {"defer_on": "soon", "defer_fact": "ecog"}
    for version, outcome in enumerate(["same_agent", "no_rechallenge", ""]):
        data = decision_data(version=str(version), outcome=outcome, **hidden)
        assert send(client, coordinator, "record", item.public_id, data=data).status_code == 302
        kept = Decision.objects.get()
        assert (kept.outcome, kept.defer_on, kept.defer_fact) == (outcome, None, "")
    # Where it is meant it has to be a day.
    data = decision_data(version="3", outcome="defer", **hidden)
    response = send(client, coordinator, "record", item.public_id, data=data)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_defer_on-error"' in html and 'value="soon"' in html


def test_a_draft_without_an_outcome_keeps_its_drugs(client, coordinator, item):
    data = decision_data(outcome="", second_drug="ipilimumab")
    assert send(client, coordinator, "record", item.public_id, data=data).status_code == 302
    kept = Decision.objects.get()
    assert (kept.drugs, kept.dose_interval_days) == (["pembrolizumab", "ipilimumab"], 21)
    html = page(client, coordinator, "record", item.public_id).content.decode()
    assert '<option value="pembrolizumab" selected>' in html
    data = decision_data(version="1", outcome="no_rechallenge")
    send(client, coordinator, "record", item.public_id, data=data)
    kept.refresh_from_db()
    assert (kept.drugs, kept.dose_interval_days) == ([], None)


def test_whoever_signs_is_told_what_they_typed_and_did_not_save(client, chair, item, draft):
    assert "is not saved" not in page(client, chair, "sign", draft.public_id).content.decode()
    kept = reverse("cases:draft", args=[f"decision:{item.case.public_id}"])
    client.post(kept, decision_data(rationale="Half a sentence"))
    html = text_of(page(client, chair, "sign", draft.public_id))
    assert "is not saved and not part of this draft" in html
    assert reverse("meetings:record", args=[item.public_id]) in html


def test_a_conflict_shows_who_changed_what_and_keeps_what_was_typed(
    client, coordinator, chair, item
):
    make_draft(coordinator, item, rationale="The first words")
    with acting_as(chair):
        make_draft(chair, item, version=1, rationale="The chair's words", outcome="no_rechallenge")
    data = decision_data(version="1", rationale="My own words")
    response = send(client, coordinator, "record", item.public_id, data=data)
    html = text_of(response)
    assert response.status_code == 409
    assert f"{chair.name} saved this decision while you were typing" in html
    assert "The first words → <b>The chair&#39;s words</b>" in html
    assert "Same agent → <b>No rechallenge</b>" in html
    assert "My own words" in html and 'name="version" value="2"' in html
    data["version"] = "2"
    assert send(client, coordinator, "record", item.public_id, data=data).status_code == 302
    assert Decision.objects.get().rationale == "My own words"


def test_what_was_typed_is_kept_and_comes_back(client, coordinator, item):
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    kept = reverse("cases:draft", args=[f"decision:{item.case.public_id}"])
    assert client.post(kept, decision_data(rationale="Half a sent")).status_code == 204
    assert "Half a sent" in page(client, coordinator, "record", item.public_id).content.decode()
    send(client, coordinator, "record", item.public_id, data=decision_data(rationale="A sentence"))
    assert "Half a sent" not in page(client, coordinator, "record", item.public_id).content.decode()


def test_conditions_and_dissent_by_their_forms(client, coordinator, chair, draft):
    data = {
        "text": "Low dose",
        "expires_on": "2099-01-01",
        "fact": "steroid_now",
        "op": "<=",
        "value": "10",
    }
    response = send(client, coordinator, "condition_add", draft.public_id, data=data, **HTMX)
    html = text_of(response)
    assert "Low dose" in html and "cannot tell yet" in html
    # The decision's own form is left alone: what is typed there is saved as before.
    assert "decision-form" not in html
    wrong = {**data, "value": "", "text": ""}
    response = send(client, coordinator, "condition_add", draft.public_id, data=wrong)
    assert response.status_code == 422 and "Enter the figure" in response.content.decode()
    condition = draft.conditions.get()
    send(client, coordinator, "condition_remove", condition.public_id)
    assert not draft.conditions.exists()
    data = {"user": str(chair.public_id), "reason": "Not now"}
    send(client, coordinator, "dissent_add", draft.public_id, data=data)
    assert draft.dissents.get().reason == "Not now"
    send(client, coordinator, "dissent_withdraw", draft.public_id, chair.public_id)
    assert not draft.dissents.exists()


def test_signing_asks_signs_once_and_gives_the_letter(client, chair, item, draft):
    asked = text_of(page(client, chair, "sign", draft.public_id))
    assert "nobody can change" in asked and "monitoring plan is opened" in asked
    assert "not quorate" in asked
    first = send(client, chair, "sign", draft.public_id, data={"version": "1"})
    second = send(client, chair, "sign", draft.public_id, data={"version": "1"})
    assert first.url == second.url == reverse("meetings:decision", args=[draft.public_id])
    html = text_of(client.get(first.url))
    assert "had been signed before" in html
    assert MonitoringPlan.objects.count() == 1
    assert TrailEntry.objects.filter(kind="decision.signed").count() == 1
    decision = Decision.objects.get()
    assert decision.snapshot_sha256 in html
    letter = page(client, chair, "letter", draft.public_id)
    assert letter.content.startswith(b"%PDF")
    assert CANARY.lower() not in letter["Content-Disposition"].lower()
    assert TrailEntry.objects.filter(kind="letter.downloaded").count() == 1
    assert page(client, chair, "record", item.public_id).status_code == 302
    assert page(client, chair, "sign", draft.public_id).status_code == 302


def test_the_letter_demands_its_conditions_and_names_the_warnings(
    client, coordinator, chair, draft
):
    make_version(
        condition={"always": True}, signal="warning", title="Invented warning of the regimen"
    )
    make_version(condition={"always": True}, signal="", title="Invented background")
    recurrent = {"fact": "irae_recurrent", "op": "is", "value": True}
    make_version(condition=recurrent, signal="stop", title="Invented rule of a recurrence")
    make_version(condition=recurrent, signal="", title="Invented thought of a recurrence")
    data = {"text": "Low dose", "expires_on": "2099-01-01", "fact": "steroid_now", "op": "<="}
    send(client, coordinator, "condition_add", draft.public_id, data={**data, "value": "10"})
    asked = text_of(page(client, chair, "sign", draft.public_id))
    assert "Invented warning of the regimen" in asked and "Invented background" not in asked
    # Nobody has to scroll past the rationale to see what stands against it.
    assert asked.index("Invented warning of the regimen") < asked.index("Rationale")
    assert "Rules and warnings that cannot be judged" in asked
    assert "Cannot tell without: " in asked[asked.index("Invented rule of a recurrence") :]
    assert "Invented thought of a recurrence" not in asked
    assert "steroid dose now must be at most 10 mg/day prednisone-equivalent" in asked
    send(client, chair, "sign", draft.public_id, data={"version": str(draft.version + 1)})
    letter = b"".join(page(client, chair, "letter", draft.public_id))
    text = " ".join(p.extract_text() for p in PdfReader(BytesIO(letter)).pages)
    text = " ".join(text.split())
    assert "To be checked: steroid dose now must be at most 10 mg/day prednisone" in text
    assert "On signing: cannot tell yet." in text
    assert "or less" not in text
    assert "Rules and warnings that apply to this regimen" in text
    assert "Invented warning of the regimen" in text and "Invented background" not in text
    assert "1 rule or warning could not be judged: facts that it needs were not known" in text


@pytest.mark.parametrize("waits", [True, False])
def test_the_letter_says_how_many_rules_wait_as_drafts(client, chair, draft, waits):
    """A board that does not know it may take silence for "no stop": on the page and in the letter alike."""
    if waits:
        for signal in ("stop", "warning"):
            make_version(
                state="draft",
                published_at=None,
                category="rule",
                signal=signal,
                condition={"always": True},
            )
    send(client, chair, "sign", draft.public_id, data={"version": "1"})
    letter = b"".join(page(client, chair, "letter", draft.public_id))
    text = " ".join(" ".join(p.extract_text() for p in PdfReader(BytesIO(letter)).pages).split())
    words = (
        "2 rules wait as drafts that nobody has confirmed and are not held against this case"
        " (rules for stopping among them: 1)."
    )
    assert (words in text) is waits
    assert Letter.objects.get(decision=draft).template_version == 7


def test_a_signed_decision_names_the_facts_that_were_not_known(client, chair, draft):
    send(client, chair, "sign", draft.public_id, data={"version": "1"})
    html = text_of(page(client, chair, "decision", draft.public_id))
    fold = html[html.index('id="open-facts"') :]
    fold = fold[: fold.index("</details>")]
    number = int(re.search(r"(\d+) further facts were not known", fold)[1])
    assert fold.count("<dt") == number > 20
    assert "ECOG performance status" in fold and "not entered" in fold


def test_a_changed_draft_is_read_again_before_it_is_signed(client, chair, coordinator, item, draft):
    make_draft(coordinator, item, version=1, rationale="Other words")
    response = send(client, chair, "sign", draft.public_id, data={"version": "1"})
    assert response.status_code == 409 and "Other words" in response.content.decode()


def test_an_incomplete_draft_says_what_is_lacking(client, chair, coordinator, item):
    draft = make_draft(coordinator, item, rationale="")
    response = send(client, chair, "sign", draft.public_id, data={"version": "1"})
    assert response.status_code == 422
    assert "Write the rationale" in response.content.decode()


def name_patient(draft, family: str, given: str) -> None:
    PatientIdentity.objects.filter(patient=draft.patient_id).update(
        family_name=family, given_name=given
    )


def test_a_name_in_another_script_is_signed_and_stands_in_the_letter(client, chair, draft):
    name_patient(draft, "الحسن", "فاطمة")
    send(client, chair, "sign", draft.public_id, data={"version": "1"})
    answer = page(client, chair, "letter", draft.public_id)
    text = PdfReader(BytesIO(b"".join(answer))).pages[0].extract_text()
    assert set("الحسن") <= set(text)


def test_a_name_that_no_font_can_write_is_refused_by_the_characters(client, chair, draft):
    name_patient(draft, "张", "Wei")
    answer = send(client, chair, "sign", draft.public_id, data={"version": "1"})
    assert answer.status_code == 422 and "do not have “张”" in answer.content.decode()
    assert Decision.objects.get().state == "draft"
