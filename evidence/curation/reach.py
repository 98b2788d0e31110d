"""Which decisions relied on a version, and how many cases and decisions there are on all boards.

Guidance lies below the application that knows decisions. It registers here, when Django loads it (`AppConfig.ready`),
how they are found for a curator: by name where the curator may see the decision, as a bare total elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.models import StatementVersion

NOT_SHOWN = "not_shown"
ANSWERS: dict[str, str | Promise] = {
    "true": _("applies"),
    "false": _("does not apply"),
    "undetermined": _("cannot tell"),
    NOT_SHOWN: _("not shown"),
}
"""The three answers of a condition in words, and what holds where no version is published."""


@dataclass(frozen=True, slots=True)
class RelyingDecision:
    """A signed decision that relied on a version, or deviated from it."""

    label: str
    url: str
    board: str
    deviates: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Bare numbers over all boards."""

    open_cases: int = 0
    attached: int = 0
    decisions: int = 0


DecisionsFinder = Callable[["User", "StatementVersion"], tuple[RelyingDecision, ...]]
Counter = Callable[["StatementVersion | None"], Totals]


@dataclass(slots=True)
class _Finders:
    decisions: DecisionsFinder = lambda _user, _version: ()
    totals: Counter = lambda _version: Totals()


_finders = _Finders()


def finds_relying_decisions(finder: DecisionsFinder, totals: Counter) -> None:
    """Let the application of decisions say which relied on a version, and count across boards."""
    _finders.decisions = finder
    _finders.totals = totals


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a step reaches beside the cases that are answered otherwise."""

    decisions: tuple[RelyingDecision, ...] = ()
    totals: Totals = field(default_factory=Totals)

    @property
    def decisions_elsewhere(self) -> int:
        """How many relying decisions were signed on boards whose decisions the curator may not see."""
        return max(self.totals.decisions - len(self.decisions), 0)


def reach(user: User, before: StatementVersion | None) -> Reach:
    """Who relied on the published version `before`, None where there is none."""
    decisions = () if before is None else _finders.decisions(user, before)
    return Reach(decisions, _finders.totals(before))
