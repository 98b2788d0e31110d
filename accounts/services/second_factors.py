"""Second factors after the secret key was changed: their secrets are encrypted anew, so that the old key can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from accounts.second_factors import TYPES, opened, rewritten, sealed_anew

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)


@dataclass
class Found:
    """How many second factors were under the secret key, were under an earlier one, and are opened by none."""

    current: int = 0
    earlier: int = 0
    unreadable: int = 0


def encrypt_anew(*, keep: bool = False) -> Found:
    """Encrypt with the secret key what an earlier one encrypted, and say what there was; with `keep`, say it alone.

    A row is held while it is written, none longer: people sign in meanwhile. Done twice it changes nothing more.
    """
    found = Found()
    rows = Authenticator.objects.filter(type__in=TYPES)
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            # None where it was removed meanwhile.
            for row in rows.select_for_update().filter(pk=pk):
                _encrypt(row, found, keep=keep)
    if found.earlier and not keep:
        log.info("second_factors.encrypted_anew", count=found.earlier)
    return found


def _encrypt(row: Authenticator, found: Found, *, keep: bool) -> None:
    """Encrypt one that the caller holds, and count it."""
    try:
        data = rewritten(row.data, sealed_anew)
    except InvalidToken:
        found.unreadable += 1
        return
    if data == row.data:
        found.current += 1
        return
    found.earlier += 1
    if not keep:
        row.data = data
        row.save(update_fields=["data"])


def recovery_codes_are_lost(user: User) -> bool:
    """Whether `user` has recovery codes that no key opens: what would be shown would let nobody in."""
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if codes is None:
        return False
    try:
        rewritten(codes.data, opened)
    except InvalidToken:
        return True
    return False
