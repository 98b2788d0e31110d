"""Health pages for orchestrators, and the task by which work proves that it gets done."""

from __future__ import annotations

from collections.abc import Callable

from celery import shared_task
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import AccessRule
from rechallenge import heartbeat, parts

View = Callable[[HttpRequest], JsonResponse]


def probe(reason: str) -> Callable[[View], View]:
    """Declare a page that anybody may read and that needs no database connection to answer.

    `accounts.access.public` would open a transaction to say that nobody is acting.
    """

    def decorate(view: View) -> View:
        view.access_rule = AccessRule(public_because=reason)  # type: ignore[attr-defined]
        guarded: View = require_safe(never_cache(transaction.non_atomic_requests(view)))
        return guarded

    return decorate


@probe("An orchestrator asks without signing in; the answer is one word.")
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process can answer at all; restart it when it does not."""
    return JsonResponse({"status": "alive"})


@probe(
    "An orchestrator asks without signing in; the answer names parts, and nothing about a patient."
)
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part is up, else 503; the JSON names each part and what is wrong with it."""
    findings = [check() for check in parts.READINESS]
    well = all(finding.ok for finding in findings)
    return JsonResponse(
        {
            "status": "ready" if well else "not ready",
            "parts": {f.part: {"ok": f.ok, "says": f.says} for f in findings},
        },
        status=200 if well else 503,
    )


@shared_task
def record_beat() -> None:
    """Note that a task sent by beat was carried out; safe to run any number of times."""
    heartbeat.note(heartbeat.PROGRESS)
