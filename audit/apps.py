"""Configuration of the audit application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The append-only trail of reads, events, exports and sign-ins."""

    name = "audit"
    verbose_name = _("Audit")
