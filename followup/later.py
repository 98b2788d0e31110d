"""What the board decided on a case after a plan was opened. Decisions stand above monitoring, which is told by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.states import CaseState

if TYPE_CHECKING:
    from datetime import datetime

    from cases.models import Case
    from followup.models import MonitoringPlan


@dataclass(frozen=True)
class LaterDecision:
    """The newest decision signed since: its outcome in words, when it was signed, and its page."""

    outcome: str
    signed_at: datetime
    url: str


Finding = Callable[["MonitoringPlan"], LaterDecision | None]
_findings: list[Finding] = []


def knows_later_decisions(finding: Finding) -> None:
    """Register what tells the newest decision that was signed on a plan's case since the plan was opened."""
    if finding not in _findings:
        _findings.append(finding)


def later_decision(plan: MonitoringPlan) -> LaterDecision | None:
    """Return the newest decision since `plan` was opened, None where its own is the newest."""
    return next(filter(None, (finding(plan) for finding in _findings)), None)


def is_undecided(case: Case) -> bool:
    """Whether no decision to give an ICI stands: the case is before the board, or the board decided against it.

    A case that was closed is watched on under the decision it had.
    """
    return case.state not in {CaseState.WATCHING, CaseState.CLOSED}
