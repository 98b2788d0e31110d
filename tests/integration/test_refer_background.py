"""A referral says in short what sections say at length, and leaves few facts owed; nothing known is taken back."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.loading import load
from cases.models import (
    Background,
    Case,
    DriverTest,
    Immunosuppressant,
    IrAE,
    Metastasis,
    Patient,
    SteroidCourse,
)
from cases.rules import readiness_of
from cases.vocabulary import Organ
from evidence.conditions.facts import FactState
from tests.integration.test_cases_pages import HTMX, sign_in
from tests.integration.test_cases_refer import URL, typed
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db

FULL = {
    "sex": "female",
    "contributing_reasons": ["none"],
    "all_organs": "on",
    "disease_status": "controlled",
    "prophylaxis": "none",
    "stage_group": "IV",
    "ecog_on": "today",
    "pdl1_state": "known",
    "pdl1": "60",
    "steroid": "0",
    "steroid_drug": "",
    "steroid_peak": "",
    "steroid_purpose": "",
    "autoimmune_disease": "no",
    "interstitial_lung_disease": "no",
    "hepatitis_b": "never",
    "hepatitis_c": "past",
    "transplant": "none",
    "liver": "no",
    "brain": "yes",
    "drivers": "negative",
    "second_line": "none",
}


def refer(client, board, **more):
    answer = client.post(URL, typed(board, **more))
    assert answer.status_code == 302, re.findall(r"Error:.*", answer.content.decode())
    return Case.objects.order_by("-id")[0]


def test_every_answer_settles_its_fact(client, member, board):
    load()
    case = refer(sign_in(client, member), board, **{**FULL, "ecog_on": ""})
    facts = case.facts.as_facts()
    told = {
        "autoimmune_disease": False, "interstitial_lung_disease": False, "hepatitis_b": "never",
        "hepatitis_c": "past", "transplant": "none", "liver_metastases": False,
        "brain_metastases": True, "driver_mutation": False, "immunosuppressant_now": False,
        "irae_resolved": True,
    }  # fmt: skip
    assert {key: facts[key].value for key in told} == told
    assert Background.objects.get().smoking_state == "missing"
    assert set(DriverTest.objects.values_list("gene", "result")) == {
        (gene, "negative") for gene in ("EGFR", "ALK", "ROS1")
    }
    assert Patient.objects.get().metastases_complete_as_of is None


@pytest.mark.parametrize(
    ("said", "rows", "fact"),
    [
        ("EGFR", {("EGFR", "positive")}, FactState.KNOWN),
        ("unnamed", {("unnamed", "positive")}, FactState.KNOWN),
        ("not_tested", {(g, "not_tested") for g in ("EGFR", "ALK", "ROS1")}, FactState.UNKNOWN),
        ("not_yet", {(g, None) for g in ("EGFR", "ALK", "ROS1")}, FactState.NOT_YET),
        ("", set(), FactState.MISSING),
    ],
)
def test_drivers_in_short(client, member, board, said, rows, fact):
    case = refer(sign_in(client, member), board, drivers=said)
    assert set(DriverTest.objects.values_list("gene", "result")) == rows
    assert case.facts.as_facts()["driver_mutation"].state is fact


@pytest.mark.parametrize("word", ["unknown", "not_yet", "not_applicable"])
def test_a_word_is_no_no(client, member, board, word):
    case = refer(sign_in(client, member), board, liver=word, hepatitis_b=word)
    facts = case.facts.as_facts()
    assert {facts["liver_metastases"].state.value, facts["hepatitis_b"].state.value} == {word}


def again(client, board, case, **more):
    patient = str(case.patient.public_id)
    return refer(client, board, same_patient=patient, entity="", worst_grade="", grade_now="",
                 onset="", ctcae_version="", stop_reason="completed", **more)  # fmt: skip


def test_what_is_known_is_not_taken_back_and_what_is_said_anew_counts(client, member, board):
    sign_in(client, member)
    first = refer(client, board, **{**FULL, "ecog_on": "", "second_line": "infliximab"})
    Patient.objects.update(metastases_complete_as_of="2026-01-01")
    page = again(client, board, first, liver="unknown", brain="no", hepatitis_b="unknown",
                 transplant="solid_organ", drivers="EGFR", second_line="none")  # fmt: skip
    row = Background.objects.get()
    assert (row.hepatitis_b, row.transplant) == ("never", FULL["transplant"])
    # What the record says otherwise stays, and whoever refers is told so.
    told = client.get(reverse("cases:detail", args=[page.public_id])).content.decode()
    assert (
        "transplant Solid organ, driver alterations EGFR altered, second-line immunosuppressant now None."
        in told
    )
    assert "course 1, Pembrolizumab: reason for stopping Planned course completed" in told
    assert set(Metastasis.objects.values_list("site", "present")) == {
        ("liver", False), ("brain", False),
    }  # fmt: skip
    assert Patient.objects.get().metastases_complete_as_of is not None
    assert not DriverTest.objects.exclude(result="negative").exists()
    assert Immunosuppressant.objects.get().drug == "infliximab"
    assert Patient.objects.get().second_line_complete_as_of is None
    again(client, board, first, second_line="infliximab", hepatitis_b="unknown")
    assert Immunosuppressant.objects.count() == 1


def test_an_agent_that_was_stopped_once_may_be_given_again(client, member, board):
    sign_in(client, member)
    first = refer(client, board, **{**FULL, "ecog_on": "", "second_line": "infliximab"})
    Immunosuppressant.objects.update(still_given=False, still_given_state="known")
    again(client, board, first, second_line="infliximab")
    assert sorted(Immunosuppressant.objects.values_list("still_given", flat=True)) == [False, True]
    Immunosuppressant.objects.update(still_given=False)
    again(client, board, first, second_line="none")
    assert Patient.objects.get().second_line_complete_as_of is not None


@pytest.mark.parametrize(
    ("typed_day", "first", "last"),
    [
        ("", None, None),
        ("3 March 2026", "2026-03-03", "2026-03-03"),
        ("March 2026", "2026-03-01", "2026-03-31"),
    ],
)
def test_liver_and_brain_are_of_the_day_of_their_imaging(
    client, member, board, typed_day, first, last
):
    case = refer(sign_in(client, member), board, liver="no", brain="yes", imaged=typed_day)
    today = timezone.localdate().isoformat()
    for key in ("liver_metastases", "brain_metastases"):
        assert case.facts.said[key] == [first or today, last or today]


def test_an_imaging_before_what_the_record_knows_changes_nothing(client, member, board):
    sign_in(client, member)
    first = refer(
        client, board, **{**FULL, "ecog_on": "", "imaged": "March 2026", "brain": "unknown"}
    )
    again(client, board, first, liver="yes", brain="yes", imaged="February 2026")
    rows = Metastasis.objects.values_list("site", "present", "said_on")
    assert set(rows) == {("liver", False, date(2026, 3, 1)), ("brain", True, date(2026, 2, 1))}
    again(client, board, first, liver="yes", imaged="April 2026")
    assert Metastasis.objects.get(site="liver").present is True


def test_the_day_of_an_imaging_has_come_and_stands_beside_its_field(client, member, board):
    html = sign_in(client, member).get(URL).content.decode()
    assert "of liver and brain; empty: today" in html
    refused = client.post(URL, typed(board, liver="no", imaged="3 March 2099"))
    assert refused.status_code == 422
    assert "Imaging of: the date is in the future" in refused.content.decode()


def test_a_full_referral_leaves_few_facts(client, member, board):
    load()
    case = refer(
        sign_in(client, member), board, **{**FULL, "ecog_on": f"{timezone.localdate():%-d %B %Y}"}
    )
    found = readiness_of(case)
    # What a dossier asks of a pneumonitis has a form of its own, and so has the steroid that was given for it.
    assert set(found.open) == {"spo2_lowest", "dlco", "steroid_not_tapered"}


@pytest.mark.parametrize(
    ("sent", "resolution"),
    [
        ({"grade_now": "0"}, ("resolved", "known")),
        ({"grade_now": "1"}, (None, "missing")),
        ({"grade_now": ""}, (None, "missing")),
    ],
)
def test_grade_0_is_resolved(client, member, board, sent, resolution):
    refer(sign_in(client, member), board, **sent)
    row = IrAE.objects.get()
    assert (row.resolution, row.resolution_state) == resolution


@pytest.mark.parametrize(
    ("there", "sent", "events", "resolution"),
    [
        # What the referral concludes is no other event than the one that goes on in the record.
        ({"resolution": "ongoing", "resolution_state": "known"}, "0", 1, "ongoing"),
        ({"resolution": None, "resolution_state": "missing"}, "0", 1, "resolved"),
        ({"resolution": None, "resolution_state": "missing"}, "1", 1, None),
        # What resolved on a day and is of grade 2 now has come back.
        ({"resolved": "May 2026"}, "1", 1, None),
        ({"resolved": "May 2026"}, "2", 2, None),
    ],
)
def test_grade_0_completes_the_event_of_the_record(
    client, member, board, there, sent, events, resolution
):
    case = refer(sign_in(client, member), board, grade_now="")
    row = IrAE.objects.get()
    if "resolved" in there:
        there = {"resolved": parse_partial_date(there["resolved"]), "resolved_state": "known"}
    for name, value in there.items():
        setattr(row, name, value)
    with acting_as(member):
        row.save()
    patient = str(case.patient.public_id)
    # What is there again after it was over may be the same event: it is asked.
    told = {"same_event": "different"} if events == 2 else {}
    refer(client, board, grade_now=sent, same_patient=patient, **told)
    assert IrAE.objects.count() == events
    row.refresh_from_db()
    assert row.grade_now == (int(sent) if events == 1 else None)
    assert row.resolution == resolution


@pytest.mark.parametrize(("name", "status"), [("dress", 422), ("Aseptic meningitis", 302)])
def test_a_name_of_the_list_is_refused_beside_its_field(client, member, board, name, status):
    sign_in(client, member)
    other = {"entity": "autoimmune_other", "entity_text": name, "organ": "elsewhere"}
    answer = client.post(URL, typed(board, **other), headers=HTMX)
    assert (answer.status_code == 422) == (status == 422)
    words = "Which event: “DRESS” is on the list: choose it there"
    assert (words in answer.content.decode()) == (status == 422)


def test_the_reports_word_the_grade_at_onset_and_the_organ_of_another_event(client, member, board):
    sign_in(client, member)
    other = {
        "entity": "autoimmune_other",
        "entity_text": "Aseptic meningitis",
        "worst_grade": "",
        "severity_word": "severe",
        "onset_grade": "2",
    }
    refused = client.post(URL, typed(board, **other), headers=HTMX)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Which organ: choose the one it affected" in html
    assert 'value="Aseptic meningitis"' in html
    case = refer(client, board, **other, organ="brain", all_organs="on")
    row = IrAE.objects.get()
    assert (row.organ, row.severity_word, row.onset_grade) == ("brain", "severe", 2)
    assert row.worst_grade_state == "unknown"
    facts = case.facts.as_facts()
    assert facts["neurological_worst_grade"].low == 2
    assert facts["heart_worst_grade"].high == 0
    page = client.get(reverse("cases:organs", args=[case.public_id])).content.decode()
    assert page.count("asked and none") == len(Organ) - 1
    # A row of which nobody was asked the organ is the same event, and is completed.
    IrAE.objects.update(organ="other")
    refer(client, board, **other, organ="eye", same_patient=str(case.patient.public_id))
    assert IrAE.objects.get().organ == "eye"


def test_the_fields_of_another_event_are_there_without_a_round_trip(client, member):
    html = sign_in(client, member).get(URL).content.decode()
    assert "app-unlisted" in html
    assert "app-unlisted--told" not in html
    assert 'name="entity_text"' in html
    assert 'name="organ"' in html


def test_another_steroid_is_named_and_equals_nothing_known(client, member, board):
    sign_in(client, member)
    other = {"steroid": "6", "steroid_drug": "other"}
    refused = client.post(URL, typed(board, **other))
    assert "Which steroid: enter its name" in refused.content.decode()
    case = refer(client, board, **other, steroid_name="deflazacort")
    assert SteroidCourse.objects.get().called == "deflazacort"
    assert case.facts.as_facts()["steroid_now"].state is FactState.UNKNOWN
