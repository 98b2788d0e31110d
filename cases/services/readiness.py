"""The rules of readiness, version by version: drafted by one curator, published by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from cases.models import ReadinessVersion
from cases.rule_checks import note_problems, problems
from cases.services.limits import begin_sweep
from evidence.conditions import VOCABULARY_VERSION
from evidence.policies import CurationRefused, check_curator
from evidence.shown import check_shown

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def begin_draft(*, by: User, rules: list[dict[str, Any]], note: str) -> ReadinessVersion:
    """Return a new draft with these rules, written by `by`."""
    check_curator(by)
    last = ReadinessVersion.objects.aggregate(last=Max("number"))["last"] or 0
    draft = ReadinessVersion.objects.create(
        number=last + 1,
        rules=rules,
        note=note,
        vocabulary_version=VOCABULARY_VERSION,
        written_by=by,
        edited_by=by,
    )
    record("readiness.draft_begun", by=by, subject=draft)
    return draft


@transaction.atomic
def save_draft(*, by: User, version: ReadinessVersion) -> None:
    """Keep the changed rules of a draft; whatever was submitted has to be submitted again."""
    _check_draft(by, _locked(version))
    version.edited_by, version.submitted_at = by, None
    version.save(update_fields=["rules", "note", "edited_by", "submitted_at"])
    record("readiness.draft_saved", by=by, subject=version)


@transaction.atomic
def submit(*, by: User, version: ReadinessVersion) -> ReadinessVersion:
    """Say that a draft is ready for a second person. Raises ValidationError with what is wrong."""
    version = _locked(version)
    _check_draft(by, version)
    _refuse_problems(version)
    version.submitted_at = timezone.now()
    version.save(update_fields=["submitted_at"])
    record("readiness.submitted", by=by, subject=version)
    return version


@transaction.atomic
def publish(*, by: User, version: ReadinessVersion, seen: str) -> ReadinessVersion:
    """Let a submitted draft hold from now on; the database freezes it.

    `seen` is `shown(version)` as `by` had it before their eyes. Raises CurationRefused when it has changed since, for
    whoever wrote or edited it, and for a draft that is older than what holds now.
    """
    version = _locked(version)
    _check_draft(by, version)
    if by.pk in (version.written_by_id, version.edited_by_id):
        raise CurationRefused(
            _("You wrote or edited this version. A second curator has to publish it.")
        )
    if version.submitted_at is None:
        raise CurationRefused(_("Its author has not submitted this draft yet."))
    check_shown(version, seen)
    newer = ReadinessVersion.objects.filter(number__gt=version.number, published_at__isnull=False)
    if newer.exists():
        raise CurationRefused(
            _("A newer version is published. Begin a new draft from it and make the change there.")
        )
    _refuse_problems(version)
    version.published_by, version.published_at = by, timezone.now()
    version.save(update_fields=["published_by", "published_at"])
    record("readiness.published", by=by, subject=version)
    begin_sweep(version)
    return version


def new_draft_from(*, by: User, version: ReadinessVersion) -> ReadinessVersion:
    """Return a new draft with the rules of `version`."""
    return begin_draft(by=by, rules=version.rules, note="")


def published_version() -> ReadinessVersion | None:
    """Return the version that holds now."""
    rows = ReadinessVersion.objects.filter(published_at__isnull=False)
    found: ReadinessVersion | None = rows.order_by("-number").first()
    return found


def _check_draft(by: User, version: ReadinessVersion) -> None:
    check_curator(by)
    if version.published_at is not None:
        raise CurationRefused(
            _("A version that was published is never changed. Begin a new draft from it.")
        )


def _refuse_problems(version: ReadinessVersion) -> None:
    if found := [*note_problems(version.note), *problems(version.rules)]:
        raise ValidationError(found)


def _locked(version: ReadinessVersion) -> ReadinessVersion:
    found: ReadinessVersion = ReadinessVersion.objects.select_for_update().get(pk=version.pk)
    return found
