"""Cases that are told anew share a worker with imports, and give way to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from cases import tasks


def test_an_import_waits_for_cases_told_anew_for_seconds(monkeypatch: Any) -> None:
    given: list[float] = []
    monkeypatch.setattr(tasks.rewriting, "rewrite", lambda *, seconds: given.append(seconds) or 3)
    assert tasks.rewrite_facts() == 3 and given == [10]
    # What waited behind an import is dropped when the next is due: they never pile up, and leave time between them.
    every = settings.CELERY_BEAT_SCHEDULE["rewrite-facts"]["schedule"]
    assert tasks.rewrite_facts.expires == every and every >= 3 * given[0]
