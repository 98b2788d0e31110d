"""What the update makes of a board's time zone that stood there before the database refused unknown ones."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from accounts.models import Board
from tests.factories.people import make_board

pytestmark = pytest.mark.usefixtures("committed_db")


def test_the_zone_that_was_meant_is_taken_else_the_sites_and_the_history_keeps_it(
    superuser, settings
):
    settings.TIME_ZONE = "Europe/Paris"
    with transaction.atomic():
        boards = {zone: make_board() for zone in ("asia/tokyo", "London", "Asia/Tokyo")}
    superuser.execute("SET session_replication_role = replica")  # as before there was the trigger
    for zone, board in boards.items():
        superuser.execute("UPDATE accounts_board SET zone = %s WHERE id = %s", (zone, board.pk))
    migration = import_module("accounts.migrations.0007_known_zones")
    with transaction.atomic():
        migration.put_right(None, SimpleNamespace(connection=connection))
    found = {was: Board.objects.get(pk=board.pk).zone for was, board in boards.items()}
    assert found == {
        "asia/tokyo": "Asia/Tokyo",
        "London": "Europe/Paris",
        "Asia/Tokyo": "Asia/Tokyo",
    }
    kept = superuser.execute(
        "SELECT pgh_obj_id, zone FROM accounts_boardevent WHERE pgh_label = 'update' ORDER BY pgh_id"
    ).fetchall()
    assert kept == [
        (boards["asia/tokyo"].pk, "Asia/Tokyo"),
        (boards["London"].pk, "Europe/Paris"),
    ]
