"""The product's addresses, a bare page of any size, and Django's admin over the same cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.acting import set_acting
from cases.models import Case
from rechallenge.urls import urlpatterns as product

if TYPE_CHECKING:
    from django.db.models import QuerySet


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """Return `size` bytes without a query or a template."""
    return HttpResponse(b"x" * size)


class CaseAdmin(admin.ModelAdmin):
    """What Django makes of a case by itself: a list of 50, a search by name, a form."""

    list_display = ("reference", "patient", "board", "state", "urgent", "changed_at")
    list_select_related = ("patient", "board")
    list_per_page = 50
    ordering = ("-changed_at", "-id")
    search_fields = ("patient__identity__family_name",)
    raw_id_fields = ("patient", "referred_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """Return the cases as row-level security shows them to whoever asks."""
        set_acting(request.user if request.user.is_authenticated else None)
        return super().get_queryset(request)


beside = admin.AdminSite(name="beside")
beside.register(Case, CaseAdmin)

urlpatterns = [*product, path("bare/<int:size>", bare), path("beside/", beside.urls)]
