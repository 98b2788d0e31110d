"""The forms of meetings and decisions by the keys of their drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.selectors import as_uuid
from cases.typed import Around, Made, listing, plain
from evidence.models import StatementVersion
from meetings.forms import (
    RELY,
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
    from cases.typed import Fields


def _boards(around: Around) -> list[Board]:
    return list(around.user.boards_with("meeting.manage"))


def _members(around: Around) -> list[User]:
    return around.users


def _decision(sent: Any, around: Around) -> Fields:
    """Return the fields of a decision, with the statements of which the draft says whether they are relied on."""
    named = [as_uuid(name.removeprefix(RELY)) for name in sent if name.startswith(RELY)]
    versions = StatementVersion.objects.filter(public_id__in=[one for one in named if one])
    titles = versions.order_by("pk").values_list("public_id", "title")
    return DecisionForm(sent, members=around.users, statements=titles).fields


MADE: dict[str, Made] = {
    "meeting": listing(MeetingForm, boards=_boards),
    "reply": plain(AttendanceForm),
    "agenda": plain(AddCaseForm),
    "decision": _decision,
    "condition": listing(ConditionForm),
    "dissent": listing(DissentForm, members=_members),
    "review": plain(ReviewForm),
}
