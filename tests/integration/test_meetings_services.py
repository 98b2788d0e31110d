"""Meetings, agendas and attendance through their services."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.models import Case
from cases.policies import StepNotPossible
from cases.services.lifecycle import move_case
from cases.states import CaseState
from meetings.models import AgendaItem, Attendance, Meeting
from meetings.policies import MeetingStepRefused
from meetings.services import attendance
from meetings.services.agenda import list_case, move_item, remove_item, set_minutes
from meetings.services.meetings import (
    close_meeting,
    create_meeting,
    set_current_item,
    start_meeting,
)
from meetings.services.triage import move_card
from meetings.states import MeetingState
from tests.factories.meetings import make_item, make_meeting, start
from tests.factories.people import by_acting, make_user
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db
set_attendance = by_acting(attendance.set_attendance)


@pytest.fixture(autouse=True)
def acting_coordinator(coordinator):
    set_acting(coordinator)


def places(meeting: Meeting) -> list[int]:
    return list(meeting.items.order_by("position").values_list("case_id", flat=True))


def test_a_meeting_is_wall_time_of_the_boards_zone(coordinator, board):
    meeting = create_meeting(
        by=coordinator, board=board, day=dt.date(2026, 10, 25), start=dt.time(0, 30), minutes=120
    )
    assert meeting.zone == "Europe/London"
    assert meeting.starts_at.isoformat() == "2026-10-25T00:30:00+01:00"
    # The clock is put back in between: two hours later the wall shows 01:30 again.
    assert meeting.ends_at.isoformat() == "2026-10-25T01:30:00+00:00"


@pytest.mark.parametrize("role", ["member", "nurse", "curator", "registry", "administrator"])
def test_only_those_who_manage_make_meetings(role, board):
    user = make_user(role, board)
    with pytest.raises(PermissionDenied):
        make_meeting(user, board)


def test_listing_moves_the_case_and_numbers_the_places(coordinator, board):
    meeting = make_meeting(coordinator, board)
    first, second = make_item(coordinator, meeting), make_item(coordinator, meeting, minutes=8)
    assert [first.position, second.position] == [1, 2]
    assert Case.objects.get(pk=first.case_id).state == CaseState.LISTED
    assert Meeting.objects.get(pk=meeting.pk).revision == meeting.revision + 2
    assert TrailEntry.objects.filter(kind="meeting.case_listed").count() == 2


def test_a_listed_case_is_not_listed_again(coordinator, board):
    item = make_item(coordinator, make_meeting(coordinator, board))
    with pytest.raises(MeetingStepRefused):
        list_case(by=coordinator, meeting=item.meeting, case=item.case)
    with pytest.raises(StepNotPossible):
        list_case(by=coordinator, meeting=make_meeting(coordinator, board), case=item.case)
    assert AgendaItem.objects.count() == 1


def test_a_case_of_another_board_is_refused(coordinator, board, other_board):
    both = make_user("coordinator", board, other_board)
    case = make_case(both, other_board)
    with acting_as(both), pytest.raises(MeetingStepRefused, match="board to which"):
        list_case(by=both, meeting=make_meeting(both, board), case=case)


@pytest.mark.parametrize(
    ("item", "to", "expected"),
    [
        (0, 3, [1, 2, 0]),
        (2, 1, [2, 0, 1]),
        (1, 99, [0, 2, 1]),
        (1, -5, [1, 0, 2]),
        (1, 2, [0, 1, 2]),
    ],
)
def test_moving_an_item_keeps_every_place_once(coordinator, board, item, to, expected):
    meeting = make_meeting(coordinator, board)
    items = [make_item(coordinator, meeting) for _ in range(3)]
    move_item(by=coordinator, item=items[item], to=to)
    assert places(meeting) == [items[i].case_id for i in expected]
    assert sorted(meeting.items.values_list("position", flat=True)) == [1, 2, 3]


def test_minutes_stay_in_range(coordinator, board):
    item = make_item(coordinator, make_meeting(coordinator, board))
    assert set_minutes(by=coordinator, item=item, minutes=0).minutes == 1
    assert set_minutes(by=coordinator, item=item, minutes=500).minutes == 120


def test_removing_returns_the_case_and_closes_the_gap(coordinator, board):
    meeting = make_meeting(coordinator, board)
    items = [make_item(coordinator, meeting) for _ in range(3)]
    remove_item(by=coordinator, item=items[0])
    assert Case.objects.get(pk=items[0].case_id).state == CaseState.READY
    assert list(meeting.items.order_by("position").values_list("position", flat=True)) == [1, 2]
    list_case(by=coordinator, meeting=meeting, case=Case.objects.get(pk=items[0].case_id))


def test_the_first_case_is_brought_up_at_the_start(coordinator, board):
    meeting = make_meeting(coordinator, board)
    item = make_item(coordinator, meeting)
    meeting = start_meeting(by=coordinator, meeting=meeting)
    item.refresh_from_db()
    assert meeting.state == MeetingState.RUNNING
    assert item.current_since is not None and item.discussed_at is not None
    assert Case.objects.get(pk=item.case_id).state == CaseState.DISCUSSED
    # A double click changes nothing.
    assert start_meeting(by=coordinator, meeting=meeting).started_at == meeting.started_at


def test_one_case_is_current(coordinator, board):
    meeting = make_meeting(coordinator, board)
    items = [make_item(coordinator, meeting) for _ in range(2)]
    start(coordinator, meeting, items[1])
    before = Meeting.objects.get(pk=meeting.pk).revision
    set_current_item(by=coordinator, meeting=meeting, item=items[1])
    assert Meeting.objects.get(pk=meeting.pk).revision == before
    assert AgendaItem.objects.get(current_since__isnull=False) == items[1]


def test_a_discussed_case_stays_on_the_agenda(coordinator, board):
    meeting = make_meeting(coordinator, board)
    item = make_item(coordinator, meeting)
    start(coordinator, meeting)
    with pytest.raises(MeetingStepRefused, match="discussed"):
        remove_item(by=coordinator, item=item)


def test_closing_sends_back_what_was_not_reached(coordinator, board):
    meeting = make_meeting(coordinator, board)
    reached, missed = make_item(coordinator, meeting), make_item(coordinator, meeting)
    start(coordinator, meeting)
    meeting = close_meeting(by=coordinator, meeting=meeting)
    assert Case.objects.get(pk=reached.case_id).state == CaseState.DISCUSSED
    assert Case.objects.get(pk=missed.case_id).state == CaseState.READY
    assert not AgendaItem.objects.filter(current_since__isnull=False).exists()
    for refused in (
        lambda: start_meeting(by=coordinator, meeting=meeting),
        lambda: close_meeting(by=coordinator, meeting=meeting),
        lambda: move_item(by=coordinator, item=reached, to=1),
        lambda: set_current_item(by=coordinator, meeting=meeting, item=reached),
        lambda: set_attendance(by=coordinator, meeting=meeting, user=coordinator, mode="no"),
    ):
        with pytest.raises(MeetingStepRefused):
            refused()


def test_a_closing_meeting_leaves_a_case_where_somebody_has_put_it_since(coordinator, board):
    meeting = make_meeting(coordinator, board)
    reached, taken_off = make_item(coordinator, meeting), make_item(coordinator, meeting)
    start(coordinator, meeting, reached)
    for to in (CaseState.READY, CaseState.REFERRED):
        move_case(by=coordinator, case=taken_off.case, to=to)
    meeting = close_meeting(by=coordinator, meeting=meeting)
    assert meeting.state == MeetingState.CLOSED
    assert Case.objects.get(pk=taken_off.case_id).state == CaseState.REFERRED


def test_no_case_is_brought_up_before_the_start(coordinator, board):
    item = make_item(coordinator, make_meeting(coordinator, board))
    with pytest.raises(MeetingStepRefused, match="Start the meeting"):
        set_current_item(by=coordinator, meeting=item.meeting, item=item)


def test_no_card_is_moved_to_where_only_a_signature_leads(chair, board):
    set_acting(chair)
    meeting = make_meeting(chair, board)
    item = make_item(chair, meeting)
    start(chair, meeting)
    case = Case.objects.get(pk=item.case_id)
    for to in (CaseState.DECIDED, CaseState.WATCHING):
        with pytest.raises(MeetingStepRefused, match="signed decision"):
            move_card(by=chair, case=case, to=to)
    assert move_card(by=chair, case=case, to=CaseState.READY).state == CaseState.READY


def test_attendance_of_oneself_and_of_others(coordinator, board, member):
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board)
    set_attendance(by=member, meeting=meeting, user=member, mode="remote")
    set_attendance(by=coordinator, meeting=meeting, user=member, mode="in_room")
    row = Attendance.objects.get()
    assert (row.mode, row.specialty) == ("in_room", "medical_oncology")
    with pytest.raises(PermissionDenied):
        set_attendance(by=member, meeting=meeting, user=coordinator, mode="no")


def test_a_deputy_is_named(coordinator, board, member):
    set_acting(coordinator)
    meeting = make_meeting(coordinator, board)
    with pytest.raises(ValidationError):
        set_attendance(by=member, meeting=meeting, user=member, mode="deputy", deputy="  ")
    row = set_attendance(by=member, meeting=meeting, user=member, mode="deputy", deputy="D. Eputy")
    assert row.deputy == "D. Eputy"
    assert set_attendance(by=member, meeting=meeting, user=member, mode="no").deputy == ""


def test_strangers_are_not_asked(coordinator, board, stranger):
    meeting = make_meeting(coordinator, board)
    with pytest.raises(MeetingStepRefused, match="sit on this board"):
        set_attendance(by=coordinator, meeting=meeting, user=stranger, mode="no")
