"""Three-valued answers: does a condition hold for these facts, and because of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from evidence.conditions.facts import MISSING, Fact, Facts, FactState
from evidence.conditions.tree import All, Always, AtLeastOne, Comparison, Node, Not
from evidence.conditions.words import Translate, as_of_words, fact_words, same

Days = tuple[date, date]


class Answer(StrEnum):
    """The three answers. UNDETERMINED is an answer of its own, never a kind of FALSE."""

    TRUE = "true"
    FALSE = "false"
    UNDETERMINED = "undetermined"


def opposite(answer: Answer) -> Answer:
    """Return the answer to the negated question. By identity: this is asked some thousand times for one case."""
    if answer is Answer.UNDETERMINED:
        return answer
    return Answer.FALSE if answer is Answer.TRUE else Answer.TRUE


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that the answer rests on, as it stood when it was evaluated.

    `days`: the first and the last day on which it may have been said or measured; None where the record knows none.
    """

    key: str
    fact: Fact
    days: Days | None = None

    @property
    def state(self) -> FactState:
        """The state of the fact."""
        return self.fact.state

    @property
    def text(self) -> str:
        """The fact and its value in words, with the day as of which it is known."""
        return self.words(same)

    def words(self, translate: Translate) -> str:
        """The same in another language: `translate` is called on every label."""
        words = fact_words(self.key, self.fact, translate)
        if self.days is None or self.fact.state is not FactState.KNOWN:
            return words
        return as_of_words(words, self.days, translate)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An answer, the facts that made it, and the facts that would settle it.

    `missing` is empty unless the answer is UNDETERMINED. It holds each key once, in order
    of appearance: facts without a value, and numbers whose interval straddles a threshold.
    """

    answer: Answer
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]


def evaluate(
    node: Node, facts: Facts, *, as_of: date | None = None, said: Mapping[str, Days] | None = None
) -> Evaluation:
    """Answer a condition for the facts of one case on the day `as_of`; `said` holds the days of facts that have one.

    Without `as_of` no comparison with the days before it can be told. Guarantees: supplying a value for a fact that
    had none, or narrowing an interval, never changes TRUE to FALSE or back, only UNDETERMINED to one of them. Raises
    TypeError where a known fact is of another kind than the vocabulary says.
    """
    answer, keys = _evaluate(node, facts, as_of)
    keys = tuple(dict.fromkeys(keys))
    days = said or {}
    return Evaluation(
        answer=answer,
        reasons=tuple(Reason(key, facts.get(key, MISSING), days.get(key)) for key in keys),
        missing=keys if answer is Answer.UNDETERMINED else (),
    )


def answer_of(node: Node, facts: Facts, as_of: date | None = None) -> Answer:
    """Return the answer alone, without the reasons: for whoever asks the same of many facts."""
    match node:
        case Comparison():
            return compare(node, facts.get(node.fact, MISSING), as_of)
        case Always():
            return Answer.TRUE
        case Not(part):
            return opposite(answer_of(part, facts, as_of))
        case All(parts):
            decisive = Answer.FALSE
        case AtLeastOne(parts):  # pragma: no branch - there is no other node, which mypy holds
            decisive = Answer.TRUE
    found = opposite(decisive)
    for part in parts:
        answer = answer_of(part, facts, as_of)
        if answer is decisive:
            return answer
        if answer is Answer.UNDETERMINED:
            found = answer
    return found


def _evaluate(node: Node, facts: Facts, as_of: date | None) -> tuple[Answer, tuple[str, ...]]:
    """The answer and the keys of the comparisons it rests on."""
    match node:
        case Comparison():
            return compare(node, facts.get(node.fact, MISSING), as_of), (node.fact,)
        case Always():
            return Answer.TRUE, ()
        case Not(part):
            answer, keys = _evaluate(part, facts, as_of)
            return opposite(answer), keys
        case All(parts):
            return _combine(parts, facts, as_of, decisive=Answer.FALSE)
        case AtLeastOne(parts):  # pragma: no branch - there is no other node, which mypy holds
            return _combine(parts, facts, as_of, decisive=Answer.TRUE)


def _combine(
    parts: tuple[Node, ...], facts: Facts, as_of: date | None, *, decisive: Answer
) -> tuple[Answer, tuple[str, ...]]:
    """Kleene's strong "and" (decisive FALSE) or "or" (decisive TRUE) over the parts."""
    results = [_evaluate(part, facts, as_of) for part in parts]
    answer = opposite(decisive)
    for one, _keys in results:
        if one is decisive:
            answer = one
            break
        if one is Answer.UNDETERMINED:
            answer = one
    return answer, tuple(key for part, keys in results if part is answer for key in keys)


def compare(comparison: Comparison, fact: Fact, as_of: date | None) -> Answer:
    """Answer one comparison for the fact it is about."""
    if fact.state is not FactState.KNOWN:
        gone = fact.state is FactState.NOT_APPLICABLE
        return Answer.FALSE if gone else Answer.UNDETERMINED
    if comparison.op == "known":
        return Answer.TRUE
    value, kind = comparison.value, comparison.spec.kind
    if kind in _MEASURED:
        if fact.value is not None or isinstance(fact.low or fact.high, date) != (kind == "date"):
            raise TypeError(f"{comparison.fact} is a {kind}; the fact is not.")
        if comparison.op == "within":
            return _within(fact, comparison.value, as_of)
        return _DECIDE[comparison.op](fact.low, fact.high, value)
    expected = bool if kind == "flag" else str
    if not isinstance(fact.value, expected):
        raise TypeError(f"{comparison.fact} is a {kind}; the fact is not.")
    holds = fact.value in value if isinstance(value, tuple) else fact.value is value
    return Answer.TRUE if holds else Answer.FALSE


def _within(fact: Fact, days: Any, as_of: date | None) -> Answer:
    """Whether a day lies at most `days` days before `as_of`, and not after it."""
    if as_of is None:
        return Answer.UNDETERMINED
    since = opposite(_below(fact.low, fact.high, as_of - timedelta(days=days)))
    until = _at_most(fact.low, fact.high, as_of)
    if Answer.FALSE in (since, until):
        return Answer.FALSE
    return Answer.UNDETERMINED if Answer.UNDETERMINED in (since, until) else Answer.TRUE


def _at_most(low: Any, high: Any, limit: Any) -> Answer:
    if high is not None and high <= limit:
        return Answer.TRUE
    return Answer.FALSE if low is not None and low > limit else Answer.UNDETERMINED


def _below(low: Any, high: Any, limit: Any) -> Answer:
    if high is not None and high < limit:
        return Answer.TRUE
    return Answer.FALSE if low is not None and low >= limit else Answer.UNDETERMINED


def _equal(low: Any, high: Any, value: Any) -> Answer:
    if low is not None and low == high == value:
        return Answer.TRUE
    outside = (low is not None and value < low) or (high is not None and value > high)
    return Answer.FALSE if outside else Answer.UNDETERMINED


# Facts that are known as an interval.
_MEASURED = frozenset({"number", "date"})
_DECIDE = {
    "<=": _at_most,
    "<": _below,
    "=": _equal,
    ">": lambda low, high, limit: opposite(_at_most(low, high, limit)),
    ">=": lambda low, high, limit: opposite(_below(low, high, limit)),
}
