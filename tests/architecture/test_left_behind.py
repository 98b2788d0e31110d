"""Rows of the history that a merge left behind are no part of the record: who asks for all records, and of what."""

from __future__ import annotations

import ast

from tests.architecture.sources import APPLICATIONS, name, python_files, tree

CASES = "cases, and what hangs on one, stay where they were made"
HISTORY = "the history of both records, as it was"
ERASED = "an erasure reaches all that there is"
ASKS = {
    "cases/changelog.py": HISTORY,
    "cases/family.py": "what is asked",
    "cases/holding.py": "locks, and reads nothing",
    "cases/lab_history.py": HISTORY,
    "cases/lived.py": "checks and doses of plans, which stay with their cases; of the history the kept record alone",
    "cases/naming.py": CASES,
    "cases/selectors.py": "other cases of the patient; and whether a row was ever there, by its history",
    "cases/services/facts.py": CASES,
    "cases/services/merging.py": "versions of sections, which belong to cases",
    "cases/services/sections.py": "versions of sections, which belong to cases",
    "cases/services/tasks.py": CASES,
    "followup/services/deaths.py": CASES,
    "followup/services/saying.py": CASES,
    "followup/yardsticks.py": "checks, which stay with their plans",
    "meetings/drawing.py": "decisions, which stay with their cases",
    "meetings/services/erasure.py": ERASED,
    "meetings/views/erasure.py": ERASED,
}  # fmt: skip


def asks(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in {"records_of", "records_around"}


def test_who_asks_for_all_records_of_a_patient_says_of_what():
    found = {
        name(path)
        for path in python_files(*APPLICATIONS)
        if any(asks(node) for node in ast.walk(tree(path)))
    }
    # Where it is defined nobody calls it by its name.
    assert found | {"cases/family.py"} == set(ASKS)
