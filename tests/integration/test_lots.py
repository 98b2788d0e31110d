"""Migrations that fill in rows in use pass over what somebody holds, and can be run again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts import lots
from accounts.acting import acting_as
from cases.models import Case, CaseFacts, ICICourse, Patient
from cases.states import CaseState
from tests.factories.people import make_board, make_user
from tests.factories.record import add_course, make_case
from tests.integration.test_courses_said_over import (
    DRUGS,
    NOT_STOPPED,
    OVER,
    call_complete,
    change,
)
from tests.integration.test_merging_races import until_waiting

HISTORY = "cases.migrations.0111_over_and_before_as_the_history_tells"
BOARDS = "cases.migrations.0119_where_cases_are_open"


@pytest.fixture
def north(committed_db):
    """A member of a board whose work is committed."""
    board = make_board("North")
    return make_user("member", board), board


@pytest.fixture
def migrating():
    """Run, as the owner and beside everybody else, what a migration fills in."""

    def fill(name):
        try:
            import_module(name).fill(None, SimpleNamespace(connection=connection))
        finally:
            connection.close()

    user = connection.settings_dict["USER"]
    with ThreadPoolExecutor(1) as pool:
        # The connection of the test itself is there by now, and stays what it is.
        connection.ensure_connection()
        connection.settings_dict["USER"] = "rechallenge_owner"
        yield lambda name: pool.submit(fill, name)
    connection.settings_dict["USER"] = user


def committed(member, work, *args, **more):
    with transaction.atomic(), acting_as(member):
        return work(*args, **more)


def forgotten(superuser, change_):
    """Change rows without anything that follows from it."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(change_)
    superuser.execute("RESET session_replication_role")


def of_boards(superuser):
    rows = superuser.execute("SELECT case_id, open_board_id FROM cases_casefacts").fetchall()
    return dict(rows)


def of_courses(superuser):
    return dict(superuser.execute("SELECT id, over_said_on FROM cases_icicourse").fetchall())


def of_lists(superuser):
    found = superuser.execute("SELECT id, courses_complete_through FROM cases_patient").fetchall()
    return dict(found)


def test_what_somebody_saves_is_filled_at_the_end(north, superuser, migrating, monkeypatch):
    monkeypatch.setattr(lots, "AT_ONCE", 2)
    member, board = north
    first, *others = [committed(member, make_case, member, board) for _n in range(4)]
    committed(member, Case.objects.filter(pk=others[0].pk).update, state=CaseState.CLOSED)
    forgotten(superuser, "UPDATE cases_casefacts SET open_board_id = NULL")
    with transaction.atomic(), acting_as(member):
        CaseFacts.objects.select_for_update().get(case=first)
        run = migrating(BOARDS)
        until_waiting(superuser, run)
        held = {first.pk: None, others[0].pk: None}
        filled = held | {case.pk: board.pk for case in others[1:]}
        assert of_boards(superuser) == filled
    run.result(timeout=60)
    assert of_boards(superuser) == filled | {first.pk: board.pk}


def test_what_is_held_all_the_time_is_left_to_another_run(north, superuser, migrating, monkeypatch):
    monkeypatch.setattr(lots, "TRIES", 1)
    member, board = north
    one, other = (committed(member, make_case, member, board) for _n in range(2))
    forgotten(superuser, "UPDATE cases_casefacts SET open_board_id = NULL")
    with transaction.atomic(), acting_as(member):
        CaseFacts.objects.select_for_update().get(case=one)
        with pytest.raises(OperationalError, match="1 rows of cases_casefacts are held"):
            migrating(BOARDS).result(timeout=60)
    assert of_boards(superuser) == {one.pk: None, other.pk: board.pk}
    migrating(BOARDS).result(timeout=60)
    assert of_boards(superuser) == {one.pk: board.pk, other.pk: board.pk}


def test_a_row_that_was_removed_meanwhile_is_not_waited_for(north, told, superuser, migrating):
    member, _board = north
    row, courses, _lists = told
    with transaction.atomic(), acting_as(member):
        ICICourse.objects.get(pk=row.pk).delete()
        run = migrating(HISTORY)
        until_waiting(superuser, run)
    run.result(timeout=60)
    assert of_courses(superuser) == {n: day for n, day in courses.items() if n != row.pk}


