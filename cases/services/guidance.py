"""Attaching guidance to a case, with its version pinned; what is said to it; what was newer, kept or taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from audit.services import record
from cases.models import AttachedGuidance
from cases.policies import check_attach, check_attached, check_comment

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from evidence.changes import Change
    from evidence.models import Finding, StatementVersion


@transaction.atomic
def attach(
    *,
    by: User,
    case: Case,
    answer: str = "",
    version: StatementVersion | None = None,
    finding: Finding | None = None,
    comment: str = "",
) -> AttachedGuidance:
    """Lay `version`, or one finding, beside `case`; `answer` is what matching said. Attaching twice keeps one."""
    check_attach(by, case)
    row, created = AttachedGuidance.objects.get_or_create(
        case=case,
        version=version,
        finding=finding,
        detached_at=None,
        defaults={
            "patient_id": case.patient_id,
            "answer": answer,
            "attached_by": by,
            "comment": comment,
        },
    )
    if created:
        _note("guidance.attached", by, case, row)
    return row


@transaction.atomic
def say(*, by: User, case: Case, attached: AttachedGuidance, comment: str) -> None:
    """Have the comment of what `by` attached say `comment`, until a decision is signed over it."""
    check_comment(by, case, _held(attached))
    attached.comment = comment
    attached.save(update_fields=["comment"])
    _note("guidance.commented", by, case, attached)


@transaction.atomic
def detach(*, by: User, case: Case, attached: AttachedGuidance) -> None:
    """Take guidance off a case; the row stays, with the time."""
    check_attach(by, case)
    if attached.detached_at is None:
        attached.detached_at = timezone.now()
        attached.save(update_fields=["detached_at"])
        _note("guidance.detached", by, case, attached)


@transaction.atomic
def keep(*, by: User, case: Case, attached: AttachedGuidance, change: Change) -> None:
    """Keep what is attached as it is, having seen `change`; a later change asks again."""
    check_attached(by, case, _held(attached))
    attached.kept_mark, attached.kept_by, attached.kept_at = change.mark, by, timezone.now()
    attached.save(update_fields=["kept_mark", "kept_by", "kept_at"])
    _note("guidance.kept", by, case, attached)


@transaction.atomic
def take_newer(
    *, by: User, case: Case, attached: AttachedGuidance, change: Change, answer: str
) -> AttachedGuidance:
    """Attach what `change` brought in place of what is attached; the old row stays, with the time.

    The comment goes along where its writer takes it, as it was written about the old text by somebody else.
    """
    check_attached(by, case, _held(attached))
    comment = attached.comment if attached.attached_by_id == by.pk else ""
    newer: dict[str, Any] = (
        {"version": change.newer} if change.newer else {"finding": change.findings[0][1]}
    )
    detach(by=by, case=case, attached=attached)
    return attach(by=by, case=case, answer=answer, comment=comment, **newer)


def fix_comments(*, case: Case) -> None:
    """Have what is attached stay as it is said now: a decision is being signed over it, in this transaction."""
    AttachedGuidance.objects.filter(case=case, detached_at=None, fixed_at=None).update(
        fixed_at=timezone.now()
    )


def _held(attached: AttachedGuidance) -> AttachedGuidance:
    """Hold the row until the transaction ends, and take over what somebody did to it meanwhile."""
    held = AttachedGuidance.objects.select_for_update(of=("self",)).get(pk=attached.pk)
    attached.fixed_at, attached.detached_at = held.fixed_at, held.detached_at
    return attached


def _note(kind: str, by: User, case: Case, row: AttachedGuidance) -> None:
    record(
        kind,
        by=by,
        board=case.board,
        patient_id=case.patient_id,
        subject=row,
        detail={"version": row.version_id} if row.version_id else {"finding": row.finding_id},
    )
