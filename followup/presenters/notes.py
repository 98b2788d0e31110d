"""What the page of a plan says on top: what the board decided since, and whether it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.states import CaseState
from followup.later import SinceOpened, since_opened
from followup.selectors import irae_since_first_dose
from followup.states import OPEN_PLANS
from followup.vocabulary import END_BY_DECISION, EndReason, HoldReason
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


def board_note(plan: MonitoringPlan, since: SinceOpened | None = None) -> Note | None:
    """Return what the board decided on the case since the plan was opened, or that it is still to decide.

    `since` is what `since_opened` returned, where the caller has read it already.
    """
    since = since or since_opened(plan)
    later, unwanted = since.later, since.undecided and awaits_dose(plan)
    if later is None and not unwanted:
        return None
    if later is not None:
        title = _("Decided since, on %(day)s: %(outcome)s") % {
            "day": formatting.date(later.signed_at),
            "outcome": later.outcome,
        }
    elif plan.case.state == CaseState.CLOSED:
        title = _("The case was closed while it was before the board")
    else:
        title = _("The case is before the board: %(state)s") % {
            "state": plan.case.get_state_display().lower()
        }
    text = _text(plan, since, unwanted=unwanted)
    return Note("red" if unwanted else "info", title, text, later.url if later else "")


def _text(plan: MonitoringPlan, since: SinceOpened, *, unwanted: bool) -> str:
    if plan.state not in OPEN_PLANS:
        return _("This plan is closed.")
    if unwanted:
        return _(
            "No decision to give a dose stands. Whoever enters one that was given is asked to say that they know it."
        )
    if since.against or plan.end_reason in END_BY_DECISION:
        return _(
            "No dose is awaited any more. The watch goes on, as an irAE may begin months later."
        )
    return _("The watch under this plan goes on.")