def test_what_cannot_be_had_behind_another_lock_is_tried_again_after_a_pause(
    north, superuser, migrating, monkeypatch
):
    monkeypatch.setattr(lots, "TRIES", 3)
    pauses = []
    monkeypatch.setattr(lots.time, "sleep", pauses.append)
    member, board = north
    committed(member, make_case, member, board)
    forgotten(superuser, "UPDATE cases_casefacts SET open_board_id = NULL")
    # Another row than its own is in the way.
    monkeypatch.setattr(lots, "_fill", lambda _connection, _filling, lot: list(lot))
    with pytest.raises(OperationalError, match="1 rows of cases_casefacts are held"):
        migrating(BOARDS).result(timeout=60)
    assert pauses == [lots.PAUSE] * 2


def test_what_is_not_a_lock_is_an_error_at_once(north, superuser, migrating, monkeypatch):
    member, board = north
    committed(member, make_case, member, board)
    forgotten(superuser, "UPDATE cases_casefacts SET open_board_id = NULL")
    cancelled = "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(5), %s::bigint[]"
    boards = import_module(BOARDS).BOARDS
    monkeypatch.setattr(import_module(BOARDS), "BOARDS", replace(boards, statement=cancelled))
    with pytest.raises(OperationalError, match="canceling statement"):
        migrating(BOARDS).result(timeout=60)


def test_a_lot_that_meets_a_lock_further_on_is_tried_again(
    north, superuser, migrating, monkeypatch
):
    member, board = north
    case = committed(member, make_case, member, board)
    forgotten(superuser, "UPDATE cases_casefacts SET open_board_id = NULL")
    boards = import_module(BOARDS).BOARDS
    behind = boards.statement.replace(
        "UPDATE", "WITH l AS (SELECT id FROM accounts_board FOR UPDATE) UPDATE", 1
    ).replace("WHERE", "WHERE EXISTS (SELECT FROM l) AND", 1)
    monkeypatch.setattr(import_module(BOARDS), "BOARDS", replace(boards, statement=behind))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM accounts_board FOR UPDATE")
        run = migrating(BOARDS)
        until_waiting(superuser, run)
        with pytest.raises(TimeoutError):
            run.result(timeout=1.5)
        assert of_boards(superuser) == {case.pk: None}
    run.result(timeout=60)
    assert of_boards(superuser) == {case.pk: board.pk}


@pytest.fixture
def told(north, superuser):
    """Two courses that are over and one that is not, in two records with lists; nothing of it filled in yet."""
    member, board = north
    case, bare = (committed(member, make_case, member, board) for _n in range(2))
    row = committed(member, add_course, member, case, **DRUGS)
    other = committed(member, add_course, member, bare, **DRUGS)
    committed(member, change, member, bare, **OVER)
    for values in (OVER, NOT_STOPPED, OVER, {"regimen": "carboplatin"}):
        committed(member, change, member, case, **values)
    committed(member, call_complete, member, case)
    late = {"drugs": ["nivolumab"], "start": None, "start_state": "unknown"}
    third = committed(member, add_course, member, case, **late)
    committed(member, ICICourse.objects.update, over_said_on=None)
    committed(member, Patient.objects.update, courses_complete_through=None)
    today = timezone.localdate()
    courses = {row.pk: today, other.pk: today, third.pk: None}
    return row, courses, {case.patient_id: row.pk, bare.patient_id: None}


def test_what_the_history_tells_of_rows_from_before_is_filled_beside_a_save(
    north, told, superuser, migrating
):
    member, _board = north
    row, courses, lists = told
    with transaction.atomic(), acting_as(member):
        ICICourse.objects.select_for_update().get(pk=row.pk)
        Patient.objects.select_for_update(of=("self",)).get(pk=row.patient_id)
        run = migrating(HISTORY)
        until_waiting(superuser, run)
        assert of_courses(superuser) == courses | {row.pk: None}
    run.result(timeout=60)
    assert (of_courses(superuser), of_lists(superuser)) == (courses, lists)


def test_run_again_it_fills_what_is_left_and_nothing_else(north, told, superuser, migrating):
    row, courses, lists = told
    migrating(HISTORY).result(timeout=60)
    assert (of_courses(superuser), of_lists(superuser)) == (courses, lists)

    def entered():
        counts = (f"SELECT count(*) FROM cases_{name}event" for name in ("icicourse", "patient"))
        return [superuser.execute(count).fetchone() for count in counts]

    before = entered()
    migrating(HISTORY).result(timeout=60)
    assert (of_courses(superuser), of_lists(superuser)) == (courses, lists)
    assert entered() == before
    forgotten(superuser, f"UPDATE cases_icicourse SET over_said_on = NULL WHERE id = {row.pk}")
    migrating(HISTORY).result(timeout=60)
    assert of_courses(superuser) == courses
    (of_rows, of_patients) = entered()
    assert (of_rows[0] - before[0][0], of_patients) == (1, before[1])
