"""Who changed what: a context of the history is written by the transaction that made it, and then never again."""

from __future__ import annotations

import pghistory
import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Board
from tests.factories.people import make_board


def sql(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.fixture
def context(committed_db):
    """The key of a context of an earlier transaction."""
    with transaction.atomic(), pghistory.context(user=1, url="boards/") as made:
        make_board()
    return made.id


def metadata() -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata->>'user', metadata->>'url' FROM pghistory_context")
        return cursor.fetchall()


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE pghistory_context SET metadata = '{"user": 2}'""",
        "UPDATE pghistory_context SET created_at = now()",
        "DELETE FROM pghistory_context",
        "TRUNCATE pghistory_context CASCADE",
    ],
)
def test_an_earlier_context_is_neither_changed_nor_removed(context, statement):
    with pytest.raises(DatabaseError, match=r"frozen|permission denied"):
        sql(statement)
    assert metadata() == [("1", "boards/")]


def test_pghistory_itself_cannot_change_one_later(context):
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        sql(
            f"SELECT set_config('pghistory.context_id', '{context}', true),"
            """ set_config('pghistory.context_metadata', '{"user": 2}', true);"""
            " UPDATE accounts_board SET hospital = 'Other'"
        )
    assert metadata() == [("1", "boards/")]


def test_within_its_transaction_a_context_grows(committed_db):
    with transaction.atomic(), pghistory.context(user=None, url="accounts/login/"):
        board = make_board()
        pghistory.context(user=7)
        with transaction.atomic():
            Board.objects.filter(pk=board.pk).update(hospital="Other")
    assert metadata() == [("7", "accounts/login/")]
