"""Boards and users for tests."""

from __future__ import annotations

from functools import wraps
from itertools import count
from typing import TYPE_CHECKING, Any

from accounts.acting import acting_as
from accounts.models import Board, Membership, Specialty, User

if TYPE_CHECKING:
    from collections.abc import Callable

_numbers = count(1)
PASSWORD = "correct-horse-battery"


def make_board(name: str = "") -> Board:
    """Return a saved board."""
    return Board.objects.create(name=name or f"Board {next(_numbers)}", hospital="Test Hospital")


def make_user(role: str, *boards: Board, specialty: str = "", **extra: object) -> User:
    """Return a saved user who holds `role` on each of `boards`."""
    n = next(_numbers)
    user = User(email=f"{role}{n}@example.org", name=f"{role.title()} {n}", **extra)
    user.set_unusable_password()
    user.save()
    for board in boards:
        Membership.objects.create(
            user=user, board=board, role=role, specialty=specialty or Specialty.MEDICAL_ONCOLOGY
        )
    return user


def by_acting(service: Callable[..., Any]) -> Callable[..., Any]:
    """Return a service that is called as views call it: whoever it is done by is acting."""

    @wraps(service)
    def called(*args: Any, by: User | None, **rest: Any) -> Any:
        with acting_as(by):
            return service(*args, by=by, **rest)

    return called
