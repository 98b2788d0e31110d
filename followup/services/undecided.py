"""Doses entered while no decision to give them stands: known by who enters them, kept, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from followup.later import since_opened
from followup.services.notices import leaders, notify
from followup.services.noting import note
from followup.vocabulary import NoticeKind

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from followup.models import MonitoringPlan


def require_decision(
    *, by: User, plan: MonitoringPlan, number: int, on: date, acknowledged: bool
) -> None:
    """Raise where no decision to give the dose `number` stands, unless that is `acknowledged`.

    The trail keeps it, and coordinators and chairs are told.
    """
    case, since = plan.case, since_opened(plan)
    if not since.undecided:
        return
    if not acknowledged:
        words = _(
            "The case is “%(state)s”: no decision to give this dose stands. Say that you know it, or"
            " ask the board first."
        ) % {"state": case.get_state_display()}
        if since.against:
            words = _(
                "The board decided against a rechallenge: no decision to give this dose stands. Say that you know"
                " it, or ask the board first."
            )
        raise ValidationError({"undecided": words})
    note(
        plan,
        by,
        "plan.undecided_acknowledged",
        number=number,
        on=on.isoformat(),
        state=case.state,
        reason=case.returned_reason,
    )
    notify(
        users=leaders(case.board_id),
        kind=NoticeKind.UNDECIDED,
        plan=plan,
        reference=case.reference,
    )
