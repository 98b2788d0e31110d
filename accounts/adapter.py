"""Sign-in policy: accounts are made by administrators, and every attempt is on the trail."""

from __future__ import annotations

from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from audit.services import record_on_boards

# Seconds: the window of allauth's limit of failed sign-ins.
LIMIT_ENTERED_EVERY = 300
log = structlog.get_logger(__name__)


def _account(credentials: dict[str, Any]) -> User | None:
    """Return the account that an attempt was aimed at, if there is one; what was typed goes no further."""
    return User.objects.filter(email=str(credentials.get("email", "")).lower()).first()


class AccountAdapter(DefaultAccountAdapter):
    """allauth's rules of this product."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits count by: that of the caller where the proxies named none.

        Whoever reaches the site past a proxy sends fewer addresses along than there are proxies.
        """
        try:
            ip: str = super().get_client_ip(request)
        except ImproperlyConfigured:
            log.warning("sign_in.fewer_proxies_than_configured", trusted=settings.TRUSTED_PROXIES)
            ip = str(request.META["REMOTE_ADDR"])
        return ip

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs themselves up: a board's administrator makes the account."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in and put it on the trail."""
        super().login(request, user)
        record_on_boards("account.signed_in", by=user, boards=user.boards)

    def logout(self, request: HttpRequest) -> None:
        """Sign out and put it on the trail."""
        by = request.user if request.user.is_authenticated else None
        super().logout(request)
        record_on_boards("account.signed_out", by=by, boards=by.boards if by else [])

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse an attempt beyond the limit, and put that on the trail."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            if self._first_of_the_window(request, credentials):
                self._refused("account.sign_in_limited", credentials)
            raise

    def _first_of_the_window(self, request: HttpRequest, credentials: dict[str, Any]) -> bool:
        """Whether this limit was not entered yet in its window: whoever goes on must not fill the trail.

        Counted by what the limit counts by, the account aimed at or else the caller's address.
        """
        account = _account(credentials)
        of = str(account.pk) if account else self.get_client_ip(request)
        key = sha256(of.encode()).hexdigest()
        return bool(cache.add(f"sign-in-limited:{key}", 1, LIMIT_ENTERED_EVERY))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Put a refused attempt on the trail: whose account it was aimed at, never what was typed."""
        super().authentication_failed(request, **credentials)
        self._refused("account.sign_in_refused", credentials)

    def _refused(self, kind: str, credentials: dict[str, Any]) -> None:
        account = _account(credentials)
        boards = account.boards if account else []
        record_on_boards(kind, by=None, boards=boards, subject=account)

    def set_password(self, user: User, password: str) -> None:
        """Set a password, chosen by its owner, and put that on the trail."""
        super().set_password(user, password)
        record_on_boards("account.password_set", by=user, boards=user.boards, subject=user)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of the mail at the site's own address, whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.BASE_URL}{path.replace('UID-KEY', quote(key))}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail that names the site by its own address; nothing in it comes from the request."""
        site = SimpleNamespace(name="Rechallenge", domain=urlsplit(settings.BASE_URL).netloc)
        own = {
            "email": email,
            "current_site": site,
            "site_url": settings.BASE_URL,
            "hospital": settings.HOSPITAL,
        }
        self.render_mail(template_prefix, email, {**context, **own}).send()
