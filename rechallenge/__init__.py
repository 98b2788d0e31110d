"""The Django project: settings, addresses, processes. Imports every application, imported by none."""

from rechallenge.celery import app as celery_app

__all__ = ["celery_app"]
