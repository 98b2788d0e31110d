"""A migration that broke off while an index was made in use can be run again."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import NotSupportedError, connection, transaction
from django.db.migrations.operations import RunSQL

NAMES = ("0114_search_of_typed_texts", "0119_where_cases_are_open")
OPERATIONS = [
    operation
    for name in NAMES
    for operation in import_module(f"cases.migrations.{name}").Migration.operations
    if isinstance(operation, AddIndexConcurrently)
]
STATE = SimpleNamespace(apps=apps)


@pytest.fixture
def owner(committed_db):
    """The connection of the owner, who alone makes indexes."""
    connection.close()
    connection.settings_dict["USER"] = "rechallenge_owner"
    yield
    connection.close()
    connection.settings_dict["USER"] = "rechallenge_app"


def run(operation, way="database_forwards"):
    with connection.schema_editor(atomic=False) as editor:
        getattr(operation, way)("cases", editor, STATE, STATE)


def of(superuser, name):
    """Return the key and the validity of an index, and what it is; not how it is stored, which 0122 says anew."""
    return superuser.execute(
        "SELECT indexrelid, indisvalid,"
        " regexp_replace(pg_get_indexdef(indexrelid), ' WITH \\([^)]*\\)', '') FROM pg_index"
        " WHERE indexrelid = to_regclass(%s)",
        [name],
    ).fetchone()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.index.name)
def test_an_index_is_made_once_and_an_invalid_one_anew(owner, superuser, operation):
    name = operation.index.name
    key, valid, definition = of(superuser, name)
    assert valid
    run(operation)
    assert of(superuser, name) == (key, True, definition)
    superuser.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s", [key])
    run(operation)
    again, valid, same = of(superuser, name)
    assert (again != key, valid, same) == (True, True, definition)
    for _twice in range(2):
        run(operation, "database_backwards")
        assert of(superuser, name) is None
    run(operation)
    assert of(superuser, name)[1:] == (True, definition)


def test_it_is_refused_within_a_transaction(owner):
    for way in ("database_forwards", "database_backwards"):
        with pytest.raises(NotSupportedError, match="atomic = False"), transaction.atomic():
            run(OPERATIONS[0], way)


def test_what_stands_beside_the_indexes_can_be_run_again(owner):
    found = import_module(f"cases.migrations.{NAMES[0]}").Migration.operations
    (function,) = (operation for operation in found if isinstance(operation, RunSQL))
    for _twice in range(2):
        run(function)


FOLDING = import_module("cases.migrations.0128_accents_alone_are_apostrophes")


def folded(superuser):
    return superuser.execute("SELECT rechallenge_folded('O´Brien')").fetchone()[0]


def test_indexes_of_a_function_are_built_anew_whatever_a_run_left_of_them(owner, superuser):
    keys = {name: of(superuser, name)[0] for name in FOLDING.INDEXES}
    assert len(keys) == 5
    table = "cases_patientidentity (family_name)"
    superuser.execute(f"CREATE INDEX identity_family_plain_ccnew ON {table}")
    for way, turn, plain in (
        ("database_backwards", reversed, "o brien"),
        ("database_forwards", list, "o'brien"),
        ("database_forwards", list, "o'brien"),
    ):
        for operation in turn(FOLDING.Migration.operations):
            run(operation, way)
        assert folded(superuser) == plain
        before, keys = keys, {name: of(superuser, name)[0] for name in keys}
        assert all(of(superuser, name)[1] and keys[name] != key for name, key in before.items())
    assert of(superuser, "identity_family_plain_ccnew") is None
