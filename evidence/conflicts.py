"""What curators changed and what is delivered, where the two differ: one full sentence for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst

from evidence.choices import Origin
from evidence.differing import Difference, content_differences
from evidence.models import Finding, Source, StatementVersion, VersionFinding, VersionSource
from evidence.selectors import published_versions
from evidence.states import UNPUBLISHED, VersionState

SHOWN = 90


def local_versions() -> dict[int, StatementVersion]:
    """The published versions that curators wrote, by statement, with their basis."""
    rows = published_versions().filter(origin=Origin.CURATOR)
    return {version.statement_id: version for version in rows}


def open_drafts() -> dict[int, list[StatementVersion]]:
    """The drafts of curators that are not published yet, by statement."""
    rows = StatementVersion.objects.filter(state__in=UNPUBLISHED, origin=Origin.CURATOR)
    found: dict[int, list[StatementVersion]] = {}
    for draft in rows.only("number", "statement_id", "state").order_by("number"):
        found.setdefault(draft.statement_id, []).append(draft)
    return found


def retired_here() -> dict[int, StatementVersion]:
    """The versions that a person took out of use, where nothing of their statement has stood since, by statement."""
    withdrawn = Q(origin=Origin.REPOSITORY, retired_by__isnull=False)
    stood = StatementVersion.objects.filter(Q(published_at__isnull=False) | withdrawn)
    last = {version.statement_id: version for version in stood.order_by("number")}
    return {
        statement: version
        for statement, version in last.items()
        if version.state == VersionState.RETIRED and version.retired_by_id is not None
    }


def made_here(model: type[Source] | type[Finding]) -> dict[tuple[type, str], Source | Finding]:
    """The newest revision of each source or finding that was made here and is newest, or is in use, by its code."""
    rows: Any = model._default_manager.order_by("revision")
    delivered = dict(rows.exclude(delivered_sha256="").values_list("code", "revision"))
    in_use = set(_rows_in_use(model))
    if model is Finding:
        rows = rows.select_related("source")
    return {
        (model, row.code): row
        for row in rows.filter(delivered_sha256="")
        if row.pk in in_use or row.revision > delivered.get(row.code, 0)
    }


def _rows_in_use(model: type[Source] | type[Finding]) -> Iterable[int]:
    """The rows that a version not yet out of use rests on."""
    rests = VersionFinding.objects.filter(version__retired_at=None)
    if model is Finding:
        return rests.values_list("finding_id", flat=True)
    cites = VersionSource.objects.filter(version__retired_at=None)
    return [
        *rests.values_list("finding__source_id", flat=True),
        *cites.values_list("source_id", flat=True),
    ]


def of_retired(retired: StatementVersion, delivered: StatementVersion) -> str:
    """That a version was taken out of use here, why, and which delivered one waits because of that."""
    code, why = retired.statement.code, retired.retired_because
    because = f" (“{why}”)" if why else ""
    waits = (
        f"Version {delivered.number}, delivered since, waits as a draft."
        if delivered.state in UNPUBLISHED
        else "What is delivered is not published again."
    )
    return f"Statement {code}: version {retired.number} was retired here{because}. {waits}"


def of_undelivered(version: StatementVersion) -> str:
    """That a statement which curators have published otherwise is delivered no longer."""
    return (
        f"Statement {version.statement.code} is no longer delivered. Version {version.number}, published here, "
        "stays in force."
    )


def of_drafts(code: str, drafts: Iterable[StatementVersion], delivered: int) -> list[str]:
    """A sentence for each draft of a statement that was begun before the version that is delivered now."""
    return [
        f"Statement {code}: version {draft.number} ({draft.get_state_display().lower()}) was begun here before version "
        f"{delivered} was delivered, and cannot be published over it. Begin a new draft from version {delivered}."
        for draft in drafts
        if draft.number < delivered
    ]


def of_row(row: Source | Finding, delivered: Mapping[str, Any], *, made_here: bool = False) -> str:
    """How a source or finding that was changed or made here differs from what is delivered; empty where it does not."""
    labels = {field.attname: field.verbose_name for field in row._meta.concrete_fields}
    found = [
        Difference(
            str(labels[name]),
            _plain(delivered[name]),
            _plain(getattr(row, name)),
        )
        for name in delivered
        if getattr(row, name) != delivered[name] and not _same_source(row, name, delivered[name])
    ]
    if not found:
        return ""
    done = "made" if made_here else "changed"
    return (
        f"{capfirst(row._meta.verbose_name)} {row.code}, revision {row.revision}, was {done} here and "
        f"stays as it is. {_differs(found)}"
    )


def _same_source(row: Source | Finding, name: str, delivered: int) -> bool:
    """Whether a finding is of the source delivered, whichever its revision."""
    if name != "source_id" or isinstance(row, Source):
        return False
    return Source.objects.filter(pk=delivered, code=row.source.code).exists()


def of_version(
    version: StatementVersion,
    content: Mapping[str, Any],
    findings: Iterable[Finding],
    sources: Iterable[Source],
) -> str:
    """How a version that curators published differs from what is delivered; empty where it does not."""
    here = {name: getattr(version, name) for name in content if name != "change_note"}
    delivered = {name: content[name] for name in here}
    basis: dict[str, tuple[Iterable[Source | Finding], Iterable[Source | Finding]]] = {
        "findings": ([link.finding for link in version.version_findings.all()], findings),
        "sources": ([link.source for link in version.version_sources.all()], sources),
    }
    for name, (ours, theirs) in basis.items():
        here[name], delivered[name] = _apart([*map(_revision, ours)], [*map(_revision, theirs)])
    found = content_differences(delivered, here)
    if not found:
        return ""
    return (
        f"Statement {version.statement.code}: version {version.number}, published here, stays in force. "
        f"{_differs(found)}"
    )


def _apart(here: list[str], delivered: list[str]) -> tuple[list[str], list[str]]:
    """Return of two lists what one alone has; the lists themselves where they differ in their order."""
    if set(here) == set(delivered):
        return here, delivered
    return [x for x in here if x not in delivered], [x for x in delivered if x not in here]


def _revision(row: Source | Finding) -> str:
    return f"{row.code} (revision {row.revision})"


def _differs(found: Iterable[Difference]) -> str:
    parts = [
        f"{d.field}: “{_short(d.before)}” is delivered, “{_short(d.after)}” stands here"
        for d in found
    ]
    return f"It differs in {'; '.join(parts)}."


def _plain(value: Any) -> str:
    return "none" if value in (None, "") else str(value)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
