"""One address, one view: the whole page, or its fragment when htmx asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as render_template
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

# What the macros `post_form` and `drafted_form` send from a page of their own.
WHOLE_PAGE = "X-Whole-Page"


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx swaps a part; false when it asks for a whole page: from history, boosted, or a form's."""
    htmx: Any = getattr(request, "htmx", None)
    whole = WHOLE_PAGE in request.headers
    return bool(htmx and not whole and not htmx.boosted and not htmx.history_restore_request)


def page_address(request: HttpRequest) -> str:
    """Return the address that the reader's browser shows, also while a part of it is asked for."""
    htmx: Any = getattr(request, "htmx", None)
    return str((htmx and htmx.current_url_abs_path) or request.get_full_path())


def render(
    request: HttpRequest,
    page: str,
    fragment: str | None = None,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `fragment` for an htmx request, else `page`. An invalid form comes with status 422."""
    part = fragment is not None and wants_fragment(request)
    template = fragment if part and fragment is not None else page
    response = render_template(
        request, template, {**(context or {}), "is_fragment": part}, status=status, using="jinja2"
    )
    patch_vary_headers(response, ["HX-Request", WHOLE_PAGE])
    return response


def redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to another page after a write, with or without htmx."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
