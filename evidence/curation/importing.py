"""Takes guidance from files: what is new becomes drafts, what is here already is never written over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from evidence import policies, services
from evidence.accepted import under_published
from evidence.content import problems
from evidence.curation import files
from evidence.curation.in_use import in_use
from evidence.differing import LABELS, content_differences, in_words
from evidence.errata_guard import Known
from evidence.models import (
    Finding,
    Source,
    Statement,
    StatementVersion,
    VersionFinding,
    VersionSource,
)
from evidence.selectors import with_basis
from evidence.states import UNPUBLISHED, VersionState

if TYPE_CHECKING:
    from accounts.models import User

Files = Mapping[str, Mapping[str, dict[str, Any]]]
# What a version says of itself in a file, beside its text.
_OF_VERSION = {*services.CONTENT_FIELDS, "code", "review_by", "findings", "sources"}


@dataclass(slots=True)
class Imported:
    """What came of it, one line for each thing; `unchanged` counts those that were here as they are."""

    made: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unchanged: int = 0


def take(found: Files, *, by: User, dry_run: bool = False) -> Imported:
    """Take what is new as `by`, and say what is not taken and why. `dry_run`: write nothing."""
    policies.check_curator(by)
    with transaction.atomic():
        report = _Import(by).run(found)
        if dry_run:
            transaction.set_rollback(True)
        elif report.made:
            record("evidence.imported", by=by, detail={"made": len(report.made)})
    return report


class _Import:
    """One import: sources, then findings, then statements, each of which may need what came before."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.report = Imported()
        held = in_use()
        self.standing = {version.statement.code: version for version in held.versions}
        self.sources: dict[str, Source] = held.sources
        self.findings: dict[str, Finding] = held.findings

    def run(self, found: Files) -> Imported:
        """Take everything that may be taken."""
        for code, content in found["sources"].items():
            self._basis(Source, self.sources, code, content)
        for code, content in found["findings"].items():
            self._basis(Finding, self.findings, code, content)
        for code, content in found["statements"].items():
            self._statement(code, content)
        return self.report

    def _basis(self, model: Any, held: dict[str, Any], code: str, content: dict[str, Any]) -> None:
        """A source or finding: made when its code is new, else compared with the revision in use."""
        kind = model._meta.verbose_name
        here = held.get(code)
        if here is not None:
            of = files.source_content if model is Source else files.finding_content
            self._compared(f"{kind} {code}", of(here), content)
            return
        values = {name: value for name, value in content.items() if name != "source"}
        unknown = set(values) - set(files.text_fields(model))
        if unknown:
            self._refuse(
                f"{kind} {code}", _("not understood: %s.") % ", ".join(sorted(map(str, unknown)))
            )
            return
        row = model(**values)
        try:
            if model is Finding:
                row.source = self.sources[str(content.get("source"))]
            row.full_clean()
            services.save_basis(by=self.by, row=row)
        except KeyError:
            self._refuse(f"{kind} {code}", _("there is no source %s.") % content.get("source"))
            return
        except ValidationError as error:
            self._refuse(f"{kind} {code}", " ".join(error.messages))
            return
        held[code] = row
        self.report.made.append(_("%(what)s: new.") % {"what": f"{kind} {code}"})

    def _statement(self, code: str, content: dict[str, Any]) -> None:
        what = f"{Statement._meta.verbose_name} {code}"
        unfit = files.unfit_code(code)
        faults = [unfit] if unfit else self._faults(content)
        if faults:
            self._refuse(what, " ".join(faults))
            return
        versions = list(
            with_basis(StatementVersion.objects.filter(statement__code=code)).order_by("number")
        )
        if self._is_here(what, code, versions, content):
            return
        being_written = [v for v in versions if v.state in UNPUBLISHED and v.author_id]
        if being_written:
            number = _("draft %(n)s") % {"n": being_written[-1].number}
            self._compared(
                f"{what}, {number}",
                files.version_content(being_written[-1]),
                content,
            )
            return
        values = {name: content[name] for name in services.CONTENT_FIELDS if name in content}
        values["review_by"] = _later(content.get("review_by"))
        if versions:
            draft = services.new_draft_from(by=self.by, version=versions[-1])
            draft.version_findings.all().delete()
            draft.version_sources.all().delete()
            for name, value in values.items():
                setattr(draft, name, value)
            services.save_draft(by=self.by, version=draft)
        else:
            draft = services.begin_statement(by=self.by, code=code, content=values)
        self._rest_on(draft, content)
        words = _("%(what)s: draft %(n)s.") % {"what": what, "n": draft.number}
        if versions:
            differs = _differing(files.version_content(versions[-1]), content)
            words = f"{words} {differs}"
        self.report.made.append(words)

    def _is_here(
        self, what: str, code: str, versions: list[StatementVersion], content: dict[str, Any]
    ) -> bool:
        """Whether a version says what the file does. One that is out of use is a conflict: something else stands."""
        same = [v for v in versions if _same(files.version_content(v), content)]
        if not same:
            return False
        stands = self.standing.get(code)
        if any(version == stands or version.state in UNPUBLISHED for version in same):
            self.report.unchanged += 1
        else:
            self.report.conflicts.append(_of_old(what, same[-1], stands, versions, content))
        return True

    def _rest_on(self, draft: StatementVersion, content: dict[str, Any]) -> None:
        for place, name in enumerate(content.get("findings") or []):
            VersionFinding.objects.create(
                version=draft, finding=self.findings[name], position=place
            )
        for place, name in enumerate(content.get("sources") or []):
            VersionSource.objects.create(version=draft, source=self.sources[name], position=place)

    def _faults(self, content: dict[str, Any]) -> list[str]:
        """What keeps a text from becoming a draft that the forms could open and save."""
        unknown = set(content) - _OF_VERSION
        found = [_("not understood: %s.") % ", ".join(sorted(map(str, unknown)))] if unknown else []
        lacking = {"title", "says", "does_not_say", "condition", "category", "certainty", "mark"}
        missing = lacking - set(content)
        if missing:
            return [*found, _("missing: %s.") % ", ".join(sorted(missing))]
        for name, held in (("findings", self.findings), ("sources", self.sources)):
            codes = content.get(name) or []
            known = isinstance(codes, list) and all(isinstance(code, str) for code in codes)
            absent = [code for code in codes if code not in held] if known else [str(codes)]
            found += [
                _("there is no %(code)s among the %(name)s.") % {"code": code, "name": name}
                for code in absent
            ]
        if found:
            return found
        cites = [*(content.get("sources") or [])]
        cites += [self.findings[code].source.code for code in content.get("findings") or []]
        marks = {code: self.sources[code].mark for code in cites if code in self.sources}
        resting = [services.values(self.findings[code]) for code in content.get("findings") or []]
        cited = Known(
            {code: self.sources[code].tumour for code in cites if code in self.sources},
            [*resting, *map(services.values, under_published(cites))],
        )
        said = problems({**content, "sources": cites}, marks=marks, known=cited)
        found = [str(each) for each in said]
        version = StatementVersion(
            **{name: content[name] for name in services.CONTENT_FIELDS if name in content}
        )
        try:
            version.clean_fields(
                exclude=[
                    "statement",
                    "number",
                    "review_by",
                    "author",
                    "edited_by",
                    "published_by",
                    "retired_by",
                    "release",
                ]
            )
        except ValidationError as error:
            found += error.messages
        return found

    def _compared(self, what: str, here: dict[str, Any], content: dict[str, Any]) -> None:
        if _same(here, content):
            self.report.unchanged += 1
            return
        words = _("%(what)s: not taken, it stands here otherwise. %(differs)s")
        self.report.conflicts.append(words % {"what": what, "differs": _differing(here, content)})

    def _refuse(self, what: str, why: str) -> None:
        self.report.refused.append(f"{what}: {why}")


