"""What curators changed and what is delivered, where the two differ: one full sentence for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from evidence.choices import Origin
from evidence.differing import Difference, content_differences
from evidence.models import StatementVersion
from evidence.selectors import published_versions
from evidence.states import UNPUBLISHED

if TYPE_CHECKING:
    from evidence.models import Finding, Source

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


def of_drafts(code: str, drafts: Iterable[StatementVersion], delivered: int) -> list[str]:
    """A sentence for each draft of a statement that was begun before the version that is delivered now."""
    return [
        f"Statement {code}: version {draft.number} ({draft.get_state_display().lower()}) was begun here before version "
        f"{delivered} was delivered, and cannot be published over it. Begin a new draft from version {delivered}."
        for draft in drafts
        if draft.number < delivered
    ]


def of_row(row: Source | Finding, delivered: Mapping[str, Any]) -> str:
    """How a source or finding that was changed here differs from what is delivered; empty where it does not."""
    labels = {field.attname: field.verbose_name for field in row._meta.concrete_fields}
    found = [
        Difference(
            str(labels[name]),
            _plain(delivered[name]),
            _plain(getattr(row, name)),
        )
        for name in delivered
        if getattr(row, name) != delivered[name]
    ]
    if not found:
        return ""
    return (
        f"{capfirst(row._meta.verbose_name)} {row.code}, revision {row.revision}, was changed here and "
        f"stays as it is. {_differs(found)}"
    )


def of_version(
    version: StatementVersion,
    content: Mapping[str, Any],
    findings: Iterable[Finding],
    sources: Iterable[Source],
) -> str:
    """How a version that curators published differs from what is delivered; empty where it does not."""
    here = {name: getattr(version, name) for name in content if name != "change_note"}
    delivered = {name: content[name] for name in here}
    here["findings"] = [link.finding.code for link in version.version_findings.all()]
    here["sources"] = [link.source.code for link in version.version_sources.all()]
    delivered["findings"] = [finding.code for finding in findings]
    delivered["sources"] = [source.code for source in sources]
    found = content_differences(delivered, here)
    if not found:
        return ""
    return (
        f"Statement {version.statement.code}: version {version.number}, published here, stays in force. "
        f"{_differs(found)}"
    )


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
