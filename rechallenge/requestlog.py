"""Names requests by their route, in the logs and in the history of rows.

What stands in an address or a query may be a name or a key.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware
from pghistory import middleware as pghistory


def route_of(request: HttpRequest) -> str:
    """Return the method and the route of a request, and nothing that was typed in its address."""
    try:
        route = resolve(request.path_info).route
    except Resolver404:
        route = "(no such address)"
    return f"{request.method} {route}"


class RequestLogMiddleware(RequestMiddleware):
    """django-structlog's middleware with the route in place of the full address."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return the method and the route, such as "GET cases/<uuid:public_id>/"."""
        return route_of(request)


class HistoryMiddleware(pghistory.HistoryMiddleware):
    """pghistory's middleware with the route in place of the address, for the context of what a request changes."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return who is acting and by which route."""
        return {**super().get_context(request), "url": route_of(request)}
