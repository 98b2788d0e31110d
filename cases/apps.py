"""Configuration of the cases application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Patients, cases, their clinical history and the facts derived from it."""

    name = "cases"
    verbose_name = _("Cases")
