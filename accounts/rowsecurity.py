"""Migration operations for the walls around rows: row-level security, freezing, grants.

The three login roles exist before the first migration (`deploy/roles.sql`). `app` gets the usual rights on
every table by default privileges; `worker` gets nothing but what a migration grants it here. Row-level
security is *forced*: even the owner sees no patient unless a function of ours says for what reason.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

OWNER, APP, WORKER = "rechallenge_owner", "rechallenge_app", "rechallenge_worker"

# As it was first written: landed migrations use it, `meetings.0011` puts `IN_FORCE` in its place everywhere.
# Whose access counts: the acting user's own, or that of a board on which they hold a role with patients.
_GRANTED = """
    (a.until IS NULL OR a.until > now())
    AND (a.user_id = rechallenge_acting_user()
         OR a.board_id IN (SELECT m.board_id FROM accounts_membership m
                           WHERE m.user_id = rechallenge_acting_user() AND m.active
                             AND m.role IN ('member', 'chair', 'coordinator', 'nurse', 'registry')))
"""


# The same, and a board or an account that is switched off counts for nothing, as in `User.memberships_in_force`.
# Two functions in place of joins: written out in every policy, joins cost the planner three times as long.
IN_FORCE = """
    (a.until IS NULL OR a.until > now())
    AND (a.user_id = (SELECT rechallenge_acting_in_force())
         OR a.board_id = ANY ((SELECT rechallenge_boards_with_patients())::bigint[]))
"""


def visible_in_force(table: str, column: str) -> str:
    """Return the SQL condition under which the acting user may see a row of `table`."""
    return f"EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id = {table}.{column} AND {IN_FORCE})"  # noqa: S608


def visible(table: str, column: str) -> str:
    """Return that condition as landed migrations knew it; new ones take `visible_in_force`."""
    return f"EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id = {table}.{column} AND {_GRANTED})"  # noqa: S608


def policies(table: str, condition: str, worker: str) -> str:
    """Return the statements that force row-level security on `table`."""
    sql = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY patient_scope ON {table} TO {APP} USING ({condition}) WITH CHECK ({condition})",
        f"CREATE POLICY owner_with_reason ON {table} TO {OWNER}"
        " USING (coalesce(current_setting('app.owner_reason', true), '') <> '')"
        " WITH CHECK (coalesce(current_setting('app.owner_reason', true), '') <> '')",
    ]
    if worker:
        sql += [
            f"CREATE POLICY worker_sweep ON {table} TO {WORKER} USING (true) WITH CHECK (true)",
            f"GRANT {worker} ON {table} TO {WORKER}",
        ]
    return ";\n".join(sql) + ";"


# pgtrigger's triggers ask this function whether the session told them to do nothing. Nobody tells a history that.
NEVER_IGNORED = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT false';
"""
HISTORY_GUARD = "rechallenge_history_guard()"
GUARD_HISTORY = f"""
CREATE FUNCTION {HISTORY_GUARD} RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is a history: the triggers of what it tells write it, and nobody else', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def guard_history(table: str) -> str:
    """Return the statement by which `table` takes rows from triggers alone.

    Not by a missing right: the triggers write as whoever changes the row, under the same row-level security. A depth
    of triggers is nothing that a session can set.
    """
    return (
        f"CREATE OR REPLACE TRIGGER by_triggers_alone BEFORE INSERT ON {table} FOR EACH STATEMENT"
        f" WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION {HISTORY_GUARD};"
    )


def as_in_force(table: str, column: str) -> str:
    """Return the statement that has the policy of `table` ask what is in force."""
    condition = visible_in_force(table, column)
    return f"ALTER POLICY patient_scope ON {table} USING ({condition}) WITH CHECK ({condition});"


class EnableRowSecurity(migrations.RunSQL):
    """Force row-level security on a table about one patient; `worker`: rights of the workers."""

    def __init__(self, table: str, column: str = "patient_id", worker: str = "") -> None:
        self.table, self.column, self.worker = table, column, worker
        undo = ["patient_scope", "owner_with_reason", *(["worker_sweep"] if worker else [])]
        # A history is added to by triggers alone; whoever could change it could hide a change.
        kept = (
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP};"
            if table.endswith("event")
            else ""
        )
        super().__init__(
            policies(table, visible(table, column), worker) + kept,
            "".join(f"DROP POLICY {name} ON {table};" for name in undo)
            + (f"REVOKE {worker} ON {table} FROM {WORKER};" if worker else "")
            + f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        )

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        """Make the policies, by the condition in force as soon as its functions are there."""
        super().database_forwards(app_label, schema_editor, *states)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT to_regprocedure('rechallenge_boards_with_patients()') IS NOT NULL,"
                " to_regprocedure(%s) IS NOT NULL",
                [HISTORY_GUARD],
            )
            conditions, guard = cursor.fetchone()
        if conditions:
            schema_editor.execute(as_in_force(self.table, self.column))
        if guard and self.table.endswith("event"):
            schema_editor.execute(guard_history(self.table))

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what makes the same operation again."""
        return ("EnableRowSecurity", [self.table, self.column, self.worker], {})


