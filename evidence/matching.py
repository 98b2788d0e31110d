"""Match statements to the facts of one case: applies, does not apply, cannot tell.

Pure: the same function serves the case page, the decision's snapshot and the tests. It
recommends nothing and ranks nothing; the order is the order of the statements given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from evidence.conditions import Answer, Days, Facts, Node, Reason, evaluate
from evidence.conditions.settling import Settling, settling
from evidence.conditions.tree import All
from evidence.rulings import Row, Ruled, ruled


class Conditional(Protocol):
    """Anything with a condition as a tree, such as a StatementVersion."""

    @property
    def node(self) -> Node:
        """The condition."""


UNRULED = Ruled()
"""Of what has no rows of rules."""

V = TypeVar("V", bound=Conditional)


@dataclass(frozen=True, slots=True)
class Match(Generic[V]):
    """One version held against one case."""

    version: V
    answer: Answer
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    ruled: Ruled = UNRULED


@dataclass(frozen=True, slots=True)
class Groups(Generic[V]):
    """Matches by answer, each group in the order it came."""

    applies: tuple[Match[V], ...]
    cannot_tell: tuple[Match[V], ...]
    does_not_apply: tuple[Match[V], ...]


def match(
    versions: Iterable[V],
    facts: Facts,
    *,
    as_of: date | None = None,
    said: Mapping[str, Days] | None = None,
) -> list[Match[V]]:
    """Evaluate every version's condition for the facts of one case on `as_of`, in the order given.

    `said`: the days on which facts were said or measured, for the reasons.
    """
    found = []
    for version in versions:
        answered = evaluate(version.node, facts, as_of=as_of, said=said)
        # What is no statement of the evidence has no rows.
        rows: tuple[Row, ...] = getattr(version, "rule_rows", ())
        rulings = ruled(rows, answered, facts, as_of=as_of, said=said) if rows else UNRULED
        found.append(Match(version, answered.answer, answered.reasons, answered.missing, rulings))
    return found


def group(matches: Iterable[Match[V]]) -> Groups[V]:
    """Part matches into the three answers."""
    by_answer: dict[Answer, list[Match[V]]] = {answer: [] for answer in Answer}
    for found in matches:
        by_answer[found.answer].append(found)
    return Groups(
        applies=tuple(by_answer[Answer.TRUE]),
        cannot_tell=tuple(by_answer[Answer.UNDETERMINED]),
        does_not_apply=tuple(by_answer[Answer.FALSE]),
    )


def settles(
    matches: Iterable[Match[V]], facts: Facts, *, as_of: date | None = None
) -> dict[str, Settling]:
    """For each missing fact, how many undetermined statements its value alone would settle; most first.

    It orders what is worth asking for. It says nothing about the options of treatment.
    """
    open_ = ((found.version.node, found.missing) for found in matches if found.missing)
    return settling(open_, facts, as_of)


def rules_settled(
    matches: Iterable[Match[V]], facts: Facts, *, as_of: date | None = None
) -> dict[str, Settling]:
    """For each fact that rows of rules lack, how many of them its value alone would settle; most first.

    Only rows that could still make stricter what their publisher says of this case. A row is settled where it and
    the condition of its statement are, so a fact that the statement lacks bears on its rows as well.
    """
    open_ = (
        (All((found.version.node, ruling.row.node)), ruling.missing)
        for found in matches
        for ruling in found.ruled.unsettled
    )
    return settling(open_, facts, as_of)
