"""The command and the tasks that run the sweeps, and what ends one."""

from __future__ import annotations

import psycopg
import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DataError, OperationalError, connection, transaction

from followup.models import Reminder
from followup.services import claiming, delivery, sweep
from followup.services.delivery import drain
from followup.services.sweep import open_due_checks
from tests.conftest import superuser_url
from tests.factories.monitoring import as_worker, use_role
from tests.factories.world import World, make_due

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


def test_the_loop_goes_on_and_delivers_whatever_the_database_refuses(world, monkeypatch, capsys):
    from followup.management.commands import send_due_reminders as command

    rounds = []

    class Enough(Exception):
        pass

    def twice(seconds):
        rounds.append(len(mail.outbox))
        make_due()
        if len(rounds) == 2:
            raise Enough

    with as_worker():
        open_due_checks()
        make_due()
        monkeypatch.setattr(sweep, "OPEN", "SELECT now() AT TIME ZONE 'London'")
        monkeypatch.setattr(command.time, "sleep", twice)
        with pytest.raises(Enough):
            call_command("send_due_reminders", loop=True)
        assert capsys.readouterr().err.count("trying again") == 2
        assert rounds[0] == rounds[1] > 5
        with pytest.raises(DataError, match="London"):
            call_command("send_due_reminders")


def test_a_lost_database_connection_ends_the_sweep_and_marks_nothing(world, monkeypatch):
    def lost(self, message):
        raise OperationalError("gone")

    with as_worker():
        open_due_checks()
        make_due()
        monkeypatch.setattr(delivery.mail.Line, "send", lost)
        with pytest.raises(OperationalError):
            drain()
        monkeypatch.undo()
        rows = world.seen(world.nurse, Reminder.objects.all())
        assert {(r.state, r.attempts) for r in rows} == {("pending", 0)}
        assert drain() == len(rows), "the lost connection let go of its row"


def test_each_row_is_committed_before_the_next_is_sent(world, monkeypatch):
    def seen_from_outside():
        with psycopg.connect(superuser_url(connection.settings_dict["NAME"])) as server:
            found = server.execute(
                "SELECT (SELECT count(*) FROM followup_reminder WHERE state = 'sent'),"
                " (SELECT count(*) FROM followup_notice)"
            ).fetchone()
        seen.append(found)

    def send(self, message):
        seen_from_outside()
        return original(self, message)

    seen, original = [], delivery.mail.Line.send
    monkeypatch.setattr(delivery.mail.Line, "send", send)
    with as_worker():
        open_due_checks()
        make_due()
        handled = drain()
        seen_from_outside()
    assert seen == [(n, n) for n in range(handled + 1)]


def test_a_long_sweep_says_now_and_then_that_it_is_alive(world, monkeypatch):
    def send(self, message):
        with psycopg.connect(superuser_url(connection.settings_dict["NAME"])) as server:
            (handled,) = server.execute(
                "SELECT handled FROM followup_sweep WHERE name = 'drain'"
            ).fetchone()
        said.append(handled)

    said: list[int] = []
    monkeypatch.setattr(delivery, "SIGN_OF_LIFE_EVERY", 2)
    monkeypatch.setattr(delivery.mail.Line, "send", send)
    with as_worker():
        open_due_checks()
        make_due()
        drain(limit=5)
    assert said == [0, 0, 2, 2, 4]


def test_a_sweep_inside_a_transaction_is_refused(world):
    with as_worker(), transaction.atomic(), pytest.raises(RuntimeError, match="by itself"):
        drain()


def test_a_claim_is_planned_anew_now_and_then(world):
    def plan():
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN EXECUTE followup_claim")
            return "\n".join(line for (line,) in cursor.fetchall())

    with as_worker(), claiming.Claims() as claims, connection.cursor() as cursor:
        cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off")
        assert "reminder_due" not in plan(), "the control"
        cursor.execute("RESET enable_indexscan; RESET enable_bitmapscan")
        # A handful of rows may as well be scanned whole, once their number is known to the planner.
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
        claims.prepare()
        assert "reminder_due" in plan()


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
