"""Configuration of the ui application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UIConfig(AppConfig):
    """The look of the product: Jinja environment, form rendering, formatting. No models."""

    name = "ui"
    verbose_name = _("User interface")
