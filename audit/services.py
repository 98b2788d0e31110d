"""Writes to the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from audit.models import TrailEntry

if TYPE_CHECKING:
    from django.db.models import Model


def record(
    kind: str,
    *,
    by: Any,
    board: Any = None,
    patient_id: int | None = None,
    subject: Model | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Append one entry in the current transaction.

    `kind` is a dotted code ("case.referred"), `detail` codes and ids: never a name or free text.
    """
    context = structlog.contextvars.get_contextvars()
    # bulk_create asks for no RETURNING: `app` may insert rows that it may not read back.
    TrailEntry.objects.bulk_create(
        [
            TrailEntry(
                kind=kind,
                actor=by,
                board_id=getattr(board, "pk", None),
                patient_id=patient_id,
                subject_type=subject._meta.label_lower if subject is not None else "",
                subject_id=subject.pk if subject is not None else None,
                request_id=str(context.get("request_id", ""))[:64],
                detail=detail or {},
            )
        ]
    )
