"""Pages that exist for the tests of the scripts alone: a form with a draft, and answers to choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = """
{% extends "layout/base.html" %}
{% block title %}Scripts{% endblock %}
{% block content %}
  <div id="part">
    <form class="app-form" method="post" action="/save" hx-post="/save" hx-target="#part" data-draft-url="/draft">
      {{ csrf_input }}
      <label for="name">Name</label> <input id="name" name="name">
      <span role="status" data-draft-status data-saved="draft %time%" data-failed="not saved"></span>
      <button>Save</button>
    </form>
  </div>
  <details class="app-menu" data-close-outside>
    <summary>Move to</summary>
    <div class="app-menu__panel">
      <button class="app-menu__choice" type="button">First</button>
      <button class="app-menu__choice" type="button">Second</button>
    </div>
  </details>
{% endblock %}
"""
REFUSED = """
<form class="app-form" hx-post="/save" hx-target="#part">
  <div class="app-errors" tabindex="-1"><h2>1 thing to correct</h2>
    <ul class="app-errors__list"><li><a href="#folded">Enter a name</a></li></ul></div>
  <details><summary>Section</summary><label for="folded">Name</label><input id="folded"></details>
</form>
"""


@dataclass
class Desk:
    """What the server answers next, and what it was sent."""

    user: int = 1
    save_status: int = 200
    draft_status: int = 200
    draft_refused: str = ""
    saved: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)


desk = Desk()


def _signed_in(number: int) -> Any:
    return SimpleNamespace(
        pk=number, is_authenticated=bool(number), is_active=True, is_staff=False, name="A. Member",
        can_anywhere=lambda permission: False, active_memberships=[], boards=[],
    )  # fmt: skip


@transaction.non_atomic_requests
def page(request: HttpRequest) -> HttpResponse:
    """The page with the form, as the user of the desk."""
    request.user = _signed_in(desk.user)
    return HttpResponse(engines["jinja2"].from_string(PAGE).render({}, request))


@transaction.non_atomic_requests
def save(request: HttpRequest) -> HttpResponse:
    """Answer as the desk says."""
    if desk.save_status == 200:
        desk.saved.append(request.POST["name"])
        return HttpResponse('<h2 data-focus id="done">Saved</h2>')
    return HttpResponse(REFUSED if desk.save_status == 422 else "", status=desk.save_status)


@transaction.non_atomic_requests
def draft(request: HttpRequest) -> HttpResponse:
    """Take a draft, or not."""
    desk.drafts.append(request.POST["name"])
    if desk.draft_refused:
        return HttpResponse(desk.draft_refused, status=409, content_type="text/plain")
    return HttpResponse(status=desk.draft_status, headers={"X-Draft-Saved": "14:02"})


urlpatterns = [path("", page), path("save", save), path("draft", draft)]
