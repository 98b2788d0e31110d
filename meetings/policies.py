"""Who may do what with this meeting, this agenda and this decision now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.permissions import PERMISSIONS
from accounts.policies import NotAllowed, check_board
from cases.states import may_follow, permission_for
from meetings.states import MEETING_TRANSITIONS, DecisionState, MeetingState

if TYPE_CHECKING:
    from accounts.models import Board, User
    from cases.models import Case
    from meetings.models import AgendaItem, Decision, Meeting


class MeetingStepRefused(PermissionDenied):
    """The meeting's state does not allow this."""


class DecisionIsSigned(PermissionDenied):
    """A signed decision is never changed."""


def check_create_meeting(by: User, board: Board) -> None:
    """Raise unless `by` may make a meeting of `board`."""
    check_board(by, "meeting.manage", board)


def check_transition(by: User, meeting: Meeting, to: MeetingState) -> None:
    """Raise unless `meeting` may go to `to` and `by` may take it there."""
    steps = MEETING_TRANSITIONS[MeetingState(meeting.state)]
    if to not in steps:
        message = _("A meeting that is “%(before)s” cannot become “%(after)s”.")
        words = {"before": meeting.get_state_display(), "after": to.label}
        raise MeetingStepRefused(message % words)
    check_board(by, steps[to], meeting.board)


def check_agenda(by: User, meeting: Meeting) -> None:
    """Raise unless `by` may change the agenda of `meeting` now."""
    check_board(by, "meeting.manage", meeting.board)
    if meeting.state == MeetingState.CLOSED:
        raise MeetingStepRefused(_("This meeting is closed; its agenda stays as it was."))


def check_list(by: User, meeting: Meeting, case: Case) -> None:
    """Raise unless `case` may be put on the agenda of `meeting` by `by`."""
    check_agenda(by, meeting)
    if case.board_id != meeting.board_id:
        raise MeetingStepRefused(_("A case is discussed by the board to which it was referred."))
    if meeting.items.filter(case=case).exists():
        raise MeetingStepRefused(_("This case is on the agenda of that meeting already."))


def check_card(case: Case, to: str) -> None:
    """Raise unless a card may be moved to `to`: what follows from a decision needs its signature."""
    if may_follow(case.state, to) and permission_for(case.state, to) != "triage.manage":
        raise MeetingStepRefused(_("Only a signed decision takes a case there."))


def check_remove(by: User, item: AgendaItem) -> None:
    """Raise unless `item` may be taken off its agenda: not once it was discussed."""
    check_agenda(by, item.meeting)
    if item.discussed_at is not None:
        raise MeetingStepRefused(_("This case was discussed: it stays on the agenda."))


def check_lead(by: User, meeting: Meeting) -> None:
    """Raise unless `by` may choose the case that everybody follows."""
    check_board(by, "meeting.manage", meeting.board)
    if meeting.state != MeetingState.RUNNING:
        raise MeetingStepRefused(_("Start the meeting first."))


def check_attendance(by: User, meeting: Meeting, user: User) -> None:
    """Raise unless `by` may say for `user` how they come: for oneself, or managing the meeting."""
    check_board(by, "meeting.attend" if by.pk == user.pk else "meeting.manage", meeting.board)
    if not user.roles_on(meeting.board) & PERMISSIONS["meeting.attend"]:
        raise MeetingStepRefused(_("Only those who sit on this board are asked to come."))
    if meeting.state == MeetingState.CLOSED:
        raise MeetingStepRefused(_("This meeting is closed; its attendance stays as it was."))


def check_record(by: User, board: Board) -> None:
    """Raise unless `by` may record decisions of `board`."""
    check_board(by, "decision.record", board)


def check_draft(by: User, decision: Decision) -> None:
    """Raise unless `by` may change `decision`."""
    check_board(by, "decision.record", decision.board)
    _refuse_signed(decision)


def check_dissent(by: User, decision: Decision, user: User) -> None:
    """Raise unless `by` may note that `user` dissents: for oneself, or as the one who records."""
    permissions = (
        ("decision.record",) if by.pk != user.pk else ("decision.dissent", "decision.record")
    )
    if not any(by.can(permission, decision.board) for permission in permissions):
        check_board(by, permissions[0], decision.board)
    _refuse_signed(decision)
    if not user.roles_on(decision.board) & PERMISSIONS["decision.dissent"]:
        raise NotAllowed(
            "decision.dissent", _("Only members of this board can be named as dissenting.")
        )


def check_sign(by: User, decision: Decision) -> None:
    """Raise unless `by` chairs the board of `decision`."""
    check_board(by, "decision.sign", decision.board)


def _refuse_signed(decision: Decision) -> None:
    if decision.state == DecisionState.SIGNED:
        raise DecisionIsSigned(_("This decision is signed. Nobody can change it any more."))


def check_review(by: User, decision: Decision) -> None:
    """Raise unless `by` may say what follows for a signed decision where guidance changed."""
    check_board(by, "decision.review", decision.board)
