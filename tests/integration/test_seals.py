"""Seals of the trail, as the workers' role makes and checks them."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import sealing
from audit.models import Seal
from audit.services import record


@pytest.fixture
def as_worker(committed_db):
    """The connection as the workers' login role, and as `app` again afterwards."""
    connection.close()
    connection.settings_dict["USER"] = "rechallenge_worker"
    yield
    connection.close()
    connection.settings_dict["USER"] = "rechallenge_app"


def _older(superuser):
    """Make the entries old enough to be sealed, as only a superuser could."""
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("UPDATE audit_trailentry SET at = at - interval '5 minutes'")


def test_seals_fit_until_somebody_changes_an_entry(as_worker, superuser):
    for n in range(3):
        record("account.signed_in", by=None, detail={"n": n})
    assert sealing.seal() == 0, "fresh entries wait: one with a lower id may still appear"
    _older(superuser)
    assert sealing.seal() == 3
    record("account.signed_out", by=None)
    _older_one = "UPDATE audit_trailentry SET at = at - interval '5 minutes' WHERE kind = 'account.signed_out'"
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(_older_one)
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
