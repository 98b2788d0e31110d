"""Health pages for orchestrators, and the task by which work proves that it gets done."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import AccessRule
from rechallenge import heartbeat, parts

log = structlog.get_logger(__name__)

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
    """Answer 200 when every part is up, else 503; the JSON says of each part whether it is.

    What is wrong with it names hosts and roles: that goes to the log and to `manage.py doctor`, and into
    the answer only where the site is served without TLS, which an evaluation on one machine is.
    """
    findings = [check() for check in parts.READINESS]
    well = all(finding.ok for finding in findings)
    for finding in findings:
        if not finding.ok:
            log.warning("part_not_ready", part=finding.part, says=finding.says)
    return JsonResponse(
        {
            "status": "ready" if well else "not ready",
            "parts": {f.part: _shown(f) for f in findings},
        },
        status=200 if well else 503,
    )


@probe("An alarm asks without signing in; the answer says whether reminders go out in time.")
def reminders(request: HttpRequest) -> JsonResponse:
    """Answer 503 when the oldest due reminder, or one of the sweeps that write and send them, is 15 minutes late.

    Apart from readiness: a site whose mail server is down still has to show its pages.
    """
    finding = parts.reminders()
    return JsonResponse(
        {"status": "in time" if finding.ok else "late", "parts": {finding.part: _shown(finding)}},
        status=200 if finding.ok else 503,
    )


def _shown(finding: parts.Finding) -> dict[str, object]:
    shown: dict[str, object] = {"ok": finding.ok}
    return shown if settings.HTTPS else {**shown, "says": finding.says}


@shared_task
def record_beat() -> None:
    """Note that a task sent by beat was carried out; safe to run any number of times."""
    heartbeat.note(heartbeat.PROGRESS)
