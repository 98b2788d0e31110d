"""Attaching guidance to a case, with its version pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.services import record
from cases.models import AttachedGuidance
from cases.policies import check_attach

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from evidence.models import StatementVersion


@transaction.atomic
def attach(*, by: User, case: Case, version: StatementVersion, answer: str) -> AttachedGuidance:
    """Lay `version` beside `case`; `answer` is what matching said. Attaching twice keeps one."""
    check_attach(by, case)
    row, created = AttachedGuidance.objects.get_or_create(
        case=case,
        version=version,
        detached_at=None,
        defaults={"patient_id": case.patient_id, "answer": answer, "attached_by": by},
    )
    if created:
        _note("guidance.attached", by, case, row)
    return row


@transaction.atomic
def detach(*, by: User, case: Case, attached: AttachedGuidance) -> None:
    """Take guidance off a case; the row stays, with the time."""
    check_attach(by, case)
    if attached.detached_at is None:
        attached.detached_at = timezone.now()
        attached.save(update_fields=["detached_at"])
        _note("guidance.detached", by, case, attached)


def _note(kind: str, by: User, case: Case, row: AttachedGuidance) -> None:
    record(
        kind,
        by=by,
        board=case.board,
        patient_id=case.patient_id,
        subject=row,
        detail={"version": row.version_id},
    )
