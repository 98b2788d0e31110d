"""Load the guidance that is delivered with the product, from `evidence/data/*.json`.

Idempotent: an unchanged text makes no row. What a published version rests on is never
rewritten; a changed source or finding is a new revision, and the statements that rest on it
get a new version. What is not read in its source, or confirmed, stays a draft.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.services import record
from evidence.choices import PUBLISHABLE_MARKS, Origin
from evidence.conditions import VOCABULARY_VERSION
from evidence.content import Problem, names_misprint_as_drug, problems, texts
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
    finding_is_pinned,
    make_current,
    next_number,
    retire_version,
    source_is_pinned,
)
from evidence.states import VersionState

DATA = Path(__file__).parent / "data"

SOURCE_FIELDS = (
    "short", "citation", "kind", "doi", "pmid", "url", "review_reference", "mark", "note",
)  # fmt: skip
FINDING_FIELDS = (
    "label", "definition", "population", "tumour", "direct", "design", "measure", "numerator",
    "denominator", "value", "interval", "note", "mark",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delivery:
    """The content of the three files, as read."""

    release: int
    sources: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    statements: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One row of what a load did: the kind of thing, its code and what became of it."""

    kind: str
    code: str
    what: str


@dataclass(slots=True)
class Report:
    """What a load did, and how many things it found as they were."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0


class DeliveryError(Exception):
    """The files are not fit to be loaded; `problems` says each in words."""

    def __init__(self, found: list[str]) -> None:
        self.problems = found
        super().__init__("\n".join(found))


def read(folder: Path = DATA) -> Delivery:
    """Read the three files. Raises DeliveryError where one is missing or is no JSON."""
    loaded: dict[str, Any] = {}
    for name in ("sources", "findings", "statements"):
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
    )


def check(delivery: Delivery) -> list[str]:
    """Everything that is wrong with the files, before anything is written."""
    found: list[str] = []
    sources = {row["code"]: row for row in delivery.sources}
    findings = {row["code"]: row for row in delivery.findings}
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
    for row in delivery.statements:
        found += _statement_problems(row, sources, findings)
    return found


@transaction.atomic
def load(delivery: Delivery) -> Report:
    """Bring the database to the delivery. Raises DeliveryError and writes nothing if unfit."""
    found = check(delivery)
    if found:
        raise DeliveryError(found)
    report = Report()
    sources = {row["code"]: _source(row, report) for row in delivery.sources}
    findings = {row["code"]: _finding(row, sources, report) for row in delivery.findings}
    for place, row in enumerate(delivery.statements, start=1):
        _statement(row, place * 10, delivery.release, sources, findings, report)
    _retire_undelivered({row["code"] for row in delivery.statements}, report)
    detail = {"release": delivery.release, "changes": len(report.changes)}
    record("evidence.loaded", by=None, detail=detail)
    return report


def _picked(row: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in fields if name in row}


def _model_problems(
    instance: Source | Finding, row: dict[str, Any], skip: tuple[str, ...] = ()
) -> list[str]:
    found = []
    try:
        instance.clean_fields(exclude=skip)
        # Not the uniqueness of code and revision: a row that is there already is no fault.
        instance.validate_constraints(exclude={"code", "revision", *skip})
    except ValidationError as error:
        found = [f"{row['code']}: {message}" for message in error.messages]
    if any(names_misprint_as_drug(text) for text in texts(row)):
        found.append(f"{row['code']}: names a misprint as a drug (erratum E01).")
    return found


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
    found = [f"{code}: {problem}" for problem in problems({**row, "sources": cites})]
    direct = [finding["direct"] for finding in rests_on]
    if direct and bool(row["indirect"]) == any(direct):
        found.append(f"{code}: {Problem('indirect', 'it does not agree with the findings.')}")
    if row["mark"] in PUBLISHABLE_MARKS:
        unread = [name for name in row["findings"] if findings[name]["mark"] != "seen"]
        found += [f"{code}: rests on {name}, which was not read." for name in unread]
    return found


def _source(row: dict[str, Any], report: Report) -> Source:
    found = Source.objects.filter(code=row["code"]).order_by("-revision").first()
    frozen = found is not None and source_is_pinned(found)
    values = {"doi": "", "pmid": "", "url": "", "review_reference": "", "note": ""}
    values.update(_picked(row, SOURCE_FIELDS))
    return _revised(Source, found, frozen, row["code"], values, report)


def _finding(row: dict[str, Any], sources: dict[str, Source], report: Report) -> Finding:
    found = Finding.objects.filter(code=row["code"]).order_by("-revision").first()
    frozen = found is not None and finding_is_pinned(found)
    values = {**_picked(row, FINDING_FIELDS), "source": sources[row["source"]]}
    return _revised(Finding, found, frozen, row["code"], values, report)


def _revised(
    model: Any, found: Any, frozen: bool, code: str, values: dict[str, Any], report: Report
) -> Any:
    """The row of `code` with `values`: as it is, changed in place, or a new revision."""
    if found is not None and all(getattr(found, name) == value for name, value in values.items()):
        report.unchanged += 1
        return found
    kind = str(model._meta.verbose_name)
    if found is None or frozen:
        revision = 1 if found is None else found.revision + 1
        report.changes.append(Change(kind, code, f"new, revision {revision}"))
        return model.objects.create(code=code, revision=revision, **values)
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    report.changes.append(Change(kind, code, "changed"))
    return found


def _statement(
    row: dict[str, Any],
    position: int,
    release: int,
    sources: dict[str, Source],
    findings: dict[str, Finding],
    report: Report,
) -> None:
    statement, _created = Statement.objects.get_or_create(
        code=row["code"], defaults={"position": position}
    )
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    if statement.position != position:
        statement.position = position
        statement.save(update_fields=["position"])
    content = _picked(row, CONTENT_FIELDS)
    cites = [sources[name] for name in row["sources"]]
    rests_on = [findings[name] for name in row["findings"]]
    digest = _digest(content, cites, rests_on)
    latest = statement.versions.filter(origin=Origin.REPOSITORY).order_by("-number").first()
    if latest is not None and latest.content_sha256 == digest and not latest.retired_at:
        report.unchanged += 1
        return
    version = StatementVersion.objects.create(
        statement=statement,
        number=next_number(statement),
        origin=Origin.REPOSITORY,
        release=release,
        vocabulary_version=VOCABULARY_VERSION,
        content_sha256=digest,
        **content,
    )
    for place, source in enumerate(cites):
        VersionSource.objects.create(version=version, source=source, position=place)
    for place, finding in enumerate(rests_on):
        VersionFinding.objects.create(version=version, finding=finding, position=place)
    what = _settle(version, latest)
    report.changes.append(Change("statement", row["code"], f"version {version.number}, {what}"))


def _settle(version: StatementVersion, before: StatementVersion | None) -> str:
    """Publish what may be, and take the delivered version before it out of use."""
    current = version.statement.versions.filter(state=VersionState.PUBLISHED).first()
    if before is not None and before.state == VersionState.DRAFT:
        retire_version(before, by=None)
    if current is not None and current.origin == Origin.CURATOR:
        return f"draft: version {current.number}, published here, stays"
    if version.mark in PUBLISHABLE_MARKS:
        make_current(version, by=None)
        return "published"
    if current is not None:
        retire_version(current, by=None)
    return f"draft: {version.get_mark_display()}"


def _retire_undelivered(codes: set[str], report: Report) -> None:
    gone = StatementVersion.objects.filter(origin=Origin.REPOSITORY, retired_at=None)
    for version in gone.exclude(statement__code__in=codes).select_related("statement"):
        retire_version(version, by=None)
        what = f"version {version.number}, no longer delivered: retired"
        report.changes.append(Change("statement", version.statement.code, what))


def _digest(content: dict[str, Any], sources: list[Source], findings: list[Finding]) -> str:
    """SHA-256 over the content and the exact revisions it rests on, in canonical JSON."""
    whole = {
        "content": content,
        "sources": [f"{source.code}@{source.revision}" for source in sources],
        "findings": [f"{finding.code}@{finding.revision}" for finding in findings],
    }
    canonical = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
