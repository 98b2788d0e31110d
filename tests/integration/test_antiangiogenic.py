"""What an anti-angiogenic agent makes worse is entered and dated, told in the history, and asked for where proposed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.changelog import saves_of
from cases.loading import load as load_record_data
from cases.models import Background, Case
from cases.rules import readiness_of
from cases.selectors import case_for_page
from cases.services.facts import refresh_patient
from cases.timeline.build import history_of
from cases.timeline.words import point_row
from evidence.conditions import FactState
from tests.factories.labs import facts_of, make_sample
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import render_day

pytestmark = pytest.mark.django_db
ASKED = {
    "bleeding", "hypertension", "major_surgery", "systolic_now", "diastolic_now", "urine_protein_now",
}  # fmt: skip


@pytest.fixture
def case(member, board):
    load_record_data()
    return make_case(member, board)


def url(case):
    return reverse("cases:part", args=[case.public_id, "background"])


def test_only_an_anti_angiogenic_proposal_asks_for_them(member, case):
    with acting_as(member):
        for regimen, asked in (("same_agent", set()), ("ici_antiangiogenic", ASKED)):
            Case.objects.filter(pk=case.pk).update(
                proposed_regimen=regimen, proposed_regimen_state="known"
            )
            refresh_patient(patient=case.patient)
            ready = readiness_of(Case.objects.get(pk=case.pk))
            assert set(ready.by_key) & ASKED == asked


def test_they_are_entered_with_their_days_and_stand_in_the_history(client, member, case):
    operated = timezone.localdate() - timedelta(days=28)
    sent = {
        "version": 1, "bleeding": "haemoptysis", "bled": "March 2026", "hypertension": "controlled",
        "major_surgery": "yes", "operated": render_day(operated),
    }  # fmt: skip
    answer = sign_in(client, member).post(url(case), sent)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert "Haemoptysis, March 2026" in page and render_day(operated) in page
    with acting_as(member):
        facts = facts_of(case)
        assert (facts["bleeding"].value, facts["hypertension"].value) == (
            "haemoptysis",
            "controlled",
        )
        assert facts["major_surgery"].value is True
        told = {(c.label, c.new) for save in saves_of(case)[0] for c in save.changes}
    assert ("Bleeding", "Haemoptysis") in told and ("Last bleeding", "March 2026") in told


def test_unknown_is_not_none_and_a_day_of_nothing_is_refused(client, member, case):
    sign_in(client, member).post(url(case), {"version": 1, "bleeding": "unknown"})
    with acting_as(member):
        assert facts_of(case)["bleeding"].state is FactState.UNKNOWN
        assert Background.objects.get(patient=case.patient).bleeding is None
    for said in ("none", ""):
        answer = client.post(url(case), {"version": 2, "bleeding": said, "bled": "March 2026"})
        assert answer.status_code == 422
        assert "there is a day of it" in answer.content.decode()


def test_pressure_and_protein_are_values_with_unit_and_day(member, case):
    day = timezone.localdate() - timedelta(days=3)
    values = {"systolic": ("20", "kPa", ""), "diastolic": ("80", "mm[Hg]", "")}
    with acting_as(member):
        make_sample(member, case, day, values | {"urine_protein": ("300", "mg/g", "")})
        facts = facts_of(case)
    assert float(facts["systolic_now"].low) == pytest.approx(150.012, abs=0.51)
    assert float(facts["diastolic_now"].low) == 80
    # By hand: 300 mg/g over the 8.84 mmol of creatinine in a gram.
    assert float(facts["urine_protein_now"].low) == pytest.approx(33.9, abs=0.06)


@pytest.mark.parametrize(
    ("bled", "when"), [("12 March 2024", "12 March 2024"), ("2023", "2023"), ("", "date not known")]
)
def test_a_bleeding_stands_on_the_timeline_and_in_its_table(client, member, case, bled, when):
    sent = {"version": 1, "bleeding": "haemoptysis", "bled": bled}
    assert sign_in(client, member).post(url(case), sent).status_code == 302
    with acting_as(member):
        found = case_for_page(member).get(pk=case.pk)
        (point,) = history_of(found, timezone.localdate()).points
    assert (point.kind, point.label, point.at.words) == (
        "Bleeding",
        "Haemoptysis",
        when if bled else "",
    )
    row = point_row(point)
    assert (row.kind, row.what, row.when) == ("Bleeding", "Haemoptysis", when)


@pytest.mark.parametrize("said", ["none", "unknown", ""])
def test_what_is_no_bleeding_is_not_drawn(client, member, case, said):
    sign_in(client, member).post(url(case), {"version": 1, "bleeding": said})
    with acting_as(member):
        found = case_for_page(member).get(pk=case.pk)
        assert not history_of(found, timezone.localdate()).points
