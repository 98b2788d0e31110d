"""What is known about one fact of a case, with the state that says how well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import cast

Number = int | Decimal


class Widened(StrEnum):
    """Why a number is less certain than it was entered."""

    OLD = "old"  # said too long ago: it may have risen since
    VERSION = "version"  # graded by a CTCAE version that grades the same finding lower
    REPLACED = "replaced"  # on hormone replacement CTCAE grades it no lower than 2
    DOUBLED = "doubled"  # two entries may be of one event, and do not say the same
    # No grade was given, so that only what holds of any such irAE is certain:
    UNGRADED = "ungraded"  # nobody was asked for it
    OWED = "owed"  # somebody is to find it out
    NO_GRADE = "no_grade"  # it cannot be had


class FactState(StrEnum):
    """How far a fact is known. Only KNOWN carries a value."""

    KNOWN = "known"
    NOT_YET = "not_yet"  # owed: somebody will supply it
    UNKNOWN = "unknown"  # asked, and it cannot be had
    NOT_APPLICABLE = "not_applicable"  # the question does not arise
    MISSING = "missing"  # never asked

    @property
    def has_no_answer(self) -> bool:
        """True where a comparison with this fact cannot be decided."""
        return self in _OPEN


_OPEN = frozenset({FactState.NOT_YET, FactState.UNKNOWN, FactState.MISSING})


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: a closed interval for numbers and days (None is unbounded), a value for the others.

    Raises ValueError when state and content disagree: known if and only if there is a
    value, and a lower bound never above the upper one.
    """

    state: FactState
    # Of a day, two dates: typed as what all but a handful of the facts are.
    low: Number | None = None
    high: Number | None = None
    value: str | bool | None = None
    # For whoever reads the reasons; two facts that say the same are equal whatever it is.
    widened: tuple[Widened, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        numeric = self.low is not None or self.high is not None
        if (self.state is FactState.KNOWN) != (numeric or self.value is not None):
            raise ValueError(f"A fact that is {self.state} and its value disagree.")
        if numeric and self.value is not None:
            raise ValueError("A fact is either a number or a value, not both.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"The lower bound {self.low} is above the upper bound {self.high}.")

    @classmethod
    def number(cls, value: Number) -> Fact:
        """A number known exactly."""
        return cls(FactState.KNOWN, low=value, high=value)

    @classmethod
    def between(
        cls, low: Number | None, high: Number | None, widened: Iterable[Widened] = ()
    ) -> Fact:
        """A number known to lie between two bounds, either of which may be open."""
        return cls(FactState.KNOWN, low=low, high=high, widened=tuple(dict.fromkeys(widened)))

    @classmethod
    def day(cls, first: date | None, last: date | None) -> Fact:
        """A day known to lie between two days, either of which may be open."""
        ends = cast("Number | None", first), cast("Number | None", last)
        return cls(FactState.KNOWN, low=ends[0], high=ends[1])

    @classmethod
    def known(cls, value: str | bool) -> Fact:
        """A flag or a choice that is known."""
        return cls(FactState.KNOWN, value=value)

    @classmethod
    def absent(cls, state: FactState) -> Fact:
        """A fact without a value, in any state but KNOWN."""
        return cls(state)


MISSING = Fact(FactState.MISSING)

Facts = Mapping[str, Fact]
"""All facts of one case by key; a key that is not there counts as missing."""
