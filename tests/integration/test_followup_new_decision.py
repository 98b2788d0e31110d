"""A new decision while doses were given under an earlier one: the watch after those doses goes on beside its plan."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction

from accounts.acting import acting_as
from cases.models import Case, ICICourse
from followup.dosing import next_dose
from followup.models import Check, MonitoringPlan, Notice, Reminder
from followup.services import (
    assign_check,
    close_plan,
    end_by_decision,
    enter_first_dose,
    enter_last_dose,
    give_dose,
    take_back_first_dose,
    take_back_last_dose,
)
from followup.services.delivery import drain
from followup.services.iraes import record_irae
from followup.services.sweep import open_due_checks
from followup.services.triggers import sweep_iraes
from followup.states import StepNotPossible
from tests.factories.decided import decide, fresh, make_rechallenge
from tests.factories.monitored import page
from tests.factories.monitoring import as_worker, day, make_irae, make_plan, today
from tests.factories.people import make_board, make_user
from tests.factories.world import make_due

OTHER = {"outcome": "other_class", "drugs": ["ipilimumab"], "dose_interval_days": 21}


@pytest.fixture
def plan(db, chair, board, nurse):
    """A plan with doses of 30 and 9 days ago."""
    plan = make_rechallenge(chair, board)
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-30))
        give_dose(by=nurse, plan=plan, on=day(-9))
    return plan


def newest(plan):
    return MonitoringPlan.objects.filter(case=plan.case_id).latest("pk")


@pytest.mark.usefixtures("committed_db")
def test_what_was_asked_after_the_doses_stands_and_is_reminded_of_once():
    with transaction.atomic():
        board = make_board()
        chair, nurse, other = (make_user(role, board) for role in ("chair", "nurse", "nurse"))
        plan = make_rechallenge(chair, board)
        with acting_as(nurse):
            enter_first_dose(by=nurse, plan=plan, on=day(-30))
            calls = plan.checks.filter(step__code="symptom_call", state="waiting")
            soon, later = calls.filter(due_on__gt=today()).order_by("due_on")[:2]
            assign_check(by=nurse, check=later, to=other)
            plan.checks.filter(due_on__lte=today(), offset_days__isnull=False).exclude(
                pk__in=[soon.pk, later.pk]
            ).update(state="cancelled")
            Check.objects.filter(pk=soon.pk).update(due_on=today(), dated_on=day(-30))
    with as_worker():
        open_due_checks()
    make_due()
    with as_worker():
        drain()
    mails = len(mail.outbox)
    assert mails
    with transaction.atomic():
        decide(chair, plan, **OTHER)
    with transaction.atomic(), acting_as(nurse):
        assert fresh(plan).state == "active"
        assert Check.objects.get(pk=soon.pk).state == "due"
        assert fresh(plan).checks.filter(after_last_dose=True, state="waiting").count() > 3
        Check.objects.filter(pk=later.pk).update(due_on=today(), dated_on=day(-30))
    with as_worker():
        open_due_checks()
    make_due()
    with as_worker():
        drain()
    with transaction.atomic(), acting_as(nurse):
        sent = Reminder.objects.filter(state="sent")
        assert sent.filter(safety_check=later.pk, kind="due").count() == 1
        assert sent.filter(safety_check=soon.pk, kind="due", recipient=nurse).count() == 1
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == len(set(ids)) > mails
    for person in (nurse, other):
        with transaction.atomic(), acting_as(person):
            told = Notice.objects.filter(user=person, kind="superseded")
            assert [n.plan_public_id for n in told] == [newest(plan).public_id]


def test_the_earlier_plan_expects_no_dose_and_its_course_ends_without_a_reason(
    client, plan, chair, nurse
):
    decide(chair, plan, **OTHER)
    with acting_as(nurse):
        before, now = fresh(plan), newest(plan)
        assert (before.state, before.last_dose_on, before.end_reason) == (
            "active", day(-9), "new_decision",
        )  # fmt: skip
        assert next_dose(before) is None and now.state == "waiting_first_dose"
        assert not before.checks.filter(
            at_dose=True, due_on__gt=day(-9), state__in=["waiting", "due"]
        ).exists()
        course = ICICourse.objects.get()
        assert (course.stop.exact, course.stop_reason, course.stop_reason_state) == (
            day(-9), None, "not_yet",
        )  # fmt: skip
        enter_first_dose(by=nurse, plan=now, on=today())
        assert ICICourse.objects.count() == 2
        assert fresh(plan).checks.filter(after_last_dose=True, state="waiting").exists()
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert "a new decision took its place" in html and "No dose is awaited any more" in html
    assert 'id="earlier"' not in html


def test_the_new_plan_leads_to_the_one_that_watches_on_until_that_is_closed(
    client, plan, chair, nurse
):
    address = f'href="/monitoring/plans/{plan.public_id}/"'
    decide(chair, plan, **OTHER)
    with acting_as(nurse):
        now = newest(plan)
    beside = page(client, nurse, "plan", now.public_id).content.decode()
    assert 'id="earlier"' in beside and address in beside
    with acting_as(nurse):
        close_plan(by=nurse, plan=plan, reason="completed")
    assert address not in page(client, nurse, "plan", now.public_id).content.decode()


def test_a_last_dose_that_was_entered_before_keeps_its_day_and_reason(plan, chair, nurse):
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-9), reason="patient_wish")
    decide(chair, plan, **OTHER)
    with acting_as(nurse):
        plan = fresh(plan)
        assert plan.succeeded
        assert (plan.last_dose_on, plan.end_reason) == (day(-9), "patient_wish")
        assert plan.checks.filter(after_last_dose=True, state="waiting").exists()


def test_a_plan_that_made_way_gives_no_dose_whatever_is_entered(client, plan, chair, nurse):
    decide(chair, plan, **OTHER)
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-9), reason="progression")
        assert Case.objects.get(pk=plan.case_id).state == "watching", "the board has decided"
        with pytest.raises(StepNotPossible), transaction.atomic():
            take_back_last_dose(by=nurse, plan=plan)
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert "Doses go on after all" not in html


def test_its_only_dose_taken_back_ends_it_and_the_new_plan_stands(db, board, chair, nurse):
    plan = make_rechallenge(chair, board)
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-9))
    decide(chair, plan, **OTHER)
    with acting_as(nurse):
        taken = take_back_first_dose(by=nurse, plan=plan)
        assert (taken.state, taken.close_reason) == ("closed", "superseded")
        assert newest(plan).state == "waiting_first_dose"
        assert not ICICourse.objects.exists()


def test_a_new_plan_that_is_not_given_leaves_the_watch_of_the_earlier_one(plan, chair, nurse):
    decide(chair, plan, **OTHER)
    with acting_as(nurse):
        irae = make_irae(nurse, plan.case, "colitis", organ="colon", worst_grade=1, grade_now=1)
        assert irae.pk
        sweep_iraes()
        close_plan(by=nurse, plan=newest(plan), reason="not_given")
        assert fresh(plan).state == "active"
        assert fresh(plan).known_iraes == newest(plan).known_iraes


def test_an_irae_is_judged_and_told_of_under_the_newest_plan_alone(plan, chair, nurse):
    decide(chair, plan, **OTHER)
    with acting_as(nurse):
        now = newest(plan)
        version = plan.case.sections.get(key="iraes").version
        record_irae(
            by=nurse, plan=now, version=version, entity="myocarditis", ctcae_version="5.0", grade=2
        )
        assert sweep_iraes() == 0
        assert len(fresh(now).known_iraes) == len(fresh(plan).known_iraes) + 1
    with acting_as(chair):
        told = Notice.objects.filter(user=chair, kind__in=["returned", "irae"])
        assert list(told.values_list("plan_public_id", flat=True)) == [now.public_id]


def test_a_third_decision_and_one_against_leave_the_watch_after_the_first(plan, chair, nurse):
    decide(chair, plan, **OTHER)
    decide(chair, plan, outcome="same_agent")
    with acting_as(nurse):
        states = MonitoringPlan.objects.order_by("pk").values_list("state", "close_reason")
        assert list(states) == [
            ("active", ""),
            ("closed", "superseded"),
            ("waiting_first_dose", ""),
        ]
    with acting_as(chair):
        end_by_decision(by=chair, case=plan.case)
    with acting_as(nurse):
        assert newest(plan).close_reason == "decided_against"
        assert fresh(plan).state == "active"
        assert fresh(plan).checks.filter(after_last_dose=True, state="waiting").exists()


def test_who_opens_a_plan_without_an_earlier_one_tells_nobody(db, board, nurse):
    make_plan(nurse, board)
    with acting_as(nurse):
        assert not Notice.objects.filter(kind="superseded").exists()
