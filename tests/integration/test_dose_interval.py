"""The days between doses: asked with the drugs, signed with the decision, carried into the plan."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from followup.models import MonitoringPlan
from followup.services import enter_first_dose
from followup.services.protocols import load_protocols
from meetings.letters.content import outcome_detail
from meetings.models import Decision
from meetings.services.decisions import Draft, StaleDecision, record_decision
from meetings.services.signing import sign_decision
from meetings.verification import faults
from tests.factories.meetings import make_draft, make_item, make_meeting, make_signed, start
from tests.factories.monitoring import make_plan, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(board, chair):
    set_acting(chair)
    load_protocols()
    meeting = make_meeting(chair, board)
    listed = make_item(chair, meeting)
    start(chair, meeting, listed)
    return listed


def send(client, user, item, **data):
    client.force_login(user)
    whole = {
        "version": "0",
        "outcome": "combination",
        "drug": "pembrolizumab",
        "rationale": "x",
        **data,
    }
    return client.post(reverse("meetings:record", args=[item.public_id]), whole)


def saved(chair):
    with acting_as(chair):
        return Decision.objects.get().dose_interval_days


@pytest.mark.parametrize(
    ("data", "beside", "words"),
    [
        ({}, "dose_interval", "Choose the days between doses"),
        ({"dose_interval": "other"}, "dose_interval_other", "Enter the days between doses"),
        ({"dose_interval": "other", "dose_interval_other": "6"}, "dose_interval_other", "Enter a number from 7 to 84"),
        ({"dose_interval": "other", "dose_interval_other": "85"}, "dose_interval_other", "Enter a number from 7 to 84"),
    ],
)  # fmt: skip
def test_a_rechallenge_is_not_saved_without_it_and_the_field_says_so(
    client, chair, item, data, beside, words
):
    response = send(client, chair, item, **data)
    html = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{beside}-error"' in html and words in html
    with acting_as(chair):
        assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("data", "days"),
    [
        ({"dose_interval": "42"}, 42),
        ({"dose_interval": "other", "dose_interval_other": "10"}, 10),
        # What was typed for "other" and then left is not meant.
        ({"dose_interval": "28", "dose_interval_other": "10"}, 28),
    ],
)
def test_a_usual_interval_or_another_number_is_saved_and_shown_again(
    client, chair, item, data, days
):
    assert send(client, chair, item, **data).status_code == 302
    assert saved(chair) == days
    html = client.get(reverse("meetings:record", args=[item.public_id])).content.decode()
    chosen = data["dose_interval"]
    assert f'name="dose_interval" value="{chosen}" checked' in html
    assert ('name="dose_interval_other" type="text" value="10"' in html) is (chosen == "other")


def test_without_an_ici_none_is_asked_for(client, chair, item):
    assert (
        send(client, chair, item, outcome="no_rechallenge", dose_interval="21").status_code == 302
    )
    assert saved(chair) is None


def test_it_is_signed_with_the_decision_and_carried_into_the_plan(client, chair, item):
    decision = make_signed(chair, item, dose_interval_days=28)
    with acting_as(chair):
        assert outcome_detail(decision) == "pembrolizumab, a dose every 28 days (every 4 weeks)"
        snapshot = json.loads(decision.snapshot)
        assert (snapshot["schema"], snapshot["dose_interval_days"]) == (2, 28)
        plan = MonitoringPlan.objects.get()
    assert (plan.dose_interval_days, plan.decided_interval_days) == (28, 28)
    client.force_login(chair)
    html = client.get(reverse("meetings:decision", args=[decision.public_id])).content.decode()
    assert "a dose every 28 days (every 4 weeks)" in html


def test_the_sign_page_shows_it(client, chair, item):
    decision = make_draft(chair, item, dose_interval_days=10)
    client.force_login(chair)
    html = client.get(reverse("meetings:sign", args=[decision.public_id])).content.decode()
    assert "a dose every 10 days" in html


def test_a_change_of_it_makes_the_chairs_page_stale(chair, item):
    decision = make_draft(chair, item)
    make_draft(chair, item, version=1, dose_interval_days=42)
    with pytest.raises(StaleDecision):
        sign_decision(by=chair, decision=decision, version=1)


def test_the_nurse_may_change_it_with_the_first_dose_and_the_change_is_kept(client, board, nurse):
    plan = make_plan(nurse, board, interval=21)
    client.force_login(nurse)
    address = reverse("followup:first_dose", args=[plan.public_id])
    assert 'name="dose_interval" value="21" checked' in client.get(address).content.decode()
    data = {"version": 1, "on": today().isoformat(), "dose_interval": "42"}
    assert client.post(address, data).status_code == 302
    with acting_as(nurse):
        entry = TrailEntry.objects.get(kind="plan.dose_interval_changed")
        plan.refresh_from_db()
    assert entry.detail == {"from": 21, "to": 42} and entry.actor_id == nurse.pk
    assert (plan.dose_interval_days, plan.decided_interval_days) == (42, 21)
    html = client.get(reverse("followup:plan", args=[plan.public_id])).content.decode()
    assert "every 6 weeks (decided: every 3 weeks)" in html


def test_left_as_it_is_no_change_is_noted(board, nurse):
    plan = make_plan(nurse, board, interval=21)
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=today())
        assert not TrailEntry.objects.filter(kind="plan.dose_interval_changed").exists()


def test_a_plan_without_one_asks_for_it_and_assumes_none(client, board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        MonitoringPlan.objects.update(dose_interval_days=None, decided_interval_days=None)
    client.force_login(nurse)
    html = client.get(reverse("followup:plan", args=[plan.public_id])).content.decode()
    assert "days between doses not entered" in html
    address = reverse("followup:first_dose", args=[plan.public_id])
    refused = client.post(address, {"version": 1, "on": today().isoformat()})
    assert refused.status_code == 422
    assert "Choose the days between doses" in refused.content.decode()


def as_signed_before(chair, item, *, schema):
    """Return a row as it was signed before the decision named an interval."""
    return Decision.objects.create(
        patient_id=item.patient_id, board=item.meeting.board, case_id=item.case_id, meeting=item.meeting,
        state="signed", outcome="same_agent", drugs=["nivolumab"], recorded_by=chair, signed_by=chair,
        changed_at=timezone.now(), signed_at=timezone.now(), number=1, snapshot="{}", snapshot_sha256="0" * 64,
        snapshot_schema=schema, salt="00",
    )  # fmt: skip


def test_the_database_refuses_a_signed_rechallenge_without_it_but_keeps_those_signed_before(
    chair, item
):
    with acting_as(chair):
        with pytest.raises(IntegrityError, match="names_its_dose_interval"), transaction.atomic():
            as_signed_before(chair, item, schema=2)
        assert as_signed_before(chair, item, schema=1).pk


def test_the_rows_are_held_against_the_snapshot(chair, item):
    decision = make_signed(chair, item)
    with acting_as(chair):
        assert faults() == []
        Decision.pgh_event_model.objects.filter(dose_interval_days=21, pgh_obj_id=decision.pk).get(
            state="signed"
        )


def test_a_draft_of_another_outcome_drops_it(chair, item):
    make_draft(chair, item)
    with acting_as(chair):
        record_decision(by=chair, item=item, draft=Draft(outcome="defer"), version=1)
    assert saved(chair) is None
