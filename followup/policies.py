"""Who may do what with a plan, a check or a reminder now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.policies import NotAllowed, check_board
from cases.models import PatientIdentity
from followup.states import PlanState

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from followup.models import Check, MonitoringPlan, Reminder


class PatientHasDied(PermissionDenied):
    """Nobody watches over a patient who died."""


class PlanIsClosed(PermissionDenied):
    """The plan is closed; its record is read only."""


def check_open(by: User, case: Case) -> None:
    """Raise unless `by` may open a plan for `case`: whoever signs the decision, or who monitors."""
    if not by.can("decision.sign", case.board):
        check_board(by, "monitoring.record", case.board)


def check_alive(case: Case) -> None:
    """Raise when the patient of `case` is known to have died."""
    died = PatientIdentity.objects.filter(patient=case.patient, died_precision__isnull=False)
    if died.exists():
        raise PatientHasDied(
            _("The patient is entered as having died. Correct that first if it is a mistake.")
        )


def check_record(by: User, plan: MonitoringPlan) -> None:
    """Raise unless `by` may change `plan` or record its checks."""
    check_board(by, "monitoring.record", plan.case.board)
    if plan.state == PlanState.CLOSED:
        raise PlanIsClosed(
            _("This monitoring plan is closed. Its record can be read, not changed.")
        )


def check_assign(by: User, check: Check, to: User) -> None:
    """Raise unless `by` may pass `check` on and `to` may record it."""
    if not by.can("triage.manage", check.plan.case.board):
        check_record(by, check.plan)
    if not to.can("monitoring.record", check.plan.case.board):
        raise NotAllowed(
            "monitoring.record",
            _("%(name)s may not record checks on this board.") % {"name": to.name},
        )


def check_retry(by: User, reminder: Reminder) -> None:
    """Raise unless `by` may have a failed reminder sent again."""
    check_board(by, "triage.manage", reminder.safety_check.plan.case.board)
