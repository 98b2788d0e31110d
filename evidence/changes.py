"""What changed in the guidance since a version of a statement, or a revision of a finding, was pinned.

Derived from what is published now, never stored: who pinned something stores no more than the `mark` of the change
that they have seen. A newer revision of a finding or source counts from the day on which a published statement rests
on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from evidence.models import Finding, Source, StatementVersion
from evidence.selectors import with_basis
from evidence.states import VersionState

EVER = datetime.min.replace(tzinfo=UTC)
Key = tuple[tuple[int, str], ...]
"""Every version that was ever published, with its state: a set of these always stands for the same content."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is otherwise now; `newer` takes the place of a pinned version, None where it was retired.

    `findings` and `sources`: what was pinned, and the revision that holds now. `by` is the version whose publication
    or retirement brought it about, `at` when.
    """

    mark: str
    by: StatementVersion | None
    at: datetime | None
    pinned: StatementVersion | None = None
    newer: StatementVersion | None = None
    retired: bool = False
    findings: tuple[tuple[Finding, Finding], ...] = ()
    sources: tuple[tuple[Source, Source], ...] = ()

    @property
    def may_be_taken(self) -> bool:
        """Whether there is something newer to attach in its place."""
        return self.newer is not None or (self.pinned is None and bool(self.findings))


@dataclass(slots=True)
class History:
    """Everything that was ever published, and what holds now."""

    versions: dict[int, StatementVersion] = field(default_factory=dict)
    published: dict[int, StatementVersion] = field(default_factory=dict)
    # The newest revision that a published statement rests on, with that statement's version.
    findings: dict[str, tuple[Finding, StatementVersion]] = field(default_factory=dict)
    sources: dict[str, tuple[Source, StatementVersion]] = field(default_factory=dict)
    # Who rested last on a finding that no published statement rests on any more.
    left: dict[int, StatementVersion] = field(default_factory=dict)
    # Which version of a statement was retired last.
    ended: dict[int, StatementVersion] = field(default_factory=dict)
    _changed: dict[int, Change] | None = None

    def of_version(self, pk: int) -> Change | None:
        """What changed for a pinned version; None where it holds as it was."""
        pinned = self.versions[pk]
        newer = self.published.get(pinned.statement_id)
        findings, sources = [], []
        for link in pinned.version_findings.all():
            findings += self._newer_finding(link.finding)
            sources += self._newer_source(link.finding.source)
        for cited in pinned.version_sources.all():
            sources += self._newer_source(cited.source)
        replaced = newer is None or newer.pk != pinned.pk
        if not replaced and not findings and not sources:
            return None
        # A version that was superseded ends with the one that took its place.
        ended = self.ended.get(pinned.statement_id, pinned)
        by = (newer or ended) if replaced else self._carrier(findings, sources)
        gone = 0 if ended.pk == pk else -ended.pk
        return Change(
            mark=_mark("v", pk, newer.pk if newer else gone, findings, sources),
            by=by,
            at=by.published_at if newer else by.retired_at,
            pinned=pinned,
            newer=newer if replaced else None,
            retired=newer is None,
            findings=tuple(dict.fromkeys(findings)),
            sources=tuple(dict.fromkeys(sources)),
        )

    def of_finding(self, pinned: Finding) -> Change | None:
        """What changed for a pinned finding; None where a published statement rests on it as it was."""
        if pinned.code not in self.findings:
            by = self.left.get(pinned.pk)
            mark = _mark("f", pinned.pk, 0, [], [])
            return Change(mark, by, by.retired_at if by else None, retired=True)
        findings = self._newer_finding(pinned)
        sources = self._newer_source(pinned.source)
        if not findings and not sources:
            return None
        by = self._carrier(findings, sources)
        mark = _mark("f", pinned.pk, 1, findings, sources)
        return Change(mark, by, by.published_at, findings=tuple(findings), sources=tuple(sources))

    def changed_versions(self) -> dict[int, Change]:
        """Every version that was ever published and no longer holds as it was."""
        if self._changed is None:
            found = ((pk, self.of_version(pk)) for pk in self.versions)
            self._changed = {pk: change for pk, change in found if change is not None}
        return self._changed

    def _newer_finding(self, pinned: Finding) -> list[tuple[Finding, Finding]]:
        now, _by = self.findings.get(pinned.code, (pinned, None))
        return [(pinned, now)] if now.revision > pinned.revision else []

    def _newer_source(self, pinned: Source) -> list[tuple[Source, Source]]:
        now, _by = self.sources.get(pinned.code, (pinned, None))
        return [(pinned, now)] if now.revision > pinned.revision else []

    def _carrier(
        self, findings: list[tuple[Finding, Finding]], sources: list[tuple[Source, Source]]
    ) -> StatementVersion:
        carriers = [self.findings[now.code][1] for _before, now in findings]
        carriers += [self.sources[now.code][1] for _before, now in sources]
        return max(carriers, key=lambda version: (version.published_at, version.pk))


def history_key() -> Key:
    """Return what was ever published, in the order of the list; one query."""
    rows = StatementVersion.objects.filter(published_at__isnull=False)
    order = rows.order_by("statement__position", "statement__code", "pk")
    return tuple(order.values_list("pk", "state"))


def history() -> History:
    """Return everything that was ever published with its basis; five queries whatever there is."""
    rows = StatementVersion.objects.filter(published_at__isnull=False)
    found = with_basis(rows).select_related("statement", "author", "published_by", "retired_by")
    return history_of(found.order_by("pk"))


def history_of(versions: Iterable[StatementVersion]) -> History:
    """Return the history that these versions make, each with its basis."""
    made = History()
    for version in versions:
        made.versions[version.pk] = version
        current = version.state == VersionState.PUBLISHED
        if version.state == VersionState.RETIRED:
            _keep_last(made.ended, version.statement_id, version)
        if current:
            made.published[version.statement_id] = version
        for link in version.version_findings.all():
            if current:
                _keep_newest(made.findings, link.finding, version)
                _keep_newest(made.sources, link.finding.source, version)
            else:
                _keep_last(made.left, link.finding_id, version)
        for cited in version.version_sources.all() if current else ():
            _keep_newest(made.sources, cited.source, version)
    return made


def _keep_last(kept: dict[int, StatementVersion], key: int, version: StatementVersion) -> None:
    before = kept.get(key)
    if before is None or _ended_at(before) <= _ended_at(version):
        kept[key] = version


def _ended_at(version: StatementVersion) -> tuple[datetime, int]:
    return version.retired_at or EVER, version.pk


def _keep_newest(kept: dict, row: Finding | Source, version: StatementVersion) -> None:
    before = kept.get(row.code)
    if before is None or before[0].revision < row.revision:
        kept[row.code] = (row, version)


def _mark(kind: str, pinned: int, now: int, findings: list, sources: list) -> str:
    ends = sorted({f"f{row.pk}" for _b, row in findings} | {f"s{row.pk}" for _b, row in sources})
    return hashlib.sha256("|".join([kind, str(pinned), str(now), *ends]).encode()).hexdigest()
