"""Filters of the admin's list of versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import StatementVersion
from evidence.selectors import due_for_review


class ReviewFilter(admin.SimpleListFilter):
    """Published versions that are due for review now or soon."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What may be chosen."""
        return [("due", _("Due now")), ("60", _("Due within 60 days"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[StatementVersion]
    ) -> QuerySet[StatementVersion]:
        """The versions that are due as chosen."""
        if self.value() is None:
            return queryset
        days = 60 if self.value() == "60" else 0
        by = timezone.localdate() + timedelta(days=days)
        return queryset.filter(pk__in=due_for_review(by=by).values("pk"))
