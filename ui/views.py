"""The start page and the living style guide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ui import styleguide as guide


def home(request: HttpRequest) -> HttpResponse:
    """Show the start page."""
    return render(request, "home/home.html", using="jinja2")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; `?theme=dark` shows the dark set."""
    return render(request, "styleguide/index.html", guide.context(request), using="jinja2")
