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


def of_one_person() -> list[int]:
    """Return the findings that a curator made or changed here, and that nobody has published since.

    They are read by whoever curates alone: no second person has seen them.
    """
    names = (*FINDING_FIELDS, "source_id")
    rows = Finding.objects.filter(~Exists(_published()))
    return [row.pk for row in rows if not row.delivered_sha256 or was_edited(row, names)]


def _published() -> QuerySet[VersionFinding]:
    links = VersionFinding.objects.filter(finding=OuterRef("pk"))
    return links.filter(version__published_at__isnull=False)
