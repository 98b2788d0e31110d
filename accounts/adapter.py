"""Sign-in policy: accounts are made by administrators, and every attempt is on the trail."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import idling
from accounts.afterwards import after_the_answer
from accounts.models import User
from accounts.services.signing_in import first_of_the_window, note_refused_confirmation
from audit.services import record_on_boards
from ui import formatting

log = structlog.get_logger(__name__)

# What somebody is told by mail about their account, by the name that allauth has for it.
CHANGES = {
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_reset": _("Your password was set by a link from a mail."),
    "mfa/email/totp_activated": _("An authenticator app was added."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed."),
    "mfa/email/webauthn_added": _("A passkey or security key was added."),
    "mfa/email/webauthn_removed": _("A passkey or security key was removed."),
    "second_factor_removed": _("A superuser removed your second factor."),
    "mfa/email/recovery_codes_generated": _(
        "New recovery codes were made; the old ones no longer work."
    ),
}
OTHER_CHANGE = _("How your account is protected was changed.")


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
        idling.begin(request)
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
        """Whether this limit, which counts by account or else by address, was not entered yet in its window."""
        account = _account(credentials)
        return first_of_the_window(str(account.pk) if account else self.get_client_ip(request))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Put a refused attempt on the trail: whose account it was aimed at, never what was typed."""
        super().authentication_failed(request, **credentials)
        self._refused("account.sign_in_refused", credentials)

    def _refused(self, kind: str, credentials: dict[str, Any]) -> None:
        account = _account(credentials)
        boards = account.boards if account else []
        record_on_boards(kind, by=None, boards=boards, subject=account)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether somebody who is signed in knows their password; one that is wrong is on the trail.

        Counted apart from attempts to sign in: whoever knows an address must not keep its owner from confirming.
        """
        key = str(user.pk)
        if not ratelimit.consume(self.request, action="confirm", key=key):
            note_refused_confirmation(account=user, limited=True)
            raise self.validation_error("too_many_login_attempts")
        if not user.check_password(password):
            note_refused_confirmation(account=user)
            return False
        ratelimit.clear(self.request, action="confirm", key=key)
        return True

    def set_password(self, user: User, password: str) -> None:
        """Set a password, chosen by its owner, and put that on the trail."""
        super().set_password(user, password)
        record_on_boards("account.password_set", by=user, boards=user.boards, subject=user)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of the mail at the site's own address, whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.BASE_URL}{path.replace('UID-KEY', quote(key))}"

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Send the link once the answer has gone out: by its time nobody learns whose address has an account."""
        self.send_afterwards("account/email/password_reset_key", email, context)

    def send_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any]
    ) -> None:
        """Send a mail that names the site by its own address; nothing in it comes from the request."""
        site = SimpleNamespace(name="Rechallenge", domain=urlsplit(settings.BASE_URL).netloc)
        own = {
            "email": email,
            "current_site": site,
            "site_url": settings.BASE_URL,
            "hospital": settings.HOSPITAL,
        }
        self.render_mail(template_prefix, email, {**context, **own}).send()

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell somebody what was changed about how their account is protected, and when."""
        said = {
            "change": CHANGES.get(template_prefix, OTHER_CHANGE),
            "when": formatting.datetime(timezone.now()),
        }
        transaction.on_commit(
            lambda: self.send_afterwards("account/email/changed", user.email, said)
        )

    def send_afterwards(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any]
    ) -> None:
        """Send a mail once the answer has gone out; the log says when the mail server took none, and not to whom."""

        def send() -> None:
            try:
                self.send_mail(template_prefix, email, context)
            except OSError as error:  # as smtplib's errors are
                log.warning("mail.not_sent", mail=template_prefix, error=type(error).__name__)

        after_the_answer(send)