class GuardHistory(migrations.RunSQL):
    """Let the history of a table that is not about a patient be added to by its triggers alone, and never changed."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(
            guard_history(table) + f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP};",
            f"DROP TRIGGER by_triggers_alone ON {table};",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what makes the same operation again."""
        return ("GuardHistory", [self.table], {})


class GrantWorker(migrations.RunSQL):
    """Give the workers rights on a table that is not about a patient."""

    def __init__(self, table: str, rights: str) -> None:
        self.table, self.rights = table, rights
        super().__init__(
            f"GRANT {rights} ON {table} TO {WORKER};"
            f"DO $$ BEGIN IF '{rights}' LIKE '%INSERT%' AND pg_get_serial_sequence('{table}', 'id') IS NOT NULL"
            f" THEN EXECUTE 'GRANT USAGE ON SEQUENCE ' || pg_get_serial_sequence('{table}', 'id')"
            f" || ' TO {WORKER}'; END IF; END $$;",
            f"REVOKE {rights} ON {table} FROM {WORKER};",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what makes the same operation again."""
        return ("GrantWorker", [self.table, self.rights], {})


class Revoke(migrations.RunSQL):
    """Take rights on a table away from both `app` and `worker`."""

    def __init__(self, table: str, rights: str) -> None:
        self.table, self.rights = table, rights
        super().__init__(
            f"REVOKE {rights} ON {table} FROM {APP}, {WORKER};",
            f"GRANT {rights} ON {table} TO {APP};",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what makes the same operation again."""
        return ("Revoke", [self.table, self.rights], {})


class Freeze(migrations.RunSQL):
    """Refuse UPDATE and DELETE of rows for which `when` holds, and TRUNCATE of the table.

    `when` is an SQL condition over OLD; `allow` one over OLD and NEW under which an update passes all
    the same (erasure, retirement). Hand-written, since a pgtrigger trigger can be switched off by a
    setting; the rights to DELETE and TRUNCATE are revoked besides.
    """

    def __init__(self, table: str, when: str = "true", allow: str = "false") -> None:
        self.table, self.when, self.allow = table, when, allow
        name = f"freeze_{table}"
        super().__init__(
            f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
                SET search_path = pg_catalog, public, pg_temp AS $$
            BEGIN
                IF TG_OP = 'TRUNCATE' THEN
                    RAISE EXCEPTION '{table} keeps frozen rows and cannot be emptied'
                        USING ERRCODE = 'restrict_violation';
                ELSIF TG_OP = 'DELETE' THEN
                    IF {when} THEN
                        RAISE EXCEPTION 'row % of {table} is frozen and cannot be deleted', OLD.id
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN OLD;
                ELSIF ({when}) AND NOT ({allow}) THEN
                    RAISE EXCEPTION 'row % of {table} is frozen and cannot be changed', OLD.id
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER {name}_row BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION {name}();
            CREATE TRIGGER {name}_table BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION {name}();
            """,
            f"""
            DROP TRIGGER {name}_row ON {table};
            DROP TRIGGER {name}_table ON {table};
            DROP FUNCTION {name}();
            """,
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what makes the same operation again."""
        return ("Freeze", [self.table, self.when, self.allow], {})
