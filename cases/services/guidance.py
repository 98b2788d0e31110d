"""Attaching guidance to a case, with its version pinned; what is said to it; what was newer, kept or taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from audit.services import record
from cases.models import AttachedGuidance
from cases.models.guidance import LONGEST_COMMENT
from cases.policies import check_attach, check_attached, check_comment

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from evidence.changes import Change
    from evidence.models import Finding, StatementVersion


# What may change of a row once it is there.
MAY_CHANGE = ("comment", "fixed_at", "detached_at", "kept_mark", "kept_by_id", "kept_at")


class CommentChanged(Exception):
    """The same writer saved another comment meanwhile; `attached` has it."""

    def __init__(self, attached: AttachedGuidance) -> None:
        super().__init__(attached.pk)
        self.attached = attached


class CommentHasNoPlace(Exception):
    """What a comment is for is attached already, and it cannot be said there: by another, signed over, or too long."""

    def __init__(self, attached: AttachedGuidance) -> None:
        super().__init__(attached.pk)
        self.attached = attached


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
    """Lay `version`, or one finding, beside `case`; `answer` is what matching said. Attaching twice keeps one.

    A comment goes to what its writer attached before. Raises CommentHasNoPlace where it cannot go there.
    """
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
    elif comment:
        _add_comment(by, case, row, comment)
    return row


@transaction.atomic
def say(
    *, by: User, case: Case, attached: AttachedGuidance, comment: str, was: str | None = None
) -> None:
    """Have the comment of what `by` attached say `comment`, until a decision is signed over it.

    `was`: what it said when it was read. Raises CommentChanged where it says something else by now.
    """
    check_comment(by, case, _held(attached))
    if was is not None and was != attached.comment:
        raise CommentChanged(attached)
    attached.comment = comment
    attached.save(update_fields=["comment"])
    _note("guidance.commented", by, case, attached)


@transaction.atomic
def detach(*, by: User, case: Case, attached: AttachedGuidance) -> None:
    """Take guidance off a case; the row stays, with the time."""
    check_attach(by, case)
    if _held(attached).detached_at is None:
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

    The comment goes along where its writer takes it, as it was written about the old text by somebody else. Raises
    CommentHasNoPlace, and changes nothing, where the new one is attached already and cannot take it.
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
    for name in MAY_CHANGE:
        setattr(attached, name, getattr(held, name))
    return attached


def _add_comment(by: User, case: Case, row: AttachedGuidance, comment: str) -> None:
    """Say `comment` of what is attached already, below what its writer said of it before."""
    said = _held(row).comment
    if row.attached_by_id == by.pk and f"\n{said}".endswith(f"\n{comment}"):
        return
    both = f"{said}\n{comment}".strip()
    if row.attached_by_id != by.pk or row.fixed_at is not None or len(both) > LONGEST_COMMENT:
        raise CommentHasNoPlace(row)
    say(by=by, case=case, attached=row, comment=both)


def _note(kind: str, by: User, case: Case, row: AttachedGuidance) -> None:
    record(
        kind,
        by=by,
        board=case.board,
        patient_id=case.patient_id,
        subject=row,
        detail={"version": row.version_id} if row.version_id else {"finding": row.finding_id},
    )
