"""Addresses of allauth that this product does not offer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.access import public


@require_http_methods(["GET", "HEAD", "POST"])
@public("it never answers: an e-mail address is changed by an administrator")
def not_offered(request: HttpRequest, **_ids: Any) -> HttpResponse:
    """Answer as if there were no such address: whoever steals a session must not change the address."""
    raise Http404
