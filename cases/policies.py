"""Who may do what with this case now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.policies import check_board
from cases.models import PatientErasure
from cases.states import CaseState, may_follow, permission_for

if TYPE_CHECKING:
    from accounts.models import Board, User
    from cases.models import AttachedGuidance, Case, Patient


class CaseIsClosed(PermissionDenied):
    """The case is closed; its record is read only."""


class StepNotPossible(PermissionDenied):
    """The state machine knows no such step."""


class NotAttachedAnyMore(PermissionDenied):
    """It was taken off meanwhile."""


class CommentStays(PermissionDenied):
    """Only who attached something says what about it, until a decision is signed over it."""


class PatientIsErased(PermissionDenied):
    """Who the patient was is erased; nothing is written about them any more."""


def check_refer(by: User, board: Board) -> None:
    """Raise unless `by` may refer a case to `board`."""
    check_board(by, "case.refer", board)


def check_view(by: User, case: Case) -> None:
    """Raise unless `by` may read `case`; rows of foreign boards are not even found."""
    check_board(by, "case.view", case.board)


def check_edit(by: User, case: Case) -> None:
    """Raise unless `by` may change the record of `case`."""
    check_board(by, "case.edit", case.board)
    if case.state == CaseState.CLOSED:
        raise CaseIsClosed(_("This case is closed. Return it to triage to change its record."))


def check_attach(by: User, case: Case) -> None:
    """Raise unless `by` may attach guidance to `case`."""
    check_board(by, "case.attach_guidance", case.board)


def check_attached(by: User, case: Case, attached: AttachedGuidance) -> None:
    """Raise unless `by` may answer for `attached`, which is attached still, to a case of nobody who was erased."""
    check_attach(by, case)
    check_not_erased(case.patient)
    if attached.detached_at is not None:
        raise NotAttachedAnyMore(_("This was taken off the case meanwhile."))


def check_comment(by: User, case: Case, attached: AttachedGuidance) -> None:
    """Raise unless `by` wrote the comment of `attached` and no decision was signed over it."""
    check_attached(by, case, attached)
    if attached.attached_by_id != by.pk:
        raise CommentStays(_("Only who attached it can comment on it."))
    if attached.fixed_at is not None:
        raise CommentStays(_("A decision was signed over this comment: it stays as it is."))


def check_move(by: User, case: Case, to: str) -> None:
    """Raise unless `case` may go to state `to` and `by` may take it there."""
    if not may_follow(case.state, to):
        message = _("A case that is “%(before)s” cannot become “%(after)s”.")
        words = {"before": case.get_state_display(), "after": CaseState(to).label}
        raise StepNotPossible(message % words)
    if case.state == CaseState.CLOSED:
        check_not_erased(case.patient)
    if case.state == CaseState.CLOSED and by.can("triage.manage", case.board):
        return
    check_board(by, permission_for(case.state, to), case.board)


def check_not_erased(patient: Patient) -> None:
    """Raise when `patient` was erased; every case of such a patient is closed and stays so."""
    if PatientErasure.objects.filter(patient=patient).exists():
        raise PatientIsErased(_("This patient was erased. The case stays closed as it is."))


def check_erase(by: User, patient: Patient) -> None:
    """Raise unless `by` may erase `patient`: on the board that owns the patient, not one they are shared with."""
    check_board(by, "patient.erase", patient.board)


def check_merge(by: User, *patients: Patient) -> None:
    """Raise unless `by` coordinates the boards that own the records."""
    for patient in patients:
        check_board(by, "patient.merge", patient.board)
