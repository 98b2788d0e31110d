"""The Celery application. Tasks carry ids, never patient data, and call services."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rechallenge.settings")

app = Celery("rechallenge")


@setup_logging.connect
def keep_our_logging(**_settings: Any) -> None:
    """Keep Celery from putting handlers of its own in place of the settings' one, which leaves out what was typed."""


app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["rechallenge"], related_name="health")
# By name: the web's processes have no use for the worker's modules.
app.steps["consumer"].add("rechallenge.worker:WorkerHeartbeat")
