"""Rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.sources import APPLICATIONS, ROOT, name, python_files, text_files, tree

LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 400, 60, 120
VAGUE = {"utils", "helpers", "common", "core", "misc"}
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
# Modules that may not write: everything but services, tasks' services, commands and the admin.
READERS = (
    "views",
    "presenters",
    "selectors",
    "forms",
    "policies",
    "context",
    "templatetags",
    "urls",
)


@pytest.mark.parametrize("path", python_files(), ids=name)
def test_module_is_named_and_sized(path):
    assert path.stem not in VAGUE
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("folder", ["tests", "bench", "static/scss", "static/js"])
def test_tests_and_assets_are_short(folder):
    found = [p for p in text_files() if p.is_relative_to(ROOT / folder)]
    assert found
    lines = {name(p): len(p.read_text().splitlines()) for p in found}
    assert not {path: n for path, n in lines.items() if n > LONGEST_MODULE}


def test_templates_are_short():
    templates = [p for p in text_files() if p.suffix == ".html" and "templates" in p.parts]
    assert {"templates", *APPLICATIONS} >= {name(p).split("/")[0] for p in templates}
    assert len({name(p).split("/")[0] for p in templates}) > 1, (
        "applications have some of their own"
    )
    long = {
        name(p): lines
        for p in templates
        if (lines := len(p.read_text().splitlines())) > LONGEST_TEMPLATE
    }
    assert not long


def _is_orm_write(node: ast.AST) -> bool:
    """Whether a call looks like a write through the ORM: `x.objects.create`, `row.save()`, ..."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr not in WRITES:
        return False
    owner = node.func.value
    through_manager = any(
        isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(owner)
    )
    return through_manager or node.func.attr in {"save", "delete", "bulk_create", "bulk_update"}


def test_only_services_write():
    found = []
    for path in python_files(*APPLICATIONS):
        parts = {path.stem, *path.parts}
        if not parts & set(READERS):
            continue
        found += [f"{name(path)}:{n.lineno}" for n in ast.walk(tree(path)) if _is_orm_write(n)]
    assert not found


def test_rule_about_writes_can_fail():
    sample = ast.parse("Case.objects.filter(pk=1).update(state='x')\nrow.save()\nform.update(x)")
    assert [n.lineno for n in ast.walk(sample) if _is_orm_write(n)] == [1, 2]


FORBIDDEN = {
    "a template marked safe": re.compile(r"\|\s*safe\b"),
    "mark_safe": re.compile(r"\bmark_safe\("),
    "csrf_exempt": re.compile(r"csrf_exempt"),
    "an inline style": re.compile(r'\sstyle="'),
    "an inline handler": re.compile(r'\son(click|change|submit|load)="'),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_forbidden_ways_are_not_taken(what):
    files = [p for p in text_files() if p.suffix in {".py", ".html"} and "tests" not in p.parts]
    assert files
    found = [name(p) for p in files if FORBIDDEN[what].search(p.read_text())]
    assert not found


def test_nothing_outside_the_repository_is_read():
    outside = re.compile(r"\.\./" + "shared" + "|/" + "work/|/" + "root/")
    found = [name(p) for p in text_files() if outside.search(p.read_text())]
    assert not found


def test_no_half_of_a_merge_was_committed():
    marks = re.compile(r"^(<{7}|>{7}|\|{7}|={7})( |$)", re.MULTILINE)
    assert marks.search("a\n||||||| 365b77c\n")
    assert [path for path in text_files() if marks.search(path.read_text())] == []


# After every run of migrations: the framework has no other hook for what has to follow them.
ONE_SIGNAL = {"accounts/apps.py": {"post_migrate"}}


def test_no_signals_in_the_applications():
    for path, signals in ONE_SIGNAL.items():
        imported = re.findall(r"signals import (.+)", (ROOT / path).read_text())
        assert set(imported) == signals, path
    found = [
        name(p)
        for p in python_files(*APPLICATIONS)
        if name(p) not in ONE_SIGNAL
        and re.search(r"django\.(db\.models|core|contrib\.auth)\.signals|@receiver", p.read_text())
    ]
    assert not found
