"""Migration operations by which the database holds `patient_id` together with what else a row points at.

A row that names a patient and, say, a case could name one patient and another one's case: row-level security
would then show it to those who may see the first, and the page to those who may see the second. The key
(case, patient) -> (id, patient) of the case makes that impossible. Built for tables in use: the index
concurrently, the key NOT VALID and thus for new rows at once, the old rows compared in a migration of its own.
"""

from __future__ import annotations

from django.db import migrations

# Of forced row-level security the owner is not free: without a reason the comparison would find no rows, and
# so nothing wrong.
REASON = "SELECT set_config('app.owner_reason', '{}', true);"
# Rather fail and be run again than stand in the way of every writer behind a long transaction.
SHORT_WAIT = "SET LOCAL lock_timeout = '10s';"


class PatientKey(migrations.RunSQL):
    """Give `table` the unique index (id, patient_id), to which keys of other tables can point.

    Its migration must be `atomic = False`. Run again after a failure it begins anew.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        name = f"{table}_of_patient"
        super().__init__(
            [
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} (id, patient_id)",
            ],
            [f"DROP INDEX CONCURRENTLY IF EXISTS {name}"],
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what makes the same operation again."""
        return ("PatientKey", [self.table], {})


class SamePatient(migrations.RunSQL):
    """Refuse rows of `table` whose `column` points at a row of `target` about another patient.

    Holds for what is written from now on; `ComparePatients` then looks at what is there. A merge of two
    patients may put it off to the end of its transaction.
    """

    def __init__(self, table: str, column: str, target: str) -> None:
        self.table, self.column, self.target = table, column, target
        super().__init__(
            f"{SHORT_WAIT} ALTER TABLE {table} ADD CONSTRAINT {key_name(table, column)}"
            f" FOREIGN KEY ({column}, patient_id) REFERENCES {target} (id, patient_id)"
            " DEFERRABLE INITIALLY IMMEDIATE NOT VALID;",
            f"ALTER TABLE {table} DROP CONSTRAINT {key_name(table, column)};",
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what makes the same operation again."""
        return ("SamePatient", [self.table, self.column, self.target], {})


class ComparePatients(migrations.RunSQL):
    """Compare the rows that were there before `SamePatient`; fails where a pair does not fit."""

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column
        super().__init__(
            REASON.format("compare_patients")
            + f"ALTER TABLE {table} VALIDATE CONSTRAINT {key_name(table, column)};"
            + REASON.format(""),
            migrations.RunSQL.noop,
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what makes the same operation again."""
        return ("ComparePatients", [self.table, self.column], {})


def key_name(table: str, column: str) -> str:
    """Return the name of the key that holds `column` and `patient_id` together."""
    return f"{table}_{column.removesuffix('_id')}_same_patient"
