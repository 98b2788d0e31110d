"""What is put on the trail of attempts at an account, and of changes to how it is protected."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from django.core.cache import cache
from django.db import transaction

from accounts.acting import acting_as
from accounts.policies import check_superuser
from audit.services import record_on_boards

if TYPE_CHECKING:
    from accounts.models import User

# Seconds: the window of allauth's limit of failed sign-ins.
LIMIT_ENTERED_EVERY = 300


def first_of_the_window(of: str) -> bool:
    """Whether a limit was not entered yet in its window: whoever goes on must not fill the trail.

    `of` is what the limit counts by: an account, or else the caller's address.
    """
    key = sha256(of.encode()).hexdigest()
    return bool(cache.add(f"sign-in-limited:{key}", 1, LIMIT_ENTERED_EVERY))


def note_refused_factor(*, account: User, limited: bool = False) -> None:
    """Enter a wrong code or key, or once in a window that more were tried than allowed."""
    if not limited:
        _enter("account.second_factor_refused", account, by=_whose_session())
    elif first_of_the_window(str(account.pk)):
        _enter("account.sign_in_limited", account, by=_whose_session())


def note_refused_passkey(*, account: User) -> None:
    """Enter, once in a window, that a wrong passkey named `account`: nothing limits how often that is tried."""
    if first_of_the_window(f"passkey:{account.pk}"):
        _enter("account.second_factor_refused", account, by=None)


def note_refused_password(*, account: User) -> None:
    """Enter that somebody signed in as `account` did not know its password."""
    _enter("account.password_refused", account, by=account)


def note_refused_confirmation(*, account: User, limited: bool = False) -> None:
    """Enter that somebody signed in as `account` did not confirm it, or once in a window that they tried too often."""
    if not limited:
        _enter("account.confirmation_refused", account, by=account)
    elif first_of_the_window(f"confirm:{account.pk}"):
        _enter("account.confirmation_limited", account, by=account)


def note_ended_session(*, account: User) -> None:
    """Enter that a session ended in which nobody did anything, or that was a working day old."""
    _enter("account.session_ended", account, by=account)


def note_added_factor(*, user: User, authenticator: Any, **_signal: Any) -> None:
    """Enter that an authenticator app, a key or recovery codes were added."""
    detail = {"factor": str(authenticator.type)}
    _enter("account.second_factor_added", user, by=user, detail=detail)


def note_removed_factor(*, user: User, authenticator: Any, **_signal: Any) -> None:
    """Enter that one of them was removed."""
    detail = {"factor": str(authenticator.type)}
    _enter("account.second_factor_removed", user, by=user, detail=detail)


def note_reset_factor(*, user: User, authenticator: Any, **_signal: Any) -> None:
    """Enter that recovery codes were made anew."""
    detail = {"factor": str(authenticator.type)}
    _enter("account.second_factor_reset", user, by=user, detail=detail)


@transaction.atomic
def remove_factor(*, by: User, authenticator: Any) -> None:
    """Remove somebody's second factor who has lost it, and their recovery codes with the last one. Superusers alone."""
    check_superuser(by)
    owner = authenticator.user
    removed = [authenticator]
    authenticator.delete()
    if codes := delete_dangling_recovery_codes(owner):
        removed.append(codes)
    for one in removed:
        detail = {"factor": str(one.type)}
        _enter("account.second_factor_removed", owner, by=by, detail=detail)
    get_adapter().send_notification_mail("second_factor_removed", owner)


def _whose_session() -> User | None:
    user = context.request.user
    return user if user.is_authenticated else None


def _enter(
    kind: str, account: User, *, by: User | None, detail: dict[str, Any] | None = None
) -> None:
    # In a transaction of its own where there is none: allauth tells of some changes after they were committed.
    with transaction.atomic(), acting_as(by):
        record_on_boards(kind, by=by, boards=account.boards, subject=account, detail=detail)
