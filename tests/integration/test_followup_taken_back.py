"""A result entered by mistake: taken back it makes nothing late, and put right it never is open."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import Case
from followup.models import Check, Reminder
from followup.services import (
    enter_last_dose,
    hold_plan,
    record_result,
    reopen_check,
)
from followup.services.delivery import drain
from followup.services.locking import Outdated
from followup.services.sweep import open_due_checks
from tests.factories.monitored import page, post, read
from tests.factories.monitoring import as_worker, day, make_plan, today
from tests.factories.people import make_user
from tests.factories.world import World, make_due


def normal(by, check, **more):
    """Record a check as normal, measured today, with a value for whatever it measures."""
    values = {m["code"]: "5" for m in check.measures}
    return record_result(
        by=by,
        check=check,
        **{"result": "normal", "measured_on": today(), "values": values, "kept": True, **more},
    )


def a_check(plan, **of):
    return plan.checks.select_related("step", "plan").get(**of)


def taken_back(world, **of):
    """Record a check of the world's plan as normal and take that back; return it as a sweep leaves it."""
    with transaction.atomic(), acting_as(world.nurse):
        check = a_check(world.plan, **of)
        reopen_check(by=world.nurse, check=normal(world.nurse, check))
    with as_worker():
        open_due_checks()
    return world.seen(world.nurse, Check.objects.filter(pk=check.pk))[0]


@pytest.mark.usefixtures("committed_db")
def test_before_its_day_it_waits_for_it_and_nobody_is_reminded():
    world = World(dosed=7)
    check = taken_back(world, step__code="symptom_call", offset_days=14)
    assert (check.state, check.result, check.opened_on, check.due_on) == (
        "waiting", "", None, day(7),
    )  # fmt: skip
    assert world.seen(world.nurse, Reminder.objects.filter(safety_check=check)) == []
    assert world.case_state == ("watching", "")


@pytest.mark.usefixtures("committed_db")
def test_long_after_its_day_it_is_due_from_today_and_not_missed_at_once():
    world = World(dosed=35)
    world.update(
        Check.objects.filter(step__code="symptom_call", offset_days=14),
        state="due",
        opened_on=day(-21),
    )
    check = taken_back(world, step__code="symptom_call", offset_days=14)
    assert check.state == "due" and check.opened_on == today()
    rows = Reminder.objects.filter(safety_check=check).values_list("kind", flat=True)
    assert world.seen(world.nurse, rows) == ["due"]
    assert world.case_state == ("watching", "")
    world.update(Check.objects.filter(pk=check.pk), opened_on=day(-4))
    with as_worker():
        open_due_checks()
    assert world.case_state == ("returned", "missed_check"), "the control: it can be missed"


@pytest.mark.usefixtures("committed_db")
def test_of_being_late_it_is_reminded_once_it_is_late_again(settings):
    # Whatever the hour at which the tests run.
    settings.REMINDERS_FROM = "00:00"
    world = World(dosed=7)
    call = Check.objects.filter(step__code="symptom_call", offset_days=7)
    with as_worker():
        open_due_checks()
    world.update(call, opened_on=day(-1))
    with as_worker():
        open_due_checks()
    with transaction.atomic(), acting_as(world.nurse):
        done = normal(world.nurse, call.select_related("step", "plan").get())
    make_due()
    with as_worker():
        drain()
    mail.outbox.clear()
    with transaction.atomic(), acting_as(world.nurse):
        reopen_check(by=world.nurse, check=done)
    with as_worker():
        open_due_checks()
        assert drain() == len(mail.outbox) == 1
    rows = world.seen(world.nurse, Reminder.objects.filter(safety_check=done))
    assert {r.state for r in rows if r.kind == "due"} == {"sent"}
    later = {r.kind: (r.state, timezone.localdate(r.next_attempt_at)) for r in rows}
    assert later["overdue"] == later["escalation"] == ("pending", day(1))


@pytest.mark.django_db
def test_it_does_not_come_back_into_a_hold(board, nurse):
    plan = make_plan(nurse, board, dosed=21)
    with acting_as(nurse):
        visit = normal(nurse, a_check(plan, step__code="visit", offset_days=21))
        hold_plan(by=nurse, plan=plan, reason="logistics")
        again = reopen_check(by=nurse, check=visit, version=visit.version)
    assert (again.state, again.due_on, again.opened_on) == ("waiting", None, None)


@pytest.mark.django_db
def test_after_the_last_dose_it_is_asked_no_more(board, nurse):
    plan = make_plan(nurse, board, dosed=20)
    with acting_as(nurse):
        visit = normal(nurse, a_check(plan, step__code="visit", offset_days=21))
        call = normal(nurse, a_check(plan, step__code="symptom_call", offset_days=21))
        enter_last_dose(by=nurse, plan=plan, on=day(-20), reason="completed")
        assert reopen_check(by=nurse, check=visit).state == "cancelled"
        assert reopen_check(by=nurse, check=call).state == "waiting"


