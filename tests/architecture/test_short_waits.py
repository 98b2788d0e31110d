"""Migrations that lock tables in use rather fail than stand in the way of every writer."""

from __future__ import annotations

import pytest
from django.contrib.postgres.operations import ValidateConstraint
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel, RunPython
from django.db.migrations.operations.base import Operation

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together

# The first migration of each application by which this rule was kept.
SINCE = {"cases": "0034", "evidence": "0010", "followup": "0013", "meetings": "0014"}
# Constraints are validated beside writers, and rows are changed without a lock on their table.
NO_LOCK = (ValidateConstraint, RunPython)


def flat(operations: list[Operation]) -> list[Operation]:
    found = []
    for one in operations:
        found += flat(one.operations) if isinstance(one, Together) else [one]
    return found


def locks_a_table_in_use(operations: list[Operation]) -> bool:
    made = {one.name.lower() for one in operations if isinstance(one, CreateModel)}
    return any(
        not isinstance(one, (*NO_LOCK, CreateModel))
        and getattr(one, "model_name", "").lower() not in made
        for one in operations
    )


MIGRATIONS = [
    (label, name, migration)
    for (label, name), migration in sorted(MigrationLoader(None).disk_migrations.items())
    if label in SINCE and name >= SINCE[label] and migration.atomic
    if locks_a_table_in_use(flat(migration.operations))
]


@pytest.mark.parametrize(
    "operations",
    [pytest.param(m.operations, id=f"{label}.{name}") for label, name, m in MIGRATIONS],
)
def test_a_migration_waits_for_locks_only_shortly(operations: list[Operation]) -> None:
    assert getattr(operations[0], "sql", None) == SHORT_WAIT


@pytest.mark.django_db
def test_who_does_not_know_a_fact_yet_can_write_the_others() -> None:
    """As the processes that still run while a migration adds a fact."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'cases_casefacts'::regclass"
            " AND attnum > 0 AND attnotnull AND NOT atthasdef AND NOT attisdropped"
            r" AND attname LIKE '%\_state'"
        )
        assert cursor.fetchall() == []
