"""Pages of signed-in users are kept nowhere but on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class NoStoreMiddleware:
    """Adds `Cache-Control: no-store` to what a signed-in user is sent, and `Vary: HX-Request`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then mark the answer."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store"
        return response


class PlainTextMiddleware:
    """Refuses the character NUL in what is sent: PostgreSQL cannot hold it, and nobody types it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or refuse it."""
        sent = [*request.GET.lists(), *request.POST.lists()]
        if any("\x00" in value for _name, values in sent for value in values):
            raise BadRequest("The character NUL was sent.")
        return self.get_response(request)
