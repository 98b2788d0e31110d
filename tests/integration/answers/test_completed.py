"""Completed variants of the published cases: every answer is certain, stated by hand on both sides of each limit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from evidence.conditions import Answer
from evidence.conditions.tree import comparisons
from tests.integration.answers.entered import completed_plan, facts_of, said_of, versions
from tests.integration.answers.stated import answers, names, own

if TYPE_CHECKING:
    from evidence.conditions import Fact, Facts
    from evidence.models import StatementVersion

pytestmark = pytest.mark.django_db
# A limit with one side that no rechallenge can have.
ONE_SIDED = {("prior_courses", Decimal(1)): "an ICI is given again only after a course of one"}


def near(value: Decimal, limit: Decimal, decimals: int) -> bool:
    """Whether a value lies as close to a limit as somebody would type it: a whole step, or a fifteenth of it."""
    return abs(value - limit) <= max(Decimal(10) ** -decimals, limit / 15)


def exact(fact: Fact | None) -> Decimal | None:
    """Return the value of a number that is known exactly."""
    if fact is None or fact.low is None or fact.low != fact.high:
        return None
    return Decimal(fact.low)


def not_covered(held: list[StatementVersion], told: dict[str, Facts]) -> list[str]:
    """Return the limits of the published statements that no variant meets, or that none stands beside."""
    limits = {
        (c.fact, Decimal(str(c.value)), c.spec.decimals, c.op)
        for version in held
        for c in comparisons(version.node)
        if c.spec.kind == "number" and c.op != "known"
    }
    left = []
    for fact, limit, decimals, op in sorted(limits):
        values = [v for facts in told.values() if (v := exact(facts.get(fact))) is not None]
        sides = {(v > limit) - (v < limit) for v in values if near(v, limit, decimals)}
        # At the limit itself, and on the side where the answer is another one.
        wanted = {"=": {-1, 0, 1}, ">": {0, 1}, "<=": {0, 1}}.get(op, {-1, 0})
        if (fact, limit) in ONE_SIDED:
            wanted = {0}
        if not wanted <= sides:
            left.append(f"{fact} {op} {limit}: {sorted(sides)}")
    return left


def test_every_answer_of_a_completed_case_is_certain_and_the_one_that_was_stated() -> None:
    held, told, wrong = versions(), {}, []
    for name in names("completed"):
        told[name] = facts_of(completed_plan(name))
        found, stated = said_of(held, told[name]), answers("completed", name)
        assert set(stated) == set(found), (name, set(stated) ^ set(found))
        wrong += [
            f"{name} {code}: stated {one.answer}, found {found[code]}: {one.because}"
            for code, one in stated.items()
            if one.answer is not found[code]
        ]
    assert not wrong, "\n".join(wrong)
    assert not_covered(held, told) == []
    alone = {name: facts for name, facts in told.items() if name == "hepatitis-g3"}
    assert any(line.startswith("steroid_now") for line in not_covered(held, alone))


def test_at_least_twelve_variants_are_stated_without_cannot_tell() -> None:
    assert len(names("completed")) >= 12
    for name in names("completed"):
        assert own("completed", name) or answers("completed", name), name
        for code, one in answers("completed", name).items():
            assert one.answer is not Answer.UNDETERMINED, (name, code)
            assert one.because.endswith("."), (name, code)
