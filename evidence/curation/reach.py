"""Whom a step of publication reaches: open cases whose answer changes, decisions that relied on a version.

Guidance lies below the applications that know cases and decisions. They register here, when Django loads them
(`AppConfig.ready`), how each is found for a curator: by name where the curator may see the case, as a bare total
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.conditions import Node
    from evidence.models import StatementVersion

NOT_SHOWN = "not_shown"
ANSWERS: dict[str, str | Promise] = {
    "true": _("applies"),
    "false": _("does not apply"),
    "undetermined": _("cannot tell"),
    NOT_SHOWN: _("not shown"),
}
"""The three answers of a condition in words, and what holds where no version is published."""

SHOWN_CASES = 50


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """An open case that is answered otherwise, with the answers as keys of `ANSWERS`."""

    reference: str
    url: str
    board: str
    before: str
    after: str

    @property
    def before_words(self) -> str:
        """The answer that the case has now."""
        return str(ANSWERS[self.before])

    @property
    def after_words(self) -> str:
        """The answer that it gets."""
        return str(ANSWERS[self.after])


@dataclass(frozen=True, slots=True)
class ChangedCases:
    """Open cases on the boards that the curator may see: how many were compared, and which change.

    `counts`: how many go from one answer to another; `cases` names the first `SHOWN_CASES` of them.
    """

    compared: int = 0
    counts: tuple[tuple[str, str, int], ...] = ()
    cases: tuple[ChangedCase, ...] = ()

    @property
    def changed(self) -> int:
        """How many cases change their answer."""
        return sum(number for _before, _after, number in self.counts)

    @property
    def counts_words(self) -> list[tuple[str, str, int]]:
        """The counts with their answers in words."""
        return [(str(ANSWERS[a]), str(ANSWERS[b]), number) for a, b, number in self.counts]

    @property
    def unnamed(self) -> int:
        """How many cases change that are not named."""
        return self.changed - len(self.cases)


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


CasesFinder = Callable[["User", "Node | None", "Node | None"], ChangedCases]
DecisionsFinder = Callable[["User", "StatementVersion"], tuple[RelyingDecision, ...]]
Counter = Callable[["StatementVersion | None"], Totals]


@dataclass(slots=True)
class _Finders:
    cases: CasesFinder | None = None
    decisions: DecisionsFinder | None = None
    totals: Counter | None = None


_finders = _Finders()


def finds_changed_cases(finder: CasesFinder) -> None:
    """Let the application of cases say which open ones get another answer."""
    _finders.cases = finder


def finds_relying_decisions(finder: DecisionsFinder, totals: Counter) -> None:
    """Let the application of decisions say which relied on a version, and count across boards."""
    _finders.decisions = finder
    _finders.totals = totals


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a step reaches, as far as the curator may know."""

    cases: ChangedCases = field(default_factory=ChangedCases)
    decisions: tuple[RelyingDecision, ...] = ()
    totals: Totals = field(default_factory=Totals)

    @property
    def cases_elsewhere(self) -> int:
        """How many open cases stand on boards whose cases the curator may not see."""
        return max(self.totals.open_cases - self.cases.compared, 0)

    @property
    def decisions_elsewhere(self) -> int:
        """How many relying decisions were signed on boards whose decisions the curator may not see."""
        return max(self.totals.decisions - len(self.decisions), 0)


def reach(
    user: User,
    *,
    before: StatementVersion | None,
    after: StatementVersion | None,
    cases: bool = True,
) -> Reach:
    """Whom it reaches when `after` takes the place of the published version `before` (None: of none).

    Without `cases` none is read: both answer every case alike.
    """
    found = ChangedCases()
    if cases and _finders.cases is not None:
        found = _finders.cases(user, _node(before), _node(after))
    decisions: tuple[RelyingDecision, ...] = ()
    if _finders.decisions is not None and before is not None:
        decisions = _finders.decisions(user, before)
    totals = _finders.totals(before) if _finders.totals is not None else Totals()
    return Reach(found, decisions, totals)


def _node(version: StatementVersion | None) -> Node | None:
    return None if version is None else version.node
