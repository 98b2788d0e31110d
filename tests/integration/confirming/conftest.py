"""What is asked to be confirmed: deeds with a page of their own, and all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.deeds import Step, erasing, exporting, merging, signing

if TYPE_CHECKING:
    from accounts.models import Board, User


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(params=[erasing, merging, signing])
def opened(request: pytest.FixtureRequest, board: Board, member: User) -> Step:
    """What has a page of its own that is opened first."""
    made: Step = request.param(board, member)
    return made


@pytest.fixture(params=[erasing, merging, exporting, signing])
def step(request: pytest.FixtureRequest, board: Board, member: User) -> Step:
    made: Step = request.param(board, member)
    return made
