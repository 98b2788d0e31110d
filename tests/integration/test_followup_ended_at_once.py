"""A last dose that is taken back within minutes: nobody is reminded again, and no days of grace begin anew."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction

from accounts.acting import acting_as
from followup.models import Check, MonitoringPlan, Reminder
from followup.services import enter_last_dose, take_back_last_dose
from followup.services.delivery import drain
from followup.services.sweep import open_due_checks
from tests.factories.monitoring import as_worker, day
from tests.factories.world import World, make_due

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def world():
    return World(dosed=21)


def delivered():
    """Deliver what waits; return how many mails went out."""
    make_due()
    before = len(mail.outbox)
    with as_worker():
        drain()
    return len(mail.outbox) - before


def swept():
    """Open what is due and deliver it; return how many mails went out."""
    with as_worker():
        open_due_checks()
    return delivered()


def acts(world, step, **values):
    with transaction.atomic(), acting_as(world.nurse):
        step(by=world.nurse, plan=MonitoringPlan.objects.get(pk=world.plan.pk), **values)


def ends(world):
    acts(world, enter_last_dose, on=day(-21), reason="completed")


def stands(world):
    rows = Check.objects.filter(after_last_dose=False).order_by("pk")
    return world.seen(world.nurse, rows.values_list("pk", "state", "due_on", "opened_on"))


def pending(world):
    rows = Reminder.objects.filter(state="pending", safety_check__at_dose=True)
    return set(world.seen(world.nurse, rows.values_list("pk", flat=True)))


def test_what_was_sent_stays_sent_and_what_was_not_goes_out(world):
    assert swept() > 0
    at_dose = Check.objects.filter(at_dose=True, offset_days=21, state="due")
    assert world.update(at_dose, opened_on=day(-1)) > 3
    with as_worker():
        open_due_checks()
    waiting, stood = pending(world), stands(world)
    assert waiting, "they are late since yesterday"
    ends(world)
    assert world.seen(world.nurse, at_dose.all()) == []
    assert delivered() < len(waiting) and not pending(world), "nobody is reminded of what ended"
    acts(world, take_back_last_dose)
    assert (stands(world), pending(world)) == (stood, waiting)
    assert (swept(), swept()) == (len(waiting), 0)
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == len(set(ids))


def test_entered_again_what_takes_over_is_the_same_as_before(world):
    def after():
        rows = Check.objects.filter(after_last_dose=True).order_by("pk")
        return world.seen(world.nurse, rows.values_list("pk", "state", "due_on"))

    ends(world)
    first = after()
    acts(world, take_back_last_dose)
    assert after() != first
    ends(world)
    assert after() == first
