"""Moving a case between the columns of the triage board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from cases.services.lifecycle import move_case
from cases.states import CaseState
from meetings.models import AgendaItem
from meetings.policies import check_card
from meetings.services.agenda import list_case, remove_item
from meetings.states import MeetingState

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from meetings.models import Meeting


@transaction.atomic
def move_card(*, by: User, case: Case, to: str = "", meeting: Meeting | None = None) -> Case:
    """Put a case on the agenda of `meeting`, or take it to state `to`; off its present agenda first."""
    item = (
        AgendaItem.objects.select_related("meeting", "case")
        .filter(case=case, discussed_at__isnull=True)
        .exclude(meeting__state=MeetingState.CLOSED)
        .first()
    )
    if item is not None and case.state == CaseState.LISTED:
        if meeting is not None and item.meeting_id == meeting.pk:
            return case
        remove_item(by=by, item=item)
        case.refresh_from_db()
    if meeting is not None:
        return list_case(by=by, meeting=meeting, case=case).case
    if case.state == to:
        return case
    check_card(case, to)
    return move_case(by=by, case=case, to=to)
