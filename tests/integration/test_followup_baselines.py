"""What is asked before the first dose counts back from that dose; while none is due, nothing of it is missed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.acting import acting_as
from audit.models import TrailEntry
from followup.models import Check, MonitoringPlan, Reminder
from followup.selectors import worklist, worklist_counts
from followup.services import enter_first_dose, plan_first_dose, record_result
from followup.services.locking import Outdated
from followup.services.sweep import open_due_checks
from tests.factories.monitored import page, post
from tests.factories.monitoring import (
    as_worker,
    backdate,
    day,
    make_irae,
    make_plan,
    make_watched_case,
    today,
)
from tests.factories.world import World


def baseline(plan, code):
    return plan.checks.select_related("step").get(step__code=code, offset_days=None)


@pytest.mark.django_db
def test_baselines_are_due_in_the_middle_of_their_days_before_the_planned_dose(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        plan = plan_first_dose(by=nurse, plan=plan, on=day(30), version=plan.version)
        assert baseline(plan, "blood_count").due_on == day(27)
        assert baseline(plan, "tumour_imaging").due_on == day(23)
        assert plan_first_dose(by=nurse, plan=plan, on=day(30)).version == plan.version
        with pytest.raises(Outdated):
            plan_first_dose(by=nurse, plan=plan, on=day(20), version=plan.version - 1)
        # Near, it is due at once and not late already; done is done.
        record_result(
            by=nurse,
            check=baseline(plan, "baseline_exam"),
            result="normal",
            measured_on=today(),
        )
        plan = plan_first_dose(by=nurse, plan=plan, on=day(1))
        assert baseline(plan, "blood_count").due_on == today()
        assert baseline(plan, "baseline_exam").due_on == day(27)
        kinds = TrailEntry.objects.filter(kind="plan.first_dose_planned")
        assert kinds.count() == 2
        enter_first_dose(by=nurse, plan=plan, on=today())
        with pytest.raises(PermissionDenied, match="entered already"):
            plan_first_dose(by=nurse, plan=plan, on=day(3))


@pytest.mark.django_db
def test_the_first_dose_itself_counts_where_it_comes_before_the_planned_day(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        plan_first_dose(by=nurse, plan=plan, on=day(20))
        enter_first_dose(by=nurse, plan=MonitoringPlan.objects.get(pk=plan.pk), on=today())
        assert baseline(plan, "tumour_imaging").due_on == today()


@pytest.mark.django_db
def test_left_out_because_no_dose_is_given_it_returns_no_case_and_is_asked_again(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        steroids = baseline(plan, "steroid_dose")
        assert steroids.step.critical
        done = record_result(by=nurse, check=steroids, result="not_done", reason="dose_not_given")
        assert (done.state, done.plan.case.state) == ("missed", "watching")
        plan_first_dose(by=nurse, plan=plan, on=day(10))
        again = baseline(plan, "steroid_dose")
        assert (again.result, again.reason, again.due_on) == ("", "", day(8))
        record_result(by=nurse, check=again, result="not_done", reason="patient_wish")
        plan.case.refresh_from_db()
        assert (plan.case.state, plan.case.returned_reason) == ("returned", "missed_check")


@pytest.mark.django_db
def test_in_the_worklist_nothing_is_late_before_a_dose_that_nobody_planned(client, board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        plan.checks.filter(offset_days=None).update(due_on=day(-20))
        number = plan.checks.filter(offset_days=None).count()
        counts = worklist_counts(nurse, today=today())
        assert (counts["overdue"], counts["today"]) == (0, number)
        assert worklist(nurse, show="today", mine=False, today=today()).count() == number
    html = page(client, nurse, "worklist").content.decode()
    assert 'id="group-today"' in html and 'id="group-overdue"' not in html
    assert "before the first dose" in html
    with acting_as(nurse):
        MonitoringPlan.objects.update(planned_first_on=day(3))
        assert worklist_counts(nurse, today=today())["overdue"] == number


@pytest.mark.django_db
def test_the_day_is_planned_on_a_page_of_its_own(client, board, nurse):
    plan = make_plan(nurse, board)
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert "first dose not planned yet" in html and "Plan first dose" in html
    data = {"version": plan.version, "on": day(9).isoformat()}
    assert post(client, nurse, "planned_first", plan.public_id, data=data).status_code == 302
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert "first dose planned for" in html and "Plan another day" in html
    late = {"version": plan.version + 1, "on": day(-1).isoformat()}
    answer = post(client, nurse, "planned_first", plan.public_id, data=late)
    assert answer.status_code == 422 and 'id="id_on-error"' in answer.content.decode()


@pytest.mark.django_db
def test_a_result_much_older_than_the_first_dose_says_so(client, board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        exam = baseline(plan, "baseline_exam")
        record_result(by=nurse, check=exam, result="normal", measured_on=today())
    html = page(client, nurse, "check", exam.public_id).content.decode()
    assert "more than 7 days before" not in html
    with acting_as(nurse):
        plan_first_dose(by=nurse, plan=plan, on=day(30))
    html = page(client, nurse, "check", exam.public_id).content.decode()
    assert "more than 7 days before the first dose" in html


@pytest.mark.usefixtures("committed_db")
def test_while_no_dose_is_due_nothing_is_missed_or_escalated_and_given_without_it_is():
    world = World(dosed=None)
    mine = Check.objects.filter(offset_days__isnull=True)
    world.update(mine, due_on=day(-60))
    with as_worker():
        open_due_checks()
    world.update(mine, opened_on=day(-60))
    with as_worker():
        swept = open_due_checks()
    assert (swept.missed, swept.returned) == (0, 0)
    assert world.case_state == ("watching", "")
    kinds = world.seen(world.nurse, Reminder.objects.values_list("kind", flat=True).distinct())
    assert kinds == ["due"]
    with transaction.atomic(), acting_as(world.nurse):
        backdate(world.plan, 70)
        MonitoringPlan.objects.update(planned_first_on=day(-5))
    with as_worker():
        assert open_due_checks().missed == 0
    kinds = world.seen(world.nurse, Reminder.objects.values_list("kind", flat=True).distinct())
    assert set(kinds) == {"due", "overdue", "escalation"}
    with transaction.atomic(), acting_as(world.nurse):
        enter_first_dose(by=world.nurse, plan=world.plan, on=day(-4))
    rest = Check.objects.filter(offset_days__isnull=False)
    world.update(rest, state="waiting", due_on=today() + timedelta(days=30))
    world.update(mine, dated_on=day(-60), state="due", opened_on=day(-60))
    with as_worker():
        swept = open_due_checks()
    assert swept.missed == len(world.seen(world.nurse, mine)) and swept.returned == 1
    assert world.case_state == ("returned", "missed_check")


@pytest.mark.django_db
def test_on_replacement_the_electrolytes_are_the_baseline(board, nurse):
    """Cortisol and ACTH say nothing under hydrocortisone: that neither was called for brings nobody back."""
    case = make_watched_case(nurse, board, irae=False)
    make_irae(nurse, case, "hypophysitis", organ="pituitary")
    plan = make_plan(nurse, board, case=case)
    with acting_as(nurse):
        check = baseline(plan, "cortisol")
        values = {"sodium": "139", "potassium": "4.2"}
        done = record_result(
            by=nurse, check=check, result="normal", measured_on=today(), values=values,
            unmeasured="not_needed",
        )  # fmt: skip
        case.refresh_from_db()
    assert (done.result, case.state) == ("normal", "watching")


@pytest.mark.django_db
def test_conditions_say_that_they_stand_as_on_the_first_dose(client, board, nurse):
    told = "As judged when the first dose was entered."
    waiting, dosed = make_plan(nurse, board), make_plan(nurse, board, dosed=3)
    conditions = [{"text": "Cardiology agrees", "condition": None, "expires_on": None}]
    with acting_as(nurse):
        MonitoringPlan.objects.update(conditions=conditions)
    assert told not in page(client, nurse, "plan", waiting.public_id).content.decode()
    assert told in page(client, nurse, "plan", dosed.public_id).content.decode()
