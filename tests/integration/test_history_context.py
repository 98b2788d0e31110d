"""Who changed what: a context of the history is written by the transaction that made it, and then never again."""

from __future__ import annotations

import pghistory
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.models import Board
from rechallenge.requestlog import HistoryMiddleware
from tests.factories.people import make_board, make_user


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


def test_a_request_stands_there_by_its_route_and_nothing_that_was_typed_in_its_address(
    rf, settings
):
    assert settings.MIDDLEWARE.count("rechallenge.requestlog.HistoryMiddleware") == 1
    context = HistoryMiddleware(lambda request: None).get_context
    secret = "/accounts/password/reset/key/1-secret/?who=somebody"
    assert context(rf.post(secret)) == {
        "user": None,
        "url": "POST accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    }
    assert context(rf.post("/Margaret SAMPLE/"))["url"] == "POST (no such address)"


def test_what_a_form_changes_is_under_its_route(client, committed_db):
    board = make_board()
    client.force_login(make_user("administrator", board))
    client.post(
        reverse("boards:add", args=[board.public_id]),
        {"role": "member", "specialty": "", "name": "New Person", "email": "new@example.org"},
    )
    assert {url for _user, url in metadata() if url} == {"POST boards/<uuid:public_id>/members/add"}
