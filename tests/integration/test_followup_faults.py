"""A sweep in which a row, the mail server or the database fails."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from accounts.acting import acting_as
from cases.models import Case
from followup.models import Check, Notice, Reminder
from followup.selectors import reminder_health
from followup.services import delivery
from followup.services.delivery import drain
from followup.services.sweep import open_due_checks
from tests.conftest import superuser_url
from tests.factories.monitoring import (
    as_worker,
    day,
    make_plan,
)
from tests.factories.people import make_board, make_user

pytestmark = pytest.mark.usefixtures("committed_db")


class World:
    """A board with its people and one plan under way."""

    def __init__(self, dosed: int | None = 7) -> None:
        with transaction.atomic():
            self.board = make_board()
            self.nurse, self.chair, self.coordinator = (
                make_user(role, self.board) for role in ("nurse", "chair", "coordinator")
            )
            self.plan = make_plan(self.nurse, self.board, dosed=dosed)
        # As if the dose had been entered on its day: the checks were dated before they were due.
        self.update(Check.objects.filter(dated_on__isnull=False), dated_on=day(-400))

    def update(self, rows, **values):
        """Change rows as the nurse."""
        with transaction.atomic(), acting_as(self.nurse):
            return rows.update(**values)

    def seen(self, user, rows):
        """Return what `user` sees, as a list."""
        with transaction.atomic(), acting_as(user):
            return list(rows)

    @property
    def case_state(self):
        return self.seen(self.nurse, Case.objects.values_list("state", "returned_reason"))[0]


@pytest.fixture
def world():
    return World()


def superuser_sql(sql, *params):
    import psycopg

    with psycopg.connect(
        superuser_url(connection.settings_dict["NAME"]), autocommit=True
    ) as server:
        return server.execute(sql, params)


def make_due(hours: int = 1) -> None:
    """Let every pending reminder be due, whatever the time of day."""
    superuser_sql(
        "UPDATE followup_reminder SET due_at = now() - make_interval(hours => %s),"
        " next_attempt_at = now() - make_interval(hours => %s) WHERE state = 'pending'",
        hours, hours,
    )  # fmt: skip


def refuse(monkeypatch, error, when=lambda message: True):
    from django.core.mail.backends.locmem import EmailBackend

    send = EmailBackend.send_messages

    def refusing(self, messages):
        if when(messages[0]):
            raise error
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refusing)


def test_a_poison_row_is_put_off_and_at_last_failed_while_the_others_go_out(world, monkeypatch):
    with as_worker():
        open_due_checks()
        make_due()
        poison = world.seen(world.nurse, Reminder.objects.order_by("id"))[0]
        poison_id = poison.message_id("example.org")
        error = smtplib.SMTPRecipientsRefused({"nurse@example.org": (550, b"no such user")})
        refuse(monkeypatch, error, lambda m: m.extra_headers["Message-ID"] == poison_id)
        handled = drain()
        assert len(mail.outbox) == handled - 1
        for attempts in range(1, delivery.MOST_ATTEMPTS + 1):
            row = world_row(poison.pk)
            assert (row["attempts"], row["last_error"]) == (attempts, "recipient_refused_550")
            if attempts < delivery.MOST_ATTEMPTS:
                minutes = delivery.BACK_OFF_MINUTES[attempts - 1]
                wait = row["next_attempt_at"] - row["now"]
                assert timedelta(minutes=minutes, seconds=-20) < wait <= timedelta(minutes=minutes)
                assert drain() == 0
                make_due()
                drain()
        assert world_row(poison.pk)["state"] == "failed"
        assert reminder_health().failed == 1


def world_row(pk):
    import psycopg
    from psycopg.rows import dict_row

    with psycopg.connect(
        superuser_url(connection.settings_dict["NAME"]), row_factory=dict_row
    ) as server:
        return server.execute(
            "SELECT *, now() FROM followup_reminder WHERE id = %s", (pk,)
        ).fetchone()


def test_a_server_that_is_down_costs_no_attempt_and_notices_still_arrive(world, monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    def nobody_home(self):
        raise ConnectionRefusedError

    with as_worker():
        open_due_checks()
        make_due()
        monkeypatch.setattr(EmailBackend, "open", nobody_home)
        handled = drain()
        assert reminder_health().late_minutes > 59
        assert not reminder_health().well
        rows = world.seen  # read below as the nurse
        monkeypatch.undo()
        make_due()
        assert drain() == handled
    reminders = rows(world.nurse, Reminder.objects.all())
    assert {(r.state, r.attempts, r.last_error) for r in reminders} == {("sent", 1, "")}
    assert len(rows(world.nurse, Notice.objects.all())) == handled == len(mail.outbox)


def test_a_server_that_hangs_up_again_and_again_is_taken_as_down(world, monkeypatch):
    refuse(monkeypatch, smtplib.SMTPServerDisconnected("gone"))
    with as_worker():
        open_due_checks()
        make_due()
        drain()
    errors = [r.last_error for r in world.seen(world.nurse, Reminder.objects.all())]
    assert errors.count("connection_broke") == 3
    assert errors.count("server_unreachable") == len(errors) - 3 > 0


# A refusal of the database, at once or at the commit, for the notice of one reminder.
REFUSE = """
    CREATE FUNCTION refuse_notice() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'; END $$;
    CREATE CONSTRAINT TRIGGER refuse_notice AFTER INSERT ON followup_notice
        DEFERRABLE INITIALLY %s FOR EACH ROW WHEN (NEW.reminder_id = %s) EXECUTE FUNCTION refuse_notice();
