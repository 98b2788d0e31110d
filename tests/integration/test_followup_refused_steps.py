"""Steps of a plan that cannot be taken as they were asked for: nothing of the plan changes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import ICICourse
from followup.dosing import next_dose
from followup.models import MonitoringPlan
from followup.services import (
    enter_first_dose,
    enter_last_dose,
    hold_plan,
    resume_plan,
    skip_dose,
    take_back_dose,
)
from followup.services.planning import NoInterval
from followup.states import StepNotPossible
from tests.factories.monitored import page, post
from tests.factories.monitoring import backdate, day, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(board, nurse):
    """A plan whose first dose was given 30 days ago, to be given every 21 days."""
    return make_plan(nurse, board, dosed=30)


def stands(plan):
    """Return what a step could have changed: the plan, its doses and its checks."""
    return (
        MonitoringPlan.objects.filter(pk=plan.pk).values().get(),
        list(plan.doses.order_by("number").values()),
        list(plan.checks.order_by("pk").values()),
    )


@pytest.mark.parametrize("days", [6, 85])
def test_doses_follow_each_other_by_1_to_12_weeks(board, nurse, days):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        backdate(plan, 10)
        before = stands(plan)
        with pytest.raises(ValidationError, match="every 7 to 84 days"):
            enter_first_dose(by=nurse, plan=plan, on=day(-3), dose_interval_days=days)
        assert stands(plan) == before


def test_no_days_between_doses_are_assumed(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        backdate(plan, 10)
        MonitoringPlan.objects.filter(pk=plan.pk).update(dose_interval_days=None)
        before = stands(plan)
        with pytest.raises(NoInterval, match="days between doses are not entered"):
            enter_first_dose(by=nurse, plan=plan, on=day(-3))
        assert stands(plan) == before
        plan = enter_first_dose(by=nurse, plan=plan, on=day(-3), dose_interval_days=28)
        assert next_dose(plan).expected_on == day(25)


def test_a_dose_is_skipped_for_a_reason_of_the_list_alone(plan, nurse):
    with acting_as(nurse):
        before = stands(plan)
        for reason in ("", "weather"):
            with pytest.raises(ValidationError) as refused:
                skip_dose(by=nurse, plan=plan, reason=reason)
            assert refused.value.message_dict == {"reason": ["Say why the dose was skipped."]}
        assert stands(plan) == before


def test_while_doses_are_held_none_is_taken_back(plan, nurse):
    with acting_as(nurse):
        dose = skip_dose(by=nurse, plan=plan, reason="toxicity")
        hold_plan(by=nurse, plan=plan, reason="toxicity")
        before = stands(plan)
        with pytest.raises(StepNotPossible, match="Doses are held"):
            take_back_dose(by=nurse, plan=plan)
        assert stands(plan) == before
        resume_plan(by=nurse, plan=plan, next_dose_on=day(14))
        take_back_dose(by=nurse, plan=plan)
        assert not plan.doses.filter(pk=dose.pk).exists()


def test_no_dose_is_the_last_before_the_first(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        before = stands(plan)
        with pytest.raises(StepNotPossible, match="The first dose is not entered yet"):
            enter_last_dose(by=nurse, plan=plan, on=day(0), reason="completed")
        assert stands(plan) == before


def test_after_a_hold_a_corrected_first_dose_moves_the_expected_one_with_its_checks(plan, nurse):
    with acting_as(nurse):
        hold_plan(by=nurse, plan=plan, reason="toxicity")
        resume_plan(by=nurse, plan=plan, next_dose_on=day(7))
        plan = enter_first_dose(by=nurse, plan=plan, on=day(-28))
        assert next_dose(plan).expected_on == day(9)
        visits = plan.checks.filter(step__code="visit", at_dose=True, due_on__gte=day(0))
        assert visits.order_by("due_on").values_list("due_on", flat=True).first() == day(9)


def test_a_course_of_which_nobody_knows_the_beginning_is_not_taken_for_the_plans(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        backdate(plan, 10)
        earlier = ICICourse.objects.create(
            patient_id=plan.patient_id, number=1, start_state="unknown"
        )
        plan = enter_first_dose(by=nurse, plan=plan, on=day(-3))
        assert (plan.course.number, plan.course.start.exact) == (2, day(-3))
        earlier.refresh_from_db()
        assert (earlier.start, earlier.start_state) == (None, "unknown")


@pytest.fixture
def held(plan, nurse):
    with acting_as(nurse):
        return hold_plan(by=nurse, plan=plan, reason="other")


@pytest.mark.parametrize("on", [-30, -31, -400])
def test_doses_do_not_go_on_before_the_last_one_was_given(held, nurse, on):
    with acting_as(nurse):
        before = stands(held)
        with pytest.raises(ValidationError) as refused:
            resume_plan(by=nurse, plan=held, next_dose_on=day(on), confirmed=True)
        assert "the next one comes later" in refused.value.message_dict["on"][0]
        assert stands(held) == before


@pytest.mark.parametrize("on", [-20, 22, 3650])
def test_a_day_far_from_the_doses_is_asked_about_when_they_go_on(held, nurse, on):
    with acting_as(nurse):
        before = stands(held)
        with pytest.raises(ValidationError, match="Correct the day"):
            resume_plan(by=nurse, plan=held, next_dose_on=day(on))
        assert stands(held) == before
        resumed = resume_plan(by=nurse, plan=held, next_dose_on=day(on), confirmed=True)
        assert next_dose(resumed).expected_on == day(on)
        entry = TrailEntry.objects.get(kind="plan.resumed")
        assert entry.detail == {"next_dose_on": day(on).isoformat(), "confirmed": True}


@pytest.mark.parametrize("on", [-16, -9, 0, 21])
def test_after_a_hold_of_any_length_a_day_about_now_is_not_asked_about(held, nurse, on):
    with acting_as(nurse):
        resume_plan(by=nurse, plan=held, next_dose_on=day(on))
        assert "confirmed" not in TrailEntry.objects.get(kind="plan.resumed").detail


def test_the_form_asks_about_a_day_far_off_when_doses_go_on(client, held, nurse):
    assert 'name="confirmed"' not in page(client, nurse, "resume", held.public_id).content.decode()
    sent = {"version": held.version, "on": day(90).isoformat()}
    refused = post(client, nurse, "resume", held.public_id, data=sent)
    assert refused.status_code == 422 and 'name="confirmed"' in refused.content.decode()
    sent["confirmed"] = "on"
    assert post(client, nurse, "resume", held.public_id, data=sent).status_code == 302
