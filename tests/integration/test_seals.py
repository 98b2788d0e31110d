"""Seals of the trail, as the workers' role makes and checks them."""

from __future__ import annotations

import threading

import psycopg
import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from audit import sealing, tasks
from audit.models import Seal, TrailEntry
from audit.services import record
from tests.conftest import superuser_url


@pytest.fixture
def as_worker(committed_db):
    """The connection as the workers' login role, and as `app` again afterwards."""
    connection.close()
    connection.settings_dict["USER"] = "rechallenge_worker"
    yield
    connection.close()
    connection.settings_dict["USER"] = "rechallenge_app"


def _older(superuser):
    """Make the entries that are not sealed yet old enough to be, as only a superuser could."""
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(
            "UPDATE audit_trailentry SET at = at - interval '5 minutes'"
            " WHERE id > (SELECT coalesce(max(last_entry), 0) FROM audit_seal)"
        )


def test_seals_fit_until_somebody_changes_an_entry(as_worker, superuser):
    for n in range(3):
        record("account.signed_in", by=None, detail={"n": n})
    assert sealing.seal() == 0, "fresh entries wait: one with a lower id may still appear"
    _older(superuser)
    assert sealing.seal() == 3
    record("account.signed_out", by=None)
    _older(superuser)
    assert sealing.seal() == 1
    assert Seal.objects.count() == 2
    call_command("verify_trail")
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(
            """UPDATE audit_trailentry SET detail = '{"n": 9}' WHERE detail = '{"n": 1}'"""
        )
    with pytest.raises(CommandError, match="changed after sealing"):
        call_command("verify_trail")


def test_a_removed_entry_is_noticed(as_worker, superuser):
    for _ in range(3):
        record("account.signed_in", by=None)
    _older(superuser)
    sealing.seal()
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(
            "DELETE FROM audit_trailentry WHERE id = (SELECT max(id) FROM audit_trailentry)"
        )
    with pytest.raises(CommandError, match="changed after sealing"):
        call_command("verify_trail")


INSERT = "INSERT INTO audit_trailentry (kind, at, subject_type, request_id, detail) VALUES ('x', now(), '', '', '{}')"


def test_nothing_is_sealed_past_an_entry_that_is_not_committed_yet(
    as_worker, superuser, monkeypatch
):
    monkeypatch.setattr(sealing, "PATIENCE", 0.2)
    address = superuser_url(connection.settings_dict["NAME"])
    with psycopg.connect(address) as slow:
        slow.execute(INSERT)  # the lower number, in a transaction that stays open
        record("account.signed_in", by=None)
        _older(superuser)
        with structlog.testing.capture_logs() as logged:
            assert sealing.seal() == 0
        assert [entry["event"] for entry in logged] == ["trail.sealing_waits"]
        slow.commit()
    _older(superuser)
    assert sealing.seal() == 2
    call_command("verify_trail")


def test_a_writer_that_ends_soon_is_waited_for(as_worker, superuser):
    with psycopg.connect(superuser_url(connection.settings_dict["NAME"])) as slow:
        slow.execute(INSERT)
        record("account.signed_in", by=None)
        _older(superuser)
        ending = threading.Timer(0.5, slow.commit)
        ending.start()
        assert sealing.seal() == 2
        ending.join()
    call_command("verify_trail")


def _sealed(superuser, count: int) -> None:
    for _ in range(count):
        record("account.signed_in", by=None)
    _older(superuser)
    tasks.seal_trail()


def test_the_task_seals_batch_after_batch(as_worker, superuser, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    _sealed(superuser, 5)
    assert [s.entries for s in Seal.objects.order_by("pk")] == [2, 2, 1]
    first = TrailEntry.objects.earliest("pk").pk
    assert str(Seal.objects.earliest("pk")) == f"{first}-{first + 1}"


def test_the_end_of_the_chain_goes_to_the_log(as_worker, superuser):
    with structlog.testing.capture_logs() as before:
        tasks.log_head()
    assert before == [], "there is no chain yet"
    _sealed(superuser, 2)
    with structlog.testing.capture_logs() as logged:
        tasks.log_head()
    head = sealing.head()
    assert logged == [
        {
            "event": "trail.head",
            "log_level": "info",
            "seals": 1,
            "last_entry": head.last_entry,
            "digest": head.digest,
        }
    ]


def test_an_end_that_was_cut_off_is_noticed_by_a_head_noted_before(as_worker, superuser, capsys):
    call_command("verify_trail")
    assert "No seal has been made yet" in capsys.readouterr().out
    _sealed(superuser, 2)
    first = sealing.head()
    _sealed(superuser, 3)
    noted = sealing.head()
    call_command("verify_trail", head=[first.digest, noted.digest])
    said = capsys.readouterr().out
    assert "2 seals fit their entries" in said and noted.digest in said
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("DELETE FROM audit_trailentry WHERE id > %s", [first.last_entry])
        superuser.execute("DELETE FROM audit_seal WHERE last_entry > %s", [first.last_entry])
    call_command("verify_trail")
    with pytest.raises(CommandError, match="cut off"):
        call_command("verify_trail", head=[first.digest, noted.digest])


def test_another_key_does_not_fit(as_worker, superuser, settings):
    _sealed(superuser, 1)
    settings.SEAL_KEY = "another-key-of-more-than-32-characters"
    with pytest.raises(CommandError, match="changed after sealing"):
        call_command("verify_trail")


def test_without_the_key_nothing_is_sealed_or_verified_and_that_is_said(
    as_worker, superuser, settings
):
    _sealed(superuser, 1)
    settings.SEAL_KEY = ""
    with pytest.raises(CommandError, match="RECHALLENGE_SEAL_KEY is not set"):
        call_command("verify_trail")
    with pytest.raises(ImproperlyConfigured, match="RECHALLENGE_SEAL_KEY is not set"):
        sealing.digest("", [])


def test_a_role_that_does_not_see_every_entry_says_so_and_nothing_else(committed_db):
    with pytest.raises(CommandError, match=r"does not see every entry.*RECHALLENGE_DB_ROLE=worker"):
        call_command("verify_trail")


def test_the_owner_sees_every_entry(committed_db, capsys):
    connection.close()
    connection.settings_dict["USER"] = "rechallenge_owner"
    call_command("verify_trail")
    connection.close()
    connection.settings_dict["USER"] = "rechallenge_app"
    assert "No seal" in capsys.readouterr().out


def test_beat_seals_every_minute_and_writes_the_end_to_the_log_every_hour(settings):
    schedule = settings.CELERY_BEAT_SCHEDULE
    assert schedule["seal-trail"] == {"task": tasks.seal_trail.name, "schedule": 60.0}
    head = schedule["log-trail-head"]
    assert head["task"] == tasks.log_head.name
    assert head["schedule"].minute == {17} and len(head["schedule"].hour) == 24
