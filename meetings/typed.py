"""The forms of meetings and decisions by the keys of their drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.typed import Around, Made, listing, plain
from meetings.forms import (
    AddCaseForm,
    AttendanceForm,
    ConditionForm,
    DecisionForm,
    DissentForm,
    MeetingForm,
)
from meetings.review_form import ReviewForm

if TYPE_CHECKING:
    from accounts.models import Board, User


def _boards(around: Around) -> list[Board]:
    return list(around.user.boards_with("meeting.manage"))


def _members(around: Around) -> list[User]:
    return around.users


MADE: dict[str, Made] = {
    "meeting": listing(MeetingForm, boards=_boards),
    "reply": plain(AttendanceForm),
    "agenda": plain(AddCaseForm),
    "decision": listing(DecisionForm, members=_members, statements=lambda _around: ()),
    "condition": listing(ConditionForm),
    "dissent": listing(DissentForm, members=_members),
    "review": plain(ReviewForm),
}
