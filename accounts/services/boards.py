"""Making and changing boards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.policies import check_superuser
from audit.services import record

if TYPE_CHECKING:
    from accounts.models import Board, User


@transaction.atomic
def save_board(*, by: User, board: Board, values: dict[str, Any]) -> Board:
    """Make or change a board: name, hospital, zone, whether it is active. Raises NotAllowed."""
    check_superuser(by)
    made = board.pk is None
    for name, value in values.items():
        setattr(board, name, value)
    board.full_clean()
    board.save()
    kind = "board.made" if made else "board.changed"
    record(kind, by=by, board=board, subject=board, detail={"fields": sorted(values)})
    return board
