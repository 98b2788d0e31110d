"""Sign-in policy: accounts are made by administrators, and every attempt is on the trail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.models import User
from audit.services import record


class AccountAdapter(DefaultAccountAdapter):
    """allauth's rules of this product."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs themselves up: a board's administrator makes the account."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in and put it on the trail."""
        super().login(request, user)
        record("account.signed_in", by=user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out and put it on the trail."""
        by = request.user if request.user.is_authenticated else None
        super().logout(request)
        record("account.signed_out", by=by)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Put a refused attempt on the trail, without what was typed."""
        super().authentication_failed(request, **credentials)
        record("account.sign_in_refused", by=None)
