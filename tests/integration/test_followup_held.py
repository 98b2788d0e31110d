"""What is due on the day of a dose that is held."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.acting import acting_as
from cases.models import Case
from followup.models import Check
from followup.services import hold_plan, record_result
from followup.services.sweep import open_due_checks
from tests.factories.monitoring import as_worker, day, make_plan
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
