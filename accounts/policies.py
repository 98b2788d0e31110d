"""Who may do what on which board, as checks that raise in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.permissions import PERMISSIONS, Role

if TYPE_CHECKING:
    from accounts.models import Board, User


class NotAllowed(PermissionDenied):
    """The user's roles on the board do not carry the permission."""

    def __init__(self, permission: str, message: str) -> None:
        super().__init__(message)
        self.permission = permission


def roles_with(permission: str) -> str:
    """Return the labels of the roles that carry `permission`, for messages."""
    return ", ".join(str(role.label) for role in Role if role in PERMISSIONS[permission])


def check_board(by: User, permission: str, board: Board) -> None:
    """Raise NotAllowed unless `by` holds `permission` on `board`."""
    if not by.can(permission, board):
        message = _("This needs one of these roles on %(board)s: %(roles)s.")
        raise NotAllowed(
            permission, message % {"board": board.name, "roles": roles_with(permission)}
        )


def check_anywhere(by: User, permission: str) -> None:
    """Raise NotAllowed unless `by` holds `permission` on any board."""
    if not by.can_anywhere(permission):
        message = _("This needs one of these roles: %(roles)s.")
        raise NotAllowed(permission, message % {"roles": roles_with(permission)})
