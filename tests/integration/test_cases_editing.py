"""Sections and items edited in place or on a page: saved, refused, in conflict, drafted, removed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import CaseSection, Draft, FactTask, ICICourse, IrAE, SteroidCourse
from cases.services import history
from cases.services.lifecycle import move_case
from cases.services.tasks import owe_fact
from evidence.conditions.facts import FactState
from tests.factories.people import make_user
from tests.factories.record import CANARY, make_case
from tests.integration.test_cases_pages import HTMX, fill, sign_in
from ui.partial_dates import render_day

pytestmark = pytest.mark.django_db

IRAE = {
    "version": 1,
    "entity": "pneumonitis",
    "ctcae_version": "5.0",
    "worst_grade": "3",
    "grade_now": "0",
    "onset": "20 February 2025",
    "resolution": "resolved",
    "resolved": "July 2025",
}
FORMS = {
    "sections/question": {"version": 1, "question": "Changed?", "disease_status": "slow",
                          "proposed_regimen": "unknown", "alternatives": ["surveillance"]},
    "sections/tumour": {"version": 1, "histology": "squamous", "stage_group": "IV", "tnm_edition": "9",
                        "tnm_basis": "c", "t_category": "T2a", "n_category": "N2b", "m_category": "M1c1"},
    "sections/fitness": {"version": 1, "ecog": "1", "assessed": "12 November 2025"},
    "parts/metastases": {"version": 1, "liver": "no", "bone": "yes", "bone_detail": "T8"},
    "parts/drivers": {"version": 1, "EGFR": "negative", "KRAS_G12C": "positive", "KRAS_G12C_variant": "p.G12C"},
    "parts/background": {"version": 1, "smoking": "former", "pack_years": "30", "autoimmune_disease": "no"},
    "biomarkers/add": {"version": 1, "measured": "pdl1_tps", "timing": "before", "value": "<1 %", "assay": "22C3",
                       "sampled": "May 2024"},
    "iraes/add": IRAE,
    "courses/add": {"version": 1, "drug_1": "pembrolizumab", "start": "April 2024", "stop": "29 January 2025",
                    "cycles": "at least 14", "best_response": "PR"},
    "steroids/add": {"version": 1, "drug": "prednisolone", "peak_mg_per_day": "70", "now_mg_per_day": "5",
                     "start": "20 February 2025"},
    "treatment/add": {"version": 1, "kind": "radiotherapy", "site": "chest", "dose_gy": "60", "fractions": "30",
                      "start": "March 2023"},
    "responses/add": {"version": 1, "assessed": "3 June 2024", "criteria": "recist", "response": "PR",
                      "sum_mm": "31.5"},
}  # fmt: skip
# Forms of a part of a section are under the section's version.
OF_SECTION = {
    "parts/metastases": "tumour",
    "parts/drivers": "tumour",
    "biomarkers/add": "tumour",
    "parts/background": "fitness",
}
INVALID = {
    "sections/question": ({"question": ""}, "What do you ask the board"),
    "sections/tumour": ({"tnm_edition": "8"}, "only the 9th edition has it"),
    "parts/metastases": (
        {"liver": "", "liver_detail": "segment 4"},
        "say whether there are metastases",
    ),
    "parts/drivers": ({"EGFR_variant": "L858R"}, "a negative result has no alteration"),
    "parts/background": ({"smoking": "never"}, "who never smoked has none"),
    "biomarkers/add": ({"value": "lots"}, "such as 60"),
    "sections/fitness": ({"assessed": "32 May 2025"}, "has no day 32"),
    "iraes/add": ({"resolved": "30 January 2025"}, "before the onset"),
    "courses/add": ({"stop": "2020"}, "before the first dose"),
    "steroids/add": ({"peak_mg_per_day": "seventy"}, "Enter a number"),
    "treatment/add": ({"fractions": "2.5"}, "Enter a whole number"),
    "responses/add": ({"response": "iUPD"}, "responses by iRECIST"),
}


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def at(case, place: str) -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def facts(case):
    return type(case.facts).objects.get(case=case).as_facts()


@pytest.mark.parametrize("place", FORMS)
def test_form_is_a_page_and_a_fragment(client, member, case, place):
    sign_in(client, member)
    page = client.get(at(case, place)).content.decode()
    assert "<html" in page
    assert CANARY.upper() in page
    part = client.get(at(case, place), headers=HTMX).content.decode()
    assert "<html" not in part
    assert 'name="version" value="1"' in part
    assert "data-focus" in part


@pytest.mark.parametrize("place", FORMS)
def test_saving_without_scripts_leads_back_to_the_section(client, member, case, place):
    answer = sign_in(client, member).post(at(case, place), FORMS[place])
    assert answer.status_code == 302
    assert "#section-" in answer.url
    key = place.split("/")[1] if place.startswith("sections") else place.split("/")[0]
    key = OF_SECTION.get(place, key)
    assert CaseSection.objects.get(case=case, key=key).version == 2


@pytest.mark.parametrize("place", FORMS)
def test_saving_with_htmx_brings_what_follows_out_of_band(client, member, case, place):
    answer = sign_in(client, member).post(at(case, place), FORMS[place], headers=HTMX)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "<html" not in html
    for part in ("case-bar", "case-question", "case-history", "case-owed", "case-guidance"):
        assert f'id="{part}" hx-swap-oob' in html
    assert "data-focus" in html


@pytest.mark.parametrize("place", FORMS)
def test_invalid_form_keeps_what_was_typed(client, member, case, place):
    wrong, sentence = INVALID[place]
    sign_in(client, member)
    for headers in ({}, HTMX):
        answer = client.post(at(case, place), {**FORMS[place], **wrong}, headers=headers)
        assert answer.status_code == 422
        html = answer.content.decode()
        assert sentence in html
        for value in wrong.values():
            assert value in html
    assert not set(CaseSection.objects.filter(case=case).values_list("version", flat=True)) - {1}


@pytest.mark.parametrize("place", FORMS)
def test_foreign_case_is_not_found_and_a_reader_is_refused(
    client, member, stranger, board, case, place
):
    assert sign_in(client, stranger).post(at(case, place), FORMS[place]).status_code == 404
    assert sign_in(client, make_user("registry", board)).get(at(case, place)).status_code == 403
    assert sign_in(client, member).get(at(case, place)).status_code == 200


def test_closed_case_is_read_only(client, member, coordinator, case):
    with acting_as(coordinator):
        move_case(by=coordinator, case=case, to="closed")
    assert sign_in(client, member).get(at(case, "sections/tumour")).status_code == 403


def test_conflict_shows_who_changed_what_beside_what_was_typed(client, member, chair, case):
    sign_in(client, chair).post(at(case, "sections/fitness"), {"version": 1, "ecog": "2"})
    answer = sign_in(client, member).post(at(case, "sections/fitness"), {"version": 1, "ecog": "1"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert chair.name in html
    assert "ECOG: nothing → <b>2</b>" in html
    assert 'name="version" value="2"' in html
    assert facts(case)["ecog"].low == 2
    answer = client.post(at(case, "sections/fitness"), {"version": 2, "ecog": "1"})
    assert answer.status_code == 302
    assert facts(case)["ecog"].low == 1


def test_states_and_bounds_reach_the_facts(client, member, case):
    sign_in(client, member).post(at(case, "biomarkers/add"), FORMS["biomarkers/add"])
    after = {"version": 2, "measured": "pdl1_tps", "timing": "after", "value": "not yet"}
    client.post(at(case, "biomarkers/add"), after)
    client.post(at(case, "parts/metastases"), {"version": 3, "liver": "unknown"})
    found = facts(case)
    assert (found["pdl1_tps_initial"].low, found["pdl1_tps_initial"].high) == (0, 1)
    assert found["pdl1_tps_recent"].state is FactState.NOT_YET
    assert found["liver_metastases"].state is FactState.UNKNOWN


def test_irae_is_changed_and_its_organ_follows_from_the_event(client, member, case):
    sign_in(client, member).post(at(case, "iraes/add"), IRAE)
    row = IrAE.objects.get()
    assert (row.organ, row.worst_grade, str(row.onset)) == ("lung", 3, "20 February 2025")
    html = client.get(at(case, f"iraes/{row.public_id}"), headers=HTMX).content.decode()
    assert "20 February 2025" in html
    changed = {
        **IRAE,
        "version": 2,
        "worst_grade": "unknown",
        "grade_now": "",
        "onset": "day 26 after ICI start",
    }
    assert client.post(at(case, f"iraes/{row.public_id}"), changed).status_code == 302
    row.refresh_from_db()
    assert (row.worst_grade, row.worst_grade_state, row.onset_offset_days) == (None, "unknown", 26)


def test_only_versions_with_a_term_can_be_chosen(client, member, case):
    """Thyroiditis is a term of CTCAE 6.0 alone."""
    sign_in(client, member)
    typed = {**IRAE, "entity": "thyroiditis"}
    answer = client.post(at(case, "iraes/add"), typed)
    assert answer.status_code == 422
    answer = client.post(at(case, "iraes/add"), {**typed, "reshape": "1"}, headers=HTMX)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "CTCAE 6.0" in html
    assert "CTCAE 5.0" not in html.split('name="ctcae_version"')[1].split("</select>")[0]
    assert "20 February 2025" in html
    assert not IrAE.objects.exists()


def test_grade_now_above_the_worst_is_refused(client, member, case):
    answer = sign_in(client, member).post(at(case, "iraes/add"), {**IRAE, "grade_now": "4"})
    assert answer.status_code == 422
    assert "cannot be above the worst grade" in answer.content.decode()


def test_item_of_another_patient_is_not_found(client, member, board, case):
    fill(make_case(member, board), member, 1)
    other = IrAE.objects.get()
    assert sign_in(client, member).get(at(case, f"iraes/{other.public_id}")).status_code == 404


def test_item_is_removed_after_a_question(client, member, case):
    fill(case, member, 1)
    row = SteroidCourse.objects.get()
    url = at(case, f"steroids/{row.public_id}/remove")
    assert "Remove" in sign_in(client, member).get(url).content.decode()
    assert SteroidCourse.objects.exists()
    assert client.post(url, {"version": 3}).status_code == 302
    assert not SteroidCourse.objects.exists()


def test_item_that_another_refers_to_is_kept(client, member, case):
    fill(case, member, 1)
    row = ICICourse.objects.get()
    answer = sign_in(client, member).post(
        at(case, f"courses/{row.public_id}/remove"), {"version": 2}
    )
    assert answer.status_code == 422
    assert "refers to it" in answer.content.decode()
    assert ICICourse.objects.exists()


def test_stale_removal_is_refused(client, member, case):
    fill(case, member, 1)
    row = SteroidCourse.objects.get()
    answer = sign_in(client, member).post(
        at(case, f"steroids/{row.public_id}/remove"), {"version": 1}
    )
    assert answer.status_code == 409
    assert SteroidCourse.objects.exists()


@pytest.mark.parametrize(
    ("key", "fact"),
    [
        ("courses", "prior_courses"),
        ("steroids", "steroid_now"),
        ("immunosuppressants", "immunosuppressant_now"),
    ],
)
def test_list_is_said_to_be_complete_and_open_again(client, member, case, key, fact):
    sign_in(client, member)
    url = at(case, f"{key}/complete")
    client.post(url, {"version": 1, "complete": "yes"})
    assert facts(case)[fact].state is FactState.KNOWN
    html = client.post(url, {"version": 2, "complete": "no"}, headers=HTMX).content.decode()
    assert "open again" in html
    assert facts(case)[fact].state is FactState.MISSING
    html = client.post(url, {"version": 1, "complete": "yes"}, headers=HTMX).content.decode()
    assert "Not saved" in html
    assert facts(case)[fact].state is FactState.MISSING


def test_unknown_sections_are_not_found(client, member, case):
    sign_in(client, member)
    for place in ("sections/courses", "sections/nonsense", "tumour/add", f"tumour/{uuid4()}"):
        assert client.get(at(case, place)).status_code == 404
    assert client.post(at(case, "tumour/complete")).status_code == 404


def test_given_up_edit_shows_the_section_again(client, member, case):
    url = at(case, "sections/tumour/shown")
    html = sign_in(client, member).get(url, headers=HTMX).content.decode()
    assert "Nothing was changed" in html
    assert client.get(url).status_code == 302


def test_draft_is_kept_offered_and_gone_after_saving(client, member, case):
    sign_in(client, member)
    url = at(case, "sections/fitness")
    key = f"section:{case.public_id}:fitness"
    draft_url = reverse("cases:draft", args=[key])
    typed = {"version": 1, "ecog": "2", "assessed": "half of a da", "csrfmiddlewaretoken": "x"}
    answer = client.post(draft_url, typed)
    assert answer.status_code == 204
    assert answer["X-Draft-Saved"]
    assert Draft.objects.get().fields == {
        "version": ["1"],
        "ecog": ["2"],
        "assessed": ["half of a da"],
    }
    html = client.get(url, headers=HTMX).content.decode()
    assert "half of a da" in html
    assert "not yet in the record" in html
    client.post(url, {"version": 1, "ecog": "2", "assessed": "12 May 2025"})
    assert not Draft.objects.exists()


def test_draft_is_discarded_and_nobody_else_sees_it(client, member, chair, case):
    key = f"section:{case.public_id}:fitness"
    url = at(case, "sections/fitness")
    sign_in(client, member).post(reverse("cases:draft", args=[key]), {"assessed": "mine alone"})
    assert "mine alone" not in sign_in(client, chair).get(url).content.decode()
    answer = sign_in(client, member).post(reverse("cases:draft_discard", args=[key]), {"next": url})
    assert (answer.status_code, answer.url) == (302, url)
    assert not Draft.objects.exists()
    answer = client.post(
        reverse("cases:draft_discard", args=[key]), {"next": "https://evil.example"}
    )
    assert answer.url == reverse("cases:list")


def test_draft_endpoint_takes_forms_only(client, member, case):
    sign_in(client, member)
    assert client.post(reverse("cases:draft", args=["Not A Key"]), {}).status_code == 404
    assert (
        client.post(reverse("cases:draft", args=["referral"]), {"a": "x" * 100_001}).status_code
        == 413
    )
    assert client.get(reverse("cases:draft", args=["referral"])).status_code == 405


def test_fact_is_given_to_somebody(client, member, nurse, case):
    url = reverse("cases:owner", args=[case.public_id, "ecog"])
    assert nurse.name in sign_in(client, member).get(url).content.decode()
    assert client.post(url, {"owner_id": "", "due": "yesterday"}).status_code == 422
    assert (
        client.post(url, {"owner_id": str(nurse.public_id), "due": "1 May 2020"}).status_code == 422
    )
    answer = client.post(url, {"owner_id": str(nurse.public_id), "due": "1 May 2099"})
    assert answer.status_code == 302
    task = FactTask.objects.get()
    assert (task.owner, task.fact) == (nurse, "ecog")
    assert nurse.name in client.get(at(case, "")).content.decode()
    assert client.get(reverse("cases:owner", args=[case.public_id, "nonsense"])).status_code == 404


def test_task_is_done_when_its_fact_is_entered_or_cannot_be_had(client, member, nurse, case):
    for fact in ("ecog", "autoimmune_disease", "age"):
        owe_fact(by=member, case=case, fact=fact, owner=nurse, due_on=None)
    today = render_day(timezone.localdate())
    typed = {"version": 1, "ecog": "1", "assessed": today}
    sign_in(client, member).post(at(case, "sections/fitness"), typed)
    client.post(at(case, "parts/background"), {"version": 2, "autoimmune_disease": "unknown"})
    assert [t.fact for t in FactTask.objects.filter(done_at=None)] == ["age"]


def test_fact_of_another_board_cannot_be_given(client, stranger, case):
    url = reverse("cases:owner", args=[case.public_id, "ecog"])
    assert sign_in(client, stranger).get(url).status_code == 404


def test_two_patients_of_one_case_list_do_not_mix(client, member, board, case):
    """Sections are shared by the cases of one patient: a save of one moves the other's version on."""
    second = make_case(member, board, patient=case.patient)
    history.save_fitness(by=member, case=case, version=1, status={"ecog": 1, "ecog_state": "known"})
    answer = sign_in(client, member).post(
        at(second, "sections/fitness"), {"version": 1, "ecog": "2"}
    )
    assert answer.status_code == 409
