"""Configuration of the evidence application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    """Sources, findings, statements, conditions and their curation."""

    name = "evidence"
    verbose_name = _("Evidence and guidance")
