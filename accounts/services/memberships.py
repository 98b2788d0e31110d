"""Giving and ending roles on a board; there is no other way to change a membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Board, Membership
from accounts.permissions import Role
from accounts.policies import check_end, check_give
from accounts.services.telling import tell_of_reader
from audit.services import record

if TYPE_CHECKING:
    from accounts.models import User


def _hold(board: Board) -> Board:
    """Lock the board, so that two administrators cannot end each other's role at the same moment."""
    return Board.objects.select_for_update(no_key=True).get(pk=board.pk)


@transaction.atomic
def give_membership(
    *, by: User, board: Board, user: User, role: str, specialty: str = ""
) -> Membership:
    """Give `user` the role on `board`; given again after it was ended, or with another specialty.

    The chairs of the board are told of a role that reads patients.
    Raises NotAllowed or OwnMembership, ValidationError when nothing would change or the account is off.
    """
    board = _hold(board)
    check_give(by, board, user)
    if not user.is_active:
        raise ValidationError(_("%(name)s's account is switched off.") % {"name": user.name})
    row = Membership.objects.filter(board=board, user=user, role=role).first()
    if row is not None and row.active and row.specialty == specialty:
        words = _("%(name)s has the role “%(role)s” on this board already.")
        raise ValidationError(words % {"name": user.name, "role": Role(role).label})
    new = row is None or not row.active
    row = row or Membership(board=board, user=user, role=role)
    row.specialty, row.active = specialty, True
    row.full_clean(validate_unique=False, validate_constraints=False)
    row.save()
    detail = {"role": role, "specialty": specialty, "new": new}
    record("membership.given", by=by, board=board, subject=user, detail=detail)
    if new:
        tell_of_reader(by=by, given=row)
    return row


@transaction.atomic
def end_membership(*, by: User, membership: Membership) -> Membership:
    """End a role; the row stays, and the role can be given again. Ending it twice changes nothing.

    Raises NotAllowed, OwnMembership or LastAdministrator.
    """
    board = _hold(membership.board)
    row = Membership.objects.select_related("user", "board").get(pk=membership.pk)
    check_end(by, row)
    if row.active:
        row.active = False
        row.save(update_fields=["active"])
        detail = {"role": row.role, "specialty": row.specialty}
        record("membership.ended", by=by, board=board, subject=row.user, detail=detail)
    return row
