"""Addresses of the health pages."""

from django.urls import path

from rechallenge import health

app_name = "health"
urlpatterns = [
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("reminders", health.reminders, name="reminders"),
]
