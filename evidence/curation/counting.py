"""How many open cases a question reaches: of two versions, or of a condition that nobody saved yet.

Guidance lies below the application that knows cases, which registers how they are counted and named. A count is made in
parts (`PARTS`), so that a worker can say how far it is and be stopped; where few cases are open, all at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from evidence.conditions import parse
from evidence.curation.rule_changes import Compared, compared

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.conditions import Node
    from evidence.models import StatementVersion

AT_ONCE = 2_000
"""So many open cases are counted while a curator waits; more of them by a worker."""
SHOWN_CASES = 50
FEW = 5
"""Fewer cases of other boards than this are not told apart. So many cases are named for each answer of a condition."""


@dataclass(frozen=True, slots=True)
class NamedCase:
    """An open case of the curator's boards with its answers, a letter for each condition."""

    reference: str
    url: str
    board: str
    answers: str


@dataclass(frozen=True)
class Question:
    """What is asked of every open case: two versions, None where none stands, or one `condition`."""

    before: StatementVersion | None = None
    after: StatementVersion | None = None
    condition: Any = None

    @cached_property
    def compared(self) -> Compared:
        """The two versions made ready to be compared."""
        return compared(self.before, self.after)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The conditions to ask, each once."""
        return self.compared.nodes if self.condition is None else (parse(self.condition),)

    def key(self, user: User) -> str:
        """What tells this question from others: for whom, over which boards, on which day, of which words.

        The rules belong to it as they stand: what a mark rests on is their source, action, attestation and drugs too.
        """
        boards = sorted(board.pk for board in user.boards_with("case.view"))
        versions = [
            None if v is None else (v.pk, json.dumps([v.condition, v.rules], sort_keys=True))
            for v in (self.before, self.after)
        ]
        told = repr((user.pk, boards, timezone.localdate(), versions, self.nodes))
        return hashlib.sha256(told.encode()).hexdigest()

    def named(self, told: Mapping[str, int]) -> list[tuple[list[str], int]]:
        """By which answers cases are named, and how many of them at most."""
        if self.condition is not None:
            return [([one], FEW) for one in sorted(told)]
        changed = sorted(one for one in told if self.compared.told(one).is_changed)
        return [(changed, SHOWN_CASES)] if changed else []


@dataclass(frozen=True, slots=True)
class Counts:
    """What a count found: how many cases have which answers, the keys of those to name, how many change elsewhere.

    `elsewhere` comes in fives: of two numbers a curator could tell a single case of a board that is not theirs. None
    where no case is open elsewhere.
    """

    here: Mapping[str, int] = field(default_factory=dict)
    named: Sequence[tuple[int, str]] = ()
    elsewhere: int | None = None

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Counts:
        """Read what `PARTS` found."""
        named = tuple((key, answers) for key, answers in result["named"])
        return cls(result["here"], named, result["elsewhere"])


CountsAnswers = Callable[["User", Sequence["Node"]], Mapping[str, int]]
FindsNewest = Callable[["User", Sequence["Node"], Sequence[str], int], list[tuple[int, str]]]
NamesCases = Callable[["User", Sequence[tuple[int, str]]], list[NamedCase]]
CountsOpen = Callable[["User", int], int]


@dataclass(slots=True)
class _Finders:
    here: CountsAnswers = lambda _user, _nodes: {}
    newest: FindsNewest = lambda _user, _nodes, _answers, _most: []
    named: NamesCases = lambda _user, _found: []
    elsewhere: CountsAnswers = lambda _user, _nodes: {}
    open_cases: CountsOpen = lambda _user, _most: 0


_finders = _Finders()


def counts_cases(
    *,
    here: CountsAnswers,
    newest: FindsNewest,
    named: NamesCases,
    elsewhere: CountsAnswers,
    open_cases: CountsOpen,
) -> None:
    """Let the application of cases count open cases by their answers, and name those of the curator's boards."""
    _finders.here, _finders.newest, _finders.named = here, newest, named
    _finders.elsewhere, _finders.open_cases = elsewhere, open_cases


def _here(user: User, question: Question, result: dict[str, Any]) -> None:
    result["here"] = dict(_finders.here(user, question.nodes))


def _newest(user: User, question: Question, result: dict[str, Any]) -> None:
    result["named"] = [
        one
        for answers, most in question.named(result["here"])
        for one in _finders.newest(user, question.nodes, answers, most)
    ]


def _elsewhere(user: User, question: Question, result: dict[str, Any]) -> None:
    result["elsewhere"] = None
    if question.condition is not None:
        return
    told = _finders.elsewhere(user, question.nodes)
    if told:
        changed = sum(n for one, n in told.items() if question.compared.told(one).is_changed)
        result["elsewhere"] = changed - changed % FEW


PARTS: tuple[Callable[[User, Question, dict[str, Any]], None], ...] = (_here, _newest, _elsewhere)
"""What a count does, one statement or a few each; every part adds to what those before it found."""


def count_now(user: User, question: Question) -> Counts:
    """Count within the request."""
    result: dict[str, Any] = {}
    for part in PARTS:
        part(user, question, result)
    return Counts.of(result)


def named_cases(user: User, counts: Counts) -> list[NamedCase]:
    """The cases to name, as far as the user may see them now."""
    return _finders.named(user, counts.named) if counts.named else []


def is_much(open_cases: int) -> bool:
    """Whether so many open cases are counted by a worker."""
    return open_cases > AT_ONCE


def are_many(user: User) -> bool:
    """Whether so many cases are open on the user's own boards that a worker counts them."""
    return is_much(_finders.open_cases(user, AT_ONCE + 1))
