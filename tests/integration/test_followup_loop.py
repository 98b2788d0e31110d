"""The command and the tasks that run the sweeps, and what ends one."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from followup.models import Reminder
from followup.services import delivery
from followup.services.delivery import drain
from followup.services.sweep import open_due_checks
from tests.factories.monitoring import as_worker, use_role
from tests.integration.test_followup_sweep import World, make_due

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def world():
    return World()


def test_the_command_does_the_same_and_refuses_the_wrong_role(world, capsys):
    with pytest.raises(CommandError, match="RECHALLENGE_DB_ROLE=worker"):
        call_command("send_due_reminders")
    with as_worker():
        call_command("send_due_reminders")
        assert "checks opened" in capsys.readouterr().out


def test_the_loop_goes_on_when_the_database_is_away(world, monkeypatch, capsys):
    from followup.management.commands import send_due_reminders as command

    class Enough(Exception):
        pass

    def stop(seconds):
        raise Enough

    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(command.time, "sleep", stop)
    monkeypatch.setattr(command, "open_due_checks", away)
    with as_worker():
        with pytest.raises(Enough):
            call_command("send_due_reminders", loop=True)
        assert "trying again" in capsys.readouterr().err
        with pytest.raises(OperationalError):
            call_command("send_due_reminders")


def test_a_lost_database_connection_ends_the_sweep_and_marks_nothing(world, monkeypatch):
    def lost(row, line, domain):
        raise OperationalError("gone")

    with as_worker():
        open_due_checks()
        make_due()
        monkeypatch.setattr(delivery, "_deliver", lost)
        with pytest.raises(OperationalError):
            drain()
    assert {r.attempts for r in world.seen(world.nurse, Reminder.objects.all())} == {0}


def test_a_sweep_ends_with_its_time_and_the_next_goes_on(world):
    with as_worker():
        open_due_checks()
        make_due()
        assert drain(seconds=-1) == 0
        assert drain(limit=2) == 2
        assert drain() > 0


def test_the_tasks_call_the_same_services(world):
    from followup.tasks import drain as drain_task
    from followup.tasks import open_due_checks as open_task

    with as_worker():
        assert open_task() > 0
        make_due()
        assert drain_task() > 0
    use_role("app")
