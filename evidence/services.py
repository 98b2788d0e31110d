"""Curation: drafts, submission, publication by a second person, retirement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from evidence import policies
from evidence.accepted import under_published
from evidence.choices import PUBLISHABLE_MARKS, Origin, Print
from evidence.conditions import VOCABULARY_VERSION
from evidence.content import Problem, basis_problems, lacking, problems, uninterpretable
from evidence.corrected import corrections_problems
from evidence.errata_guard import Known, Rests
from evidence.models import (
    Finding,
    Source,
    Statement,
    StatementVersion,
    VersionFinding,
    VersionSource,
)
from evidence.shown import check_shown
from evidence.states import UNPUBLISHED, VersionState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

CONTENT_FIELDS = (
    "title", "says", "does_not_say", "section", "category", "signal", "condition", "indirect",
    "certainty", "certainty_reasons", "rules", "contradictions", "corrections", "mark",
    "mark_note", "change_note",
)  # fmt: skip
"""The fields of a version that make up what it says."""

DATE_FIELDS = ("valid_from", "review_by")
"""The days from which and up to which a version is meant to stand."""

REVIEWED_AGAIN_AFTER = timedelta(days=730)


def default_review_by(today: date | None = None) -> date:
    """The day by which a version is read again unless a curator names another: in two years."""
    return (today or timezone.localdate()) + REVIEWED_AGAIN_AFTER


def version_problems(version: StatementVersion) -> list[Problem]:
    """Everything that keeps a saved version from being published, in words."""
    findings = [link.finding for link in version.version_findings.select_related("finding__source")]
    sources = [link.source for link in version.version_sources.select_related("source")]
    content: dict[str, Any] = {field: getattr(version, field) for field in CONTENT_FIELDS}
    content["sources"] = [source.code for source in sources] + [
        finding.source.code for finding in findings
    ]
    rests_on = [
        Rests(f.code, f.source.code, f.tumour, f.direct, f.numerator, f.denominator)
        for f in findings
    ]
    marks = {source.code: source.mark for source in sources}
    known = Known(
        {source.code: source.tumour for source in (*(f.source for f in findings), *sources)},
        [values(f) for f in (*findings, *under_published(content["sources"]))],
    )
    found = [
        *problems(content, rests_on, marks, known),
        *lacking(version.statement.code),
        *lost_corrections(version, content["corrections"], findings),
        *_of_dates(version),
    ]
    if version.mark not in PUBLISHABLE_MARKS:
        found.append(Problem("mark", _("only what was read or confirmed may be published.")))
    found += uninterpretable(f.code for f in findings if f.state == Print.NOT_INTERPRETABLE)
    for finding in findings:
        if finding.mark not in PUBLISHABLE_MARKS:
            found.append(Problem("findings", _("%(code)s was not read.") % {"code": finding.code}))
    # What it rests on may be older than the guard.
    basis: list[Source | Finding] = [*findings, *sources]
    for row in basis:
        found += [
            Problem("findings", f"{row.code}: {each}") for each in basis_problems(values(row))
        ]
    return found


def lost_corrections(
    version: StatementVersion, corrections: Any, findings: Iterable[Finding]
) -> list[Problem]:
    """Which corrections a version lacks, of those it had and those of what it rests on."""
    before = corrected_before(version)
    findings = list(findings)
    errata = {finding.code: finding.errata for finding in findings}
    cites = version.version_sources.values_list("source__code", flat=True)
    sources = [*(finding.source.code for finding in findings), *cites]
    return corrections_problems(corrections, errata, before.corrections if before else (), sources)


def current_of(version: StatementVersion) -> StatementVersion | None:
    """The version of the same statement that is published now."""
    published: StatementVersion | None = version.statement.versions.filter(
        state=VersionState.PUBLISHED
    ).first()
    return published


def corrected_before(version: StatementVersion) -> StatementVersion | None:
    """The version before, of those that were published here or came with the product."""
    stood = Q(published_at__isnull=False) | Q(origin=Origin.REPOSITORY)
    earlier = version.statement.versions.filter(stood, number__lt=version.number)
    return earlier.order_by("-number").first()


def values(row: Source | Finding) -> dict[str, Any]:
    """A source or finding as plain values by field, its source by code."""
    found = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields}
    if isinstance(row, Source):
        return found
    return {**found, "source": row.source.code, "source_tumour": row.source.tumour}


@transaction.atomic
def begin_statement(*, by: User, code: str, content: dict[str, Any]) -> StatementVersion:
    """A new statement with its first draft. Raises ValidationError when the code is taken."""
    policies.check_curator(by)
    if Statement.objects.filter(code=code).exists():
        raise ValidationError({"code": _("There is a statement %(code)s.") % {"code": code}})
    last = Statement.objects.aggregate(last=Max("position"))["last"] or 0
    statement = Statement.objects.create(code=code, position=last + 10)
    return _draft(by=by, statement=statement, content=content)


@transaction.atomic
def new_draft_from(*, by: User, version: StatementVersion) -> StatementVersion:
    """A new draft with the content, findings and sources of `version`, written by `by`."""
    policies.check_curator(by)
    Statement.objects.select_for_update().get(pk=version.statement_id)
    content = {field: getattr(version, field) for field in CONTENT_FIELDS}
    content["change_note"] = ""
    draft = _draft(by=by, statement=version.statement, content=content)
    for link in version.version_findings.all():
        VersionFinding.objects.create(
            version=draft, finding_id=link.finding_id, position=link.position
        )
    for cited in version.version_sources.all():
        VersionSource.objects.create(
            version=draft, source_id=cited.source_id, position=cited.position
        )
    return draft


@transaction.atomic
def save_draft(*, by: User, version: StatementVersion) -> StatementVersion:
    """Keep the changed content of a draft. Raises CurationRefused while it is in review."""
    stored = StatementVersion.objects.select_for_update().get(pk=version.pk)
    policies.check_editable(by, stored)
    version.edited_by = by
    version.save(update_fields=[*CONTENT_FIELDS, *DATE_FIELDS, "edited_by"])
    record("evidence.draft_saved", by=by, subject=version)
    return version


@transaction.atomic
def submit(*, by: User, version: StatementVersion) -> StatementVersion:
    """Put a draft before a second person; it is closed from now on. Raises ValidationError with what lacks."""
    version = _locked(version)
    policies.check_editable(by, version)
    policies.check_transition(version, VersionState.IN_REVIEW)
    policies.check_not_overtaken(version, current_of(version))
    _refuse_problems(version)
    version.state = VersionState.IN_REVIEW
    version.submitted_at = timezone.now()
    version.sent_back_because = ""
    version.save(update_fields=["state", "submitted_at", "sent_back_because"])
    record("evidence.submitted", by=by, subject=version)
    return version


@transaction.atomic
def send_back(*, by: User, version: StatementVersion, reason: str) -> StatementVersion:
    """Make a version in review a draft again, for a reason that its author reads.

    Raises ValidationError without a reason, CurationRefused when it is not in review.
    """
    policies.check_curator(by)
    version = _locked(version)
    policies.check_transition(version, VersionState.DRAFT)
    _sent_back(version, _reason(reason))
    record("evidence.sent_back", by=by, subject=version)
    return version


@transaction.atomic
def publish(*, by: User, version: StatementVersion, seen: str) -> StatementVersion:
    """Publish a version in review; the version published until now is superseded.

    `seen` is `shown(version)` as `by` had it before their eyes. Raises CurationRefused when it has
    changed since, when `by` wrote any part of it, when it is not in review, ValidationError when its
    content is not fit to be published.
    """
    policies.check_curator(by)
    version = _locked(version)
    if version.state == VersionState.DRAFT and version.author_id is not None:
        raise policies.CurationRefused(_("Its author has not submitted this draft yet."))
    policies.check_transition(version, VersionState.PUBLISHED)
    policies.check_second_person(by, version)
    # A load that delivers a newer version waits for the statement, and this step for the load.
    Statement.objects.select_for_update().get(pk=version.statement_id)
    policies.check_not_overtaken(version, current_of(version))
    check_shown(version, seen)
    # Held until the version is published: from then on the triggers hold what it rests on.
    list(Finding.objects.select_for_update().filter(versions=version))
    list(Source.objects.select_for_update().filter(versions=version))
    _refuse_problems(version)
    make_current(version, by=by)
    record("evidence.published", by=by, subject=version)
    return version


@transaction.atomic
def retire(*, by: User, version: StatementVersion, reason: str) -> StatementVersion:
    """Take a published version out of use, or withdraw one that is not published; it stays readable.

    Raises ValidationError without a reason, CurationRefused when it is out of use already.
    """
    policies.check_curator(by)
    version = _locked(version)
    policies.check_transition(version, VersionState.RETIRED)
    retire_version(version, by=by, because=_reason(reason))
    record("evidence.retired", by=by, subject=version)
    return version


@transaction.atomic
def save_basis(*, by: User, row: Source | Finding) -> None:
    """Save a source or finding.

    Raises CurationRefused once a published version rests on it, ValidationError where it would bring an erratum back.
    """
    policies.check_curator(by)
    if found := basis_problems(values(row)):
        raise ValidationError([str(problem) for problem in found])
    is_pinned = source_is_pinned if isinstance(row, Source) else finding_is_pinned
    if row.pk is not None and is_pinned(row):  # type: ignore[arg-type]
        raise policies.CurationRefused(
            _("A published version rests on this. Add a new revision instead.")
        )
    # Whoever publishes has to see what is published: a submission made before the change no longer stands.
    if row.pk is not None:
        resting = (
            Q(version_findings__finding=row)
            if isinstance(row, Finding)
            else (Q(version_findings__finding__source=row) | Q(version_sources__source=row))
        )
        in_review = StatementVersion.objects.filter(resting, state=VersionState.IN_REVIEW)
        for version in StatementVersion.objects.select_for_update().filter(
            pk__in=in_review.values("pk")
        ):
            _sent_back(version, _("%(row)s, on which it rests, was changed.") % {"row": row})
    row.save()
    record("evidence.basis_saved", by=by, subject=row)


def finding_is_pinned(finding: Finding) -> bool:
    """Whether a version rests on the finding that is published, or was."""
    return finding.version_findings.exclude(version__state__in=UNPUBLISHED).exists()


def source_is_pinned(source: Source) -> bool:
    """Whether a version that is published, or was, cites the source or rests on a finding of it."""
    links = VersionFinding.objects.filter(finding__source=source)
    return (
        source.version_sources.exclude(version__state__in=UNPUBLISHED).exists()
        or links.exclude(version__state__in=UNPUBLISHED).exists()
    )


def make_current(version: StatementVersion, *, by: User | None) -> None:
    """Publish without asking who may: for `publish` and the loader, inside a transaction."""
    others = StatementVersion.objects.select_for_update().filter(
        statement_id=version.statement_id, state=VersionState.PUBLISHED
    )
    for other in others:
        _out_of_use(other, VersionState.SUPERSEDED, by=by)
    version.state = VersionState.PUBLISHED
    version.published_by = by
    version.published_at = timezone.now()
    version.valid_from = version.valid_from or timezone.localdate()
    version.review_by = version.review_by or default_review_by()
    version.save(update_fields=["state", "published_by", "published_at", *DATE_FIELDS])


def retire_version(version: StatementVersion, *, by: User | None, because: str = "") -> None:
    """Retire without asking who may: for `retire` and the loader, inside a transaction."""
    _out_of_use(version, VersionState.RETIRED, by=by, because=because)


def next_number(statement: Statement) -> int:
    """The number of the next version; the caller holds the statement's row lock."""
    last: int | None = statement.versions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _draft(*, by: User, statement: Statement, content: dict[str, Any]) -> StatementVersion:
    draft = StatementVersion.objects.create(
        statement=statement,
        number=next_number(statement),
        origin=Origin.CURATOR,
        vocabulary_version=VOCABULARY_VERSION,
        author=by,
        edited_by=by,
        **{
            "review_by": default_review_by(),
            **{x: value for x, value in content.items() if x in (*CONTENT_FIELDS, *DATE_FIELDS)},
        },
    )
    record("evidence.draft_begun", by=by, subject=draft)
    return draft