def _same(here: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Whether a file says what stands here; its day of review and its note of what changed are no part of it."""
    apart = {"code", "review_by", "change_note"}
    return all(here.get(name) == content.get(name) for name in ({*here} | {*content}) - apart)


def _of_old(
    what: str,
    said: StatementVersion,
    stands: StatementVersion | None,
    versions: list[StatementVersion],
    content: dict[str, Any],
) -> str:
    """That a file says what a version out of use said, and what stands instead or why nothing does."""
    told: dict[str, object] = {"what": what, "number": said.number}
    if stands is not None:
        words = _(
            "%(what)s: not taken, the file says what version %(number)s said; version %(other)s stands. %(differs)s"
        )
        differs = _differing(files.version_content(stands), content)
        return words % {**told, "other": stands.number, "differs": differs}
    retired = max(
        (version for version in versions if version.state == VersionState.RETIRED),
        key=lambda version: version.number,
        default=said,
    )
    words = _(
        "%(what)s: not taken, the file says what version %(number)s said; version %(other)s was retired, and none "
        "stands."
    )
    because = _("Why: “%(why)s”.") % {"why": retired.retired_because}
    sentence = words % {**told, "other": retired.number}
    return f"{sentence} {because}" if retired.retired_because else sentence


def _differing(here: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """Every field that a file says otherwise, with both texts."""
    found = [(d.field, d.before, d.after) for d in content_differences(here, content)]
    for name in content:
        if name not in LABELS and name != "code" and here.get(name) != content[name]:
            found.append((name, in_words(name, here.get(name)), in_words(name, content[name])))
    words = _("%(field)s: “%(here)s” here, “%(there)s” in the file.")
    lines = [words % {"field": x, "here": old, "there": new} for x, old, new in found]
    absent = sorted(name for name in here if name not in content)
    if absent:
        lines.append(_("Not in the file: %(names)s.") % {"names": ", ".join(absent)})
    return " ".join(lines)


def _later(sent: Any) -> date:
    """The day of review that a file names, where it still lies ahead; else the usual one."""
    try:
        day = sent if isinstance(sent, date) else date.fromisoformat(str(sent))
    except ValueError:
        day = timezone.localdate()
    return day if day > timezone.localdate() else services.default_review_by()
