"""allauth's forms of a second factor and of a new password, with what they refuse on the trail.

allauth tells its adapter of refused passwords at sign-in alone.
"""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as BaseChangePasswordForm
from allauth.mfa.base import forms as codes
from allauth.mfa.webauthn import forms as keys
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from django.core.exceptions import ValidationError

from accounts.services.signing_in import (
    note_refused_factor,
    note_refused_passkey,
    note_refused_password,
)


class _Code:
    """A form whose wrong codes are entered."""

    user: Any

    def clean_code(self) -> str:
        """Refuse a wrong code, and put that on the trail."""
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError as error:
            note_refused_factor(account=self.user, limited=error.code == LIMITED)
            raise
        return code


class _Key:
    """A form whose wrong passkeys and security keys are entered."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        """Refuse a wrong key, and put that on the trail of the account that it was aimed at, if there is one."""
        sent = self.cleaned_data["credential"]
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            if self.user is not None:
                note_refused_factor(account=self.user, limited=error.code == LIMITED)
            elif (account := _account_of(sent)) is not None:
                note_refused_passkey(account=account)
            raise


# What allauth calls the refusal of an attempt beyond the limit.
LIMITED = "too_many_login_attempts"


def _account_of(sent: Any) -> Any:
    try:
        return extract_user_from_response(sent)
    except (ValidationError, KeyError, TypeError, ValueError, AttributeError):
        return None


class AuthenticateForm(_Code, codes.AuthenticateForm):
    """A code after the password."""


class ReauthenticateForm(_Code, codes.ReauthenticateForm):
    """A code by which somebody confirms that it is them."""


class AuthenticateKeyForm(_Key, keys.AuthenticateWebAuthnForm):
    """A key after the password."""


class ReauthenticateKeyForm(_Key, keys.ReauthenticateWebAuthnForm):
    """A key by which somebody confirms that it is them."""


class SignInKeyForm(_Key, keys.LoginWebAuthnForm):
    """A passkey in place of a password."""


class ChangePasswordForm(BaseChangePasswordForm):
    """A new password."""

    def clean_oldpassword(self) -> str:
        """Refuse a wrong old password, and put that on the trail: the session may be stolen."""
        try:
            typed: str = super().clean_oldpassword()
        except ValidationError:
            note_refused_password(account=self.user)
            raise
        return typed
