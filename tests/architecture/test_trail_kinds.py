"""Every kind of entry that anything writes to the trail has a label, and every label is of a kind."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from audit.kinds import GROUPS, KINDS, label
from tests.architecture.sources import name, python_files, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What writes to the trail: by name the module it stands in and the place of the kind among its arguments.
WRITERS = {
    "record": ("audit.services", 0),
    "record_on_boards": ("audit.services", 0),
    "_append": ("audit.services", 0),
    "note": ("followup.services.noting", 2),
}
MODULES = {module for module, _place in WRITERS.values()}


def _stands_in(path: Path) -> str:
    """Return the module's dotted name."""
    return name(path).removesuffix(".py").replace("/", ".")


def _imported(module: ast.Module, path: Path) -> dict[str, int]:
    """Return the names by which a module calls the trail's writers, with the place of the kind."""
    found = {
        alias.asname or alias.name: WRITERS[alias.name][1]
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module in MODULES
        for alias in node.names
        if WRITERS.get(alias.name, ("",))[0] == node.module
    }
    own = {w: at for w, (where, at) in WRITERS.items() if where == _stands_in(path)}
    return {**found, **own}


def _texts(value: ast.expr) -> list[str] | None:
    """Return the texts that an expression can be, or None where that cannot be read off."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.IfExp):
        both = [_texts(value.body), _texts(value.orelse)]
        return [text for texts in both if texts for text in texts] if None not in both else None
    return None


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _argument(call: ast.Call, place: int, key: str) -> ast.expr | None:
    """Return the argument of a call at `place`, by position or by name; bound methods lack `self`."""
    given = [k.value for k in call.keywords if k.arg == key]
    if given:
        return given[0]
    place -= isinstance(call.func, ast.Attribute)
    return call.args[place] if 0 <= place < len(call.args) else None


def _resolve(
    module: ast.Module, function: ast.FunctionDef | None, value: ast.expr
) -> list[str] | None:
    """Return the kinds that a writer's first argument can be, through a variable or a wrapper's callers."""
    texts = _texts(value)
    if texts is not None or not isinstance(value, ast.Name) or function is None:
        return texts
    assigned = [
        _texts(node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == value.id for t in node.targets)
    ]
    if assigned:
        return None if None in assigned else [t for texts in assigned for t in texts or []]
    names = [a.arg for a in function.args.args]
    if value.id not in names:
        return None
    place, found = names.index(value.id), []
    for call in (n for n in ast.walk(module) if isinstance(n, ast.Call)):
        if _called(call) == function.name:
            given = _argument(call, place, value.id)
            texts = _texts(given) if given is not None else None
            if texts is None:
                return None
            found += texts
    return found


def _with_function(module: ast.Module) -> Iterator[tuple[ast.Call, ast.FunctionDef | None]]:
    """Yield every call with the innermost function that it stands in."""
    owner: dict[ast.AST, ast.FunctionDef] = {}
    for node in ast.walk(module):  # breadth first: an inner function overwrites the outer
        if isinstance(node, ast.FunctionDef):
            owner.update(dict.fromkeys(ast.walk(node), node))
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield node, owner.get(node)


def written() -> tuple[dict[str, str], list[str]]:
    """Return each kind that is written, with a place; and the calls whose kind cannot be read off."""
    kinds: dict[str, str] = {}
    unread = []
    for path in python_files():
        module = tree(path)
        writers = _imported(module, path)
        for call, function in _with_function(module):
            at = writers.get(_called(call))
            if at is None or len(call.args) <= at:
                continue
            if _stands_in(path) in MODULES and isinstance(call.args[at], ast.Name):
                continue  # the writers handing on what they were given
            place = f"{name(path)}:{call.lineno}"
            texts = _resolve(module, function, call.args[at])
            if texts is None:
                unread.append(place)
            for text in texts or []:
                kinds[text] = place
    return kinds, unread


def test_every_kind_that_is_written_can_be_read_off_the_code() -> None:
    assert written()[1] == []


def test_every_kind_has_a_label_and_every_label_a_kind() -> None:
    kinds = written()[0]
    assert len(kinds) > 40
    assert {kind: place for kind, place in kinds.items() if kind not in KINDS} == {}
    assert set(KINDS) - set(kinds) == set()


def test_the_rule_can_fail() -> None:
    sample = ast.parse("def f(kind):\n    record(kind)\ndef g():\n    f('made.up')\n    f(other)")
    function = sample.body[0]
    assert isinstance(function, ast.FunctionDef)
    call = next(n for n in ast.walk(function) if isinstance(n, ast.Call))
    assert _resolve(sample, function, call.args[0]) is None


def test_every_kind_is_in_a_group_and_groups_are_used() -> None:
    assert {kind.group for kind in KINDS.values()} == set(GROUPS)
    assert all(str(label(kind)) for kind in KINDS)
    assert label("made.up") == "made.up", "an entry is shown even when its kind is not known"
