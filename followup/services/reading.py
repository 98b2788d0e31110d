"""Notices read, and reads of patients' plans put on the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from audit.services import record
from followup.models import Notice

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from followup.models import MonitoringPlan


@transaction.atomic
def mark_read(*, by: User, public_id: UUID | None = None) -> int:
    """Mark one notice of `by` as read, or all; return how many were unread."""
    unread = Notice.objects.filter(user=by, read_at__isnull=True)
    if public_id is not None:
        unread = unread.filter(public_id=public_id)
    return unread.update(read_at=Now())


def note_read(*, by: User, plan: MonitoringPlan) -> None:
    """Put on the trail that `by` has read the plan of a patient."""
    record("plan.read", by=by, board=plan.case.board, patient_id=plan.patient_id, subject=plan)
