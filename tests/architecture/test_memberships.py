"""Users, boards and memberships are written by the services of accounts, and by nothing else."""

from __future__ import annotations

import ast

from tests.architecture.sources import name, python_files, tree

MODELS = {"User", "Board", "Membership"}
WRITES = {
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "create_user",
    "create_superuser",
}
# Who else may, and why.
OTHERS = {
    "demo/people.py": "the first people of an empty demonstration: nobody is there who could act",
}


def _owner_names(call: ast.Call) -> set[str]:
    """Return the names that the object of a method call is made of: `Board.objects.filter(...)`."""
    assert isinstance(call.func, ast.Attribute)
    parts: set[str] = set()
    for node in ast.walk(call.func.value):
        parts |= {node.id} if isinstance(node, ast.Name) else set()
        parts |= {node.attr} if isinstance(node, ast.Attribute) else set()
    return parts


def writes(module: ast.Module) -> list[int]:
    """Return the lines that write a user, a board or a membership through a manager."""
    found = []
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            parts = _owner_names(call)
            of_people = ("objects" in parts and parts & MODELS) or "memberships" in parts
            if call.func.attr in WRITES and of_people:
                found.append(call.lineno)
    return found


def test_only_the_services_of_accounts_write_them() -> None:
    found = {
        name(path): lines
        for path in python_files()
        if "accounts/services" not in name(path) and (lines := writes(tree(path)))
    }
    assert set(found) == set(OTHERS)


def test_the_rule_can_fail() -> None:
    sample = ast.parse(
        "Membership.objects.filter(pk=1).update(active=True)\n"
        "board.memberships.create(user=u)\n"
        "User.objects.create_user('a', 'b')\n"
        "Case.objects.create(board=Board())\n"
        "form.update(x)"
    )
    assert writes(sample) == [1, 2, 3]
