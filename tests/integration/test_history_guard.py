"""A history is written by triggers that nobody can silence, and by nobody else."""

from __future__ import annotations

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.acting import acting_as
from accounts.rowsecurity import EnableRowSecurity, GuardHistory
from cases.models import IrAE
from cases.services import history
from rechallenge import parts
from tests.conftest import superuser_url
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case

PNEUMONITIS = {"organ": "lung", "entity": "pneumonitis", "ctcae_version": "5.0"}
HISTORIES = sorted(m._meta.db_table for m in apps.get_models() if hasattr(m, "pgh_tracked_model"))
# What pgtrigger puts in: it reads what the session set.
LISTENING = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE plpgsql
AS $$ BEGIN RETURN trigger_name = ANY (current_setting('pgtrigger.ignore', true)::text[]); END $$
"""


@pytest.fixture
def irae(member, board):
    case = make_case(member, board)
    with acting_as(member):
        return history.save_irae(by=member, case=case, version=1, values=PNEUMONITIS)


def run(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def changes() -> list[tuple[object, ...]]:
    return run("SELECT pgh_label, worst_grade FROM cases_iraeevent ORDER BY pgh_id")


def silence() -> None:
    """Name every trigger in the setting by which pgtrigger is told to do nothing."""
    names = run("SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal")
    run("SELECT set_config('pgtrigger.ignore', %s, true)", *names[0])


def test_a_change_is_entered_though_the_session_tells_the_triggers_to_do_nothing(irae):
    before = changes()
    silence()
    run("UPDATE cases_irae SET worst_grade = 1, worst_grade_state = 'known'")
    assert changes() == [*before, ("update", 1)]
    run("DELETE FROM cases_irae")
    assert changes() == [*before, ("update", 1), ("delete", 1)]


def test_it_is_put_right_by_every_run_of_migrations(committed_db, superuser):
    """And the control: as pgtrigger makes its function a change would not be entered."""
    with transaction.atomic():
        board = make_board()
        member = make_user("member", board)
    with transaction.atomic(), acting_as(member):
        case = make_case(member, board)
        history.save_irae(by=member, case=case, version=1, values=PNEUMONITIS)
        before = changes()
    superuser.execute(LISTENING)
    try:
        found = parts.history()
        with transaction.atomic(), acting_as(member):
            silence()
            run("UPDATE cases_irae SET worst_grade = 1, worst_grade_state = 'known'")
            assert changes() == before
    finally:
        connection.close()
        connection.settings_dict["USER"] = "rechallenge_owner"
        call_command("migrate", "audit", verbosity=0)
        connection.close()
        connection.settings_dict["USER"] = "rechallenge_app"
    assert (found.ok, found.says) == (
        False,
        "a session could tell the triggers that write it to do nothing",
    )
    assert parts.history().ok


def invent(role: str, table: str) -> None:
    """Add to a history by hand, as a login role; whatever it refuses comes before any row is looked at."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(superuser_url(name)) as line:
        line.execute(f"SET ROLE rechallenge_{role}")
        line.execute(f"INSERT INTO {table} DEFAULT VALUES")


@pytest.mark.django_db
@pytest.mark.parametrize("table", HISTORIES)
def test_nobody_adds_to_a_history_by_hand(table):
    for role in ("app", "worker"):
        with pytest.raises(
            psycopg.errors.InsufficientPrivilege, match=r"history|permission denied"
        ):
            invent(role, table)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is a history"):
        invent("app", table)


def test_an_invented_change_is_refused_to_the_web_and_a_real_one_is_entered(member, irae):
    before = changes()
    copy = "INSERT INTO cases_iraeevent SELECT (e).* FROM (SELECT e FROM cases_iraeevent e) AS all_of_them"
    with pytest.raises(DatabaseError, match="is a history"), transaction.atomic():
        run(copy)
    assert changes() == before
    IrAE.objects.update(worst_grade=2, worst_grade_state="known")
    assert changes() == [*before, ("update", 2)]


@pytest.mark.django_db
def test_a_history_of_a_later_table_is_guarded_by_the_operations_that_close_it():
    """As their migrations run: after the guard is there."""

    class Editor:
        executed: list[str] = []

        def __init__(self) -> None:
            self.connection = connection

        def execute(self, sql: str, params: object = None) -> None:
            self.executed.append(str(sql))

    editor = Editor()
    EnableRowSecurity("cases_laterevent").database_forwards("cases", editor, None, None)
    assert any(
        "by_triggers_alone BEFORE INSERT ON cases_laterevent" in sql for sql in editor.executed
    )
    editor.executed.clear()
    EnableRowSecurity("cases_later").database_forwards("cases", editor, None, None)
    assert not any("by_triggers_alone" in sql for sql in editor.executed)
    operation = GuardHistory("evidence_laterevent")
    assert "BEFORE INSERT ON evidence_laterevent" in operation.sql
    assert operation.deconstruct() == ("GuardHistory", ["evidence_laterevent"], {})


@pytest.mark.django_db
def test_the_doctor_looks_at_it(capsys):
    call_command("doctor", "--only", "history")
    assert "is written whatever a session says" in capsys.readouterr().out
