"""Conditions of a decision, asked again when the first dose is entered."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.derivations import derive
from cases.models import IrAE, OrganReview
from cases.reading import record_of
from cases.services.facts import refresh_facts
from cases.vocabulary import Organ
from followup.models import MonitoringPlan, Notice
from followup.services import (
    enter_first_dose,
    open_plan,
)
from followup.services.protocols import load_protocols
from tests.factories.monitored import page, post
from tests.factories.monitoring import backdate, day, make_watched_case, today

pytestmark = pytest.mark.django_db


def conditioned(nurse, board, *conditions):
    load_protocols()
    case = make_watched_case(nurse, board)
    with acting_as(nurse):
        return open_plan(
            by=nurse, case=case, regimen_label="x", decision_ref=uuid.uuid4(), dose_interval_days=21,
            conditions=[*conditions],
        )  # fmt: skip


IN_WORDS = {"text": "Cardiology agrees", "condition": None, "expires_on": None}


def test_a_condition_that_is_not_certainly_met_has_to_be_acknowledged(board, nurse, chair):
    plan = conditioned(nurse, board, IN_WORDS, {**IN_WORDS, "expires_on": day(-1)})
    assert plan.conditions[1]["expires_on"] == day(-1).isoformat()
    with acting_as(nurse):
        with pytest.raises(ValidationError, match="condition"), transaction.atomic():
            enter_first_dose(by=nurse, plan=plan, on=today())
        plan = enter_first_dose(by=nurse, plan=plan, on=today(), acknowledged=True)
        entry = TrailEntry.objects.get(kind="plan.conditions_acknowledged")
    assert entry.detail["unmet"] == {"0": "in_words", "1": "expired"}
    with acting_as(chair):
        assert list(Notice.objects.values_list("kind", flat=True)) == ["conditions"]


def test_a_condition_in_words_is_met_where_the_nurse_says_so_and_nothing_is_acknowledged(
    board, nurse, chair
):
    plan = conditioned(nurse, board, IN_WORDS)
    with acting_as(nurse):
        plan = enter_first_dose(by=nurse, plan=plan, on=today(), said={0: True})
        assert plan.conditions[0]["said"] is True
        assert not TrailEntry.objects.filter(kind="plan.conditions_acknowledged").exists()
    with acting_as(chair):
        assert not Notice.objects.exists()


def test_a_condition_in_words_that_was_not_met_is_acknowledged_and_told(board, nurse, chair):
    plan = conditioned(nurse, board, IN_WORDS)
    with acting_as(nurse):
        with pytest.raises(ValidationError, match="ask the board first"), transaction.atomic():
            enter_first_dose(by=nurse, plan=plan, on=today(), said={0: False})
        enter_first_dose(by=nurse, plan=plan, on=today(), said={0: False}, acknowledged=True)
        entry = TrailEntry.objects.get(kind="plan.conditions_acknowledged")
    assert entry.detail["unmet"] == {"0": "not_met"}
    with acting_as(chair):
        assert Notice.objects.get().kind == "conditions"


def test_what_the_record_can_judge_is_not_for_the_nurse_to_say(board, nurse):
    rule = {"fact": "ecog", "op": "<=", "value": 1}
    plan = conditioned(nurse, board, {"text": "x", "condition": rule, "expires_on": None})
    with acting_as(nurse), pytest.raises(ValidationError, match="ask the board first"):
        enter_first_dose(by=nurse, plan=plan, on=today(), said={0: True})


def test_a_condition_that_is_met_asks_for_nothing(board, nurse):
    had = {"fact": "irae_any", "op": "is", "value": True}
    plan = conditioned(
        nurse, board, {"text": "x", "condition": {"any": [had, {"not": had}]}, "expires_on": None}
    )
    with acting_as(nurse):
        derived = derive(record_of(plan.case), as_of=today())["irae_any"]
        assert derived.value is True
        assert enter_first_dose(by=nurse, plan=plan, on=today()).state == "active"
        assert not TrailEntry.objects.filter(kind="plan.conditions_acknowledged").exists()


@pytest.mark.parametrize(("days", "unmet"), [(5, None), (180, {"0": "unjudged"})])
def test_a_grade_that_was_said_long_ago_does_not_meet_a_condition(board, nurse, days, unmet):
    rule = {"fact": "irae_grade_now", "op": "<=", "value": 1}
    plan = conditioned(nurse, board, {"text": "x", "condition": rule, "expires_on": None})
    with acting_as(nurse):
        IrAE.objects.filter(patient=plan.patient).update(
            grade_now=1, grade_now_state="known", resolution="ongoing", resolution_state="known",
            now_on=today() - timedelta(days=days),
        )  # fmt: skip
        for organ in Organ.values:
            OrganReview.objects.get_or_create(
                patient=plan.patient, organ=organ, defaults={"asked_on": today(), "asked_by": nurse}
            )
        facts = refresh_facts(case=plan.case).as_facts()
        enter_first_dose(by=nurse, plan=plan, on=today(), acknowledged=True)
        told = TrailEntry.objects.filter(kind="plan.conditions_acknowledged").first()
    assert (facts["irae_grade_now"].high == 1) is (unmet is None)
    assert (told.detail["unmet"] if told else None) == unmet


def corrected(nurse, board, *conditions):
    """Return a plan, signed 20 days ago, whose first dose was entered for 10 days ago with its conditions met."""
    plan = conditioned(nurse, board, *conditions)
    with acting_as(nurse):
        backdate(plan, 20)
        said = dict.fromkeys(range(len(conditions)), True)
        return enter_first_dose(by=nurse, plan=plan, on=day(-10), said=said)


def test_corrected_to_a_day_by_which_a_condition_has_run_out_it_is_acknowledged(
    board, nurse, chair
):
    until = {**IN_WORDS, "expires_on": day(-5)}
    plan = corrected(nurse, board, until, IN_WORDS)
    with acting_as(nurse):
        assert not TrailEntry.objects.filter(kind="plan.conditions_acknowledged").exists()
        plan = enter_first_dose(by=nurse, plan=plan, on=day(-6))
        with pytest.raises(ValidationError, match="has run out"), transaction.atomic():
            enter_first_dose(by=nurse, plan=plan, on=day(-4))
        plan = enter_first_dose(by=nurse, plan=plan, on=day(-4), acknowledged=True)
        entry = TrailEntry.objects.get(kind="plan.conditions_acknowledged")
        assert entry.detail == {"unmet": {"0": "expired"}, "on": day(-4).isoformat()}
        # What was said with the dose stays as it was said.
        assert [row["said"] for row in plan.conditions] == [True, True]
        # Known already: a further day asks for nothing.
        enter_first_dose(by=nurse, plan=plan, on=day(-3))
        assert TrailEntry.objects.filter(kind="plan.conditions_acknowledged").count() == 1
    with acting_as(chair):
        assert list(Notice.objects.values_list("kind", flat=True)) == ["conditions"]


def test_the_form_asks_about_a_corrected_day_once_it_is_in_question(client, board, nurse):
    plan = corrected(nurse, board, {**IN_WORDS, "expires_on": day(-5)})
    assert (
        'name="acknowledged"'
        not in page(client, nurse, "first_dose", plan.public_id).content.decode()
    )
    sent = {"version": plan.version, "on": day(-4).isoformat(), "dose_interval": "21"}
    refused = post(client, nurse, "first_dose", plan.public_id, data=sent)
    assert refused.status_code == 422 and 'name="acknowledged"' in refused.content.decode()
    sent["acknowledged"] = "on"
    assert post(client, nurse, "first_dose", plan.public_id, data=sent).status_code == 302
    with acting_as(nurse):
        assert MonitoringPlan.objects.get(pk=plan.pk).first_dose_on == day(-4)
