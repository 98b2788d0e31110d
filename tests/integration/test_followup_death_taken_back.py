"""A death that was entered by mistake: taken back, the monitoring goes on as it stood, and nothing is sent twice."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import CaseSection
from cases.services.identity import save_identity
from followup.dosing import next_dose
from followup.models import Check, MonitoringPlan, Notice, Reminder
from followup.presenters.words import state_words
from followup.selectors import span
from followup.services import (
    assign_check,
    close_plan,
    enter_first_dose,
    enter_last_dose,
    hold_plan,
    open_plan,
    record_result,
    skip_dose,
)
from followup.services.closing import close_for
from followup.services.delivery import drain
from followup.services.sweep import open_due_checks
from tests.factories.decided import NO, decide, make_rechallenge
from tests.factories.monitoring import as_worker, day, make_plan, today
from tests.factories.people import make_board, make_user
from tests.factories.world import World, make_due
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.usefixtures("committed_db")
LONG_AGO = timezone.now() - timedelta(days=30)


@pytest.fixture
def world():
    return World(dosed=30)


def says(world, died, by=None):
    """Enter that the patient died, or take it back, as the coordinator does."""
    by = by or world.coordinator
    case = world.plan.case
    with transaction.atomic(), acting_as(by):
        version = CaseSection.objects.get(case=case.pk, key="patient").version
        save_identity(by=by, case=case, version=version, values={"died": died})


def dies(world):
    says(world, parse_partial_date("2026"))


def lives(world, by=None):
    says(world, None, by)


def acts(world, step, **values):
    """Take a step with the plan as the nurse."""
    with transaction.atomic(), acting_as(world.nurse):
        plan = MonitoringPlan.objects.select_related("case__board").get(pk=world.plan.pk)
        step(by=world.nurse, plan=plan, **values)


def stands(world):
    """Return how the plan and each of its checks stand."""
    plan = MonitoringPlan.objects.filter(pk=world.plan.pk).values_list(
        "state", "close_reason", "hold_reason", "first_dose_on", "last_dose_on", "next_dose_on"
    )
    checks = Check.objects.filter(plan=world.plan.pk).order_by("pk")
    rows = checks.values_list("pk", "state", "due_on", "opened_on", "result", "assignee")
    return world.seen(world.nurse, plan), world.seen(world.nurse, rows)


def swept():
    """Open what is due and deliver it; return how many mails went out."""
    with as_worker():
        open_due_checks()
    make_due()
    before = len(mail.outbox)
    with as_worker():
        drain()
    return len(mail.outbox) - before


def held(world):
    acts(world, hold_plan, reason="toxicity")


def done(world):
    with transaction.atomic(), acting_as(world.nurse):
        visit = Check.objects.get(plan=world.plan, step__code="visit", offset_days=21)
        record_result(by=world.nurse, check=visit, result="normal", measured_on=today())


def skipped(world):
    """A dose is left out: checks are cancelled that no death cancelled."""
    acts(world, skip_dose, reason="other")


def ended(world):
    acts(world, enter_last_dose, on=day(-30), reason="completed")


@pytest.mark.parametrize("before", [held, done, skipped, ended, swept])
def test_the_plan_and_its_checks_stand_as_before(world, before):
    before(world) if before is not swept else swept()
    as_it_was = stands(world)
    dies(world)
    (plan,), checks = stands(world)
    assert plan[:2] == ("closed", "died")
    assert {"waiting", "due"}.isdisjoint(state for _pk, state, *_rest in checks)
    lives(world)
    assert stands(world) == as_it_was


def test_a_plan_that_waits_for_its_first_dose_waits_again():
    world = World(dosed=None)
    as_it_was = stands(world)
    dies(world)
    lives(world)
    assert stands(world) == as_it_was
    assert as_it_was[0][0][0] == "waiting_first_dose"


def test_reminders_go_out_again_and_none_twice(world):
    assert swept() > 0
    with transaction.atomic(), acting_as(world.nurse):
        late = Check.objects.filter(plan=world.plan, state="waiting", due_on__gt=today())
        late.filter(pk=late.first().pk).update(due_on=day(-1), dated_on=day(-20))
    with as_worker():
        open_due_checks()
    told = Reminder.objects.filter(state="pending")
    waiting = world.seen(world.nurse, told.values_list("pk", flat=True))
    assert waiting
    dies(world)
    make_due()
    sent = len(mail.outbox)
    with as_worker():
        drain()
    assert len(mail.outbox) == sent, "nobody is reminded of who is said to have died"
    world.update(Reminder.objects.filter(pk__in=waiting), due_at=LONG_AGO)
    lives(world)
    # Late from now on: for the days between nobody could send them, and no alarm rings for that.
    rows = Reminder.objects.filter(pk__in=waiting).values_list("state", "due_at")
    assert all(
        state == "pending" and due_at > LONG_AGO + timedelta(days=29)
        for state, due_at in world.seen(world.nurse, rows)
    )
    assert set(waiting) <= set(world.seen(world.nurse, told.values_list("pk", flat=True)))
    assert swept() >= len(waiting)
    assert swept() == 0
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == len(set(ids))


def test_what_fell_due_meanwhile_is_late_and_reminded_of(world):
    swept()
    dies(world)
    with transaction.atomic(), acting_as(world.nurse):
        rows = Check.objects.filter(plan=world.plan, state="cancelled", due_on__gt=today())
        pk = rows.order_by("due_on", "pk").first().pk
        Check.objects.filter(pk=pk).update(due_on=day(-3))
    lives(world)
    assert swept() > 0
    with transaction.atomic(), acting_as(world.nurse):
        check = Check.objects.filter(span("overdue", today())).select_related("plan").get(pk=pk)
        assert (check.state, check.opened_on) == ("due", today())
        assert state_words(check, today())[1] == "red"
        assert check.reminders.get(kind="due", recipient=world.nurse).state == "sent"


def test_leaders_and_who_had_a_check_to_do_are_told_and_the_trail_says_it(world):
    with transaction.atomic(), acting_as(world.coordinator):
        check = Check.objects.filter(plan=world.plan, state="waiting", due_on__gt=today()).first()
        assign_check(by=world.coordinator, check=check, to=world.nurse)
    dies(world)
    lives(world)
    for person in (world.nurse, world.chair):
        kinds = Notice.objects.order_by("pk").values_list("kind", flat=True)
        assert world.seen(person, kinds) == ["died", "reopened"]
    assert world.seen(world.coordinator, Notice.objects.all()) == [], "who entered it knows"
    with transaction.atomic(), acting_as(world.coordinator):
        entry = TrailEntry.objects.get(kind="plan.reopened")
        assert entry.actor_id == world.coordinator.pk
        assert entry.detail["checks"] > 5


def test_a_death_that_is_entered_and_taken_back_again_ends_and_resumes_again(world):
    as_it_was = stands(world)
    for _ in range(2):
        dies(world)
        lives(world)
        assert stands(world) == as_it_was


def test_what_was_closed_for_another_reason_stays_closed(world):
    acts(world, close_plan, reason="lost_to_follow_up")
    as_it_was = stands(world)
    dies(world)
    lives(world)
    assert stands(world) == as_it_was


def test_a_plan_after_which_the_case_got_another_stays_closed(world):
    """As it was left where a death was taken back before plans went on with it."""
    with transaction.atomic(), acting_as(world.nurse):
        close_for(world.plan, by=world.nurse, reason="died")
    as_it_was = stands(world)
    with transaction.atomic():
        later = make_plan(world.nurse, world.board, case=world.plan.case)
    dies(world)
    lives(world)
    assert stands(world) == as_it_was
    with transaction.atomic(), acting_as(world.nurse):
        assert MonitoringPlan.objects.get(pk=later.pk).state == "waiting_first_dose"


def test_opening_the_plan_of_the_same_decision_finds_it_running(world):
    dies(world)
    lives(world)
    with transaction.atomic(), acting_as(world.nurse):
        plan = open_plan(
            by=world.nurse, case=world.plan.case, regimen_label="x",
            decision_ref=world.plan.decision_ref, dose_interval_days=21,
        )  # fmt: skip
    assert (plan.pk, plan.state) == (world.plan.pk, "active")


def signs_against(world, plan):
    """The board decides against a rechallenge while the patient is said to have died."""
    with transaction.atomic():
        decide(world.chair, plan, **NO)


@pytest.mark.parametrize("dosed", [True, False])
def test_decided_against_meanwhile_no_dose_is_awaited(dosed):
    with transaction.atomic():
        board = make_board()
        chair, nurse, coordinator = (make_user(r, board) for r in ("chair", "nurse", "coordinator"))
        plan = make_rechallenge(chair, board)
        if dosed:
            with acting_as(nurse):
                enter_first_dose(by=nurse, plan=plan, on=day(-30))
    world = SimpleNamespace(plan=plan, coordinator=coordinator, chair=chair)
    dies(world)
    signs_against(world, plan)
    lives(world)
    with transaction.atomic(), acting_as(nurse):
        ended = MonitoringPlan.objects.get(pk=plan.pk)
        assert next_dose(ended) is None
        if dosed:
            assert (ended.state, ended.end_reason) == ("active", "board")
            assert ended.checks.filter(after_last_dose=True, state="waiting").exists()
        else:
            assert (ended.state, ended.close_reason) == ("closed", "decided_against")
        assert Notice.objects.filter(user=nurse, kind="against").count() == 1
    with transaction.atomic(), acting_as(chair):
        told = Notice.objects.filter(user=chair, kind="reopened")
        assert told.exists() is dosed


def test_a_plan_that_watches_on_beside_that_of_a_new_decision_goes_on_with_it():
    with transaction.atomic():
        board = make_board()
        chair, nurse, coordinator = (make_user(r, board) for r in ("chair", "nurse", "coordinator"))
        plan = make_rechallenge(chair, board)
        with acting_as(nurse):
            enter_first_dose(by=nurse, plan=plan, on=day(-30))
        decide(chair, plan, outcome="same_agent")
    world = SimpleNamespace(plan=plan, coordinator=coordinator)
    dies(world)
    lives(world)
    with transaction.atomic(), acting_as(nurse):
        states = MonitoringPlan.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["active", "waiting_first_dose"]
