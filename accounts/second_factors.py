"""Secrets of second factors are encrypted where they are kept: whoever reads their table learns none.

That holds for that table alone: a session that is open, and the secret of an app while it is set up, stand in the
table of sessions in clear.

The key is derived from the secret key, which is not in the database. What earlier secret keys encrypted is still read
as long as they are among `SECRET_KEY_FALLBACKS`.
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any

import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

# No secret that was kept in clear begins so: those are base32, hexadecimal figures or digits.
SEALED = "fernet:"
# Under these names allauth keeps what a code is made from; public keys of passkeys are no secret.
TYPES, ONE, MANY = ("totp", "recovery_codes"), ("secret", "seed"), "migrated_codes"
_PURPOSE = b"rechallenge second factors 1"
log = structlog.get_logger(__name__)


def _cipher() -> MultiFernet:
    """Return what encrypts with the secret key, and decrypts with that and earlier ones."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(made)


def sealed(text: str) -> str:
    """Return a secret as it is kept; one that is encrypted already stays."""
    return text if text.startswith(SEALED) else SEALED + _cipher().encrypt(text.encode()).decode()


def opened(kept: str) -> str:
    """Return a secret from what is kept, in clear as before or encrypted. Raises InvalidToken."""
    if not kept.startswith(SEALED):
        return kept
    return _cipher().decrypt(kept.removeprefix(SEALED).encode()).decode()


def sealed_anew(kept: str) -> str:
    """Return a secret as the secret key encrypts it; one that it opens already stays. Raises InvalidToken."""
    if not kept.startswith(SEALED):
        return sealed(kept)
    token = kept.removeprefix(SEALED).encode()
    try:
        Fernet(_derived(settings.SECRET_KEY)).decrypt(token)
    except InvalidToken:
        return SEALED + _cipher().rotate(token).decode()
    return kept


def rewritten(data: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """Return what allauth keeps of a second factor, with every secret in it as `change` makes it."""
    told: dict[str, Any] = {name: change(data[name]) for name in ONE if data.get(name)}
    if data.get(MANY):
        told[MANY] = [change(code) for code in data[MANY]]
    return {**data, **told}


class MFAAdapter(DefaultMFAAdapter):
    """allauth's second factors, with their secrets encrypted."""

    def encrypt(self, text: str) -> str:
        """Return a secret as the database keeps it."""
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret; one that no key opens is replaced by chance, so that no code fits it."""
        try:
            return opened(encrypted_text)
        except InvalidToken:
            log.error("second_factor_unreadable")
            return base64.b32encode(secrets.token_bytes(20)).decode()
