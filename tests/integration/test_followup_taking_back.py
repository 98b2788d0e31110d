"""A first dose entered by mistake is taken back: the plan waits, and the record says nothing of a dose not given."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import Case, CaseSection, ICICourse
from cases.services.facts import refresh_facts
from cases.services.history import save_course
from followup.models import Check, MonitoringPlan, Reminder
from followup.services import (
    close_plan,
    enter_first_dose,
    enter_last_dose,
    give_dose,
    hold_plan,
    record_result,
    take_back_first_dose,
)
from followup.services.delivery import drain
from followup.services.iraes import record_irae
from followup.services.locking import Outdated
from followup.services.sweep import open_due_checks
from tests.factories.monitored import page, post
from tests.factories.monitoring import as_worker, backdate, day, make_plan, today
from tests.factories.people import make_board, make_user
from tests.factories.world import World, make_due
from ui.partial_dates import parse_partial_date

BY_HAND = {"drugs": ["pembrolizumab"], "drugs_state": "known"}


def fresh(plan):
    return MonitoringPlan.objects.get(pk=plan.pk)


def facts(plan):
    """Return what is derived about the patient, but for what depends on when it was derived."""
    row = Case.objects.select_related("facts").get(pk=plan.case_id).facts
    return row.as_facts()


def asked_by(plan):
    """Return what is to be done under a plan, and when, by code and day after the first dose, or the last."""
    rows = plan.checks.filter(state__in=["waiting", "due"]).select_related("step")
    return {(c.step.code, c.offset_days, c.after_last_dose): (c.due_on, c.label) for c in rows}


@pytest.fixture
def plan(db, board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        backdate(plan, 10)
        return fresh(plan)


@pytest.mark.django_db
def test_taken_back_the_plan_waits_and_the_record_is_as_before(plan, nurse):
    with acting_as(nurse):
        refresh_facts(case=plan.case)  # of the irAE that the factory wrote
        before, stood = facts(plan), asked_by(plan)
        enter_first_dose(by=nurse, plan=plan, on=day(-7))
        assert ICICourse.objects.count() == 1 and facts(plan) != before
        taken = take_back_first_dose(by=nurse, plan=plan)
        assert (taken.state, taken.first_dose_on, taken.course_id) == (
            "waiting_first_dose", None, None,
        )  # fmt: skip
        assert not ICICourse.objects.exists() and facts(plan) == before
        assert asked_by(plan).keys() == stood.keys()
        for key, (due, label) in asked_by(plan).items():
            assert label == stood[key][1]
            assert (due is None) == (key[1] is not None), key
        entry = TrailEntry.objects.get(kind="plan.first_dose_taken_back")
        assert (entry.actor_id, entry.detail) == (nurse.pk, {"on": day(-7).isoformat()})
        events = ICICourse.pgh_event_model.objects.order_by("pgh_id")
        assert list(events.values_list("pgh_label", flat=True)) == ["insert", "delete"]
        # The dose that is given is entered as any first dose.
        again = enter_first_dose(by=nurse, plan=fresh(plan), on=today())
        assert again.state == "active" and ICICourse.objects.get().start.exact == today()
        assert again.checks.get(step__code="visit", offset_days=21).due_on == day(21)


@pytest.mark.django_db
def test_results_stay_as_found_before_the_dose_and_are_asked_for_again_at_it(plan, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-7))
        visit = plan.checks.get(step__code="visit", offset_days=0)
        record_result(by=nurse, check=visit, result="normal", measured_on=day(-7))
        call = plan.checks.get(step__code="symptom_call", offset_days=7)
        record_result(by=nurse, check=call, result="not_done", reason="not_reached")
        take_back_first_dose(by=nurse, plan=plan)
        kept = Check.objects.get(pk=visit.pk)
        assert (kept.state, kept.result, kept.measured_on) == ("done", "normal", day(-7))
        assert kept.offset_days is None
        asked = plan.checks.get(step__code="visit", offset_days=0)
        assert (asked.state, asked.due_on) == ("waiting", None)
        call.refresh_from_db()
        assert (call.state, call.result, call.due_on) == ("waiting", "", None)


@pytest.mark.django_db
def test_the_interval_and_the_conditions_are_those_of_the_decision_again(plan, nurse):
    condition = {"text": "Cardiology agrees", "condition": None, "expires_on": None}
    with acting_as(nurse):
        MonitoringPlan.objects.filter(pk=plan.pk).update(conditions=[condition])
        enter_first_dose(by=nurse, plan=plan, on=day(-7), dose_interval_days=42, said={0: True})
        taken = take_back_first_dose(by=nurse, plan=plan)
        assert (taken.dose_interval_days, taken.conditions) == (21, [condition])
        visits = plan.checks.filter(step__code="visit", state="waiting", offset_days__lte=42)
        assert sorted(visits.values_list("offset_days", flat=True)) == [0, 21, 42]
        with pytest.raises(ValidationError, match="condition"), transaction.atomic():
            enter_first_dose(by=nurse, plan=fresh(plan), on=today())


@pytest.mark.django_db
def test_a_first_dose_before_others_stays_and_an_old_page_takes_nothing_back(plan, nurse):
    with acting_as(nurse):
        backdate(plan, 40)
        given = enter_first_dose(by=nurse, plan=plan, on=day(-30))
        with pytest.raises(Outdated):
            take_back_first_dose(by=nurse, plan=plan, version=given.version - 1)
        give_dose(by=nurse, plan=plan, on=day(-9))
        with pytest.raises(ValidationError, match="take those back first"):
            take_back_first_dose(by=nurse, plan=plan)
        assert fresh(plan).first_dose_on == day(-30)


@pytest.mark.django_db
@pytest.mark.parametrize("then", ["held", "ended"])
def test_a_hold_or_a_last_dose_on_its_day_goes_with_it(plan, nurse, then):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-7))
        if then == "held":
            hold_plan(by=nurse, plan=plan, reason="other")
        else:
            enter_last_dose(by=nurse, plan=plan, on=day(-7), reason="completed")
        taken = take_back_first_dose(by=nurse, plan=plan)
        assert (taken.state, taken.hold_reason, taken.end_reason) == ("waiting_first_dose", "", "")
        assert plan.checks.filter(step__code="visit", state="waiting").count() > 3
        # Pressed twice it is taken back once.
        assert take_back_first_dose(by=nurse, plan=plan).version == taken.version


@pytest.mark.django_db
def test_a_course_under_which_an_irae_is_recorded_is_not_removed(plan, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-7))
        version = CaseSection.objects.get(case=plan.case_id, key="iraes").version
        record_irae(
            by=nurse, plan=plan, version=version, entity="colitis", ctcae_version="5.0", grade=1,
            onset=parse_partial_date(day(-2).isoformat()),
        )  # fmt: skip
        with pytest.raises(ValidationError, match="recorded under course 1"), transaction.atomic():
            take_back_first_dose(by=nurse, plan=plan)
        assert fresh(plan).state == "active" and ICICourse.objects.exists()


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("drugs", [BY_HAND, {}], ids=["with its drugs", "without"])
def test_a_course_entered_by_hand_says_again_what_it_said(drugs):
    with transaction.atomic():
        board = make_board()
        nurse = make_user("nurse", board)
        plan = make_plan(nurse, board)
        with acting_as(nurse):
            backdate(plan, 10)
            version = CaseSection.objects.get(case=plan.case_id, key="courses").version
            typed = {**drugs, "start": parse_partial_date(day(-5).isoformat())}
            save_course(by=nurse, case=plan.case, version=version, values=typed)
    with transaction.atomic(), acting_as(nurse):
        before = facts(plan)
        enter_first_dose(by=nurse, plan=plan, on=day(-7))
        assert ICICourse.objects.get().start.exact == day(-7)
    with transaction.atomic(), acting_as(nurse):
        take_back_first_dose(by=nurse, plan=plan)
        course = ICICourse.objects.get()
        assert (course.start.exact, course.cycles_low, course.stop_state) == (
            day(-5), None, "missing",
        )  # fmt: skip
        assert course.drugs == drugs.get("drugs", []) and facts(plan) == before
        assert course.drugs_state == drugs.get("drugs_state", "missing")
        assert fresh(plan).course_id is None


@pytest.mark.django_db
def test_the_record_of_a_closed_case_takes_no_change(plan, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-7))
        Case.objects.filter(pk=plan.case_id).update(state="closed")
        with pytest.raises(ValidationError, match="The case is closed"), transaction.atomic():
            take_back_first_dose(by=nurse, plan=plan)
        assert fresh(plan).state == "active" and ICICourse.objects.exists()


@pytest.mark.django_db
def test_a_course_that_is_not_the_plans_stays_in_the_record(plan, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-7))
        MonitoringPlan.objects.filter(pk=plan.pk).update(course=None)
        assert take_back_first_dose(by=nurse, plan=plan).state == "waiting_first_dose"
        assert ICICourse.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("planned", "kept"), [(-7, None), (3, 3)])
def test_a_planned_day_that_is_past_is_planned_no_more(plan, nurse, planned, kept):
    with acting_as(nurse):
        MonitoringPlan.objects.filter(pk=plan.pk).update(planned_first_on=day(planned))
        enter_first_dose(by=nurse, plan=plan, on=day(-7))
        taken = take_back_first_dose(by=nurse, plan=plan)
        assert taken.planned_first_on == (None if kept is None else day(kept))
        before = taken.checks.filter(offset_days=None, state__in=["waiting", "due"])
        assert before.exists()
        if kept is not None:
            # In time for the planned dose, and never in the past.
            assert all(today() <= check.due_on <= day(kept) for check in before)


@pytest.mark.usefixtures("committed_db")
def test_what_was_missed_or_reminded_for_a_dose_that_was_none_is_so_no_more():
    world = World(dosed=20)
    with as_worker():
        open_due_checks()
    world.update(Check.objects.filter(state="due"), opened_on=day(-20))
    with as_worker():
        assert open_due_checks().missed > 3
    with transaction.atomic(), acting_as(world.nurse):
        take_back_first_dose(by=world.nurse, plan=world.plan)
        assert not world.plan.checks.filter(state="missed").exists()
    make_due()
    with as_worker():
        drain()
        assert open_due_checks().missed == 0
    rows = Check.objects.filter(offset_days__isnull=False).exclude(state="waiting")
    assert world.seen(world.nurse, rows) == []
    # What was to be sent about checks of the dose that was none is not sent.
    sent = Reminder.objects.filter(safety_check__offset_days__isnull=False, state="sent")
    assert world.seen(world.nurse, sent) == []


@pytest.mark.django_db
def test_not_given_is_no_reason_to_close_while_a_first_dose_stands(client, plan, nurse):
    with acting_as(nurse):
        given = enter_first_dose(by=nurse, plan=plan, on=day(-7))
    sent = {"version": given.version, "reason": "not_given"}
    refused = post(client, nurse, "close", plan.public_id, data=sent)
    assert refused.status_code == 422
    assert "take it back on the plan" in refused.content.decode()
    with acting_as(nurse):
        assert fresh(plan).state == "active"
        take_back_first_dose(by=nurse, plan=plan)
        closed = close_plan(by=nurse, plan=plan, reason="not_given")
        assert closed.state == "closed" and not ICICourse.objects.exists()


@pytest.mark.django_db
def test_the_page_offers_it_while_the_first_dose_stands_alone(client, plan, nurse):
    with acting_as(nurse):
        backdate(plan, 40)
        given = enter_first_dose(by=nurse, plan=plan, on=day(-30))
    link = f"/plans/{plan.public_id}/first-dose/take-back/"
    assert link in page(client, nurse, "plan", plan.public_id).content.decode()
    with acting_as(nurse):
        give_dose(by=nurse, plan=given, on=day(-9))
    assert link not in page(client, nurse, "plan", plan.public_id).content.decode()
    sent = {"version": given.version + 1}
    refused = post(client, nurse, "take_back_first", plan.public_id, data=sent)
    assert refused.status_code == 422
