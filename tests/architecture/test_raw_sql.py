"""Rows that are read by SQL of our own are not noted (`audit.reading`): who does that, and why no reading is missed."""

from __future__ import annotations

import ast

from tests.architecture.sources import APPLICATIONS, name, python_files, tree

WRITES = "writes or locks, and reads no row of a patient"
NOBODY = "a sweep or a command, which shows nobody anything"
KEYS = "returns keys alone; the rows are loaded by the ORM"
WITH_SQL = {
    "accounts/indexonce.py": "the index of a migration",
    "accounts/lots.py": "rows that a migration fills in, as the owner",
    "accounts/acting.py": "sets who is acting",
    "accounts/apps.py": "puts a function of the database right after migrations",
    "accounts/rowsecurity.py": "operations of migrations",
    "accounts/zones.py": "which time zones the database knows",
    "audit/sealing.py": NOBODY,
    "audit/services.py": "writes the trail itself",
    "cases/beside.py": "the facts of cases that the ORM loads, and notes, in the same statement",
    "cases/answers.py": "numbers of cases by answer across all boards",
    "cases/bulk/known.py": "which numbers are taken: nothing of whose",
    "cases/bulk/outside.py": WRITES,
    "cases/duplicates.py": KEYS,
    "cases/searching.py": "returns keys, and beginnings of words one slip from those asked for",
    "cases/services/following.py": WRITES,
    "cases/services/lifecycle.py": WRITES,
    "cases/services/limits.py": WRITES,
    "cases/services/merging.py": WRITES,
    "cases/services/patients.py": KEYS,
    "cases/services/referral.py": WRITES,
    "cases/services/strays.py": "which uploaded files no record names: nothing of whose",
    "cases/whole_record.py": "the lists of patients whose own rows the ORM has loaded, and noted, before",
    "followup/management/commands/send_due_reminders.py": NOBODY,
    "followup/selectors.py": "four numbers across all boards",
    "followup/services/claiming.py": NOBODY,
    "followup/services/sweep.py": NOBODY,
    "followup/services/triggers.py": NOBODY,
    "meetings/management/commands/verify_decisions.py": NOBODY,
    "meetings/reach.py": "three numbers across all boards",
    "meetings/services/erasure.py": WRITES,
}
CALLS = {"cursor", "raw", "extra"}


def opens_sql(node: ast.AST) -> bool:
    """Whether a node asks the database otherwise than by the ORM's own rows."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in CALLS
    return isinstance(node, ast.Name) and node.id == "RawSQL"


def found() -> set[str]:
    return {
        name(path)
        for path in python_files(*APPLICATIONS)
        if any(opens_sql(node) for node in ast.walk(tree(path)))
    }


def test_modules_with_sql_of_their_own_are_known_and_say_why_they_miss_no_reading():
    assert found() == set(WITH_SQL)


def test_the_search_sees_each_way():
    for line in ("connection.cursor()", "Case.objects.raw('x')", "RawSQL('x', [])"):
        assert any(opens_sql(node) for node in ast.walk(ast.parse(line))), line
    assert not any(opens_sql(node) for node in ast.walk(ast.parse("Case.objects.count()")))
