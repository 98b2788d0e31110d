"""Answers under a named definition: one classification, asked of everything the record leaves possible.

A definition classifies exact values. Where an input is a span or is not known, every value it may have is tried:
if all give one answer, that is the answer; if not, it cannot be told, and the inputs that would settle it are named.
So a gap that is filled, or a date made more precise, never turns an answer into another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from cases.derivations.record import most_open
from evidence.conditions.facts import Fact, FactState

# Longer than any span of a record.
ENDLESS = 100_000


@dataclass(frozen=True)
class Input:
    """One input of a definition: what the record says, every value that it leaves possible, and all there are."""

    key: str
    fact: Fact
    values: tuple[Any, ...]
    domain: tuple[Any, ...]


class Outcome(NamedTuple):
    """What a classification says: a value, or (None) why the definition does not cover the case.

    `settled` is False where the definition itself leaves the case open.
    """

    value: str | bool | None
    note: str = ""
    settled: bool = True

    @property
    def answer(self) -> tuple[str | bool | None, bool]:
        """The answer without the reason for it."""
        return self.value, self.settled

    @property
    def fact(self) -> Fact:
        """The answer as a fact."""
        if self.value is not None:
            return Fact.known(self.value)
        return Fact.absent(FactState.NOT_APPLICABLE if self.settled else FactState.UNKNOWN)


@dataclass(frozen=True)
class Derived:
    """An answer with the definition it rests on, the inputs it used, and those that would settle it."""

    fact: Fact
    definition: str
    used: tuple[tuple[str, Fact], ...] = ()
    missing: tuple[tuple[str, Fact], ...] = ()
    note: str = ""


def one_of(key: str, fact: Fact, choices: Sequence[Any]) -> Input:
    """Return an input that is one of `choices`; "not applicable" leaves all of them possible."""
    known = fact.state is FactState.KNOWN
    return Input(key, fact, (fact.value,) if known else tuple(choices), tuple(choices))


def days(key: str, fact: Fact, begins: Iterable[int]) -> Input:
    """Return an input in days or in lesions, of which one value of each class is enough.

    `begins`: the values from which on a definition may answer otherwise; 0 begins the first class.
    """
    low = fact.low if fact.low is not None else 0
    high = fact.high if fact.high is not None else ENDLESS
    limits = sorted(begins)
    values = (low, *(limit for limit in limits if low < limit <= high))
    return Input(key, fact, values, (0, *limits))


def decide(definition: str, inputs: Sequence[Input], classify: Callable[..., Outcome]) -> Derived:
    """Return what `classify` says of all values that the inputs may have."""

    def ask(axes: Iterable[Sequence[Any]]) -> dict[tuple[Any, ...], Outcome]:
        keys = [i.key for i in inputs]
        return {
            values: classify(**dict(zip(keys, values, strict=True))) for values in product(*axes)
        }

    found = ask(i.values for i in inputs)
    outcomes = set(found.values())
    if len({outcome.answer for outcome in outcomes}) == 1:
        notes = {outcome.note for outcome in outcomes}
        note = notes.pop() if len(notes) == 1 else ""
        return Derived(outcomes.pop().fact, definition, _used(inputs, ask), note=note)
    open_ = [i for place, i in enumerate(inputs) if _matters(found, place)]
    states = {i.fact.state for i in open_} - {FactState.KNOWN}
    if states == {FactState.NOT_APPLICABLE}:
        states = {FactState.UNKNOWN}
    missing = tuple((i.key, i.fact) for i in open_)
    return Derived(Fact.absent(most_open(states)), definition, missing=missing)


def _used(
    inputs: Sequence[Input],
    ask: Callable[[Iterable[Sequence[Any]]], dict[tuple[Any, ...], Outcome]],
) -> tuple[tuple[str, Fact], ...]:
    """Return the known inputs on which the answer rests: another value of them could change it."""
    known = [n for n, i in enumerate(inputs) if i.fact.state is FactState.KNOWN]
    rests = [
        n
        for n in known
        if _matters(ask(i.domain if m == n else i.values for m, i in enumerate(inputs)), n)
    ]
    return tuple((inputs[n].key, inputs[n].fact) for n in rests or known)


def _matters(found: dict[tuple[Any, ...], Outcome], place: int) -> bool:
    """Whether the answer ever changes with the input at `place` alone."""
    seen: dict[tuple[Any, ...], Any] = {}
    for values, outcome in found.items():
        others = (*values[:place], *values[place + 1 :])
        if seen.setdefault(others, outcome.answer) != outcome.answer:
            return True
    return False
