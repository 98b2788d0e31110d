"""The roles named in SQL are those of the permission table: the two walls must not drift apart."""

from __future__ import annotations

import importlib
import re

from accounts.permissions import PATIENT_ROLES, PERMISSIONS, Role
from accounts.rowsecurity import _GRANTED


def roles(sql: str) -> set[str]:
    """Return the roles of the first `role IN (...)` in the SQL."""
    found = re.search(r"role IN \(([^)]*)\)", sql)
    assert found
    return set(re.findall(r"'(\w+)'", found[1]))


def test_row_security_lets_in_the_roles_that_may_view_cases():
    assert roles(_GRANTED) == {str(role) for role in PATIENT_ROLES}
    migration = importlib.import_module("accounts.migrations.0005_in_force")
    assert roles(migration.WITH_PATIENTS) == {str(role) for role in PERMISSIONS["case.view"]}


def test_the_database_lets_register_whom_the_table_lets_refer():
    migration = importlib.import_module("cases.migrations.0002_row_security")
    now = importlib.import_module("meetings.migrations.0011_switched_off")
    for sql in (migration.REGISTER, now.REGISTER):
        assert roles(sql) == {str(role) for role in PERMISSIONS["case.refer"]}
    assert "b.active" in now.REGISTER and "u.is_active" in now.REGISTER


def test_the_trail_is_read_by_whom_the_table_lets():
    migration = importlib.import_module("audit.migrations.0004_readers")
    assert roles(migration.BOARDS) == {str(role) for role in PERMISSIONS["trail.view"]}
    now = importlib.import_module("meetings.migrations.0011_switched_off")
    listed = re.search(r"boards_in_force\(ARRAY\[([^]]*)\]", now.TRAIL)
    assert set(re.findall(r"'(\w+)'", listed[1])) == {str(r) for r in PERMISSIONS["trail.view"]}
    everybody = re.search(r"boards_in_force\(ARRAY\[([^]]*)\]", now.ACCESS)
    assert set(re.findall(r"'(\w+)'", everybody[1])) == {str(role) for role in Role}


def test_a_board_is_guarded_for_the_role_that_administers_it():
    migration = importlib.import_module("accounts.migrations.0003_membership_guard")
    assert {str(role) for role in PERMISSIONS["board.manage"]} == {"administrator"}
    assert migration.GUARD.count("role = 'administrator'") == 2


def test_a_check_passed_on_goes_to_somebody_who_may_record_it():
    from followup.services.sweep import ASSIGNEE

    assert roles(ASSIGNEE) == {str(role) for role in PERMISSIONS["monitoring.record"]}


def test_the_database_lets_erase_whom_the_table_lets_erase():
    migration = importlib.import_module("cases.migrations.0011_erasure")
    assert roles(migration.ERASE) == {str(role) for role in PERMISSIONS["patient.erase"]}
