"""Load the guidance that is delivered with the product, from `evidence/data/*.json`.

Idempotent: an unchanged text makes no row. What a published version rests on is never
rewritten; a changed source or finding is a new revision, and the statements that rest on it
get a new version. What is not read in its source, or confirmed, stays a draft.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, When

from audit.services import record
from evidence import conflicts
from evidence.choices import PUBLISHABLE_MARKS, Origin, Print
from evidence.coding import finding_problems, unknown_errata
from evidence.conditions import VOCABULARY_VERSION
from evidence.content import Problem, basis_problems, lacking, problems, uninterpretable
from evidence.corrected import corrections_problems
from evidence.digests import (
    FINDING_FIELDS,
    SOURCE_FIELDS_6,
    digest_of,
    sha256_of,
    sha256_of_row,
    was_edited,
)
from evidence.errata_guard import Known, Rests
from evidence.models import (
    Finding,
    Source,
    Statement,
    StatementVersion,
    VersionFinding,
    VersionSource,
)
from evidence.services import (
    CONTENT_FIELDS,
    make_current,
    next_number,
    retire_version,
)
from evidence.states import UNPUBLISHED, VersionState

DATA = Path(__file__).parent / "data"

OPTIONAL_OF_SOURCES: dict[str, Any] = {
    **dict.fromkeys(("doi", "pmid", "url", "review_reference", "note"), ""),
    **dict.fromkeys(("author", "journal", "design", "tumour", "population"), ""),
    "year": None,
    "patients": None,
    "read_at": "",
    "read_on": None,
}
SOURCE_FIELDS = (
    *SOURCE_FIELDS_6, "author", "year", "journal", "design", "tumour", "population", "patients",
    "read_at", "read_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delivery:
    """The content of the four files, as read."""

    release: int
    sources: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    statements: list[dict[str, Any]]
    errata: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One row of what a load did: the kind of thing, its code and what became of it."""

    kind: str
    code: str
    what: str


@dataclass(slots=True)
class Report:
    """What a load did, how many things it found as they were, and what curators have made otherwise.

    Each conflict is a sentence: what was changed here is never written over.
    """

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    conflicts: list[str] = field(default_factory=list)


class DeliveryError(Exception):
    """The files are not fit to be loaded; `problems` says each in words."""

    def __init__(self, found: list[str]) -> None:
        self.problems = found
        super().__init__("\n".join(found))


def read(folder: Path = DATA) -> Delivery:
    """Read the four files. Raises DeliveryError where one is missing or is no JSON."""
    loaded: dict[str, Any] = {}
    for name in ("sources", "findings", "statements", "errata"):
        path = folder / f"{name}.json"
        try:
            loaded[name] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError) as error:
            raise DeliveryError([f"{path.name} cannot be read: {error}"]) from error
    return Delivery(
        release=loaded["statements"]["release"],
        sources=loaded["sources"],
        findings=loaded["findings"],
        statements=loaded["statements"]["statements"],
        errata=loaded["errata"],
    )


def check(delivery: Delivery) -> list[str]:
    """Everything that is wrong with the files, before anything is written."""
    found: list[str] = []
    sources = {row["code"]: row for row in delivery.sources}
    findings = {row["code"]: row for row in delivery.findings}
    errata = {row["number"] for row in delivery.errata}
    for name, rows in (
        ("sources", delivery.sources),
        ("findings", delivery.findings),
        ("statements", delivery.statements),
    ):
        codes = [row["code"] for row in rows]
        found += [f"{name}: {code} stands twice." for code in set(codes) if codes.count(code) > 1]
    for row in delivery.sources:
        found += _model_problems(Source(code=row["code"], **_picked(row, SOURCE_FIELDS)), row)
    for row in delivery.findings:
        if row["source"] not in sources:
            found.append(f"{row['code']}: there is no source {row['source']}.")
        finding = Finding(code=row["code"], **_picked(row, FINDING_FIELDS))
        found += _model_problems(finding, row, skip=("source",))
        found += [f"{row['code']}: {message}" for message in finding_problems(row)]
        found += [f"{row['code']}: there is no erratum {n}." for n in unknown_errata(row, errata)]
    for row in delivery.statements:
        found += _statement_problems(row, sources, findings)
        found += [f"{row['code']}: there is no erratum {n}." for n in unknown_errata(row, errata)]
    return found


@transaction.atomic
def load(delivery: Delivery) -> Report:
    """Bring the database to the delivery. Raises DeliveryError and writes nothing if unfit."""
    found = check(delivery)
    if found:
        raise DeliveryError(found)
    return _Load(delivery.release).run(delivery)


def _picked(row: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in fields if name in row}


def _model_problems(
    instance: Source | Finding, row: dict[str, Any], skip: tuple[str, ...] = ()
) -> list[str]:
    found = []
    try:
        instance.clean_fields(exclude=skip)
    except ValidationError as error:
        found = [f"{row['code']}: {message}" for message in error.messages]
    return found + [f"{row['code']}: {problem}" for problem in basis_problems(row)]


