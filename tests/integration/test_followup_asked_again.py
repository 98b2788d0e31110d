"""What was left out or done too early before the first dose is asked for again; agents and planned days that lack."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from followup.models import MonitoringPlan, Notice
from followup.services import enter_first_dose, plan_first_dose, record_result, reopen_check
from followup.services.agents import learn_agents, names_the_drugs
from followup.services.protocols import load_protocols
from followup.services.sweep import UNPLANNED_AFTER, open_due_checks
from tests.factories.meetings import make_item, make_meeting, make_signed, start
from tests.factories.monitored import page
from tests.factories.monitoring import as_worker, backdate, day, make_plan, today
from tests.factories.world import World


def baselines(plan, code):
    rows = plan.checks.filter(step__code=code, offset_days=None).exclude(state="cancelled")
    return list(rows.select_related("step").order_by("pk"))


def leave_out(nurse, plan, code="steroid_dose"):
    (check,) = baselines(plan, code)
    return record_result(by=nurse, check=check, result="not_done", reason="dose_not_given")


def measure(nurse, check, on, mg="5"):
    return record_result(
        by=nurse, check=check, result="normal", measured_on=on, values={"prednisone": mg}
    )


def fresh(plan):
    return MonitoringPlan.objects.get(pk=plan.pk)


@pytest.mark.django_db
def test_left_out_because_no_dose_was_given_it_is_asked_for_once_one_is(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        leave_out(nurse, plan)
        enter_first_dose(by=nurse, plan=fresh(plan), on=today())
        (again,) = baselines(plan, "steroid_dose")
        assert (again.state, again.result, again.reason) == ("due", "", "")
        assert (again.due_on, again.opened_on, again.recorded_by_id) == (today(), today(), None)
        trail = TrailEntry.objects.get(kind="plan.first_dose")
        assert trail.detail["asked_again"] == ["steroid_dose"]
        # Left out now, it is missed, and the board hears of it.
        done = record_result(by=nurse, check=again, result="not_done", reason="patient_wish")
        assert done.plan.case.state == "returned"


@pytest.mark.django_db
def test_planned_again_for_the_same_day_it_is_asked_for(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        plan = plan_first_dose(by=nurse, plan=plan, on=day(10))
        leave_out(nurse, plan)
        plan = plan_first_dose(by=nurse, plan=plan, on=day(10), version=plan.version)
        (again,) = baselines(plan, "steroid_dose")
        assert (again.result, again.due_on) == ("", day(8))
        version = plan.version
        assert plan_first_dose(by=nurse, plan=plan, on=day(10)).version == version


@pytest.mark.django_db
def test_a_critical_one_too_old_for_the_planned_day_is_asked_for_anew_and_keeps_its_result(
    client, board, nurse
):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        (first,) = baselines(plan, "steroid_dose")
        (exam,) = baselines(plan, "baseline_exam")
        measure(nurse, first, today())
        record_result(by=nurse, check=exam, result="normal", measured_on=today())
        plan = plan_first_dose(by=nurse, plan=plan, on=day(4))
        assert len(baselines(plan, "steroid_dose")) == 1
        plan = plan_first_dose(by=nurse, plan=plan, on=day(30))
        done, anew = baselines(plan, "steroid_dose")
        assert (done.pk, done.state, done.values) == (first.pk, "done", {"prednisone": "5"})
        assert (anew.state, anew.due_on, anew.result) == ("waiting", day(28), "")
        # One that is not critical is only labelled.
        assert len(baselines(plan, "baseline_exam")) == 1
        # Another day makes no third; a day for which the result counts takes the second away.
        plan = plan_first_dose(by=nurse, plan=plan, on=day(40))
        assert [c.due_on for c in baselines(plan, "steroid_dose")][1] == day(38)
        with pytest.raises(ValidationError, match="asked for again since"):
            reopen_check(by=nurse, check=done)
    assert page(client, nurse, "plan", plan.public_id).status_code == 200
    with acting_as(nurse):
        plan = plan_first_dose(by=nurse, plan=plan, on=day(5))
        assert [c.pk for c in baselines(plan, "steroid_dose")] == [first.pk]


@pytest.mark.django_db
def test_a_critical_one_too_old_at_the_first_dose_is_asked_for_anew_at_once(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        backdate(plan, 20)
        (first,) = baselines(plan, "steroid_dose")
        measure(nurse, first, day(-19))
        enter_first_dose(by=nurse, plan=fresh(plan), on=day(-1))
        done, anew = baselines(plan, "steroid_dose")
        assert (done.pk, anew.due_on, anew.state) == (first.pk, today(), "waiting")
        measure(nurse, anew, today())
        # Entered again, nothing is asked a third time.
        enter_first_dose(by=nurse, plan=fresh(plan), on=day(-2))
        assert len(baselines(plan, "steroid_dose")) == 2


@pytest.mark.django_db
def test_two_checks_to_be_done_of_one_step_and_day_are_refused_by_the_database(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        (first,) = baselines(plan, "steroid_dose")
        first.pk, first.public_id = None, "00000000-0000-4000-8000-000000000001"
        with pytest.raises(IntegrityError, match="one_check_of_step_and_day"), transaction.atomic():
            first.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("planned", [True, False])
def test_a_plan_opened_before_agents_were_kept_learns_them_from_its_decision(
    board, chair, nurse, monkeypatch, planned
):
    set_acting(chair)
    load_protocols()
    meeting = make_meeting(chair, board)
    item = make_item(chair, meeting)
    start(chair, meeting, item)
    drugs = ["ipilimumab", "nivolumab"]
    with monkeypatch.context() as before:
        before.setattr("followup.services.plans.classes_of", lambda codes: [])
        decision = make_signed(chair, item, outcome="combination", drugs=drugs)
    with acting_as(nurse):
        plan = MonitoringPlan.objects.get(decision_ref=decision.public_id)
        pinned = plan.pinned.filter(version__protocol__code__in=["anti-ctla4", "combination"])
        assert (plan.agents, pinned.count()) == ([], 0)
        if planned:
            plan = plan_first_dose(by=nurse, plan=plan, on=day(20))
            (echo,) = baselines(plan, "echo")
            assert echo.due_on == day(15)
        else:
            plan = enter_first_dose(by=nurse, plan=plan, on=today())
            assert plan.checks.filter(step__code="troponin_ecg", step__critical=True).exists()
        assert fresh(plan).agents == ["anti_ctla4", "combination"] and pinned.count() == 2


@pytest.mark.django_db
def test_without_a_decision_to_be_read_no_agents_are_made_up(board, nurse):
    plan = make_plan(nurse, board, dosed=3)
    assert plan.agents == []


@pytest.mark.django_db
def test_agents_once_known_are_not_read_again(board, nurse, monkeypatch):
    """However often the same reading of decisions is registered, each plan is read once."""
    asked = []
    monkeypatch.setattr("followup.services.agents._namings", [])
    naming = lambda ref: asked.append(ref) or {"ipilimumab"}  # noqa: E731
    names_the_drugs(naming)
    names_the_drugs(naming)
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        plan.agents = []
        assert learn_agents(plan)
        assert not learn_agents(plan)
        assert asked == [plan.decision_ref]
        assert fresh(plan).agents == ["anti_ctla4"]


@pytest.mark.usefixtures("committed_db")
def test_a_first_dose_that_nobody_plans_is_told_of_once_to_who_leads_the_board():
    world = World(dosed=None)

    def told(user):
        return world.seen(user, Notice.objects.values_list("kind", flat=True))

    def sweep(opened):
        with transaction.atomic(), acting_as(world.nurse):
            backdate(world.plan, opened)
        with as_worker():
            open_due_checks()

    sweep(UNPLANNED_AFTER - 2)
    assert told(world.chair) == told(world.coordinator) == []
    sweep(UNPLANNED_AFTER + 1)
    sweep(UNPLANNED_AFTER + 20)
    assert told(world.chair) == told(world.coordinator) == ["unplanned"]
    assert "unplanned" not in told(world.nurse)
    assert world.case_state == ("watching", "")


@pytest.mark.usefixtures("committed_db")
def test_two_sweeps_at_once_tell_of_it_once(monkeypatch):
    """The second has read the plan before the first told of it."""
    world = World(dosed=None)
    with transaction.atomic(), acting_as(world.nurse):
        backdate(world.plan, UNPLANNED_AFTER + 1)
    with as_worker():
        open_due_checks()
        read_before = "SELECT id, current_date FROM followup_monitoringplan"
        monkeypatch.setattr("followup.services.sweep.NEVER_PLANNED", read_before)
        open_due_checks()
    assert world.seen(world.chair, Notice.objects.values_list("kind", flat=True)) == ["unplanned"]


@pytest.mark.usefixtures("committed_db")
def test_a_plan_that_cannot_be_told_of_is_told_of_by_the_next_sweep(monkeypatch):
    world = World(dosed=None)
    with transaction.atomic(), acting_as(world.nurse):
        backdate(world.plan, UNPLANNED_AFTER + 1)

    def lost(**rest):
        raise OperationalError("the connection is lost")

    with as_worker(), monkeypatch.context() as meanwhile:
        meanwhile.setattr("followup.services.sweep.notify", lost)
        open_due_checks()
    assert world.seen(world.chair, Notice.objects.filter(kind="unplanned")) == []
    with as_worker():
        open_due_checks()
    assert world.seen(world.chair, Notice.objects.values_list("kind", flat=True)) == ["unplanned"]


@pytest.mark.usefixtures("committed_db")
def test_a_first_dose_that_is_planned_is_not_told_of():
    world = World(dosed=None)
    with transaction.atomic(), acting_as(world.nurse):
        backdate(world.plan, UNPLANNED_AFTER + 1)
        plan_first_dose(by=world.nurse, plan=world.plan, on=day(20))
    with as_worker():
        open_due_checks()
    assert world.seen(world.chair, Notice.objects.filter(kind="unplanned")) == []
