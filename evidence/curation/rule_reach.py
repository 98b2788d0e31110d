"""Which open cases a new version answers otherwise row by row: named on the curator's boards, a number on others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence.curation.rule_changes import (
    SAME,
    Compared,
    RowChange,
    Told,
    compared,
    differs,
    marks_in_words,
    words,
)

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.conditions import Node
    from evidence.models import StatementVersion

FEWEST_COUNTED = 5
"""Fewer cases of other boards than this are not told apart."""


@dataclass(frozen=True, slots=True)
class NamedCase:
    """An open case of the curator's boards with its answers, a letter for each condition."""

    reference: str
    url: str
    board: str
    answers: str


@dataclass(frozen=True, slots=True)
class RowReach:
    """One row: what changed in it, and how many cases go from which answer to which."""

    change: RowChange
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCase:
    """A case that is answered otherwise by a row, or gets another mark, each in words."""

    reference: str
    url: str
    board: str
    rows: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class RuleReach:
    """What becomes of the rules, and of the cases. `elsewhere`: how many cases of other boards change in any way."""

    rows: tuple[RowReach, ...] = ()
    marks: tuple[tuple[str, int], ...] = ()
    changed: int = 0
    cases: tuple[RuleCase, ...] = ()
    elsewhere: int | None = None

    @property
    def unnamed(self) -> int:
        """How many cases change that are not named."""
        return self.changed - len(self.cases)

    @property
    def elsewhere_words(self) -> str:
        """How many cases of other boards are answered otherwise, statement or rules; a few are not counted."""
        if self.elsewhere is None:
            return ""
        if self.elsewhere < FEWEST_COUNTED:
            words_ = _("On other boards, fewer than %(n)s open cases are answered otherwise.")
            return words_ % {"n": FEWEST_COUNTED}
        # In fives: of two numbers a curator could tell a single case of a board that is not theirs.
        least = self.elsewhere - self.elsewhere % FEWEST_COUNTED
        words_ = _("On other boards, at least %(n)s open cases are answered otherwise.")
        return words_ % {"n": least}


CountsAnswers = Callable[["User", Sequence["Node"]], Mapping[str, int]]
NamesCases = Callable[["User", Sequence["Node"], Sequence[str]], Sequence[NamedCase]]


@dataclass(slots=True)
class _Finders:
    here: CountsAnswers | None = None
    named: NamesCases | None = None
    elsewhere: CountsAnswers | None = None


_finders = _Finders()


def counts_answers(here: CountsAnswers, named: NamesCases, elsewhere: CountsAnswers) -> None:
    """Let the application of cases count open cases by their answers, and name those of the curator's boards."""
    _finders.here, _finders.named, _finders.elsewhere = here, named, elsewhere


def rule_reach(
    user: User, *, before: StatementVersion | None, after: StatementVersion | None
) -> RuleReach:
    """What changes in the rules, and for whom, when `after` takes the place of `before`."""
    asked = compared(before, after)
    told: Mapping[str, int] = {}
    elsewhere = None
    if _finders.elsewhere is not None:
        others = _finders.elsewhere(user, asked.nodes)
        if others:
            elsewhere = sum(n for one, n in others.items() if asked.told(one).is_changed)
    if asked.rows and _finders.here is not None:
        told = _finders.here(user, asked.nodes)
    changed = sorted(one for one in told if asked.told(one).rules_change)
    named: Sequence[NamedCase] = ()
    if changed and _finders.named is not None:
        named = _finders.named(user, asked.nodes, changed)
    return RuleReach(
        rows=_rows(asked, told),
        marks=_marks(asked, told),
        changed=sum(told[one] for one in changed),
        cases=tuple(_case(asked, one) for one in named),
        elsewhere=elsewhere,
    )


def _rows(asked: Compared, told: Mapping[str, int]) -> tuple[RowReach, ...]:
    """Every row that changed, and of the others those that answer otherwise since their statement does."""
    counts: list[Counter[tuple[str, str]]] = [Counter() for _row in asked.rows]
    for answers, number in told.items():
        for place, pair in enumerate(asked.told(answers).rows):
            if differs(*pair):
                counts[place][pair] += number
    return tuple(
        RowReach(change, tuple((words(pair), n) for pair, n in sorted(counts[place].items())))
        for place, change in enumerate(asked.rows)
        if change.kind != SAME or counts[place]
    )


def _marks(asked: Compared, told: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for answers, number in told.items():
        pair = asked.told(answers).marks
        if pair[0] != pair[1]:
            counts[pair] += number
    return tuple((marks_in_words(pair), n) for pair, n in sorted(counts.items()))


def _case(asked: Compared, case: NamedCase) -> RuleCase:
    told: Told = asked.told(case.answers)
    rows = tuple(
        f"{change.name}: {words(pair)}"
        for change, pair in zip(asked.rows, told.rows, strict=True)
        if differs(*pair)
    )
    mark = marks_in_words(told.marks) if told.marks[0] != told.marks[1] else ""
    return RuleCase(case.reference, case.url, case.board, rows, mark)
