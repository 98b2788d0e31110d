"""The list of statements and the page of one: plain values, no queries, no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence.choices import Certainty, Origin, Signal
from evidence.conditions import Line
from evidence.differing import Difference, differences
from evidence.presenters import (
    CERTAINTY_STEPS,
    Contradiction,
    Correction,
    FindingRow,
    SourceLink,
    condition_lines,
    contradictions,
    corrections,
    finding_row,
    source_links,
)
from evidence.ruled import RuleRow, rule_rows
from evidence.signals import SIGNAL_COLOURS, written_words
from evidence.states import UNPUBLISHED, VersionState
from ui import formatting

if TYPE_CHECKING:
    from uuid import UUID

    from evidence.models import Finding, StatementVersion

STATE_COLOURS = {
    VersionState.DRAFT: "amber",
    VersionState.IN_REVIEW: "blue",
    VersionState.PUBLISHED: "green",
    VersionState.SUPERSEDED: "grey",
    VersionState.RETIRED: "grey",
}


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement in the list."""

    code: str
    url: str
    title: str
    says: str
    category: str
    section: str
    certainty: str
    signal: str
    signal_colour: str
    indirect: str
    corrected: int
    direct: int
    findings: int
    sources: str
    mark: str
    is_draft: bool
    version_id: UUID


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the history of a statement."""

    number: int
    url: str
    state: str
    colour: str
    when: datetime
    people: str
    note: str
    shown: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Everything on the page of one statement, for the version shown."""

    code: str
    title: str
    version: int
    state: str
    state_colour: str
    is_current: bool
    dated: str
    says: str
    does_not_say: str
    section: str
    category: str
    signal: str
    signal_colour: str
    indirect: str
    certainty: str
    certainty_steps: int
    certainty_reasons: tuple[str, ...]
    direct: tuple[FindingRow, ...]
    other: tuple[FindingRow, ...]
    # What stands in the review of the same studies and cannot be interpreted: the reason, no figure.
    not_interpretable: tuple[FindingRow, ...]
    rules: tuple[RuleRow, ...]
    contradictions: tuple[Contradiction, ...]
    corrections: tuple[Correction, ...]
    condition: tuple[Line, ...]
    sources: tuple[SourceLink, ...]
    versions: tuple[VersionRow, ...]
    mark: str
    mark_note: str
    # Since when it holds, by when it is read again, and who wrote and who published it: label and value.
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def findings(self) -> int:
        """How many findings it rests on."""
        return len(self.direct) + len(self.other)


def statement_row(version: StatementVersion) -> StatementRow:
    """One row of the list; the version comes with its basis."""
    signal = Signal(version.signal)
    findings = [link.finding for link in version.version_findings.all()]
    return StatementRow(
        code=version.statement.code,
        url=_address(version, always=version.state in UNPUBLISHED),
        title=version.title,
        says=version.says,
        category=str(version.get_category_display()),
        section=version.section,
        certainty=str(Certainty(version.certainty).label),
        signal=written_words(signal, version.rules),
        signal_colour=SIGNAL_COLOURS.get(signal, ""),
        indirect=version.indirect,
        corrected=len(version.corrections),
        direct=sum(finding.direct for finding in findings),
        findings=len(findings),
        sources=", ".join(source.short for source in source_links(version)),
        mark=str(version.get_mark_display()),
        is_draft=version.state in UNPUBLISHED,
        version_id=version.public_id,
    )


def statement_page(
    shown: StatementVersion,
    versions: Sequence[StatementVersion],
    uninterpretable: Iterable[Finding] = (),
) -> StatementPage:
    """The page of a statement showing one of its versions; `versions` are newest first.

    `uninterpretable`: findings of its studies on which no statement rests.
    """
    signal = Signal(shown.signal)
    sources = source_links(shown)
    rows = [finding_row(link.finding) for link in shown.version_findings.all()]
    names = {source.code: source.short for source in sources}
    return StatementPage(
        code=shown.statement.code,
        title=shown.title,
        version=shown.number,
        state=str(shown.get_state_display()),
        state_colour=STATE_COLOURS[VersionState(shown.state)],
        is_current=shown.state == VersionState.PUBLISHED,
        dated=_people(shown),
        says=shown.says,
        does_not_say=shown.does_not_say,
        section=shown.section,
        category=str(shown.get_category_display()),
        signal=written_words(signal, shown.rules),
        signal_colour=SIGNAL_COLOURS.get(signal, ""),
        indirect=shown.indirect,
        certainty=str(Certainty(shown.certainty).label),
        certainty_steps=CERTAINTY_STEPS.get(Certainty(shown.certainty), 0),
        certainty_reasons=tuple(shown.certainty_reasons),
        direct=tuple(row for row in rows if row.direct),
        other=tuple(row for row in rows if not row.direct),
        not_interpretable=tuple(finding_row(finding) for finding in uninterpretable),
        rules=rule_rows(shown.rules, names),
        contradictions=contradictions(shown, sources),
        corrections=corrections(shown),
        condition=condition_lines(shown),
        sources=sources,
        versions=tuple(
            _version_row(version, before, shown)
            for version, before in zip(versions, [*versions[1:], None], strict=True)
        ),
        mark=str(shown.get_mark_display()),
        mark_note=shown.mark_note,
        kept=_kept(shown),
    )


def _kept(shown: StatementVersion) -> tuple[tuple[str, str], ...]:
    """Of a version of the repository its release stands for who wrote it: no person of this product did."""
    release = _("release %(release)s of the product") % {"release": shown.release}
    delivered = shown.origin == Origin.REPOSITORY
    published = release if delivered and shown.published_at else shown.published_by
    rows = (
        (_("Valid from"), shown.valid_from and formatting.date(shown.valid_from)),
        (_("Read again by"), shown.review_by and formatting.date(shown.review_by)),
        (_("Written by"), release if delivered else shown.author),
        (_("Reviewed and published by"), published),
    )
    return tuple((label, str(value) if value else _("not set")) for label, value in rows)


def _version_row(
    version: StatementVersion, before: StatementVersion | None, shown: StatementVersion
) -> VersionRow:
    return VersionRow(
        number=version.number,
        url=_address(version, always=version.state != VersionState.PUBLISHED),
        state=str(version.get_state_display()),
        colour=STATE_COLOURS[VersionState(version.state)],
        when=version.retired_at or version.published_at or version.created_at,
        people=_people(version),
        note=version.change_note,
        shown=version.pk == shown.pk,
        differences=differences(version, before) if before is not None else (),
    )


def _people(version: StatementVersion) -> str:
    if version.origin == Origin.REPOSITORY:
        return _("delivered with the product, release %(release)s") % {"release": version.release}
    words = _("written by %(author)s") % {"author": version.author}
    if version.published_by:
        words += ", " + _("published by %(person)s") % {"person": version.published_by}
    return words


def _address(version: StatementVersion, always: bool) -> str:
    """The page of the statement; `always` names the version, else the current one is shown."""
    url = version.statement.get_absolute_url()
    return f"{url}?version={version.number}" if always else url
