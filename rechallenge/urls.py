"""Addresses of the site. One address is one view; ids in addresses are public UUIDs."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("ui.urls")),
    path("accounts/", include("allauth.urls")),
    path("boards/", include("accounts.urls")),
    path("cases/", include("cases.urls")),
    path("evidence/", include("evidence.urls")),
    path("monitoring/", include("followup.urls")),
    path("meetings/", include("meetings.urls")),
    path("health/", include("rechallenge.health_urls")),
    path("admin/", admin.site.urls),
]
