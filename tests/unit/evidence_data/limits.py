"""Which limits of a condition are met on both sides by what a test tells of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from evidence.conditions.tree import comparisons

if TYPE_CHECKING:
    from evidence.conditions import Fact, Facts, Node

# A limit with one side that no rechallenge can have.
ONE_SIDED = {("prior_courses", Decimal(1)): "an ICI is given again only after a course of one"}


def near(value: Decimal, limit: Decimal, decimals: int) -> bool:
    """Whether a value lies as close to a limit as somebody would type it: a whole step, or a fifteenth of it."""
    return abs(value - limit) <= max(Decimal(10) ** -decimals, limit / 15)


def exact(fact: Fact | None) -> Decimal | None:
    """Return the value of a number that is known exactly."""
    if fact is None or fact.low is None or fact.low != fact.high:
        return None
    return Decimal(fact.low)  # type: ignore[arg-type]


def not_covered(nodes: Iterable[Node], told: Iterable[Facts]) -> list[str]:
    """Return the limits of the conditions that nobody of those told of meets, or that none stands beside."""
    limits = {
        (c.fact, Decimal(str(c.value)), c.spec.decimals, c.op)
        for node in nodes
        for c in comparisons(node)
        if c.spec.kind == "number" and c.op != "known"
    }
    facts, left = list(told), []
    for fact, limit, decimals, op in sorted(limits):
        values = [v for one in facts if (v := exact(one.get(fact))) is not None]
        sides = {(v > limit) - (v < limit) for v in values if near(v, limit, decimals)}
        # At the limit itself, and on the side where the answer is another one.
        wanted = {"=": {-1, 0, 1}, ">": {0, 1}, "<=": {0, 1}}.get(op, {-1, 0})
        if (fact, limit) in ONE_SIDED:
            wanted = {0}
        if not wanted <= sides:
            left.append(f"{fact} {op} {limit}: {sorted(sides)}")
    return left


class Limit(NamedTuple):
    """A number that a condition compares a fact with."""

    fact: str
    op: str
    value: Decimal
    step: Decimal

    @property
    def sides(self) -> set[Decimal]:
        """The limit itself, and the next value that can be told at which the answer is another one."""
        below, at, above = self.value - self.step, self.value, self.value + self.step
        found = {"=": {below, at, above}, ">": {at, above}, "<=": {at, above}}.get(
            self.op, {below, at}
        )
        return {at} if (self.fact, self.value) in ONE_SIDED else found


def limits(nodes: Iterable[Node]) -> set[Limit]:
    """Return every limit of the conditions. A day, of which none is compared yet, would need its own sides."""
    found = set()
    for comparison in (c for node in nodes for c in comparisons(node)):
        kind, op = comparison.spec.kind, comparison.op
        if kind == "date" and op != "known":
            raise AssertionError(f"{comparison.fact}: give days their two sides here first.")
        if kind == "number" and op != "known":
            step = Decimal(10) ** -comparison.spec.decimals
            found.add(Limit(comparison.fact, op, Decimal(str(comparison.value)), step))
    return found


def not_exactly(nodes: Iterable[Node], told: Iterable[Facts]) -> list[str]:
    """Return the limits of which a side is told by nobody to the last digit, with the values that lack."""
    facts, left = list(told), []
    for one in sorted(limits(nodes)):
        values = {exact(facts_of.get(one.fact)) for facts_of in facts}
        if lacking := one.sides - values:
            words = ", ".join(str(value) for value in sorted(lacking))
            left.append(f"{one.fact} {one.op} {one.value}: {words}")
    return left