def _statement_problems(
    row: dict[str, Any], sources: dict[str, Any], findings: dict[str, Any]
) -> list[str]:
    code = row["code"]
    unknown = [f"source {name}" for name in row["sources"] if name not in sources]
    unknown += [f"finding {name}" for name in row["findings"] if name not in findings]
    if unknown:
        return [f"{code}: there is no {name}." for name in unknown]
    rests_on = [findings[name] for name in row["findings"]]
    cites = [*row["sources"], *(finding["source"] for finding in rests_on)]
    marks = {name: sources[name]["mark"] for name in cites if name in sources}
    rests = [
        Rests(f["code"], f["source"], f["tumour"], f["direct"], f["numerator"], f["denominator"])
        for f in rests_on
    ]
    known = Known({name: sources.get(name, {}).get("tumour", "") for name in cites}, rests_on)
    said = problems({**row, "sources": cites}, rests, marks, known)
    found = [f"{code}: {problem}" for problem in said]
    errata = {f["code"]: f["errata"] for f in rests_on}
    lacking_here = corrections_problems(row["corrections"], errata, sources=cites)
    found += [f"{code}: {problem}" for problem in lacking_here]
    not_read = Print.NOT_INTERPRETABLE
    codes = [f["code"] for f in rests_on if f.get("state") == not_read]
    found += [f"{code}: {problem}" for problem in uninterpretable(codes)]
    direct = [finding["direct"] for finding in rests_on]
    if direct and bool(row["indirect"]) == any(direct):
        found.append(f"{code}: {Problem('indirect', 'it does not agree with the findings.')}")
    if row["mark"] in PUBLISHABLE_MARKS:
        unread = [name for name in row["findings"] if findings[name]["mark"] != "seen"]
        found += [f"{code}: rests on {name}, which was not read." for name in unread]
    return found


