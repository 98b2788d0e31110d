"""A sweep in which a row, the mail server or the database fails."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from followup.models import Notice, Reminder
from followup.selectors import reminder_health
from followup.services import delivery
from followup.services.delivery import drain
from followup.services.sweep import open_due_checks
from tests.conftest import superuser_url
from tests.factories.monitoring import as_worker
from tests.factories.world import World, make_due, superuser_sql

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def world():
    return World()


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
