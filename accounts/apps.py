"""Configuration of the accounts application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, boards, memberships and permissions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Let the trail name people and tell of second factors."""
        from allauth.mfa import signals as factors

        from accounts.services import signing_in
        from accounts.trail import name_accounts
        from audit.subjects import register

        register(name_accounts)
        # The adapters of allauth have no hook for these.
        factors.authenticator_added.connect(signing_in.note_added_factor)
        factors.authenticator_removed.connect(signing_in.note_removed_factor)
        factors.authenticator_reset.connect(signing_in.note_reset_factor)
