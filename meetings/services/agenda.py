"""What is on the agenda, in which order, for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max

from audit.services import record
from cases.services.lifecycle import move_case
from cases.states import CaseState
from meetings.models import AgendaItem
from meetings.policies import check_agenda, check_list, check_remove
from meetings.services.meetings import locked, touch

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from meetings.models import Meeting

USUAL_MINUTES = 5


@transaction.atomic
def list_case(
    *, by: User, meeting: Meeting, case: Case, minutes: int = USUAL_MINUTES
) -> AgendaItem:
    """Put a case at the end of the agenda; it becomes “listed”. One listed elsewhere is refused."""
    meeting = locked(meeting)
    check_list(by, meeting, case)
    case = move_case(by=by, case=case, to=CaseState.LISTED)
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting,
        case=case,
        patient_id=case.patient_id,
        minutes=minutes,
        position=last + 1,
        added_by=by,
    )
    touch(meeting.pk)
    record(
        "meeting.case_listed",
        by=by,
        board=meeting.board,
        patient_id=case.patient_id,
        subject=item,
        detail={"meeting": meeting.pk},
    )
    return item


@transaction.atomic
def move_item(*, by: User, item: AgendaItem, to: int) -> AgendaItem:
    """Move a case to place `to`; those between move up or down by one. Out of range: first or last."""
    meeting = locked(item.meeting)
    check_agenda(by, meeting)
    items = list(meeting.items.select_for_update().order_by("position"))
    moved = next(one for one in items if one.pk == item.pk)
    items.remove(moved)
    items.insert(max(0, min(to - 1, len(items))), moved)
    _number(items)
    touch(meeting.pk)
    record(
        "meeting.case_moved",
        by=by,
        board=meeting.board,
        patient_id=item.patient_id,
        subject=item,
        detail={"to": to},
    )
    return moved


@transaction.atomic
def set_minutes(*, by: User, item: AgendaItem, minutes: int) -> AgendaItem:
    """Give a case more or less time, from 1 to 120 minutes."""
    check_agenda(by, locked(item.meeting))
    item.minutes = max(1, min(minutes, 120))
    item.save(update_fields=["minutes"])
    touch(item.meeting_id)
    return item


@transaction.atomic
def remove_item(*, by: User, item: AgendaItem) -> None:
    """Take a case off the agenda; it becomes “ready” again, and those behind it move up."""
    meeting = locked(item.meeting)
    item = AgendaItem.objects.select_related("meeting__board", "case").get(pk=item.pk)
    check_remove(by, item)
    if item.case.state == CaseState.LISTED:
        move_case(by=by, case=item.case, to=CaseState.READY)
    record(
        "meeting.case_taken_off",
        by=by,
        board=meeting.board,
        patient_id=item.patient_id,
        subject=item,
        detail={"meeting": meeting.pk},
    )
    place = item.position
    item.delete()
    meeting.items.filter(position__gt=place).update(position=F("position") - 1)
    touch(meeting.pk)


def _number(items: list[AgendaItem]) -> None:
    changed = []
    for place, item in enumerate(items, start=1):
        if item.position != place:
            item.position = place
            changed.append(item)
    AgendaItem.objects.bulk_update(changed, ["position"])
