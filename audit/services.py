"""Writes to the trail."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import structlog
from django.db import connection

from audit.reading import reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from audit.reading import Reading


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

    `kind` is a dotted code ("case.referred") with a label in `audit.kinds`, `detail` codes and ids: never a
    name or free text.
    """
    taken = reading()
    if taken is not None and patient_id is not None:
        taken.entered.add(patient_id)
    of = (subject._meta.label_lower, subject.pk) if subject is not None else ("", None)
    _append(kind, by, getattr(board, "pk", None), patient_id, of, detail)


def record_on_boards(kind: str, *, by: Any, boards: Iterable[Any], **rest: Any) -> None:
    """Append one entry for each of `boards`, or one without a board when there is none.

    For what concerns a person and not a board, such as signing in: each board's trail is whole by itself.
    """
    for board in list(boards) or [None]:
        record(kind, by=by, board=board, **rest)


def enter(taken: Reading, *, by: Any, view: str) -> None:
    """Enter what a request has shown of patients and is not on the trail yet.

    One patient's record, or several beside each other: an entry that names each patient. A list, or a page that
    has to do with several: one entry for each board with the number of patients.
    """
    left = taken.left
    if not taken.lists and (len(left) == 1 or taken.each):
        for patient, board in left.items():
            _append("case.read", by, board, patient, taken.subject_of(patient), {"view": view})
        return
    for board, count in Counter(left.values()).items():
        _append("list.read", by, board, None, ("", None), {"view": view, "count": count})


def _append(
    kind: str,
    by: Any,
    board: int | None,
    patient: int | None,
    subject: tuple[str, int | None],
    detail: dict[str, Any] | None,
) -> None:
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
                board,
                patient,
                *subject,
                str(context.get("request_id", ""))[:64],
                json.dumps(detail or {}),
            ],
        )
