"""What is known of a row, and of what it is not known and why, stands on the page; derived values say their basis."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.services import history
from cases.services.steroids import save_steroid
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import render_day

pytestmark = pytest.mark.django_db
PNEUMONITIS = {"organ": "lung", "entity": "pneumonitis", "ctcae_version": "5.0"}
UNKNOWN = {"worst_grade_state": "unknown"}


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def page(client, member, case) -> str:
    answer = sign_in(client, member).get(reverse("cases:detail", args=[case.public_id]))
    return " ".join(answer.content.decode().split())


def irae(member, case, version=1, **values):
    with acting_as(member):
        return history.save_irae(
            by=member, case=case, version=version, values={**PNEUMONITIS, **values}
        )


def test_each_state_of_an_irae_is_told(client, member, case):
    states = {
        "onset_grade_state": "unknown", "likelihood_state": "not_yet", "care_state": "unknown",
        "sequelae_state": "unknown", "worst_grade_state": "unknown",
    }  # fmt: skip
    irae(member, case, **states)
    html = page(client, member, case)
    assert "not yet: cause · unknown: grade at onset, care, sequelae" in html
    assert "worst grade unknown" in html
    assert "pneumonitis grade unknown" in html.lower()


def test_a_grade_that_nobody_entered_is_not_unknown(client, member, case):
    irae(member, case)
    html = page(client, member, case)
    assert "worst grade not entered" in html
    assert "grade unknown" not in html


def test_the_day_of_the_grade_now_stands_beside_it(client, member, case):
    irae(
        member, case, worst_grade=3, worst_grade_state="known", grade_now=1, grade_now_state="known"
    )
    assert f"now: {render_day(timezone.localdate())}" in page(client, member, case)


def test_each_state_of_a_course_is_told(client, member, case):
    values = {
        "drugs": ["pembrolizumab"], "drugs_state": "known", "progression_timing": "on_treatment",
        "progression_timing_state": "known", "growing_lesions": 0, "growing_lesions_state": "known",
        "new_lesions_state": "unknown", "primary_state_state": "unknown", "setting_state": "not_yet",
        "progression_confirmed": False, "progression_confirmed_state": "known",
        "all_treatable_locally": False, "all_treatable_locally_state": "known",
        "planned_days_state": "unknown",
    }  # fmt: skip
    with acting_as(member):
        history.save_course(by=member, case=case, version=1, values=values)
    html = page(client, member, case)
    told = "0 growing, not all treatable locally, not confirmed; unknown: new lesions, the primary"
    assert told in html
    assert "not yet: setting" in html
    assert "planned unknown" in html


def test_a_derived_grade_says_its_basis_and_that_organs_were_not_asked(client, member, case):
    over = {"grade_now": 0, "grade_now_state": "known"}
    irae(member, case, worst_grade=2, worst_grade_state="known", **over)
    html = page(client, member, case)
    assert "0 from 1 event; 19 organs not asked" in html
    assert "irAE grade now: not entered" not in html
    assert "Waits for the organ review" in html


def test_what_is_derived_of_steroids_and_of_the_tumour_says_its_basis(client, member, case):
    html = page(client, member, case)
    for told in (
        "no course is entered; nobody has said that the list is complete",
        "no agent is entered; nobody has said that the list is complete",
        "site not told; nobody has said that the list of sites is complete",
        "EGFR not entered; ALK not entered; ROS1 not entered",
    ):
        assert told in html


def test_a_grade_that_was_not_entered_waits_for_more_than_the_review(client, member, case):
    irae(member, case)
    html = page(client, member, case)
    assert "from 1 event (Pneumonitis not entered); 19 organs not asked" in html


def test_a_steroid_names_its_event_and_the_event_its_steroid(client, member, case):
    event = irae(member, case, worst_grade=3, worst_grade_state="known")
    values = {
        "drug": "prednisolone", "drug_state": "known", "irae": event, "indication": "irae",
        "indication_state": "known", "peak_mg_per_day": 60, "peak_mg_per_day_state": "known",
    }  # fmt: skip
    with acting_as(member):
        save_steroid(by=member, case=case, version=1, values=values)
    html = page(client, member, case)
    assert "Steroid: prednisolone, peak 60 mg/day, date not known, for pneumonitis" in html
    assert "given: prednisolone up to 60 mg/day" in html
