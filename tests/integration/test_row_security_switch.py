"""Row-level security is what hides a foreign patient: switched off for any one table, that table leaks.

A whole line is committed, so that every table has rows; then a stranger counts them under security, and
once more for each table with its security off. A table that showed nothing either way would prove nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from accounts.acting import acting_as, set_acting
from evidence.models import ReachCount
from followup.services.notices import notify
from followup.services.sweep import open_due_checks
from meetings.services.erasure import erase_patient
from tests.architecture.test_tables import event_models, patient_models
from tests.factories.line import make_line
from tests.factories.marked import make_marked
from tests.factories.merging import merge_records
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case
from tests.factories.spreadsheets import make_job

if TYPE_CHECKING:
    import psycopg

    from accounts.models import User
    from tests.factories.marked import Marked


def tables() -> list[str]:
    """Return every table about a patient and every history of one."""
    return sorted(m._meta.db_table for m in [*patient_models(), *event_models()])


def own_tables() -> list[str]:
    """Return every table of which everybody sees their own rows alone: what was typed, searched for, imported."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'own_rows'")
        return sorted(table for (table,) in cursor.fetchall())


def leaking(user: User | None, of: list[str] | None = None) -> set[str]:
    """Return the tables of which `user` sees a row."""
    found = set()
    with transaction.atomic():
        set_acting(user)
        for table in tables() if of is None else of:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")
                if cursor.fetchone()[0]:
                    found.add(table)
    connection.close()
    return found


def erase(marked: Marked) -> None:
    """Erase the patient, so that the tables of erasures have rows."""
    chair = marked.people["chair"]
    with transaction.atomic(), acting_as(chair):
        erase_patient(by=chair, patient=marked.patient, reason="request")


def sweep_as_worker() -> None:
    """Open what is due, which makes reminders, as the workers' login role."""
    connection.close()
    connection.settings_dict["USER"] = "rechallenge_worker"
    try:
        open_due_checks()
    finally:
        connection.close()
        connection.settings_dict["USER"] = "rechallenge_app"


def test_every_patient_table_leaks_if_and_only_if_its_security_is_off(
    committed_db: None, superuser: psycopg.Connection[Any]
) -> None:
    with transaction.atomic():
        # The first for what a sweep makes, the second for a row in every table of the record.
        line = make_line(make_board())
        marked = make_marked(line.board, line.people)
        other = make_case(line.people["member"], line.board)
        merge_records(line.people["coordinator"], line.case, other)
        stranger = make_user("member", make_board())
    sweep_as_worker()
    erase(marked)
    owner = line.people["member"]
    empty = {t for t in tables() if not superuser.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone()}
    assert not empty, "without a row a table proves nothing"
    assert leaking(owner) == set(tables()), "the control: the patient's own board sees every table"
    assert leaking(stranger) == set()
    assert leaking(None) == set()
    for table in tables():
        superuser.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        try:
            seen = leaking(stranger)
        finally:
            superuser.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        assert table in seen
    assert leaking(stranger) == set()


def test_what_somebody_typed_leaks_if_and_only_if_its_security_is_off(
    committed_db: None, superuser: psycopg.Connection[Any]
) -> None:
    with transaction.atomic():
        line = make_line(make_board())
        make_marked(line.board, line.people)
        make_job(line.people["coordinator"], line.board, state="faulty")
        stranger = make_user("chair", line.board)
        with acting_as(line.people["nurse"]):
            notify(users=[line.people["nurse"].pk], kind="due", plan=line.plan, reference="RC-1")
            ReachCount.objects.create(user=line.people["nurse"], key="k" * 64)
    own = own_tables()
    assert {"cases_bulkjob", "cases_bulkproblem", "cases_draft", "cases_savedsearch"} <= set(own)
    seen = set().union(*(leaking(person, own) for person in line.people.values()))
    assert seen == set(own), "the control: everybody sees their own"
    assert leaking(stranger, own) == set()
    for table in own:
        superuser.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        try:
            assert leaking(stranger, [table]) == {table}
        finally:
            superuser.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def test_access_of_ones_own_ends_with_the_account(
    committed_db: None, superuser: psycopg.Connection[Any]
) -> None:
    with transaction.atomic():
        board = make_board()
        member, guest = make_user("member", board), make_user("member", make_board())
        case = make_case(member, board)
    superuser.execute(
        "INSERT INTO cases_patientaccess (patient_id, user_id, reason, created_at)"
        " VALUES (%s, %s, 'break_glass', now())",
        [case.patient_id, guest.pk],
    )
    assert "cases_case" in leaking(guest)
    superuser.execute("UPDATE accounts_user SET is_active = false WHERE id = %s", [guest.pk])
    assert leaking(guest) == set()
