"""Which facts a question needs, how old each may be, and how far a case is prepared. Pure.

The rules are data (`cases.rules`). A rule whose condition cannot be told yet asks for nothing: what it depends on
is asked for by a rule of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from cases.derivations.saying import DATED
from evidence.conditions import Answer, evaluate
from evidence.conditions.facts import MISSING, Fact, FactState, Widened
from evidence.conditions.tree import comparisons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evidence.conditions import Node

    Days = tuple[date, date]

# Somebody asked and the answer is final: the fact is no longer owed, though a condition cannot read it.
SETTLED = frozenset({FactState.KNOWN, FactState.UNKNOWN, FactState.NOT_APPLICABLE})
# A grade that nobody gave is asked for, whatever is certain of it.
UNGRADED = {Widened.UNGRADED: FactState.MISSING, Widened.OWED: FactState.NOT_YET}
# What is no fact of its own and has an age limit: a weight that an index is worked out from.
LIMITS = frozenset({"weight_kg"})
# Facts that say by their name that they are of lately: without a day nobody can tell whether they are.
OF_LATELY = frozenset({"pdl1_tps_recent"})
# Facts that become another value as the days go by, so that a condition on them may.
MOVING = frozenset({"age", "ici_free_days"})


def _moves(condition: Node) -> bool:
    return any(c.fact in MOVING or c.op == "within" for c in comparisons(condition))


class Standing(StrEnum):
    """How a required fact stands."""

    CURRENT = "current"
    STALE = "stale"  # known, and older than its limit
    UNDATED = "undated"  # known, and nobody can tell how old it is, or whether older than its limit
    OWED = "owed"  # somebody is to find it out
    MISSING = "missing"


@dataclass(frozen=True)
class Rule:
    """A fact that is needed where `when` holds (None: always), and how many days it stays current."""

    fact: str
    when: Node | None = None
    age_limit_days: int | None = None


@dataclass(frozen=True)
class Rules:
    """One version of the rules; `id` is 0 for those delivered in the product's own file."""

    id: int
    number: int
    rules: tuple[Rule, ...]

    @property
    def move_daily(self) -> bool:
        """Whether what they ask for may change by itself from one day to the next."""
        return any(r.when is not None and _moves(r.when) for r in self.rules)

    def limit_on(self, fact: str) -> int | None:
        """Return the lowest age limit that any of them sets on a fact; None where none does."""
        limits = [r.age_limit_days for r in self.rules if r.fact == fact]
        return min((days for days in limits if days is not None), default=None)


@dataclass(frozen=True)
class Age:
    """How many days ago a fact was said: at least and at most."""

    least: int
    most: int


@dataclass(frozen=True)
class Requirement:
    """One required fact as it stands; `age` is None where the day is not known, or there is no value.

    `limit` is None too for a fact of which the record keeps no day.
    """

    key: str
    standing: Standing
    limit: int | None = None
    age: Age | None = None
    known: bool = False
    # The day from which it may count, where it is dated after the one for which it is asked.
    ahead: date | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.standing is Standing.CURRENT

    @property
    def age_is_open(self) -> bool:
        """Whether it has a limit and nobody can tell if it is past it."""
        return self.standing is Standing.UNDATED

    @property
    def too_old(self) -> bool:
        """Whether it is known, and past its limit as far as anybody can tell."""
        return self.standing in {Standing.STALE, Standing.UNDATED}


@dataclass(frozen=True)
class Readiness:
    """How far a case is prepared: every required fact, in the order of the rules."""

    needed: tuple[Requirement, ...] = ()
    by_key: dict[str, Requirement] = field(default_factory=dict, compare=False)

    @property
    def total(self) -> int:
        """How many facts the question needs."""
        return len(self.needed)

    @property
    def settled(self) -> int:
        """How many of them are there and current."""
        return sum(one.settled for one in self.needed)

    @property
    def open(self) -> tuple[str, ...]:
        """The keys of those that are not."""
        return tuple(one.key for one in self.needed if not one.settled)

    @property
    def stale(self) -> tuple[Requirement, ...]:
        """Those that are known and too old."""
        return tuple(one for one in self.needed if one.standing is Standing.STALE)

    @property
    def complete(self) -> bool:
        """Whether no required fact is owed, missing or stale."""
        return not self.open


def required_facts(
    rules: Rules, facts: Mapping[str, Fact], as_of: date | None = None
) -> dict[str, int | None]:
    """Return the keys that the question needs, with the lowest of their age limits."""
    found: dict[str, int | None] = {}
    # Rules of one condition share it as one object: each condition is answered once.
    true: dict[int, bool] = {}
    for rule in rules.rules:
        if rule.fact in LIMITS:
            continue
        if rule.when is not None:
            place = id(rule.when)
            if place not in true:
                true[place] = evaluate(rule.when, facts, as_of=as_of).answer is Answer.TRUE
            if not true[place]:
                continue
        # Rules from before may hold a fact to a limit of which no day is kept.
        limit = rule.age_limit_days if rule.fact in DATED else None
        limits = [n for n in (found.get(rule.fact), limit) if n is not None]
        found[rule.fact] = min(limits, default=None)
    return found


def readiness(
    rules: Rules, facts: Mapping[str, Fact], said: Mapping[str, Days], as_of: date
) -> Readiness:
    """Return how every required fact stands on `as_of`; `said` holds the days of facts that have one."""
    needed = tuple(
        _requirement(key, limit, facts.get(key, MISSING), said.get(key), as_of)
        for key, limit in required_facts(rules, facts, as_of).items()
    )
    return Readiness(needed, {one.key: one for one in needed})


def _requirement(
    key: str, limit: int | None, fact: Fact, days: Days | None, as_of: date
) -> Requirement:
    state = next((UNGRADED[why] for why in fact.widened if why in UNGRADED), fact.state)
    if state is not FactState.KNOWN:
        settled, owed = state in SETTLED, state is FactState.NOT_YET
        open_ = Standing.OWED if owed else Standing.MISSING
        return Requirement(key, Standing.CURRENT if settled else open_, limit)
    if days is not None and days[0] > as_of:
        # What nobody can have seen yet is not known.
        return Requirement(key, Standing.MISSING, limit, ahead=days[0])
    age = Age(_days(days[1], as_of), _days(days[0], as_of)) if days else None
    if age is None and key in OF_LATELY:
        return Requirement(key, Standing.UNDATED, limit, known=True)
    return Requirement(key, _aged(age, limit), limit, age, known=True)


def _aged(age: Age | None, limit: int | None) -> Standing:
    """Return how a known fact stands: what may be too old is not called current."""
    if limit is None:
        return Standing.CURRENT
    if age is None:
        return Standing.UNDATED
    if age.least > limit:
        return Standing.STALE
    return Standing.UNDATED if age.most > limit else Standing.CURRENT


def _days(day: date, as_of: date) -> int:
    return max((as_of - day).days, 0)


def counts_hold_until(
    rules: Rules, found: Readiness, as_of: date, changes: Iterable[date]
) -> date | None:
    """Return the last day on which the counts of `found`, made on `as_of`, are right; None: for ever.

    `changes`: days on which a fact may become another one by itself.
    """
    if rules.move_daily:
        return as_of
    stale_on = [
        as_of + timedelta(days=one.limit - one.age.most + 1)
        for one in found.needed
        if one.settled and one.limit is not None and one.age is not None
    ]
    ahead = [one.ahead for one in found.needed if one.ahead is not None]
    later = [day for day in (*stale_on, *changes, *ahead) if day > as_of]
    return min(later) - timedelta(days=1) if later else None
