"""Addresses of the site. One address is one view; ids in addresses are public UUIDs."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.recovery_codes.views import download_recovery_codes, view_recovery_codes
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from accounts.access import acted, public
from accounts.views import confirming
from accounts.views.library import not_offered, unless_lost
from evidence.vocabulary_page import vocabulary
from meetings.views.home import home
from ui.views import styleguide

# The admin has no sign-in of its own: that one knows no second factor, no limit and no trail.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Whoever works in the admin is the acting user there too.
admin.site.admin_view = acted(admin.site.admin_view)  # type: ignore[method-assign, assignment]

urlpatterns = [
    path("", home, name="home"),
    path("accounts/email/", not_offered),
    path("accounts/confirm-email/", not_offered),
    path("accounts/confirm-email/<str:key>/", not_offered),
    path("accounts/2fa/recovery-codes/", unless_lost(view_recovery_codes)),
    path("accounts/2fa/recovery-codes/download/", unless_lost(download_recovery_codes)),
    path("accounts/reauthenticate/", confirming.by_password, name="account_reauthenticate"),
    path("accounts/2fa/reauthenticate/", confirming.by_code, name="mfa_reauthenticate"),
    path(
        "accounts/2fa/webauthn/reauthenticate/",
        confirming.by_key,
        name="mfa_reauthenticate_webauthn",
    ),
    path("accounts/", include("allauth.urls")),
    path("boards/", include("accounts.urls")),
    path("cases/", include("cases.urls")),
    path("evidence/", include("evidence.urls")),
    path("monitoring/", include("followup.urls")),
    path("meetings/", include("meetings.urls")),
    path("health/", include("rechallenge.health_urls")),
    # Nor has it a change of password of its own, for the same reasons.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/evidence/vocabulary/", admin.site.admin_view(vocabulary), name="vocabulary"),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    example = require_safe(
        public("example content only, and only where developers work")(styleguide)
    )
    urlpatterns.append(path("styleguide", example, name="styleguide"))

handler400 = "ui.errors.bad_request"
handler403 = "ui.errors.permission_denied"
handler404 = "ui.errors.not_found"
handler429 = "ui.errors.too_many_requests"
handler500 = "ui.errors.server_error"
