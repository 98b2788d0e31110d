"""How many open conditions the value of one missing fact would settle, whichever value it turns out to be.

For each missing fact every class of value that it may still have is tried, all other facts as they are: one value for
each answer that the conditions could tell apart, within the bounds that are known and those of the vocabulary. For each
value the conditions that become definite are counted. `least` and `most` are the smallest and the largest of these
counts: whatever the answer, it settles so many at least, and at best so many. "Not applicable" is not among the
values: who asks expects an answer.

Facts are taken one by one. That two of them together would settle more is not counted, nor that the value of one
follows from another (without any irAE there is no grade).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

from evidence.conditions.evaluation import Answer, compare, opposite
from evidence.conditions.facts import MISSING, Fact, Facts
from evidence.conditions.specs import FactSpec
from evidence.conditions.tree import All, Always, AtLeastOne, Comparison, Node, Not, comparisons
from evidence.conditions.vocabulary import FACTS

Answers = list[Answer]


@dataclass(frozen=True, slots=True)
class Settling:
    """What the value of one missing fact would settle by itself, of the `of` conditions that it bears on."""

    least: int
    most: int
    of: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A condition made ready to be asked many times: its comparisons, and its answer from theirs."""

    asked: tuple[Comparison, ...]
    places: dict[str, tuple[int, ...]]
    answer: Callable[[Answers], Answer]


class _Open:
    """One open condition as one fact sees it: what the rest of it answers, and what was found out so far."""

    def __init__(self, plan: _Plan, answers: Answers, key: str) -> None:
        self.plan, self.answers, self.places = plan, answers, plan.places[key]
        self.asked = [plan.asked[place] for place in self.places]
        self.limits: list[Any] = []
        self.seen: dict[Any, bool] = {}

    def asks_alone(self, as_of: date | None) -> bool:
        """Whether it reads nothing but this fact: any value settles it, unless it asks for a day and none is given."""
        told = as_of is not None or all(one.op != "within" for one in self.asked)
        return told and len(self.asked) == len(self.plan.asked)

    def settled_by(self, fact: Fact, as_of: date | None) -> bool:
        """Whether the condition is definite with this value; each class of value is tried once."""
        kind = self._class_of(fact)
        if kind not in self.seen:
            trial = list(self.answers)
            for place, comparison in zip(self.places, self.asked, strict=True):
                trial[place] = compare(comparison, fact, as_of)
            self.seen[kind] = self.plan.answer(trial) is not Answer.UNDETERMINED
        return self.seen[kind]

    def _class_of(self, fact: Fact) -> Any:
        if fact.value is not None:
            return fact.value
        return bisect_left(self.limits, fact.low) + bisect_right(self.limits, fact.low)


def settling(
    open_: Iterable[tuple[Node, Sequence[str]]], facts: Facts, as_of: date | None = None
) -> dict[str, Settling]:
    """Return for each fact that is missing what it would settle of the conditions that lack it, most first.

    `open_`: undetermined conditions, each with the facts that it lacks. By the least that any value settles, then by
    the most that one may settle, then by what it bears on.
    """
    by_key: dict[str, list[_Open]] = {}
    for node, missing in open_:
        plan = _plan(node)
        answers = [compare(one, facts.get(one.fact, MISSING), as_of) for one in plan.asked]
        for key in missing:
            by_key.setdefault(key, []).append(_Open(plan, answers, key))
    found = {
        key: _of_fact(key, conditions, facts.get(key, MISSING), as_of)
        for key, conditions in by_key.items()
    }
    return dict(
        sorted(
            found.items(),
            key=lambda pair: (-pair[1].least, -pair[1].most, -pair[1].of, pair[0]),
        )
    )


def _of_fact(key: str, conditions: list[_Open], fact: Fact, as_of: date | None) -> Settling:
    spec = FACTS[key]
    # What reads this fact alone is settled by every value, so that it tells none apart.
    others = [one for one in conditions if not one.asks_alone(as_of)]
    alone = len(conditions) - len(others)
    if not others:
        return Settling(alone, alone, alone)
    everything: set[Any] = set()
    if spec.kind in {"number", "date"}:
        for one in others:
            one.limits = sorted({x for asked in one.asked for x in _limits(asked, as_of)})
            everything.update(one.limits)
    counts = [
        sum(one.settled_by(value, as_of) for one in others)
        for value in _values(spec, fact, sorted(everything), as_of)
    ]
    return Settling(alone + min(counts), alone + max(counts), len(conditions))


def _limits(comparison: Comparison, as_of: date | None) -> tuple[Any, ...]:
    """Return the values of a number or a day on which a comparison may begin to answer otherwise."""
    if comparison.op == "known":
        return ()
    if comparison.op == "within":
        since = timedelta(days=comparison.value)  # type: ignore[arg-type]
        return () if as_of is None else (as_of - since, as_of)
    return (comparison.value,)


def _values(spec: FactSpec, fact: Fact, limits: list[Any], as_of: date | None) -> tuple[Fact, ...]:
    """Return one value of each class that the `limits` tell apart, of those that `fact` leaves possible."""
    if spec.kind == "flag":
        return YES_NO
    if spec.kind == "choice":
        return tuple(map(_known, spec.codes))
    step = _step(spec)
    low = spec.lowest if fact.low is None else fact.low
    high = spec.highest if fact.high is None else fact.high
    # The limits themselves, one value in each gap between them, and one on either side.
    points = {*limits, *(limit + step for limit in limits), *(limit - step for limit in limits[:1])}
    points |= {end for end in (low, high) if end is not None}
    inside = [p for p in points if (low is None or p >= low) and (high is None or p <= high)]
    return tuple(map(_exactly, inside or [as_of or date.max]))


def _step(spec: FactSpec) -> Any:
    if spec.kind == "date":
        return timedelta(days=1)
    return Decimal("0.01") if spec.decimals else 1


YES_NO = (Fact.known(True), Fact.known(False))


@lru_cache(maxsize=4096)
def _known(code: str) -> Fact:
    return Fact.known(code)


@lru_cache(maxsize=4096)
def _exactly(value: Any) -> Fact:
    return Fact.day(value, value) if isinstance(value, date) else Fact.number(value)


@lru_cache(maxsize=4096)
def _plan(node: Node) -> _Plan:
    asked = tuple(comparisons(node))
    places: dict[str, tuple[int, ...]] = {}
    for place, comparison in enumerate(asked):
        places[comparison.fact] = (*places.get(comparison.fact, ()), place)
    return _Plan(asked, places, _ready(node, iter(range(len(asked)))))


def _ready(node: Node, places: Iterable[int]) -> Callable[[Answers], Answer]:
    """Return the function that answers a condition from the answers of its comparisons, left to right."""
    match node:
        case Comparison():
            return itemgetter(next(iter(places)))
        case Always():
            return lambda _answers: Answer.TRUE
        case Not(part):
            inner = _ready(part, places)
            return lambda answers: opposite(inner(answers))
        case All(parts):
            return _joined([_ready(part, places) for part in parts], Answer.FALSE)
        case AtLeastOne(parts):  # pragma: no branch - there is no other node
            return _joined([_ready(part, places) for part in parts], Answer.TRUE)


def _joined(
    parts: list[Callable[[Answers], Answer]], decisive: Answer
) -> Callable[[Answers], Answer]:
    otherwise = opposite(decisive)

    def answer(answers: Answers) -> Answer:
        found = otherwise
        for part in parts:
            one = part(answers)
            if one is decisive:
                return one
            if one is Answer.UNDETERMINED:
                found = one
        return found

    return answer
