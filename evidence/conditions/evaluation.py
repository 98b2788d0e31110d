"""Three-valued answers: does a condition hold for these facts, and because of what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evidence.conditions.facts import MISSING, Fact, Facts, FactState, Number
from evidence.conditions.tree import All, AtLeastOne, Comparison, Node, Not
from evidence.conditions.words import Translate, fact_words, same


class Answer(StrEnum):
    """The three answers. UNDETERMINED is an answer of its own, never a kind of FALSE."""

    TRUE = "true"
    FALSE = "false"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that the answer rests on, as it stood when it was evaluated."""

    key: str
    fact: Fact

    @property
    def state(self) -> FactState:
        """The state of the fact."""
        return self.fact.state

    @property
    def text(self) -> str:
        """The fact and its value in words."""
        return self.words(same)

    def words(self, translate: Translate) -> str:
        """The same in another language: `translate` is called on every label."""
        return fact_words(self.key, self.fact, translate)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An answer, the facts that made it, and the facts that would settle it.

    `missing` is empty unless the answer is UNDETERMINED. It holds each key once, in order
    of appearance: facts without a value, and numbers whose interval straddles a threshold.
    """

    answer: Answer
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]


def evaluate(node: Node, facts: Facts) -> Evaluation:
    """Answer a condition for the facts of one case.

    Guarantees: supplying a value for a fact that had none, or narrowing an interval, never
    changes TRUE to FALSE or back, only UNDETERMINED to one of them. Raises TypeError where
    a known fact is of another kind than the vocabulary says.
    """
    answer, keys = _evaluate(node, facts)
    keys = tuple(dict.fromkeys(keys))
    return Evaluation(
        answer=answer,
        reasons=tuple(Reason(key, facts.get(key, MISSING)) for key in keys),
        missing=keys if answer is Answer.UNDETERMINED else (),
    )


def _evaluate(node: Node, facts: Facts) -> tuple[Answer, tuple[str, ...]]:
    """The answer and the keys of the comparisons it rests on."""
    match node:
        case Comparison():
            return _compare(node, facts.get(node.fact, MISSING)), (node.fact,)
        case Not(part):
            answer, keys = _evaluate(part, facts)
            return _OPPOSITE[answer], keys
        case All(parts):
            return _combine(parts, facts, decisive=Answer.FALSE)
        case AtLeastOne(parts):  # pragma: no branch - there is no other node, which mypy holds
            return _combine(parts, facts, decisive=Answer.TRUE)


def _combine(
    parts: tuple[Node, ...], facts: Facts, *, decisive: Answer
) -> tuple[Answer, tuple[str, ...]]:
    """Kleene's strong "and" (decisive FALSE) or "or" (decisive TRUE) over the parts."""
    results = [_evaluate(part, facts) for part in parts]
    answers = {answer for answer, _keys in results}
    if decisive in answers:
        answer = decisive
    elif Answer.UNDETERMINED in answers:
        answer = Answer.UNDETERMINED
    else:
        answer = _OPPOSITE[decisive]
    return answer, tuple(key for part, keys in results if part is answer for key in keys)


def _compare(comparison: Comparison, fact: Fact) -> Answer:
    if fact.state.has_no_answer:
        return Answer.UNDETERMINED
    if fact.state is FactState.NOT_APPLICABLE:
        return Answer.FALSE
    value = comparison.value
    if comparison.spec.kind == "number":
        if fact.value is not None or isinstance(value, tuple):
            raise TypeError(f"{comparison.fact} is a number; the fact is not.")
        return _DECIDE[comparison.op](fact.low, fact.high, value)
    expected = bool if comparison.spec.kind == "flag" else str
    if not isinstance(fact.value, expected):
        raise TypeError(f"{comparison.fact} is a {comparison.spec.kind}; the fact is not.")
    holds = fact.value in value if isinstance(value, tuple) else fact.value is value
    return Answer.TRUE if holds else Answer.FALSE


def _at_most(low: Number | None, high: Number | None, limit: Number) -> Answer:
    if high is not None and high <= limit:
        return Answer.TRUE
    return Answer.FALSE if low is not None and low > limit else Answer.UNDETERMINED


def _below(low: Number | None, high: Number | None, limit: Number) -> Answer:
    if high is not None and high < limit:
        return Answer.TRUE
    return Answer.FALSE if low is not None and low >= limit else Answer.UNDETERMINED


def _equal(low: Number | None, high: Number | None, value: Number) -> Answer:
    if low is not None and low == high == value:
        return Answer.TRUE
    outside = (low is not None and value < low) or (high is not None and value > high)
    return Answer.FALSE if outside else Answer.UNDETERMINED


_OPPOSITE = {
    Answer.TRUE: Answer.FALSE,
    Answer.FALSE: Answer.TRUE,
    Answer.UNDETERMINED: Answer.UNDETERMINED,
}
_DECIDE = {
    "<=": _at_most,
    "<": _below,
    "=": _equal,
    ">": lambda low, high, limit: _OPPOSITE[_at_most(low, high, limit)],
    ">=": lambda low, high, limit: _OPPOSITE[_below(low, high, limit)],
}
