"""Configuration of the accounts application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, boards, memberships and permissions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Let the trail name people."""
        from accounts.trail import name_accounts
        from audit.subjects import register

        register(name_accounts)
