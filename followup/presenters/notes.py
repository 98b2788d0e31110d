"""What the page of a plan says on top: what the board decided since, and whether it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from followup.later import is_undecided, later_decision
from followup.selectors import irae_since_first_dose
from followup.states import OPEN_PLANS
from followup.vocabulary import EndReason, HoldReason
from ui import formatting

if TYPE_CHECKING:
    from followup.models import MonitoringPlan


def lacks_irae(plan: MonitoringPlan) -> bool:
    """Whether doses of a running plan are held, skipped or ended for toxicity, and the record names no irAE since."""
    latest = max(plan.doses.all(), key=lambda dose: dose.number, default=None)
    reasons = {plan.hold_reason, plan.end_reason, latest.reason if latest else ""}
    toxic = bool(reasons & {HoldReason.TOXICITY, EndReason.TOXICITY})
    return toxic and plan.state in OPEN_PLANS and not irae_since_first_dose(plan)


@dataclass(frozen=True)
class Note:
    """A notice: its kind, its title, what follows from it, and the page of the decision where there is one."""

    kind: str
    title: str
    text: str
    url: str = ""


def awaits_dose(plan: MonitoringPlan) -> bool:
    """Whether a dose may still be entered under the plan as the next one."""
    return plan.state in OPEN_PLANS and plan.last_dose_on is None


def board_note(plan: MonitoringPlan) -> Note | None:
    """Return what the board decided on the case since the plan was opened, or that it is still to decide."""
    later = later_decision(plan)
    undecided = is_undecided(plan.case)
    if later is None and not (undecided and awaits_dose(plan)):
        return None
    title = _("The case is before the board: %(state)s") % {
        "state": plan.case.get_state_display().lower()
    }
    if later is not None:
        title = _("Decided since, on %(day)s: %(outcome)s") % {
            "day": formatting.date(later.signed_at),
            "outcome": later.outcome,
        }
    kind = "red" if undecided and awaits_dose(plan) else "info"
    return Note(kind, title, _text(plan, undecided=undecided), later.url if later else "")


def _text(plan: MonitoringPlan, *, undecided: bool) -> str:
    if plan.state not in OPEN_PLANS:
        return _("This plan is closed.")
    if plan.last_dose_on is None and undecided:
        return _(
            "No decision to give a dose stands. Whoever enters one that was given is asked to say that they know it."
        )
    if plan.end_reason == EndReason.BOARD:
        return _(
            "No dose is awaited any more. The watch goes on, as an irAE may begin months later."
        )
    return _("The watch under this plan goes on.")
