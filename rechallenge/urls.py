"""Addresses of the site. One address is one view; ids in addresses are public UUIDs."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.access import public
from meetings.views.home import home
from ui.views import styleguide

urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("allauth.urls")),
    path("boards/", include("accounts.urls")),
    path("cases/", include("cases.urls")),
    path("evidence/", include("evidence.urls")),
    path("monitoring/", include("followup.urls")),
    path("meetings/", include("meetings.urls")),
    path("health/", include("rechallenge.health_urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    example = public("example content only, and only where developers work")(styleguide)
    urlpatterns.append(path("styleguide", example, name="styleguide"))

handler400 = "ui.errors.bad_request"
handler403 = "ui.errors.permission_denied"
handler404 = "ui.errors.not_found"
handler500 = "ui.errors.server_error"
