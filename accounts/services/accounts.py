"""Making and changing accounts, and the mail by which their owner sets a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction

from accounts.models import User
from accounts.policies import check_account, check_invite, check_manage
from accounts.services.memberships import give_membership
from audit.services import record, record_on_boards

if TYPE_CHECKING:
    from accounts.models import Board

log = structlog.get_logger(__name__)


@transaction.atomic
def save_account(*, by: User, account: User, values: dict[str, Any]) -> User:
    """Make or change an account: address, name, title, what it may do in the admin, whether it is on.

    Raises NotAllowed, or LastAdministrator when a board would be left without one.
    """
    check_account(by, account, values)
    made = account.pk is None
    for name, value in values.items():
        setattr(account, name, value)
    if made:
        account.set_unusable_password()
    account.save()
    kind = "account.made" if made else "account.changed"
    detail = {"fields": sorted(values)}
    record_on_boards(kind, by=by, boards=account.boards, subject=account, detail=detail)
    return account


@transaction.atomic
def invite(
    *, by: User, board: Board, email: str, name: str, title: str, role: str, specialty: str
) -> User:
    """Make an account without a password, give it the role, and mail its owner how to set one.

    The mail goes out in this transaction: when it cannot be sent nothing was made, and OSError is raised.
    """
    check_manage(by, board)
    account = User(email=email.lower(), name=name, title=title)
    account.set_unusable_password()
    account.full_clean(exclude=["password"])
    account.save()
    record("account.made", by=by, board=board, subject=account)
    give_membership(by=by, board=board, user=account, role=role, specialty=specialty)
    _mail_invitation(by=by, board=board, account=account)
    return account


@transaction.atomic
def invite_again(*, by: User, board: Board, account: User) -> None:
    """Mail somebody of the board who has never signed in how to set a password. Raises as `invite` does."""
    check_invite(by, board, account)
    _mail_invitation(by=by, board=board, account=account)


def _mail_invitation(*, by: User, board: Board, account: User) -> None:
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(account)
    adapter = get_adapter()
    url = adapter.get_reset_password_from_key_url(f"{user_pk_to_url_str(account)}-{token}")
    context = {"user": account, "by": by, "board": board, "password_reset_url": url}
    adapter.send_mail("account/email/invitation", account.email, context)
    record("account.invited", by=by, board=board, subject=account)
