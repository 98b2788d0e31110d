"""The product's settings with one more address: a bare page to compare with."""

from rechallenge.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["127.0.0.1"]
# Collected files are a matter of deployment; no page is slower or faster by their names.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# No task goes to a queue that somebody else works on.
CELERY_BROKER_URL = "memory://"
