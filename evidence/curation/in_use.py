"""Which version of a statement, and which revision of a source or finding, is in use; and which deliveries wait beside.

A load may bring a newer revision, or a draft, beside what people here published: the newest is not always what stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from evidence.choices import Origin
from evidence.conflicts import retired_here
from evidence.models import Finding, Source, StatementVersion
from evidence.selectors import with_basis
from evidence.states import UNPUBLISHED, VersionState


class InUse(NamedTuple):
    """What stands: a version of each statement, a revision of each source and finding, by code."""

    versions: list[StatementVersion]
    sources: dict[str, Source]
    findings: dict[str, Finding]


def in_use() -> InUse:
    """Return what stands; of a source or finding that no standing version rests on the newest revision."""
    versions = standing()
    resting = [*_findings_of(versions)]
    findings = _revisions(Finding, resting)
    others = [(finding, 0) for finding in findings.values()]
    sources = [(finding.source, rank) for finding, rank in (*others, *resting)]
    return InUse(versions, _revisions(Source, [*sources, *_sources_of(versions)]), findings)


def standing() -> list[StatementVersion]:
    """The version of each statement that stands: the published one, else the newest that is being written.

    What was delivered since a person here took the statement out of use waits for a person, and stands for nothing.
    """
    open_or_published = (*UNPUBLISHED, VersionState.PUBLISHED)
    rows = with_basis(StatementVersion.objects.filter(state__in=open_or_published))
    withdrawn = retired_here()
    found: dict[str, StatementVersion] = {}
    for version in rows.order_by("statement__position", "statement__code", "number"):
        held = found.get(version.statement.code)
        if version.statement_id in withdrawn and version.origin == Origin.REPOSITORY:
            continue
        if held is None or held.state != VersionState.PUBLISHED:
            found[version.statement.code] = version
    return list(found.values())


def waiting(held: InUse) -> list[str]:
    """Say of each delivery that waits beside what is in use which one it is, and of what else is not in the files."""
    return [*_rows_waiting(held), *_versions_waiting(held)]


def _rank(version: StatementVersion) -> int:
    return 2 if version.state == VersionState.PUBLISHED else 1


def _findings_of(versions: Iterable[StatementVersion]) -> Iterator[tuple[Finding, int]]:
    for version in versions:
        for link in version.version_findings.all():
            yield link.finding, _rank(version)


def _sources_of(versions: Iterable[StatementVersion]) -> Iterator[tuple[Source, int]]:
    for version in versions:
        for link in version.version_sources.all():
            yield link.source, _rank(version)


def _revisions(model: Any, used: Iterable[tuple[Any, int]]) -> dict[str, Any]:
    """By code the revision on which something published rests, else something being written, else the newest."""
    rows = model.objects.order_by("code", "revision")
    if model is Finding:
        rows = rows.select_related("source")
    found = {row.code: row for row in rows}
    ranks: dict[str, tuple[int, int]] = {}
    for row, rank in used:
        best = (rank, row.revision)
        if best >= ranks.get(row.code, best):
            ranks[row.code], found[row.code] = best, row
    return found


def _rows_waiting(held: InUse) -> Iterator[str]:
    """Every revision that is newer than the one in use, or that a published version rests on beside it."""
    for model, chosen in ((Source, held.sources), (Finding, held.findings)):
        rows: Any = model._default_manager.order_by("code", "revision")
        for row in rows:
            stands = chosen[row.code]
            what = {
                "what": f"{model._meta.verbose_name} {row.code}",
                "other": row.revision,
                "stands": stands.revision,
            }
            if row.revision > stands.revision and row.delivered_sha256:
                yield (
                    _(
                        "%(what)s: revision %(other)s, delivered, waits; revision %(stands)s is in use."
                    )
                    % what
                )
            elif row.revision > stands.revision:
                yield (
                    _(
                        "%(what)s: revision %(other)s, made here, waits; revision %(stands)s is in use."
                    )
                    % what
                )
    yield from _resting_on_another(held)


def _resting_on_another(held: InUse) -> Iterator[str]:
    """Every published version that rests on another revision of a finding than the one in the files."""
    for version in held.versions:
        for link in version.version_findings.all():
            row, stands = link.finding, held.findings[link.finding.code]
            if row.pk != stands.pk and version.state == VersionState.PUBLISHED:
                yield _(
                    "statement %(code)s rests on revision %(other)s of the finding %(finding)s; revision %(stands)s "
                    "is in the files."
                ) % {
                    "code": version.statement.code,
                    "other": row.revision,
                    "finding": row.code,
                    "stands": stands.revision,
                }


def _versions_waiting(held: InUse) -> Iterator[str]:
    """Every delivered draft that waits beside what people here published, or took out of use."""
    stands = {version.statement_id: version for version in held.versions}
    withdrawn = retired_here()
    rows = StatementVersion.objects.filter(state__in=UNPUBLISHED, origin=Origin.REPOSITORY)
    for version in rows.select_related("statement").order_by("statement__code", "number"):
        told: dict[str, object] = {"code": version.statement.code, "number": version.number}
        if retired := withdrawn.get(version.statement_id):
            yield _(
                "statement %(code)s: version %(number)s, delivered, waits; version %(other)s was retired here."
            ) % {**told, "other": retired.number}
        elif (other := stands[version.statement_id]).pk != version.pk:
            yield _(
                "statement %(code)s: version %(number)s, delivered, waits; version %(other)s is in use."
            ) % {**told, "other": other.number}
