"""Imports and exports at the same moment as other things: seen across committed transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from cases.models import Case
from cases.services import bulk as service
from tests.conftest import superuser_url
from tests.factories.record import make_case
from tests.factories.spreadsheets import WHOLE, file_of
from tests.integration.bulk.doing import as_user


@pytest.fixture
def line(world: Any) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection that commits when it is told to: somebody who is in the middle of something."""
    with psycopg.connect(superuser_url(connection.settings_dict["NAME"])) as found:
        yield found


@contextmanager
def waiting_for(
    line: psycopg.Connection[Any], superuser: psycopg.Connection[Any], work: Callable[[], Any]
) -> Iterator[Any]:
    """Begin `work` in a thread; the block runs once it waits for what `line` holds."""

    def alone() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(alone)
        blocked = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"
        pid = line.info.backend_pid
        while not running.done() and superuser.execute(blocked, [pid]).fetchone() == (0,):
            pass
        try:
            yield running
        finally:
            line.rollback()


def test_errors_that_are_written_while_a_patient_is_erased_go_too(world, superuser, line):
    by, chair = world["coordinator"], world["chair"]
    with transaction.atomic():
        case = make_case(world["member"], world["board"])
    job = as_user(
        by, lambda: service.check_file(by=by, board=world["board"], data=file_of(**WHOLE))
    )
    line.execute("UPDATE cases_bulkjob SET state = 'faulty' WHERE id = %s", [job.pk])
    line.execute(
        "INSERT INTO cases_bulkproblem (job_id, user_id, sheet, row, heading, typed, words)"
        " VALUES (%s, %s, 'Patients', 2, 'Family name', 'Grayling', 'wrong')",
        [job.pk, by.pk],
    )

    def erase() -> None:
        Case.objects.update(state="closed")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rechallenge_erase_patient(%s, 'request')", [case.patient_id])

    with waiting_for(line, superuser, lambda: as_user(chair, erase)) as erasing:
        line.commit()
        erasing.result(timeout=60)
    assert superuser.execute("SELECT count(*) FROM cases_bulkproblem").fetchone() == (0,)
