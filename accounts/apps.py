"""Configuration of the accounts application."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# Whether pgtrigger wrote its function anew since it was made harmless.
IGNORES = """
SELECT count(*) FROM pg_proc WHERE oid = to_regprocedure('public._pgtrigger_should_ignore(name)')
  AND prosrc <> 'SELECT false' AND to_regprocedure('rechallenge_history_guard()') IS NOT NULL
"""


def let_nobody_silence_a_history(using: str, **_signal: Any) -> None:
    """After migrations take out again what pgtrigger puts in with every trigger that it makes (docs/adr/0002)."""
    from accounts.rowsecurity import NEVER_IGNORED

    with connections[using].cursor() as cursor:
        cursor.execute(IGNORES)
        if cursor.fetchone() != (0,):
            cursor.execute(NEVER_IGNORED)


class AccountsConfig(AppConfig):
    """Users, boards, memberships and permissions."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Let the trail name people and tell of second factors, and nobody silence a history."""
        from allauth.mfa import signals as factors

        from accounts.services import signing_in
        from accounts.trail import name_accounts
        from audit.subjects import register

        register(name_accounts)
        # The adapters of allauth have no hook for these.
        factors.authenticator_added.connect(signing_in.note_added_factor)
        factors.authenticator_removed.connect(signing_in.note_removed_factor)
        factors.authenticator_reset.connect(signing_in.note_reset_factor)
        post_migrate.connect(let_nobody_silence_a_history, sender=self)
