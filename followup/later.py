"""What the board decided on a case after a plan was opened. Decisions stand above monitoring, which is told by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.models import Case
from cases.states import CaseState

if TYPE_CHECKING:
    from datetime import datetime

    from followup.models import MonitoringPlan


@dataclass(frozen=True)
class LaterDecision:
    """The newest decision signed since: its outcome in words, when it was signed, and its page.

    `against`: what was decided last is that no ICI is given again. A deferral decides nothing.
    """

    outcome: str
    signed_at: datetime
    url: str
    against: bool = False


@dataclass(frozen=True)
class SinceOpened:
    """What was decided since a plan was opened, and whether no decision to give a dose stands."""

    later: LaterDecision | None
    undecided: bool

    @property
    def against(self) -> bool:
        """Whether the board decided against a rechallenge since."""
        return self.later is not None and self.later.against


Finding = Callable[["MonitoringPlan"], LaterDecision | None]
_findings: list[Finding] = []


def knows_later_decisions(finding: Finding) -> None:
    """Register what tells the newest decision that was signed on a plan's case since the plan was opened."""
    if finding not in _findings:
        _findings.append(finding)


def later_decision(plan: MonitoringPlan) -> LaterDecision | None:
    """Return the newest decision since `plan` was opened, None where its own is the newest."""
    return next(filter(None, (finding(plan) for finding in _findings)), None)


def is_against(plan: MonitoringPlan) -> bool:
    """Whether the board decided against a rechallenge since `plan` was opened: no dose is given under it any more."""
    later = later_decision(plan)
    return later is not None and later.against


def since_opened(plan: MonitoringPlan) -> SinceOpened:
    """Return what stands on the case of `plan`, read once for all who ask.

    No decision to give a dose stands where the board decided against it, while the case is before the board, and
    where it was closed from there. A case that was closed while it was monitored is watched on under the decision
    it had.
    """
    later, case = later_decision(plan), plan.case
    undecided = later is not None and later.against
    if not undecided and case.state == CaseState.CLOSED:
        undecided = _closed_from(case) != CaseState.WATCHING
    return SinceOpened(later, undecided or case.state not in {CaseState.WATCHING, CaseState.CLOSED})


def is_undecided(plan: MonitoringPlan) -> bool:
    """Whether no decision to give an ICI stands."""
    return since_opened(plan).undecided


def _closed_from(case: Case) -> str:
    """Return the state in which a closed case was before, from its history."""
    events: Any = Case.pgh_event_model  # type: ignore[attr-defined]
    rows = events.objects.filter(pgh_obj_id=case.pk).exclude(state=CaseState.CLOSED)
    before: str | None = rows.order_by("-pgh_id").values_list("state", flat=True).first()
    return before or CaseState.WATCHING
