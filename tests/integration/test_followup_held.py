"""What is due on the day of a dose that is held."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.models import F

from accounts.acting import acting_as
from cases.models import Case
from followup.models import Check
from followup.services import give_dose, hold_plan, record_result, reopen_check, resume_plan
from followup.services.sweep import open_due_checks
from tests.factories.monitoring import as_worker, day, make_plan, today
from tests.factories.world import World


@pytest.mark.usefixtures("committed_db")
def test_held_on_the_day_of_the_dose_nothing_at_it_stays_due():
    world = World(dosed=21)
    with as_worker():
        open_due_checks()
    at_dose = Check.objects.filter(at_dose=True, offset_days=21)
    assert {c.state for c in world.seen(world.nurse, at_dose.all())} == {"due"}, "the control"
    with transaction.atomic(), acting_as(world.nurse):
        hold_plan(by=world.nurse, plan=world.plan, reason="logistics")
    world.update(Check.objects.filter(state="due"), opened_on=day(-4))
    with as_worker():
        open_due_checks()
    rows = world.seen(world.nurse, at_dose.all())
    assert {(c.state, c.due_on, c.opened_on) for c in rows} == {("waiting", None, None)}
    call = Check.objects.filter(step__code="symptom_call", offset_days=21)
    assert world.seen(world.nurse, call)[0].state == "missed", "the watch goes on"


def at_dose(plan, offset):
    rows = plan.checks.filter(at_dose=True, offset_days=offset).order_by("pk")
    return rows.select_related("step", "plan")


def opened(plan):
    """Let what is due be due, as a sweep leaves it."""
    rows = plan.checks.filter(state="waiting", due_on__lte=today())
    rows.update(state="due", opened_on=F("due_on"))


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [1, 7])
def test_held_after_the_day_of_a_dose_that_was_not_given_nothing_at_it_stays_due(board, nurse, ago):
    plan = make_plan(nurse, board, dosed=21 + ago)
    with acting_as(nurse):
        opened(plan)
        done = record_result(
            by=nurse, check=at_dose(plan, 21).get(step__code="visit"), result="normal",
            measured_on=day(-ago),
        )  # fmt: skip
        held = hold_plan(by=nurse, plan=plan, reason="logistics")
        undone = at_dose(plan, 21).exclude(pk=done.pk)
        assert {(c.state, c.due_on, c.opened_on) for c in undone} == {("waiting", None, None)}
        # What was to be done at the dose that was given is owed still.
        assert {(c.state, c.due_on) for c in at_dose(plan, 0)} == {("due", day(-21 - ago))}
        # Taken back it waits for the dose as well.
        assert reopen_check(by=nurse, check=done).due_on is None
        resume_plan(by=nurse, plan=held, next_dose_on=day(3))
        assert {(c.state, c.due_on) for c in at_dose(plan, 21)} == {("waiting", day(3))}


@pytest.mark.django_db
def test_held_for_toxicity_after_the_day_of_the_dose_what_is_measured_stays_due(board, nurse):
    plan = make_plan(nurse, board, dosed=22)
    with acting_as(nurse):
        opened(plan)
        hold_plan(by=nurse, plan=plan, reason="toxicity")
        rows = list(at_dose(plan, 21))
        assert {bool(c.measures) for c in rows if c.state == "due"} == {True}
        assert {c.due_on for c in rows if not c.measures} == {None}


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [8, 21])
def test_held_long_after_the_day_of_a_dose_it_may_have_been_given_and_is_owed(board, nurse, ago):
    plan = make_plan(nurse, board, dosed=21 + ago)
    with acting_as(nurse):
        opened(plan)
        hold_plan(by=nurse, plan=plan, reason="logistics")
        assert {c.state for c in at_dose(plan, 21)} == {"due"}
        assert {c.state for c in at_dose(plan, 42)} == {"waiting"}


@pytest.mark.django_db
def test_held_after_a_dose_that_is_entered_what_is_owed_at_it_stays_due(board, nurse):
    plan = make_plan(nurse, board, dosed=22)
    with acting_as(nurse):
        give_dose(by=nurse, plan=plan, on=day(-1))
        opened(plan)
        hold_plan(by=nurse, plan=plan, reason="logistics")
        assert {(c.state, c.due_on) for c in at_dose(plan, 21)} == {("due", day(-1))}


@pytest.mark.usefixtures("committed_db")
def test_held_for_toxicity_what_is_measured_stays_due():
    world = World(dosed=21)
    with as_worker():
        open_due_checks()
    with transaction.atomic(), acting_as(world.nurse):
        hold_plan(by=world.nurse, plan=world.plan, reason="toxicity")
    rows = world.seen(world.nurse, Check.objects.filter(at_dose=True, offset_days=21))
    assert {bool(c.measures) for c in rows if c.state == "due"} == {True}
    assert {c.due_on for c in rows if not c.measures} == {None}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("held", "state"),
    [("logistics", "watching"), ("toxicity", "returned"), ("", "returned")],
)
def test_not_done_as_its_dose_is_held_returns_no_case(board, nurse, chair, held, state):
    plan = make_plan(nurse, board, dosed=22)
    with acting_as(nurse):
        if held:
            hold_plan(by=nurse, plan=plan, reason=held)
        oxygen = plan.checks.select_related("step", "plan").get(step__code="oxygen", offset_days=21)
        assert oxygen.step.critical
        record_result(by=nurse, check=oxygen, result="not_done", reason="dose_not_given")
        assert Case.objects.get(pk=plan.case_id).state == state
        assert Check.objects.get(pk=oxygen.pk).state == "missed"
