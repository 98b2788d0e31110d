"""Entries of one list that may be one: what follows from them as long as nobody said which it is.

Two records that are merged may tell of one irAE twice, each in its own words. Until one of the two is removed, or
somebody said that they are two, whatever depends on how many there are is a range, or nobody can tell it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.conditions.facts import Fact, Widened

if TYPE_CHECKING:
    from cases.derivations.events import Event
    from cases.derivations.record import Record
    from evidence.conditions.facts import Number

Keys = frozenset[frozenset[int]]


@dataclass(frozen=True)
class Pairs:
    """Pairs of one list, by the keys of their rows: those of which it is open, and those that were said to be two."""

    open: Keys = frozenset()
    two: Keys = frozenset()

    def may_be_one(self, one: int | None, other: int | None, *, alike: bool) -> bool:
        """Whether the entries with two keys may be one; `alike`: what they tell does not keep them apart."""
        pair = frozenset({one, other})
        return pair in self.open or (alike and pair not in self.two)


def doubles_of(record: Record, event: Event) -> list[Event]:
    """Return the irAEs that may be the same one as `event`."""
    return [
        other
        for other in record.iraes
        if other is not event
        and record.irae_pairs.may_be_one(event.entry, other.entry, alike=False)
    ]


def variants(record: Record, event: Event) -> list[Event]:
    """Return an irAE in all the words in which it may be told."""
    return [event, *doubles_of(record, event)]


def may_be_over(record: Record, event: Event) -> bool:
    """Whether what may be the same irAE is said to be over: one of the two words is older than the other."""
    return any(_is_over(other) for other in doubles_of(record, event))


def in_doubt(record: Record, event: Event, grade: Fact) -> Fact:
    """Return the grade of now of an irAE: no more than its lower end is certain where what may be the same has less."""
    if grade.low is None:
        return grade
    told = [low for other in doubles_of(record, event) if (low := _least(other)) is not None]
    low = min([grade.low, *told])
    if low == grade.low:
        return grade
    return Fact.between(low, grade.high, (*grade.widened, Widened.DOUBLED))


def _is_over(event: Event) -> bool:
    return event.on_replacement or event.resolution.value == "resolved"


def _least(event: Event) -> Number | None:
    return 0 if _is_over(event) else event.grade_now.low
