"""The admin's pages that are open to curators, and who is working in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    from accounts.models import User


class CuratorAdmin(admin.ModelAdmin):
    """Opens to whoever may curate on a board; nothing is ever deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the application to curators."""
        return may_curate(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let curators read everything."""
        return may_curate(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let curators add."""
        return may_curate(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let curators change what is not frozen."""
        return may_curate(request) and (obj is None or not self.is_frozen(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: what is not needed is retired."""
        return False

    def is_frozen(self, obj: Any) -> bool:
        """Whether a published version refers to this row."""
        return False


def may_curate(request: HttpRequest) -> bool:
    """Whether whoever is signed in may curate."""
    user: Any = request.user
    return bool(user.is_authenticated and user.can_anywhere("evidence.curate"))


def curator_of(request: HttpRequest) -> User:
    """The signed-in user; the admin lets nobody else get this far."""
    return cast("User", request.user)
