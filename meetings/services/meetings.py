"""Making, starting, leading and closing meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.services import record
from cases.services.lifecycle import move_case
from cases.states import CaseState
from meetings.models import AgendaItem, Meeting
from meetings.policies import check_create_meeting, check_lead, check_transition
from meetings.states import MeetingState

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import Board, User


def locked(meeting: Meeting) -> Meeting:
    """Return the meeting's row, held until the transaction ends: agenda and state change one at a time."""
    return (
        Meeting.objects.select_for_update(of=("self",)).select_related("board").get(pk=meeting.pk)
    )


def hold(meeting_id: int) -> None:
    """Lock a meeting's row until the transaction ends.

    Whatever writes to a meeting, its agenda or its decisions takes this lock first and the case after it, so
    that two of them wait for each other in one order only.
    """
    Meeting.objects.select_for_update().filter(pk=meeting_id).first()


def touch(meeting_id: int) -> None:
    """Let the browsers that follow a meeting know that there is something new."""
    Meeting.objects.filter(pk=meeting_id).update(revision=F("revision") + 1)


@transaction.atomic
def create_meeting(
    *,
    by: User,
    board: Board,
    day: dt.date,
    start: dt.time,
    minutes: int = 60,
    place: str = "",
) -> Meeting:
    """Plan a meeting of `board` at a wall time of the board's zone."""
    check_create_meeting(by, board)
    meeting = Meeting.objects.create(
        board=board,
        day=day,
        start=start,
        zone=board.zone,
        minutes=minutes,
        place=place,
        created_by=by,
    )
    record("meeting.created", by=by, board=board, subject=meeting)
    return meeting


@transaction.atomic
def start_meeting(*, by: User, meeting: Meeting) -> Meeting:
    """Open the live page with the first case; a meeting already running stays as it is."""
    meeting = locked(meeting)
    if meeting.state == MeetingState.RUNNING:
        check_lead(by, meeting)
        return meeting
    check_transition(by, meeting, MeetingState.RUNNING)
    meeting.state = MeetingState.RUNNING
    meeting.started_at = timezone.now()
    meeting.started_by = by
    meeting.revision += 1
    meeting.save(update_fields=["state", "started_at", "started_by", "revision"])
    record("meeting.started", by=by, board=meeting.board, subject=meeting)
    first = meeting.items.order_by("position").first()
    return set_current_item(by=by, meeting=meeting, item=first) if first else meeting


@transaction.atomic
def set_current_item(*, by: User, meeting: Meeting, item: AgendaItem) -> Meeting:
    """Bring a case up: everybody who follows sees it, and it counts as discussed from now on."""
    meeting = locked(meeting)
    check_lead(by, meeting)
    item = AgendaItem.objects.select_related("case").get(pk=item.pk, meeting=meeting)
    now = timezone.now()
    if item.case.state == CaseState.LISTED:
        move_case(by=by, case=item.case, to=CaseState.DISCUSSED)
    if item.current_since is not None:
        return meeting
    meeting.items.filter(current_since__isnull=False).update(current_since=None)
    item.current_since = now
    item.discussed_at = item.discussed_at or now
    item.save(update_fields=["current_since", "discussed_at"])
    touch(meeting.pk)
    record(
        "meeting.case_brought_up",
        by=by,
        board=meeting.board,
        patient_id=item.patient_id,
        subject=item,
    )
    return meeting


@transaction.atomic
def close_meeting(*, by: User, meeting: Meeting) -> Meeting:
    """End a meeting; cases that were not reached go back to “ready” and can be listed again."""
    meeting = locked(meeting)
    check_transition(by, meeting, MeetingState.CLOSED)
    not_reached = meeting.items.filter(discussed_at__isnull=True).select_related("case")
    for item in not_reached:
        if item.case.state == CaseState.LISTED:
            move_case(by=by, case=item.case, to=CaseState.READY)
    meeting.state = MeetingState.CLOSED
    meeting.closed_at = timezone.now()
    meeting.revision += 1
    meeting.save(update_fields=["state", "closed_at", "revision"])
    meeting.items.filter(current_since__isnull=False).update(current_since=None)
    record(
        "meeting.closed",
        by=by,
        board=meeting.board,
        subject=meeting,
        detail={"not_reached": len(not_reached)},
    )
    return meeting
