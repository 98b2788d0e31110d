"""A board whose imports and exports are committed, as a worker would find them."""

from __future__ import annotations

import pytest

from cases.loading import load
from cases.services import bulk as service
from tests.factories.people import make_board, make_user


@pytest.fixture
def world(committed_db, monkeypatch):
    """A board with its people, committed; workers are told of nothing."""
    told: list[str] = []
    monkeypatch.setattr(service, "poke", lambda public_id, user_id: told.append(public_id))
    board = make_board("North")
    load()
    people = {
        role: make_user(role, board) for role in ("coordinator", "chair", "member", "registry")
    }
    return {"board": board, "told": told, **people}
