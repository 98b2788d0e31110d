"""Which findings two people stand for: those delivered and left as they were, and those under what was published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from evidence.digests import FINDING_FIELDS, was_edited
from evidence.models import Finding, VersionFinding

if TYPE_CHECKING:
    from django.db.models import QuerySet


def under_published(sources: Iterable[str]) -> QuerySet[Finding]:
    """Return the findings of sources, by code, on which a version rests that is published, or was."""
    found = Finding.objects.filter(Exists(_published()), source__code__in=list(sources))
    return found.select_related("source")


def every_one() -> QuerySet[Finding]:
    """Return every finding with its source, and what `stood_for` asks of it."""
    return Finding.objects.select_related("source").annotate(was_published=Exists(_published()))


def stood_for(row: Finding) -> bool:
    """Whether two people stand for a finding of `every_one`: one that a curator made or changed here is read by whoever
    curates alone, until somebody else has published what rests on it.
    """
    if row.__dict__["was_published"]:
        return True
    return bool(row.delivered_sha256) and not was_edited(row, (*FINDING_FIELDS, "source_id"))


def _published() -> QuerySet[VersionFinding]:
    links = VersionFinding.objects.filter(finding=OuterRef("pk"))
    return links.filter(version__published_at__isnull=False)
