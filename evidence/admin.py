"""Curation in the admin: drafts are written here and published by a second curator."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from evidence import services
from evidence.admin_forms import FindingForm, SourceForm
from evidence.curation.base_admin import CuratorAdmin, curator_of, may_curate
from evidence.curation.review_admin import ReviewMailAdmin
from evidence.curation.version_admin import StatementVersionAdmin
from evidence.models import Finding, Source, Statement, StatementVersion

# Registered where it is defined.
__all__ = ["CuratorAdmin", "ReviewMailAdmin", "StatementVersionAdmin"]


@admin.register(Source)
class SourceAdmin(CuratorAdmin):
    """Sources; frozen once a published version refers to them."""

    form = SourceForm
    list_display = ("short", "code", "revision", "kind", "doi", "mark")
    list_filter = ("kind", "mark")
    search_fields = ("code", "short", "citation", "doi", "pmid")

    def is_frozen(self, obj: Source) -> bool:
        """Whether a version that is no draft rests on it."""
        return services.source_is_pinned(obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_basis(by=curator_of(request), row=obj)


@admin.register(Finding)
class FindingAdmin(CuratorAdmin):
    """Findings; frozen once a published version rests on them."""

    form = FindingForm
    list_display = (
        "label",
        "source",
        "tumour",
        "direct",
        "n_of_total",
        "value",
        "revision",
        "mark",
    )
    list_filter = ("state", "setting", "endpoint", "direct", "tumour", "mark")
    list_select_related = ("source",)
    search_fields = ("code", "label", "population", "source__short")

    @admin.display(description=_("n/N"))
    def n_of_total(self, obj: Finding) -> str:
        """The fraction as counted."""
        return "" if obj.numerator is None else f"{obj.numerator}/{obj.denominator}"

    def is_frozen(self, obj: Finding) -> bool:
        """Whether a version that is no draft rests on it."""
        return services.finding_is_pinned(obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the service."""
        services.save_basis(by=curator_of(request), row=obj)


class VersionInline(admin.TabularInline):
    """The versions of a statement, each a link."""

    model = StatementVersion
    extra = 0
    can_delete = False
    show_change_link = True
    fields = readonly_fields = ("number", "state", "title", "origin", "author", "published_by")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let curators read them."""
        return may_curate(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a version begins as a draft of its own."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a version is changed on its own page."""
        return False


@admin.register(Statement)
class StatementAdmin(CuratorAdmin):
    """Statements with their versions. A new one begins with its first version."""

    list_display = ("code", "position")
    search_fields = ("code", "versions__title")
    fields = readonly_fields = ("code", "position", "public_id")
    inlines = (VersionInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a statement comes into being with its first draft."""
        return False
