"""Puts refusals on the trail, after the request's transaction has been rolled back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from audit.services import record_on_boards

if TYPE_CHECKING:
    from collections.abc import Callable


class RefusalMiddleware:
    """Records who was refused which view; the view's own transaction would have erased the entry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request unchanged."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Note a refusal, or a row that is not there for a user who is known, and let Django answer."""
        if not isinstance(exception, PermissionDenied | Http404) or not request.resolver_match:
            return
        kind = "access.refused" if isinstance(exception, PermissionDenied) else "access.not_found"
        by = request.user if request.user.is_authenticated else None
        if by is None and kind == "access.not_found":
            # Anybody can ask for what is not there, as often as they like; nothing can be taken off the trail.
            return
        detail = {
            "view": request.resolver_match.view_name,
            # Ids only: anything else in an address was typed, and may be a name.
            "ids": {
                k: str(v)
                for k, v in request.resolver_match.kwargs.items()
                if isinstance(v, uuid.UUID | int)
            },
        }
        permission = getattr(exception, "permission", "")
        if permission:
            detail["permission"] = permission
        record_on_boards(kind, by=by, boards=by.boards if by else [], detail=detail)