"""


@pytest.mark.parametrize("when", ["IMMEDIATE", "DEFERRED"])
def test_a_row_that_the_database_refuses_is_put_off_without_a_mail_and_blocks_nobody(world, when):
    with as_worker():
        open_due_checks()
        make_due()
        first = world.seen(world.nurse, Reminder.objects.order_by("id"))[0]
        superuser_sql(REFUSE % (when, first.pk))
        try:
            handled = drain()
        finally:
            superuser_sql("DROP FUNCTION refuse_notice CASCADE")
    sent = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert len(sent) == handled - 1
    assert first.message_id("example.org") not in sent
    row = world_row(first.pk)
    assert (row["state"], row["attempts"], row["last_error"]) == ("pending", 1, "database")
    assert row["next_attempt_at"] > row["now"]


def test_a_row_that_another_sweep_sent_meanwhile_is_not_put_back(world, monkeypatch):
    with as_worker():
        open_due_checks()
        make_due()
        first = world.seen(world.nurse, Reminder.objects.order_by("id"))[0].pk

        def sent_by_another(claims):
            give_back(claims)
            superuser_sql(
                "UPDATE followup_reminder SET state = 'sent', sent_at = now(), attempts = 1 WHERE id = %s",
                first,
            )

        give_back = delivery.claiming.Claims.give_back
        monkeypatch.setattr(delivery.claiming.Claims, "give_back", sent_by_another)
        monkeypatch.setattr(delivery, "_letter", lambda row, domain: 1 / 0)
        assert drain(limit=1) == 1
    row = world_row(first)
    assert (row["state"], row["attempts"], row["last_error"]) == ("sent", 1, "")


def test_a_fault_of_the_programme_costs_one_attempt_of_one_row(world, monkeypatch):
    with as_worker():
        open_due_checks()
        make_due()
        first = world.seen(world.nurse, Reminder.objects.order_by("id"))[0].pk
        compose = delivery._letter
        monkeypatch.setattr(
            delivery,
            "_letter",
            lambda row, domain: compose(row, domain) if row.pk != first else 1 / 0,
        )
        handled = drain()
    assert len(mail.outbox) == handled - 1
    row = world_row(first)
    assert (row["state"], row["attempts"], row["last_error"]) == ("pending", 1, "unexpected")
    assert row["sent_at"] is None
    assert len(world.seen(world.nurse, Notice.objects.all())) == handled - 1
