"""Configuration of the project itself, so that its management commands are found."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    """The project's own commands; it has no models."""

    name = "rechallenge"
    verbose_name = _("Rechallenge")
