"""Which open cases a condition touches: one condition held against many cases by one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Value
from django.utils import timezone

from cases.condition_sql import gathered
from cases.models import CaseFacts
from cases.states import CaseState
from evidence.conditions import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from accounts.models import Board, User
    from cases.access import PatientScopedQuerySet
    from evidence.conditions import Node

OPEN = frozenset(CaseState) - {CaseState.CLOSED}


@dataclass(frozen=True)
class Touched:
    """The ids of the cases by the answer that a condition gives of each, in ascending order."""

    cases: Mapping[Answer, tuple[int, ...]]

    @property
    def counts(self) -> dict[Answer, int]:
        """How many cases have each answer."""
        return {answer: len(ids) for answer, ids in self.cases.items()}

    @property
    def total(self) -> int:
        """How many cases were asked."""
        return sum(self.counts.values())


def open_facts(user: User, boards: Iterable[Board] | None = None) -> PatientScopedQuerySet:
    """Return the facts of the open cases whose pages `user` may open; of `boards` alone where they are given."""
    allowed = {board.pk for board in user.boards_with("case.view")}
    if boards is not None:
        allowed &= {board.pk for board in boards}
    rows = CaseFacts.objects.all_visible_to(user)
    return rows.filter(case__board__in=allowed, case__state__in=OPEN)


def touched(
    user: User, node: Node, *, boards: Iterable[Board] | None = None, as_of: date | None = None
) -> Touched:
    """Return what a condition answers of each open case that `user` may open, today unless `as_of` is given.

    One statement, beside those that tell which boards are the user's.
    """
    found = gathered(
        open_facts(user, boards),
        node,
        lambda of: ArrayAgg("case_id", filter=of, default=Value([])),
        as_of=as_of or timezone.localdate(),
    )
    true, false, asked = (set(found[of]) for of in ("true", "false", "all"))
    return Touched(
        {
            Answer.TRUE: tuple(sorted(true)),
            Answer.FALSE: tuple(sorted(false)),
            Answer.UNDETERMINED: tuple(sorted(asked - true - false)),
        }
    )
