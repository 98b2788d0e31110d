"""The sweeps as the workers run them: due, overdue, escalated, missed, irAEs recorded elsewhere."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import ProgrammingError, transaction

from accounts.acting import acting_as
from accounts.models import Board
from accounts.zones import today_of
from cases.models import Case
from followup.models import Check, MonitoringPlan, Notice, Reminder
from followup.selectors import reminder_health
from followup.services import (
    give_dose,
    record_result,
    reopen_check,
    take_back_dose,
    triggers,
)
from followup.services.delivery import drain
from followup.services.results import retry_reminder
from followup.services.sweep import open_due_checks
from followup.services.triggers import return_by_sweep
from tests.factories.monitoring import (
    as_worker,
    day,
    make_irae,
    make_plan,
    today,
)
from tests.factories.people import make_user
from tests.factories.world import World, make_due, superuser_sql

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def world():
    return World()


def test_due_checks_open_with_one_reminder_each_for_the_nurse(world):
    with as_worker():
        swept = open_due_checks()
        assert open_due_checks().reminders == 0
    due = world.seen(world.nurse, Check.objects.filter(state="due"))
    assert swept.opened == len(due) > 5
    rows = world.seen(world.nurse, Reminder.objects.all())
    assert {r.recipient_id for r in rows if r.kind == "due"} == {world.nurse.pk}
    assert len([r for r in rows if r.kind == "due"]) == len(due)
    assert all(c.opened_on == today() and c.version for c in due)


def test_opening_a_check_does_not_outdate_the_page_that_shows_it(world):
    before = {c.pk: c.version for c in world.seen(world.nurse, Check.objects.all())}
    with as_worker():
        open_due_checks()
    assert before == {c.pk: c.version for c in world.seen(world.nurse, Check.objects.all())}


def test_without_a_nurse_the_coordinator_is_reminded(world):
    with transaction.atomic():
        world.nurse.memberships.update(active=False)
    with as_worker():
        open_due_checks()
    rows = world.seen(world.coordinator, Reminder.objects.filter(kind="due"))
    assert {r.recipient_id for r in rows} == {world.coordinator.pk}


def test_a_check_passed_on_to_somebody_who_left_comes_back_to_the_nurses(world):
    with transaction.atomic():
        leaver = make_user("nurse", world.board)
    world.update(Check.objects.all(), assignee=leaver)
    with as_worker():
        open_due_checks()
    due = Reminder.objects.filter(kind="due")
    assert {r.recipient_id for r in world.seen(world.nurse, due.all())} == {leaver.pk}, (
        "the control"
    )
    superuser_sql("DELETE FROM followup_reminder")
    with transaction.atomic():
        leaver.memberships.update(active=False)
    with as_worker():
        open_due_checks()
    assert {r.recipient_id for r in world.seen(world.nurse, due.all())} == {world.nurse.pk}


def test_overdue_then_escalated_then_missed_and_back_on_the_list(world):
    with as_worker():
        open_due_checks()
    call = Check.objects.filter(step__code="symptom_call", step__critical=True, offset_days=7)
    world.update(call, opened_on=day(-1))
    with as_worker():
        open_due_checks()
    kinds = world.seen(
        world.nurse,
        Reminder.objects.filter(safety_check__in=call)
        .values_list("kind", "recipient_id")
        .order_by("id"),
    )
    assert kinds[:2] == [("due", world.nurse.pk), ("overdue", world.nurse.pk)]
    assert set(kinds[2:]) == {("escalation", world.chair.pk), ("escalation", world.coordinator.pk)}
    assert world.case_state == ("watching", "")
    world.update(call, opened_on=day(-4))
    with as_worker():
        swept = open_due_checks()
        assert open_due_checks().returned == 0
    assert (swept.missed, swept.returned) == (1, 1)
    assert world.case_state == ("returned", "missed_check")
    told = world.seen(world.chair, Notice.objects.values_list("kind", "reason"))
    assert told == [("returned", "missed_check")]


def test_a_missed_check_that_is_not_critical_leaves_the_case_where_it_is(world):
    with as_worker():
        open_due_checks()
    rows = Check.objects.filter(state="due", step__critical=False)
    pk = world.seen(world.nurse, rows)[0].pk
    world.update(Check.objects.filter(pk=pk), opened_on=day(-60))
    with as_worker():
        assert open_due_checks().missed == 1
    assert world.case_state == ("watching", "")


def test_an_irae_entered_on_the_case_page_returns_the_case_at_the_next_sweep(world):
    with as_worker():
        assert open_due_checks().returned == 0
    with transaction.atomic():
        make_irae(
            world.nurse, world.plan.case, "colitis", organ="colon", worst_grade=3, grade_now=3
        )
    with as_worker():
        assert open_due_checks().returned == 1
        assert open_due_checks().returned == 0
    assert world.case_state == ("returned", "new_irae")
    with transaction.atomic():
        make_irae(world.nurse, world.plan.case, "rash", organ="skin", worst_grade=1, grade_now=1)
    with as_worker():
        assert open_due_checks().returned == 0


def test_an_irae_that_cannot_be_judged_keeps_no_other_case_from_coming_back(world, monkeypatch):
    with transaction.atomic():
        other = make_plan(world.nurse, world.board, dosed=7)
        make_irae(world.nurse, world.plan.case, "colitis", organ="colon", worst_grade=3)
        make_irae(world.nurse, other.case, "hepatitis", organ="liver", worst_grade=3)
    judge = triggers.judge

    def odd(event, *known):
        return 1 / 0 if event.entity == "colitis" else judge(event, *known)

    monkeypatch.setattr(triggers, "judge", odd)
    with as_worker():
        assert open_due_checks().returned == 1
    assert reminder_health().opening_seconds is not None, "the sweep came to its end"
    states = world.seen(world.nurse, Case.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["watching", "returned"]
    monkeypatch.undo()
    with as_worker():
        assert open_due_checks().returned == 1


def test_workers_take_the_one_step_of_a_case_and_no_other(world):
    with as_worker(), transaction.atomic():
        plan = MonitoringPlan.objects.get()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Case.objects.filter(pk=plan.case_id).update(state="closed")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            list(Case.objects.values_list("question"))
        with pytest.raises(Exception, match="no reason"), transaction.atomic():
            return_by_sweep(plan=plan, reason="abnormal_check")


def test_the_web_role_may_not_take_the_workers_step(world):
    with (
        transaction.atomic(),
        acting_as(world.nurse),
        pytest.raises(ProgrammingError, match="denied"),
    ):
        return_by_sweep(plan=world.plan, reason="missed_check")


def test_mail_names_the_case_by_reference_and_nothing_else(world):
    with as_worker():
        open_due_checks()
        make_due()
        drain(limit=1)
    sent = mail.outbox[0]
    reference = world.plan.case.reference
    assert sent.to == [world.nurse.email]
    assert reference in sent.subject and reference in sent.body
    assert "http://" in sent.body
    written = str(sent.message()).lower()
    for secret in (
        "canaryname",
        "given",
        "pneumonitis",
        "atezolizumab",
        "lung",
        "telephone",
        "h0000",
    ):
        assert secret not in written
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert sent.extra_headers["Message-ID"].endswith("@example.org>")


def test_each_reminder_is_sent_once_with_one_notice(world):
    with as_worker():
        open_due_checks()
        make_due()
        handled = drain()
        assert drain() == 0
    assert handled == len(mail.outbox) > 5
    ids = [m.extra_headers["Message-ID"] for m in mail.outbox]
    assert len(set(ids)) == len(ids)
    assert len(world.seen(world.nurse, Notice.objects.all())) == handled
    assert world.seen(world.chair, Notice.objects.all()) == []
    assert {r.state for r in world.seen(world.nurse, Reminder.objects.all())} == {"sent"}


def test_what_was_done_meanwhile_is_not_reminded_of(world):
    with as_worker():
        open_due_checks()
    make_due()
    with transaction.atomic(), acting_as(world.nurse):
        for check in Check.objects.filter(state="due").select_related("step"):
            record_result(
                by=world.nurse,
                check=check,
                result="normal",
                measured_on=today(),
                values={m["code"]: "5" for m in check.measures},
                kept=True,
            )
    with as_worker():
        drain()
    assert mail.outbox == []
    assert {r.state for r in world.seen(world.nurse, Reminder.objects.all())} == {"cancelled"}
    with transaction.atomic(), acting_as(world.nurse):
        reopen_check(by=world.nurse, check=Check.objects.filter(state="done").first())
    make_due()
    with as_worker():
        assert drain() == len(mail.outbox) == 1


def spared_and_reopened(world):
    """Have the reminders of a check spared that was long due, take its result back; return its rows."""
    with as_worker():
        open_due_checks()
    make_due(hours=24 * 21)
    rows = Check.objects.filter(state="due", step__critical=False).select_related("step")
    check = world.seen(world.nurse, rows)[0]
    superuser_sql(
        "UPDATE followup_reminder SET state = 'failed' WHERE safety_check_id <> %s", check.pk
    )
    with transaction.atomic(), acting_as(world.nurse):
        values = {m["code"]: "5" for m in check.measures}
        # The board's own day: before noon it is not the site's in every zone.
        board_day = today_of(Board.objects.get())
        entered = {"result": "normal", "measured_on": board_day, "values": values, "kept": True}
        record_result(by=world.nurse, check=check, **entered)
    with as_worker():
        drain()
        open_due_checks()
    assert mail.outbox == []
    with transaction.atomic(), acting_as(world.nurse):
        reopen_check(by=world.nurse, check=Check.objects.get(pk=check.pk))
    return Reminder.objects.filter(safety_check=check.pk)


@pytest.mark.parametrize("zone", ["Etc/GMT-14", "Etc/GMT+12"])
def test_a_result_taken_back_rings_no_alarm_and_its_reminder_waits_for_the_hour(
    world, settings, zone
):
    with transaction.atomic():
        Board.objects.update(zone=zone)
    settings.REMINDERS_FROM = "23:59"
    rows = world.seen(world.nurse, spared_and_reopened(world))
    assert reminder_health().late_minutes == 0
    hour = datetime.combine(today_of(Board.objects.get()), time(23, 59), tzinfo=ZoneInfo(zone))
    assert {(r.state, r.due_at, r.next_attempt_at) for r in rows} == {("pending", hour, hour)}


def test_a_result_taken_back_is_reminded_of_once_however_often(world, settings):
    settings.REMINDERS_FROM = "00:00"
    rows = spared_and_reopened(world)
    assert reminder_health().late_minutes < 1
    with as_worker():
        assert drain() == len(mail.outbox) == 1
    check = world.seen(world.nurse, rows)[0].safety_check_id
    with transaction.atomic(), acting_as(world.nurse):
        done = Check.objects.get(pk=check)
        values = {m["code"]: "5" for m in done.measures}
        entered = {"result": "normal", "measured_on": today(), "values": values, "kept": True}
        reopen_check(by=world.nurse, check=record_result(by=world.nurse, check=done, **entered))
    with as_worker():
        open_due_checks()
        assert drain() == 0
    assert len(mail.outbox) == 1


def test_a_reminder_sent_anew_after_it_failed_is_not_late(world):
    with as_worker():
        open_due_checks()
    make_due(hours=24 * 21)
    superuser_sql("UPDATE followup_reminder SET state = 'failed', attempts = 6")
    assert reminder_health().late_minutes == 0
    with transaction.atomic(), acting_as(world.coordinator):
        failed = Reminder.objects.order_by("pk").first()
        retried = retry_reminder(by=world.coordinator, reminder=failed)
    assert (retried.state, retried.attempts) == ("pending", 0)
    assert reminder_health().late_minutes < 1
    with as_worker():
        assert drain() == len(mail.outbox) == 1


def test_no_mail_goes_out_before_its_hour(world):
    with as_worker():
        open_due_checks()
        superuser_sql("UPDATE followup_reminder SET next_attempt_at = now() + interval '1 minute'")
        assert drain() == 0


def test_health_says_when_the_last_sweep_was(world):
    assert reminder_health().sweep_seconds is None
    with as_worker():
        drain()
    assert 0 <= reminder_health().sweep_seconds < 30
    assert reminder_health().late_minutes == 0


def test_checks_long_due_when_the_first_dose_is_entered_make_no_flood_of_mails_and_none_is_lost():
    world = World(dosed=42, late=True)
    with as_worker():
        open_due_checks()
    make_due()
    with as_worker():
        drain()
    rows = world.seen(
        world.nurse,
        Reminder.objects.filter(recipient=world.nurse).select_related("safety_check__step"),
    )
    late = [r for r in rows if r.safety_check.due_on < r.safety_check.dated_on]
    assert len(late) > 10 and {r.state for r in rows} == {"sent"}
    mailed = [r for r in rows if r.channel == "email"]
    assert {r.safety_check.step.critical for r in late if r.channel == "email"} == {True}
    assert {r.safety_check.step.critical for r in late if r.channel == "in_app"} == {False}
    assert len([m for m in mail.outbox if m.to == [world.nurse.email]]) == len(mailed)
    told = world.seen(world.nurse, Notice.objects.values_list("check_public_id", flat=True))
    assert sorted(told) == sorted(r.safety_check.public_id for r in rows)


def test_a_check_opened_late_by_a_sweep_that_stood_still_is_mailed():
    world = World(dosed=42)
    with as_worker():
        open_due_checks()
    assert set(world.seen(world.nurse, Reminder.objects.values_list("channel", flat=True))) == {
        "email"
    }


@pytest.mark.parametrize("kinds", [["due"], ["due", "overdue"]])
def test_a_check_that_is_moved_away_and_back_is_reminded_of_once(kinds):
    """A dose moved it before its mail went out, which was then not needed; taken back, it is due on its day."""
    world = World(dosed=21)
    visit = Check.objects.filter(plan=world.plan, step__code="visit", offset_days=21)
    with as_worker():
        open_due_checks()
    if "overdue" in kinds:
        world.update(visit, opened_on=day(-1))
        with as_worker():
            open_due_checks()
    with transaction.atomic(), acting_as(world.nurse):
        give_dose(by=world.nurse, plan=world.plan, on=day(-2))
    make_due()
    with as_worker():
        drain()
    of_visit = Reminder.objects.filter(safety_check__in=visit, due_on=today())
    assert {r.state for r in world.seen(world.nurse, of_visit.all())} == {"cancelled"}
    mail.outbox.clear()
    with transaction.atomic(), acting_as(world.nurse):
        take_back_dose(by=world.nurse, plan=world.plan)
    for _again in range(2):
        with as_worker():
            open_due_checks()
        make_due()
        with as_worker():
            drain()
    sent = world.seen(world.nurse, of_visit.filter(state="sent").values_list("kind", flat=True))
    assert sent == ["due"], "once, and no lateness of before the move"
    link = str(world.seen(world.nurse, visit.all())[0].public_id)
    assert sum(link in letter.body for letter in mail.outbox) == 1
