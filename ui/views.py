"""The living style guide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ui import styleguide as guide


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; `?theme=dark` shows the dark set."""
    return render(request, "styleguide/index.html", guide.context(request), using="jinja2")
