"""Imports and exports at the same moment as other things: seen across committed transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from accounts.acting import acting_as, set_acting
from cases.bulk import running
from cases.models import BulkJob, Case, ICICourse, PatientIdentity
from cases.services import bulk as service
from tests.conftest import superuser_url
from tests.factories.merging import merge_records
from tests.factories.record import make_case
from tests.factories.spreadsheets import COURSE, PATIENT, WHOLE, file_of
from tests.integration.bulk.doing import again, applied, as_user, checked


@pytest.fixture
def line(world: Any) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection that commits when it is told to: somebody who is in the middle of something."""
    with psycopg.connect(superuser_url(connection.settings_dict["NAME"])) as found:
        yield found


def alone(work: Callable[[], Any]) -> Any:
    """Do `work` in a thread, with a connection of its own."""
    try:
        return work()
    finally:
        connection.close()


def until_it_waits(begun: Future[Any], pid: int, superuser: psycopg.Connection[Any]) -> None:
    """Return once what runs waits for a lock of the backend `pid`, or has ended without."""
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"
    while not begun.done() and superuser.execute(blocked, [pid]).fetchone() == (0,):
        pass


@contextmanager
def waiting_for(
    line: psycopg.Connection[Any], superuser: psycopg.Connection[Any], work: Callable[[], Any]
) -> Iterator[Any]:
    """Begin `work` in a thread; the block runs once it waits for what `line` holds."""
    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(alone, work)
        until_it_waits(begun, line.info.backend_pid, superuser)
        try:
            yield begun
        finally:
            line.rollback()


def brought(world: Any, data: bytes) -> None:
    """Import a file; it is good."""
    job = applied(world, checked(world, data))
    assert job.state == "done"


def ready(world: Any, data: bytes) -> tuple[BulkJob, Callable[[], None]]:
    """Return the job of a file that is to be imported, and what the worker does then."""
    by, job = world["coordinator"], checked(world, data)
    as_user(by, lambda: service.apply(by=by, job=job))
    return job, lambda: running.run(job.public_id, by.pk)


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


def test_an_edit_that_is_saved_at_the_same_moment_is_not_overwritten(world, superuser, line):
    by = world["coordinator"]
    brought(world, file_of(patients=[PATIENT]))
    job, work = ready(world, file_of(patients=[{**PATIENT, "Sex": "Female"}]))
    # As an edit of who the patient is: it holds the case, and writes.
    line.execute("SELECT 1 FROM cases_case FOR UPDATE")
    line.execute(
        "UPDATE cases_patientidentity SET national_scheme = 'nhs', national_number = '9434765919'"
    )
    with waiting_for(line, superuser, work) as importing:
        line.commit()
        importing.result(timeout=60)
    assert again(by, job).state == "done"
    identity = as_user(by, lambda: PatientIdentity.objects.select_related("patient").get())
    assert (identity.patient.sex, identity.national_number) == ("female", "9434765919")


def test_rows_of_a_record_that_is_merged_at_the_same_moment_go_to_the_kept_one(world, superuser):
    by = world["coordinator"]
    other = {**PATIENT, "Hospital number": "N 200", "Family name": "Other"}
    brought(world, file_of(patients=[PATIENT, other]))
    job, work = ready(world, file_of(courses=[{**COURSE, "Hospital number": "N 200"}]))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), acting_as(by):
            kept, absorbed = Case.objects.order_by("pk")
            merge_records(by, kept, absorbed)
            set_acting(by)
            importing = pool.submit(alone, work)
            until_it_waits(importing, connection.connection.info.backend_pid, superuser)
        importing.result(timeout=60)
    assert again(by, job).state == "done"
    assert as_user(by, lambda: ICICourse.objects.get().patient_id) == kept.patient_id


def test_the_records_of_a_file_are_held_in_the_order_in_which_others_hold_them(
    world, superuser, line, monkeypatch
):
    """However the file is ordered, and before anything is written: two who hold several never wait for each other."""
    by = world["coordinator"]
    monkeypatch.setattr("cases.bulk.entering.AT_ONCE", 1)
    other = {**PATIENT, "Hospital number": "N 200", "Family name": "Other"}
    brought(world, file_of(patients=[PATIENT, other]))
    first, second = as_user(by, lambda: list(Case.objects.order_by("pk")))
    courses = [{**COURSE, "Hospital number": number} for number in ("N 200", "N 100")]
    job, work = ready(world, file_of(courses=courses))
    # As a merge, which holds both: the first one now, the other then.
    line.execute("SELECT 1 FROM cases_case WHERE id = %s FOR UPDATE", [first.pk])
    with waiting_for(line, superuser, work) as importing:
        line.execute("SELECT 1 FROM cases_case WHERE id = %s FOR UPDATE NOWAIT", [second.pk])
        line.commit()
        importing.result(timeout=60)
    assert again(by, job).state == "done"
    assert as_user(by, ICICourse.objects.count) == 2


def test_a_deadlock_is_answered_in_words(world, monkeypatch):
    by = world["coordinator"]
    job, work = ready(world, file_of(**WHOLE))

    def die(*args: Any, **rest: Any) -> None:
        raise OperationalError from psycopg.errors.DeadlockDetected()

    monkeypatch.setattr("cases.bulk.running.enter", die)
    work()
    found = again(by, job)
    assert found.state == "failed" and "at the same moment" in found.told[0]


def test_whoever_cancels_a_job_that_runs_asks_its_worker_to_stop(world, superuser):
    by = world["coordinator"]
    job = as_user(
        by, lambda: service.check_file(by=by, board=world["board"], data=file_of(**WHOLE))
    )
    superuser.execute("UPDATE cases_bulkjob SET state = 'running' WHERE id = %s", [job.pk])
    as_user(by, lambda: service.cancel(by=by, job=job))
    asked = again(by, job)
    assert (asked.state, asked.cancel) == ("running", True)
    assert bytes(asked.content)
