"""Reads of the evidence. Guidance holds nothing about patients, so it has no board scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from evidence.choices import Category, Print, Signal
from evidence.models import Finding, Statement, StatementVersion, VersionFinding, VersionSource
from evidence.states import UNPUBLISHED, VersionState

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from evidence.library import Library


def with_basis(versions: QuerySet[StatementVersion]) -> QuerySet[StatementVersion]:
    """Versions with their statement, findings and sources; five queries whatever their number."""
    return versions.select_related("statement").prefetch_related(
        Prefetch(
            "version_findings",
            VersionFinding.objects.select_related("finding__source").order_by("position", "id"),
        ),
        Prefetch(
            "version_sources",
            VersionSource.objects.select_related("source").order_by("position", "id"),
        ),
    )


def published_versions() -> QuerySet[StatementVersion]:
    """The published version of every statement, in the order of the list, with its basis."""
    return with_basis(StatementVersion.objects.filter(state=VersionState.PUBLISHED)).order_by(
        "statement__position", "statement__code"
    )


def in_library(asked: Library) -> QuerySet[StatementVersion]:
    """The versions that the library shows for what is asked, in the order of the list, with their basis."""
    return with_basis(asked.find()).order_by("statement__position", "statement__code", "-number")


def waiting_rules() -> tuple[int, int]:
    """How many rules wait as drafts with no published version, and how many of them stop."""
    published = StatementVersion.objects.filter(state=VersionState.PUBLISHED).values("statement_id")
    found = (
        StatementVersion.objects.filter(state__in=UNPUBLISHED, category=Category.RULE)
        .exclude(statement_id__in=published)
        .aggregate(
            all=Count("statement_id", distinct=True),
            stops=Count("statement_id", distinct=True, filter=Q(signal=Signal.STOP)),
        )
    )
    return found["all"], found["stops"]


def due_for_review(*, by: date | None = None) -> QuerySet[StatementVersion]:
    """Published versions whose day of review has come by `by` (None: today), the longest due first."""
    return (
        StatementVersion.objects.filter(
            state=VersionState.PUBLISHED, review_by__lte=by or timezone.localdate()
        )
        .select_related("statement")
        .order_by("review_by", "statement__position", "statement__code")
    )


def statements() -> QuerySet[Statement]:
    """Statements that have any version, for their pages."""
    return Statement.objects.filter(versions__isnull=False).distinct()


def versions_of(statement: Statement) -> QuerySet[StatementVersion]:
    """Every version of one statement, newest first, with its basis and its people."""
    return (
        with_basis(StatementVersion.objects.filter(statement=statement))
        .select_related("statement", "author", "published_by", "retired_by")
        .order_by("-number")
    )


def uninterpretable(version: StatementVersion) -> QuerySet[Finding]:
    """Findings of the studies behind a version that cannot be interpreted: no statement rests on them.

    `version` comes with its basis.
    """
    sources = {link.finding.source_id for link in version.version_findings.all()}
    sources |= {link.source_id for link in version.version_sources.all()}
    found = Finding.objects.filter(state=Print.NOT_INTERPRETABLE, source__in=sources)
    # No version rests on them, so none that was coded here has been seen by a second person.
    found = found.exclude(delivered_sha256="")
    return found.select_related("source").order_by("section", "code")


def version_by_id(public_id: UUID) -> QuerySet[StatementVersion]:
    """One published version by its public id, with its basis, for attaching it to a case."""
    return with_basis(
        StatementVersion.objects.filter(public_id=public_id, state=VersionState.PUBLISHED)
    )


def finding_in_use(public_id: UUID) -> QuerySet[Finding]:
    """One finding by its public id, where a published version rests on it, for attaching it to a case."""
    published = VersionFinding.objects.filter(version__state=VersionState.PUBLISHED)
    rows = Finding.objects.filter(public_id=public_id, pk__in=published.values("finding_id"))
    return rows.select_related("source")
