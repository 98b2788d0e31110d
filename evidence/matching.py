"""Match statements to the facts of one case: applies, does not apply, cannot tell.

Pure: the same function serves the case page, the decision's snapshot and the tests. It
recommends nothing and ranks nothing; the order is the order of the statements given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from evidence.conditions import Answer, Evaluation, Facts, Node, Reason, evaluate


class Conditional(Protocol):
    """Anything with a condition as a tree, such as a StatementVersion."""

    @property
    def node(self) -> Node:
        """The condition."""


V = TypeVar("V", bound=Conditional)


@dataclass(frozen=True, slots=True)
class Match(Generic[V]):
    """One version held against one case."""

    version: V
    answer: Answer
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups(Generic[V]):
    """Matches by answer, each group in the order it came."""

    applies: tuple[Match[V], ...]
    cannot_tell: tuple[Match[V], ...]
    does_not_apply: tuple[Match[V], ...]


def match(versions: Iterable[V], facts: Facts) -> list[Match[V]]:
    """Evaluate every version's condition for the facts of one case, in the order given."""
    return [_matched(version, evaluate(version.node, facts)) for version in versions]


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


def settles(matches: Iterable[Match[V]]) -> dict[str, int]:
    """For each missing fact, how many undetermined statements it bears on; most first.

    It orders what is worth asking for. It says nothing about the options of treatment, and
    one fact need not settle a statement alone.
    """
    counts = Counter(key for found in matches for key in found.missing)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _matched(version: V, evaluation: Evaluation) -> Match[V]:
    return Match(version, evaluation.answer, evaluation.reasons, evaluation.missing)
