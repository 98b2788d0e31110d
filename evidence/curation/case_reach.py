"""Which open cases a new version answers otherwise, row by row: named on the curator's boards, a number on others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence.curation.counting import FEW, named_cases
from evidence.curation.rule_changes import (
    SAME,
    Compared,
    RowChange,
    differs,
    marks_in_words,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from accounts.models import User
    from evidence.curation.counting import Counts, NamedCase, Question

Numbers = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RowReach:
    """One row: what changed in it, and how many cases go from which answer to which."""

    change: RowChange
    counts: Numbers = ()


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """A case that is answered otherwise by the statement or a row, or gets another mark, each in words."""

    reference: str
    url: str
    board: str
    statement: str
    rows: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class CaseReach:
    """What becomes of open cases: how many were compared and change, by the statement, each row and the mark.

    `elsewhere`: how many cases of other boards change in any way, in fives.
    """

    compared: int = 0
    changed: int = 0
    statement: Numbers = ()
    rows: tuple[RowReach, ...] = ()
    marks: Numbers = ()
    cases: tuple[ChangedCase, ...] = ()
    elsewhere: int | None = None

    @property
    def unnamed(self) -> int:
        """How many cases change that are not named."""
        return self.changed - len(self.cases)

    @property
    def elsewhere_words(self) -> str:
        """How many cases of other boards are answered otherwise; a few are not counted."""
        if self.elsewhere is None:
            return ""
        if not self.elsewhere:
            words_ = _("On other boards, fewer than %(n)s open cases are answered otherwise.")
            return words_ % {"n": FEW}
        words_ = _("On other boards, at least %(n)s open cases are answered otherwise.")
        return words_ % {"n": self.elsewhere}


def changed_rows(asked: Compared) -> tuple[RowReach, ...]:
    """The rows that changed, before any case was counted."""
    return tuple(RowReach(change) for change in asked.rows if change.kind != SAME)


def case_reach(user: User, question: Question, counts: Counts) -> CaseReach:
    """What `counts` come to, in words."""
    asked, told = question.compared, counts.here
    changed = sum(n for one, n in told.items() if asked.told(one).is_changed)
    return CaseReach(
        compared=sum(told.values()),
        changed=changed,
        statement=_statement(asked, told),
        rows=_rows(asked, told),
        marks=_marks(asked, told),
        cases=tuple(_case(asked, one) for one in named_cases(user, counts)),
        elsewhere=counts.elsewhere,
    )


def _statement(asked: Compared, told: Mapping[str, int]) -> Numbers:
    pairs = ((asked.told(one).statement, n) for one, n in told.items())
    return tuple((words(pair), n) for pair, n in _summed(pairs) if differs(*pair))


def _rows(asked: Compared, told: Mapping[str, int]) -> tuple[RowReach, ...]:
    """Every row that changed, and of the others those that answer otherwise since their statement does."""
    counts = [
        [
            (words(pair), n)
            for pair, n in _summed((asked.told(one).rows[place], n) for one, n in told.items())
            if differs(*pair)
        ]
        for place in range(len(asked.rows))
    ]
    return tuple(
        RowReach(change, tuple(numbers))
        for change, numbers in zip(asked.rows, counts, strict=True)
        if change.kind != SAME or numbers
    )


def _marks(asked: Compared, told: Mapping[str, int]) -> Numbers:
    pairs = ((asked.told(one).marks, n) for one, n in told.items())
    return tuple((marks_in_words(pair), n) for pair, n in _summed(pairs) if pair[0] != pair[1])


def _summed(
    pairs: Iterable[tuple[tuple[str, str], int]],
) -> list[tuple[tuple[str, str], int]]:
    found: Counter[tuple[str, str]] = Counter()
    for pair, number in pairs:
        found[pair] += number
    return sorted(found.items())


def _case(asked: Compared, case: NamedCase) -> ChangedCase:
    told = asked.told(case.answers)
    rows = tuple(
        f"{change.name}: {words(pair)}"
        for change, pair in zip(asked.rows, told.rows, strict=True)
        if differs(*pair)
    )
    statement = words(told.statement) if differs(*told.statement) else ""
    mark = marks_in_words(told.marks) if told.marks[0] != told.marks[1] else ""
    return ChangedCase(case.reference, case.url, case.board, statement, rows, mark)
