"""Configuration of the followup application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowupConfig(AppConfig):
    """Monitoring protocols, plans, checks, reminders and their delivery."""

    name = "followup"
    verbose_name = _("Monitoring")