def _locked(version: StatementVersion) -> StatementVersion:
    rows = StatementVersion.objects.select_for_update(of=("self",)).select_related("statement")
    return rows.get(pk=version.pk)


def _refuse_problems(version: StatementVersion) -> None:
    found = version_problems(version)
    if found:
        raise ValidationError([str(problem) for problem in found])


def _out_of_use(
    version: StatementVersion, state: VersionState, *, by: User | None, because: str = ""
) -> None:
    version.state = state
    version.retired_by = by
    version.retired_at = timezone.now()
    version.retired_because = because
    version.save(update_fields=["state", "retired_by", "retired_at", "retired_because"])


def _sent_back(version: StatementVersion, reason: str) -> None:
    version.state = VersionState.DRAFT
    version.submitted_at = None
    version.sent_back_because = reason[:300]
    version.save(update_fields=["state", "submitted_at", "sent_back_because"])


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise ValidationError(
            _("Say why: whoever wrote it, and whoever relied on it, will read it.")
        )
    if len(reason) > 300:
        raise ValidationError(_("A reason has at most 300 characters."))
    return reason


def _of_dates(version: StatementVersion) -> list[Problem]:
    today = timezone.localdate()
    if version.review_by is None:
        return [Problem("review_by", _("name the day by which it is read again."))]
    if version.review_by <= today:
        return [Problem("review_by", _("the day of its next review has to lie ahead."))]
    if version.valid_from is not None and version.valid_from > today:
        return [Problem("valid_from", _("what is published holds at once: it cannot begin later."))]
    return []