class _Load:
    """One load. What is there already is read once, so that loading again costs little."""

    def __init__(self, release: int) -> None:
        self.release = release
        self.report = Report()
        rests = VersionFinding.objects.exclude(version__state=VersionState.DRAFT)
        cites = VersionSource.objects.exclude(version__state=VersionState.DRAFT)
        self.pinned: set[tuple[str, int]] = {
            *(("finding", pk) for pk in rests.values_list("finding_id", flat=True)),
            *(("source", pk) for pk in rests.values_list("finding__source_id", flat=True)),
            *(("source", pk) for pk in cites.values_list("source_id", flat=True)),
        }
        # The last of each code stays: the newest delivered revision, the newest delivered version.
        self.sources = {source.code: source for source in _delivered(Source)}
        self.findings = {finding.code: finding for finding in _delivered(Finding)}
        delivered = StatementVersion.objects.filter(origin=Origin.REPOSITORY).order_by("number")
        self.versions = {version.statement_id: version for version in delivered}
        self.statements = {statement.code: statement for statement in Statement.objects.all()}
        self.local = conflicts.local_versions()
        self.retired = conflicts.retired_here()
        self.rows_made_here = {**conflicts.made_here(Source), **conflicts.made_here(Finding)}
        self.drafts = conflicts.open_drafts()

    def run(self, delivery: Delivery) -> Report:
        """Sources, then findings, then statements: each may change what rests on it."""
        for row in delivery.sources:
            values: dict[str, Any] = {**OPTIONAL_OF_SOURCES, **_picked(row, SOURCE_FIELDS)}
            self.sources[row["code"]] = self._revised(Source, self.sources, row["code"], values)
        for row in delivery.findings:
            values = _picked(row, FINDING_FIELDS)
            values["source_id"] = self.sources[row["source"]].pk
            self.findings[row["code"]] = self._revised(Finding, self.findings, row["code"], values)
        for place, row in enumerate(delivery.statements, start=1):
            self._statement(row, place * 10)
        self._retire_undelivered({row["code"] for row in delivery.statements})
        detail = {"release": self.release, "changes": len(self.report.changes)}
        record("evidence.loaded", by=None, detail=detail)
        return self.report

    def _changed(self, kind: str, code: str, what: str) -> None:
        self.report.changes.append(Change(kind, code, what))

    def _conflict(self, words: str) -> None:
        if words:
            self.report.conflicts.append(words)

    def _revised(self, model: Any, there: dict[str, Any], code: str, values: dict[str, Any]) -> Any:
        """The row of `code` with `values`: as it is, changed in place, or a new revision.

        A text that is delivered as before leaves its row as curators have made it since.
        """
        found = there.get(code)
        digest = sha256_of(values)
        if (here := self.rows_made_here.get((model, code))) is not None:
            self._conflict(conflicts.of_row(here, values, made_here=True))
        if found is not None and was_edited(found, values):
            self._conflict(conflicts.of_row(found, values))
        if found is not None and digest in (found.delivered_sha256, sha256_of_row(found, values)):
            self.report.unchanged += 1
            return found
        kind = model._meta.model_name
        if found is None or (kind, found.pk) in self.pinned or _is_of_here(found, values):
            newest = model.objects.filter(code=code).order_by("revision").last()
            revision = 1 if newest is None else newest.revision + 1
            self._changed(kind, code, f"new, revision {revision}")
            return model.objects.create(
                code=code, revision=revision, delivered_sha256=digest, **values
            )
        for name, value in values.items():
            setattr(found, name, value)
        found.delivered_sha256 = digest
        found.save()
        self._changed(kind, code, "changed")
        return found

    def _statement(self, row: dict[str, Any], position: int) -> None:
        code = row["code"]
        statement = self.statements.get(code)
        if statement is None:
            statement = Statement.objects.create(code=code, position=position)
        elif statement.position != position:
            statement.position = position
            statement.save(update_fields=["position"])
        content = _picked(row, CONTENT_FIELDS)
        cites = [self.sources[name] for name in row["sources"]]
        rests_on = [self.findings[name] for name in row["findings"]]
        digest = digest_of(content, cites, rests_on)
        local = self.local.get(statement.pk)
        if local is not None:
            self._conflict(conflicts.of_version(local, content, rests_on, cites))
        latest = self.versions.get(statement.pk)
        if latest is not None and latest.content_sha256 == digest and _stands(latest):
            self.report.unchanged += 1
            self._left_out(latest)
            return
        statement = Statement.objects.select_for_update().get(pk=statement.pk)
        version = StatementVersion.objects.create(
            statement=statement,
            number=next_number(statement),
            origin=Origin.REPOSITORY,
            release=self.release,
            vocabulary_version=VOCABULARY_VERSION,
            content_sha256=digest,
            **content,
        )
        for place, source in enumerate(cites):
            VersionSource.objects.create(version=version, source=source, position=place)
        for place, finding in enumerate(rests_on):
            VersionFinding.objects.create(version=version, finding=finding, position=place)
        retired = self.retired.get(statement.pk)
        became = _settle(version, latest, retired)
        self._changed("statement", code, f"version {version.number}, {became}")
        self._left_out(version)

    def _left_out(self, delivered: StatementVersion) -> None:
        """Name what was retired here, and the drafts that a delivered version has overtaken: where it holds, they
        cannot be published any more.
        """
        retired = self.retired.get(delivered.statement_id)
        if retired is not None:
            self._conflict(conflicts.of_retired(retired, delivered))
        if delivered.state == VersionState.PUBLISHED:
            drafts = self.drafts.get(delivered.statement_id, ())
            code = delivered.statement.code if drafts else ""
            self.report.conflicts += conflicts.of_drafts(code, drafts, delivered.number)

    def _retire_undelivered(self, codes: set[str]) -> None:
        gone = StatementVersion.objects.filter(origin=Origin.REPOSITORY, retired_at=None)
        for version in gone.exclude(statement__code__in=codes).select_related("statement"):
            retire_version(version, by=None)
            what = f"version {version.number}, no longer delivered: retired"
            self._changed("statement", version.statement.code, what)
        for statement, version in self.local.items():
            if version.statement.code not in codes and statement in self.versions:
                self._conflict(conflicts.of_undelivered(version))


def _stands(version: StatementVersion) -> bool:
    """Whether the version is in use, or was put out of use by a person, which a load respects."""
    return version.retired_at is None or version.retired_by_id is not None


def _settle(
    version: StatementVersion, before: StatementVersion | None, retired: StatementVersion | None
) -> str:
    """Publish what may be, and take the delivered version before it out of use.

    Where the version that stood last was `retired` here, no load brings the statement back.
    """
    current = version.statement.versions.filter(state=VersionState.PUBLISHED).first()
    if before is not None and before.state in UNPUBLISHED:
        retire_version(before, by=None)
    if current is not None and current.origin == Origin.CURATOR:
        return f"draft: version {current.number}, published here, stays"
    if retired is not None:
        return f"draft: version {retired.number} was retired here"
    kept_back = lacking(version.statement.code)
    if version.mark in PUBLISHABLE_MARKS and not kept_back:
        make_current(version, by=None)
        return "published"
    if current is not None:
        retire_version(current, by=None)
    reasons = [problem.message for problem in kept_back]
    return f"draft: {'; '.join([str(version.get_mark_display()), *reasons])}"


def _delivered(model: Any) -> Any:
    """Sources or findings by revision, those that came with the product after those made here."""
    return model.objects.order_by(Case(When(delivered_sha256="", then=0), default=1), "revision")


def _is_of_here(row: Source | Finding, names: Iterable[str]) -> bool:
    """Whether somebody here has made the row, or changed it: what is delivered is never written over it."""
    return not row.delivered_sha256 or was_edited(row, names)
