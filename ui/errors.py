"""Error pages. Each says what happened, whether anything changed, and what to do next."""

from __future__ import annotations

import structlog
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return render(request, "errors/400.html", status=400, using="jinja2")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 and say in words what the user lacks, when the refusal says so."""
    reason = str(exception) if isinstance(exception, PermissionDenied) and exception.args else ""
    context = {"reason": reason, "permission": getattr(exception, "permission", "")}
    return render(request, "errors/403.html", context, status=403, using="jinja2")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 in the same words for what does not exist and what another board owns."""
    return render(request, "errors/404.html", status=404, using="jinja2")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old."""
    response = render(request, "errors/csrf.html", status=403, using="jinja2")
    # For the scripts: the page's token can be renewed, what was typed need not be lost.
    response.headers["X-Refusal"] = "csrf"
    return response


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer whoever tries to sign in too often."""
    return render(request, "errors/429.html", status=429, using="jinja2")


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413, before anybody is known and anything is read."""
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    context: dict[str, object] = {"messages": []}
    return render(request, "errors/413.html", context, status=413, using="jinja2")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the session or the database, which may be what failed."""
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    # The number under which the log and the trail have this request; never one that the client names.
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    try:
        context: dict[str, object] = {"request_id": request_id, "messages": []}
        return render(request, "errors/500.html", context, status=500, using="jinja2")
    except Exception:  # the frame itself may be what failed
        page = engines["django"].from_string(
            "<!DOCTYPE html><title>Error</title><h1>Something went wrong here</h1>"
        )
        return HttpResponse(page.render(), status=500)
