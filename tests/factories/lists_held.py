"""Fixtures that hold the curated lists as they are delivered."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from cases import lists

# Tests are collected, and their parameters made, before any fixture and without a database.
lists._held = lists._Held(lists.delivered(), "delivered", math.inf)


@pytest.fixture(autouse=True, scope="session")
def lists_without_a_clock() -> Iterator[None]:
    """Have the curated lists read again when they are changed, and by no clock: queries can be counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "ASK_EVERY", math.inf)
        patch.setattr(lists, "_held", lists._Held(lists.delivered(), "delivered", math.inf))
        yield


@pytest.fixture(autouse=True)
def lists_as_delivered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test with the curated lists of the files."""
    monkeypatch.setattr(lists, "_held", lists._Held(lists.delivered(), "delivered", math.inf))
