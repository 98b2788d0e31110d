"""What the page of a plan says on top: what the board decided since, and whether it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.states import CaseState
from followup.later import SinceOpened, since_opened
from followup.selectors import earlier_plan, irae_since_first_dose
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
    """A notice: its kind, its title, what follows from it, and the page that it leads to, if any."""

    kind: str
    title: str
    text: str
    url: str = ""
    link: str = ""
    id: str = "board"


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
    url, link = (later.url, _("Open the decision")) if later else ("", "")
    return Note("red" if unwanted else "info", title, text, url, link)


def earlier_note(plan: MonitoringPlan) -> Note | None:
    """Return that an earlier plan of the case watches on beside an open one, after the doses given under it."""
    earlier = earlier_plan(plan) if plan.state in OPEN_PLANS else None
    if earlier is None:
        return None
    regimen = earlier.regimen_label or _("regimen erased")
    text = _("The checks after its doses go on beside those of this plan.")
    url = reverse("followup:plan", args=[earlier.public_id])
    title = _("Given before: %(regimen)s") % {"regimen": regimen}
    return Note("info", title, text, url, _("Open that plan"), id="earlier")


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
