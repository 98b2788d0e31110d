"""Settings for the checks of a developer's machine: the product's, and the guard of linear migrations."""

from rechallenge.settings import *  # noqa: F403
from rechallenge.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "django_linear_migrations"]
