"""Pages that exist for the tests of the scripts alone: a form with a draft, and answers to choose."""

from __future__ import annotations

import time
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
  <h1>Scripts</h1>
  <div id="part">
    <form class="app-form" method="post" action="/save" hx-post="/save" hx-target="#part" data-draft-url="/draft">
      {{ csrf_input }}
      <label for="name">Name</label> <input id="name" name="name">
      <span role="status" data-draft-status data-saved="draft %time%" data-failed="not saved"
            data-out="signed out"></span>
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
  {% if picture %}
    <div class="tl">
      <svg width="3000" height="20"><line class="tl-today" x1="2000" x2="2000" y2="20" stroke="#000"/></svg>
    </div>
  {% endif %}
  {% if polls %}<div hx-get="/state" hx-trigger="every 200ms" hx-swap="none"></div>{% endif %}
{% endblock %}
"""
FAULT = """<main><div class="app-error"><p class="app-error__code">{status}</p><h1>No</h1>
<p>What the server says.</p><p class="app-soft">Number 4711.</p></div></main>"""
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
    state_status: int = 204
    polls: bool = False
    picture: bool = False
    csrf: bool = False
    wait: float = 0
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
    context = {"polls": desk.polls, "picture": desk.picture}
    return HttpResponse(engines["jinja2"].from_string(PAGE).render(context, request))


@transaction.non_atomic_requests
def save(request: HttpRequest) -> HttpResponse:
    """Answer as the desk says."""
    time.sleep(desk.wait)
    if desk.save_status == 200:
        desk.saved.append(request.POST["name"])
        return HttpResponse('<h2 data-focus id="done">Saved</h2>')
    answer = HttpResponse(
        REFUSED if desk.save_status == 422 else FAULT.format(status=desk.save_status),
        status=desk.save_status,
    )
    if desk.csrf:
        # As the page about an old token does.
        answer.headers["X-Refusal"] = "csrf"
        desk.csrf, desk.save_status = False, 200
    return answer


@transaction.non_atomic_requests
def draft(request: HttpRequest) -> HttpResponse:
    """Take a draft, or not."""
    desk.drafts.append(request.POST["name"])
    if desk.draft_refused:
        return HttpResponse(desk.draft_refused, status=409, content_type="text/plain")
    return HttpResponse(status=desk.draft_status, headers={"X-Draft-Saved": "14:02"})


@transaction.non_atomic_requests
def state(request: HttpRequest) -> HttpResponse:
    """Answer a poll, or not."""
    return HttpResponse(status=desk.state_status)


urlpatterns = [path("", page), path("save", save), path("draft", draft), path("state", state)]
