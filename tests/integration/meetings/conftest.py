"""One meeting of the board with one case on its agenda, and the draft of its decision."""

from __future__ import annotations

import pytest

from accounts.acting import set_acting
from followup.services.protocols import load_protocols
from tests.factories.meetings import make_draft, make_item, make_meeting


@pytest.fixture(autouse=True)
def protocols(db):
    load_protocols()


@pytest.fixture
def meeting(coordinator, board):
    set_acting(coordinator)
    return make_meeting(coordinator, board)


@pytest.fixture
def item(coordinator, meeting):
    set_acting(coordinator)
    return make_item(coordinator, meeting)


@pytest.fixture
def draft(coordinator, item):
    return make_draft(coordinator, item)
