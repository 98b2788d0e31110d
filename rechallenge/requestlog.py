"""Logs requests by their route: what stands in an address or a query may be a name or a key."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware


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
