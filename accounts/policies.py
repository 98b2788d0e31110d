"""Who may do what on which board, as checks that raise in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.permissions import PERMISSIONS, Role

if TYPE_CHECKING:
    from accounts.models import Board, Membership, User


class NotAllowed(PermissionDenied):
    """The user's roles on the board do not carry the permission."""

    def __init__(self, permission: str, message: str) -> None:
        super().__init__(message)
        self.permission = permission


class OwnMembership(PermissionDenied):
    """Nobody changes what they may do themselves."""


class LastAdministrator(PermissionDenied):
    """A board keeps at least one administrator."""


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


def check_superuser(by: User) -> None:
    """Raise NotAllowed unless `by` is a superuser, who alone makes boards and changes accounts."""
    if not (by.is_active and by.is_superuser):
        raise NotAllowed("board.manage", _("Only a superuser may do this, in the admin."))


def check_manage(by: User, board: Board) -> None:
    """Raise NotAllowed unless `by` administers `board`, or is a superuser."""
    if not (by.is_active and by.is_superuser):
        check_board(by, "board.manage", board)


def _check_somebody_else(by: User, user: User) -> None:
    if by.pk == user.pk:
        raise OwnMembership(
            _("Nobody changes their own roles: ask another administrator of the board.")
        )


def check_give(by: User, board: Board, user: User) -> None:
    """Raise unless `by` may give `user` a role on `board`."""
    check_manage(by, board)
    _check_somebody_else(by, user)


def check_end(by: User, membership: Membership) -> None:
    """Raise unless `by` may end the role; the last administrator of a board stays."""
    check_manage(by, membership.board)
    _check_somebody_else(by, membership.user)
    if membership.active and membership.role in PERMISSIONS["board.manage"]:
        check_not_last(membership.board, membership.user)


def check_not_last(board: Board, user: User) -> None:
    """Raise LastAdministrator when nobody but `user` administers `board`."""
    others = board.memberships.holding("board.manage").exclude(user=user)
    if not others.exists():
        words = _(
            "%(name)s is the last administrator of %(board)s: give the role to somebody first."
        )
        raise LastAdministrator(words % {"name": user.name, "board": board.name})


def check_account(by: User, account: User, values: dict[str, Any]) -> None:
    """Raise unless `by` may change the account so; switching off a board's last administrator is refused."""
    check_superuser(by)
    if account.pk is not None and values.get("is_active") is False:
        # By the rows: an account that is being switched off "can" nothing any more.
        for membership in account.active_memberships:
            if membership.role in PERMISSIONS["board.manage"]:
                check_not_last(membership.board, account)


def check_invite(by: User, board: Board, account: User) -> None:
    """Raise unless `by` may send `account` the first mail again: somebody of the board, never signed in."""
    check_manage(by, board)
    member = board.memberships.filter(user=account, active=True).exists()
    if not member or not account.is_active or account.last_login is not None:
        raise NotAllowed(
            "board.manage",
            _("The mail goes to members of the board who have not signed in yet."),
        )
