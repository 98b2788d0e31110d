"""The Celery application. Tasks carry ids, never patient data, and call services."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rechallenge.settings")

app = Celery("rechallenge")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["rechallenge"], related_name="health")
# By name: the web's processes have no use for the worker's modules.
app.steps["consumer"].add("rechallenge.worker:WorkerHeartbeat")
