"""Writes to the trail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import structlog
from django.db import connection

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
    # Written by hand because the ORM would ask for the new id back, and `app` adds rows that it may
    # not read: a refusal of somebody who is not signed in, for one.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_trailentry (kind, actor_id, board_id, patient_id, subject_type,"
            " subject_id, request_id, detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                kind,
                getattr(by, "pk", None),
                getattr(board, "pk", None),
                patient_id,
                subject._meta.label_lower if subject is not None else "",
                subject.pk if subject is not None else None,
                str(context.get("request_id", ""))[:64],
                json.dumps(detail or {}),
            ],
        )
