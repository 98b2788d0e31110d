"""Who followed the discussion of a case, on the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.services import record

if TYPE_CHECKING:
    from accounts.models import User
    from meetings.models import AgendaItem


def note_followed(*, by: User, item: AgendaItem) -> None:
    """Put on the trail that `by` was shown the case that is up."""
    record(
        "case.followed",
        by=by,
        board=item.meeting.board,
        patient_id=item.patient_id,
        subject=item,
    )
