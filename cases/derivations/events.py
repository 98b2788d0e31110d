"""One irAE as derivations read it, as a plain value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.vocabulary import ENDOCRINE, family_of, lowest_grade, may_be_of
from evidence.conditions.facts import Fact, FactState

Span = tuple[date | None, date | None]
MISSING = Fact.absent(FactState.MISSING)
# The lowest grade that CTCAE gives to an endocrine irAE for which a hormone is replaced.
REPLACED = 2


@dataclass(frozen=True)
class Event:
    """One irAE; without a grade it may be without a CTCAE version too."""

    entity: str
    organ: str
    ctcae_version: str
    worst_grade: Fact = MISSING
    grade_now: Fact = MISSING
    onset_grade: Fact = MISSING
    resolution: Fact = MISSING
    onset: Span = (None, None)
    resolved: Span = (None, None)
    onset_after_start_days: int | None = None
    # What else its onset is told in days from, and how many.
    onset_after: tuple[str, int] | None = None
    # Number of the course that it came during or after, where that is told.
    course: int | None = None
    recurrent: bool = False
    # The day for which the grade of now, and how it went on, were said.
    now_on: date | None = None
    # What it was, of an event that is no one disease.
    name: str = ""
    # Its place among the entries of all irAEs.
    entry: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is said to have resolved and to have no grade any more."""
        return self.resolution.value == "resolved" and self.grade_now.high == 0

    @property
    def goes_on(self) -> bool:
        """Whether it may be of another grade tomorrow: neither over nor controlled on replacement."""
        return not self.on_replacement and not self.is_over

    def may_be_of(self, organs: Iterable[str]) -> bool:
        """Whether it is outside the list, and affected one of `organs` or nobody told which."""
        return may_be_of(self.entity, self.organ, organs)

    @property
    def family(self) -> str:
        """The disease, whichever of its terms it was graded by."""
        return family_of(self.entity)

    @property
    def at_least(self) -> int:
        """What its worst grade was at least, without anyone having given it: any irAE has a grade.

        No less than it is now or was at onset, than its term begins with, and 2 where a hormone is replaced.
        """
        told = [fact.low for fact in (self.onset_grade, self.grade_now) if fact.low is not None]
        replaced = REPLACED if self.on_replacement else 1
        return max(lowest_grade(self.entity, self.ctcae_version), replaced, *map(int, told))

    @property
    def on_replacement(self) -> bool:
        """An endocrine irAE controlled on replacement: graded 2 for life, yet neither active nor a bar."""
        return self.organ in ENDOCRINE and self.resolution.value == "on_replacement"
