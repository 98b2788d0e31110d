"""Row-level security asks whether the board and the account are switched on, as the ORM does.

Policies and functions alone change; no table is rewritten. Each policy changes in a transaction of its own, so
that no two tables are locked at once. Here, above every other application, since the policies of all are changed.
"""

from importlib import import_module

from django.db import migrations

from accounts.rowsecurity import _GRANTED, IN_FORCE, as_in_force, visible_in_force

FIRST = import_module("cases.migrations.0002_row_security")


def boards(roles):
    """Return the condition of a board on which the acting user holds one of `roles`, as an SQL expression."""
    listed = ", ".join(f"'{role}'" for role in roles)
    return f"board_id = ANY ((SELECT rechallenge_boards_in_force(ARRAY[{listed}]))::bigint[])"


ACCESS = f"""
ALTER POLICY patient_scope ON cases_patientaccess USING (
    user_id = (SELECT rechallenge_acting_in_force())
    OR {boards(("member", "chair", "coordinator", "nurse", "curator", "registry", "administrator"))});
"""
TRAIL = f"""
ALTER POLICY patient_scope ON audit_trailentry USING (
    {boards(("chair", "administrator"))}
    OR CASE WHEN patient_id IS NOT NULL THEN {visible_in_force("audit_trailentry", "patient_id")}
            ELSE actor_id = (SELECT rechallenge_acting_in_force()) END);
"""
REGISTER = FIRST.REGISTER.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    "FROM accounts_membership m\n",
    "FROM accounts_membership m\n"
    "                   JOIN accounts_board b ON b.id = m.board_id AND b.active\n"
    "                   JOIN accounts_user u ON u.id = m.user_id AND u.is_active\n",
)
SEARCH = (
    FIRST.SEARCH[FIRST.SEARCH.index("CREATE FUNCTION rechallenge_search_cases") :]
    .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace(_GRANTED, IN_FORCE)
)


def ask(apps, schema_editor):
    """Give every policy about a patient the condition of this version."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'patient_scope'"
            " AND tablename NOT IN ('cases_patientaccess', 'audit_trailentry') ORDER BY tablename"
        )
        tables = [table for (table,) in cursor.fetchall()]
    for table in tables:
        column = "id" if table in ("cases_patient", "cases_patientevent") else "patient_id"
        schema_editor.execute(as_in_force(table, column))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("meetings", "0010_form_version"),
        ("followup", "0009_dose_same_patient"),
        ("cases", "0019_sections_of_old_cases"),
        ("audit", "0007_context_of_history"),
        ("accounts", "0005_in_force"),
    ]
    operations = [
        migrations.RunPython(ask, migrations.RunPython.noop),
        migrations.RunSQL(ACCESS, migrations.RunSQL.noop),
        migrations.RunSQL(TRAIL, migrations.RunSQL.noop),
        migrations.RunSQL([REGISTER], migrations.RunSQL.noop),
        migrations.RunSQL([SEARCH], migrations.RunSQL.noop),
    ]