@pytest.mark.django_db
def test_before_the_first_dose_it_loses_the_day_that_the_result_gave_it(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        # Too early for it, which is asked about, and confirmed.
        done = normal(nurse, plan.checks.filter(due_on=None, measures=[]).first(), early=True)
        assert done.due_on == today()
        again = reopen_check(by=nurse, check=done)
    assert (again.state, again.due_on) == ("waiting", None)


@pytest.mark.django_db
def test_what_was_not_done_is_no_result_to_take_back(board, nurse):
    plan = make_plan(nurse, board, dosed=7)
    with acting_as(nurse):
        check = a_check(plan, step__code="symptom_call", offset_days=7)
        left = record_result(by=nurse, check=check, result="not_done", reason="not_reached")
        with pytest.raises(Outdated):
            reopen_check(by=nurse, check=left)
        assert Check.objects.get(pk=check.pk).result == "not_done"


@pytest.fixture
def done(board, nurse, chair, coordinator):
    """A normal result of three weeks ago, with a value that is a slip of the pen."""
    plan = make_plan(nurse, board, dosed=42)
    with acting_as(nurse):
        check = a_check(plan, step__code="oxygen", offset_days=21)
        return normal(
            nurse, check, measured_on=day(-21), values={"spo2_rest": "79", "spo2_exertion": "95"}
        )


def correct(nurse, check, values=None, **more):
    values = {"spo2_rest": "97", "spo2_exertion": "95"} if values is None else values
    return normal(
        nurse, check, **{"values": values, "measured_on": day(-21), **more}, correcting=True
    )


@pytest.mark.django_db
def test_a_result_is_put_right_in_its_place_and_its_history_kept(done, nurse):
    with acting_as(nurse):
        again = correct(nurse, done, version=done.version)
        assert (again.state, again.values["spo2_rest"], again.due_on) == ("done", "97", day(-21))
        assert correct(nurse, done, version=done.version).version == done.version + 1
        kept = list(done.events.order_by("pgh_id").values_list("values", flat=True))
        assert [v.get("spo2_rest") for v in kept][-2:] == ["79", "97"]
        entry = TrailEntry.objects.filter(kind__startswith="check.").latest("pk")
        assert (entry.kind, entry.detail["result"]) == ("check.corrected", "normal")
        assert Case.objects.get(pk=done.plan.case_id).state == "watching"


@pytest.mark.django_db
def test_what_is_put_right_to_abnormal_brings_the_case_back(done, nurse):
    with acting_as(nurse):
        correct(nurse, done, result="abnormal")
        assert Case.objects.get(pk=done.plan.case_id).returned_reason == "abnormal_check"
        with pytest.raises(Outdated):
            correct(nurse, done)


@pytest.mark.django_db
def test_what_is_put_right_is_asked_about_like_any_result(done, nurse):
    with acting_as(nurse):
        for values, field in (
            ({"spo2_rest": "80", "spo2_exertion": "95"}, "value-spo2_rest"),
            ({}, "value-spo2_rest"),
        ):
            with pytest.raises(ValidationError) as asked:
                correct(nurse, done, values, kept=False)
            assert field in asked.value.message_dict
        with pytest.raises(ValidationError, match="Take the result back first"):
            correct(nurse, done, result="not_done", reason="not_reached")
        with pytest.raises(Outdated):
            correct(nurse, done, version=done.version - 1)
        undone = a_check(done.plan, step__code="oxygen", offset_days=42)
        with pytest.raises(Outdated):
            correct(nurse, undone)


@pytest.mark.django_db
def test_it_is_put_right_by_the_form_that_it_was_entered_with(client, done, nurse):
    assert f'href="/monitoring/checks/{done.public_id}/"' in (
        page(client, nurse, "plan", done.plan.public_id).content.decode()
    )
    html = page(client, nurse, "check", done.public_id).content.decode()
    assert "Correct…" in html and "Take back" in html
    html = page(client, nurse, "correct", done.public_id).content.decode()
    assert 'value="79"' in html and "Save correction" in html and 'value="not_done"' not in html
    assert "take the result back instead" in html and "choose not done" not in html
    data = {
        "version": done.version, "result": "normal", "measured_on": day(-21).isoformat(),
        "value-spo2_rest": "80", "value-spo2_exertion": "95",
    }  # fmt: skip
    asked = post(client, nurse, "correct", done.public_id, data=data)
    assert asked.status_code == 422 and 'name="kept"' in asked.content.decode()
    assert "Save correction" in asked.content.decode()
    data["value-spo2_rest"] = "97"
    assert post(client, nurse, "correct", done.public_id, data=data).status_code == 302
    assert read(nurse, done).values["spo2_rest"] == "97"


@pytest.mark.django_db
def test_what_somebody_took_back_meanwhile_is_shown_as_it_stands(client, done, nurse, board):
    other = make_user("nurse", board)
    with acting_as(other):
        reopen_check(by=other, check=done)
    data = {"version": done.version, "result": "normal", "measured_on": day(-21).isoformat()}
    answer = post(client, nurse, "correct", done.public_id, data=data)
    html = answer.content.decode()
    assert answer.status_code == 409 and "Save result" in html and "Save correction" not in html
    assert page(client, nurse, "correct", done.public_id).status_code == 302


@pytest.mark.django_db
def test_who_may_not_record_puts_nothing_right(client, done, coordinator, other_board):
    assert page(client, coordinator, "correct", done.public_id).status_code == 403
    stranger = make_user("nurse", other_board)
    assert page(client, stranger, "correct", done.public_id).status_code == 404
