"""The Celery application. Tasks carry ids, never patient data, and call services."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rechallenge.settings")

app = Celery("rechallenge")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
