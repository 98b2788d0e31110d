"""Who is told that somebody may read the patients of a board from now on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.db import transaction

from accounts.models import User
from accounts.permissions import PATIENT_ROLES, Role

if TYPE_CHECKING:
    from accounts.models import Membership


def tell_of_reader(*, by: User, given: Membership) -> None:
    """Mail the chairs of the board that a role which reads patients was given; where there is none, its administrators.

    Not whoever gave it, and not whoever got it. Without anything about a patient, once the role is in force.
    """
    if given.role not in PATIENT_ROLES:
        return
    others = User.objects.filter(is_active=True).exclude(pk__in=[by.pk, given.user_id])
    for role in (Role.CHAIR, Role.ADMINISTRATOR):
        held = {"memberships__role": role, "memberships__active": True}
        told = list(others.filter(**held, memberships__board=given.board).order_by("pk"))
        if told:
            break
    context = {
        "by": by.name,
        "name": given.user.name,
        "role": given.get_role_display(),
        "board": given.board.name,
    }
    # One mail to all of them: one connection, so that a mail server that is down is waited for once.
    to = [user.email for user in told]
    if to:
        tell = partial(get_adapter().send_afterwards, "account/email/reader", to, context)
        transaction.on_commit(tell)
