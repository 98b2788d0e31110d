"""Reading the trail is itself on the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.services import record

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.trail import Wanted


def note_trail_read(*, by: User, wanted: Wanted, count: int) -> None:
    """Enter which part of a board's trail was read, in codes and days."""
    detail = {
        "group": wanted.group,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "entries": count,
    }
    record(
        "trail.read",
        by=by,
        board=wanted.board,
        patient_id=wanted.patient_id,
        subject=wanted.person,
        detail=detail,
    )
