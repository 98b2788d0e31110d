"""Migrations that lock tables in use rather fail than stand in the way of every writer."""

from __future__ import annotations

from importlib import import_module

import pytest

from accounts.samepatient import SHORT_WAIT


@pytest.mark.parametrize(
    "name",
    [
        "cases.migrations.0034_patient_merge",
        "cases.migrations.0035_merging",
        "followup.migrations.0013_merged_records",
        "followup.migrations.0014_monitoring_goes_on",
        "followup.migrations.0015_erased_limits",
    ],
)
def test_a_migration_waits_for_locks_only_shortly(name: str) -> None:
    first = import_module(name).Migration.operations[0]
    assert getattr(first, "sql", None) == SHORT_WAIT
