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
from collections.abc import Callable, Iterable, Iterator, Sequence
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
_YES, _NO = (Answer.TRUE,), (Answer.FALSE,)


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
    # Of a fact whose values can be listed: what its comparisons answer to each of them.
    by_value: dict[str, tuple[tuple[Answer, ...], ...]]


class _Open:
    """One open condition as one fact sees it: what the rest of it answers, and what was found out so far."""

    def __init__(self, plan: _Plan, answers: Answers, key: str) -> None:
        self.plan, self.answers, self.places = plan, answers, plan.places[key]
        self.asked = [plan.asked[place] for place in self.places]
        self.limits: list[Any] = []
        self.seen: dict[int, bool] = {}
        self.definite: dict[tuple[Answer, ...], bool] = {}

    def asks_alone(self, as_of: date | None) -> bool:
        """Whether it reads nothing but this fact: any value settles it, unless it asks for a day and none is given."""
        told = as_of is not None or all(one.op != "within" for one in self.asked)
        return told and len(self.asked) == len(self.plan.asked)

    def settles_alike(self, as_of: date | None) -> bool | None:
        """Whether every value settles it (True) or none does (False); None where it depends on the value.

        Only where it compares the fact once: then yes and no are all that a value can make of it.
        """
        if len(self.asked) > 1 or (as_of is None and self.asked[0].op == "within"):
            return None
        settled = self._is_definite(_YES)
        return settled if settled is self._is_definite(_NO) else None

    def settled_by(self, fact: Fact, as_of: date | None) -> bool:
        """Whether the condition is definite with this value; each class of value is tried once."""
        kind = self._class_of(fact)
        if kind not in self.seen:
            found = tuple([compare(one, fact, as_of) for one in self.asked])
            self.seen[kind] = self._is_definite(found)
        return self.seen[kind]

    def settled_by_each(self, key: str) -> list[bool]:
        """Whether the condition is definite with each of the values of a fact that can be listed."""
        return [self._is_definite(found) for found in self.plan.by_value[key]]

    def _is_definite(self, found: tuple[Answer, ...]) -> bool:
        """Whether the condition is definite where its comparisons of this fact answer so."""
        if found not in self.definite:
            trial = list(self.answers)
            for place, answer in zip(self.places, found, strict=True):
                trial[place] = answer
            self.definite[found] = self.plan.answer(trial) is not Answer.UNDETERMINED
        return self.definite[found]

    def _class_of(self, fact: Fact) -> int:
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
    # What every value settles, or none does, tells no values apart.
    alone, others = 0, []
    for one in conditions:
        alike = one.asks_alone(as_of) or one.settles_alike(as_of)
        alone += bool(alike)
        if alike is None:
            others.append(one)
    if not others:
        return Settling(alone, alone, len(conditions))
    if spec.kind in {"number", "date"}:
        everything: set[Any] = set()
        for one in others:
            one.limits = sorted({x for asked in one.asked for x in _limits(asked, as_of)})
            everything.update(one.limits)
        values = _exact_values(spec, fact, sorted(everything), as_of)
        settled = [[one.settled_by(value, as_of) for value in values] for one in others]
    else:
        settled = [one.settled_by_each(key) for one in others]
    counts = [sum(each) for each in zip(*settled, strict=True)]
    return Settling(alone + min(counts), alone + max(counts), len(conditions))


def _limits(comparison: Comparison, as_of: date | None) -> tuple[Any, ...]:
    """Return the values of a number or a day on which a comparison may begin to answer otherwise."""
    if comparison.op == "known":
        return ()
    if comparison.op == "within":
        since = timedelta(days=comparison.value)  # type: ignore[arg-type]
        return () if as_of is None else (as_of - since, as_of)
    return (comparison.value,)


def _listed_values(spec: FactSpec) -> tuple[Fact, ...]:
    """Return every value of a fact whose values can be listed; none of a number or a day."""
    if spec.kind == "flag":
        return YES_NO
    return tuple(Fact.known(code) for code, _label in spec.offered)


def _exact_values(
    spec: FactSpec, fact: Fact, limits: list[Any], as_of: date | None
) -> tuple[Fact, ...]:
    """Return one value of each class that the `limits` tell apart, of those that `fact` leaves possible."""
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
def _exactly(value: Any) -> Fact:
    return Fact.day(value, value) if isinstance(value, date) else Fact.number(value)


@lru_cache(maxsize=4096)
def _plan(node: Node) -> _Plan:
    asked = tuple(comparisons(node))
    places: dict[str, tuple[int, ...]] = {}
    for place, comparison in enumerate(asked):
        places[comparison.fact] = (*places.get(comparison.fact, ()), place)
    by_value = {
        key: tuple(
            tuple(compare(asked[place], value, None) for place in found)
            for value in _listed_values(FACTS[key])
        )
        for key, found in places.items()
    }
    return _Plan(asked, places, _ready(node, iter(range(len(asked)))), by_value)


def _ready(node: Node, places: Iterator[int]) -> Callable[[Answers], Answer]:
    """Return the function that answers a condition from the answers of its comparisons, left to right."""
    match node:
        case Comparison():
            return itemgetter(next(places))
        case Always():
            return lambda _answers: Answer.TRUE
        case Not(part):
            inner = _ready(part, places)
            return lambda answers: opposite(inner(answers))
        case All(parts):
            return _ready_parts(parts, places, Answer.FALSE)
        case AtLeastOne(parts):  # pragma: no branch - there is no other node
            return _ready_parts(parts, places, Answer.TRUE)


def _ready_parts(
    parts: Sequence[Node], places: Iterator[int], decisive: Answer
) -> Callable[[Answers], Answer]:
    if len(parts) > 1 and all(isinstance(part, Comparison) for part in parts):
        return _compared([next(places) for _part in parts], decisive)
    return _joined([_ready(part, places) for part in parts], decisive)


def _compared(places: Sequence[int], decisive: Answer) -> Callable[[Answers], Answer]:
    """Return what joins comparisons alone, which is what most conditions are made of: their answers at one go."""
    otherwise, of_all = opposite(decisive), itemgetter(*places)

    def answer(answers: Answers) -> Answer:
        found = of_all(answers)
        if decisive in found:
            return decisive
        return Answer.UNDETERMINED if Answer.UNDETERMINED in found else otherwise

    return answer


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
