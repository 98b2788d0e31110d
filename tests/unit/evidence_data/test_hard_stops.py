"""A fact that nobody knows never clears a stop: every stop, every fact it reads, values around every threshold."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import pytest

from evidence.conditions import Answer, Fact, FactState, evaluate
from evidence.conditions.tree import Comparison, comparisons
from evidence.loading import read
from tests.unit.evidence_data.reading import PUBLISHED_MARKS, stop_node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence.conditions import Node

STOPS = {row["code"]: stop_node(row) for row in read().statements if row["signal"] == "stop"}
PUBLISHED = {
    "R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R10", "R11", "R15", "R26", "R34",
}  # fmt: skip
# What widens whom a rule is about, where none of its rows stops by it.
STOPS_NOBODY = {"R50": {"alt_ast_peak_x_baseline"}}
OPEN = (FactState.MISSING, FactState.UNKNOWN, FactState.NOT_YET)
TENTH = Decimal("0.1")


def around(read_by: list[Comparison]) -> list[Fact]:
    """Return values of one fact on both sides of everything that it is compared with."""
    spec = read_by[0].spec
    if spec.kind == "flag":
        return [Fact.known(True), Fact.known(False)]
    if spec.kind == "choice":
        return [Fact.known(code) for code in spec.codes]
    named = {Decimal(c.value) for c in read_by if isinstance(c.value, int | Decimal)}
    return [Fact.number(n + step) for n in sorted(named) for step in (-TENTH, 0, TENTH)]


def records(node: Node) -> Iterator[dict[str, Fact]]:
    """Yield every record that tells a condition's facts apart."""
    read_by: dict[str, list[Comparison]] = {}
    for comparison in comparisons(node):
        read_by.setdefault(comparison.fact, []).append(comparison)
    for values in product(*(around(found) for found in read_by.values())):
        yield dict(zip(read_by, values, strict=True))


def test_every_stop_that_is_published_is_looked_at() -> None:
    marks = {row["code"]: row["mark"] for row in read().statements}
    assert {code for code in STOPS if marks[code] in PUBLISHED_MARKS} == PUBLISHED


@pytest.mark.parametrize("code", STOPS)
def test_an_unknown_fact_never_clears_a_hard_stop(code: str) -> None:
    node = STOPS[code]
    settled_by = set()
    for facts in records(node):
        if evaluate(node, facts).answer is not Answer.TRUE:
            continue
        for key, state in product(facts, OPEN):
            found = evaluate(node, {**facts, key: Fact.absent(state)})
            assert found.answer is not Answer.FALSE, (facts, key, state)
            if found.answer is Answer.UNDETERMINED:
                assert key in found.missing, "it is asked for"
                settled_by.add(key)
    # The control: each fact that the rule reads decided a stop somewhere above.
    aside = STOPS_NOBODY.get(code, set())
    assert settled_by == {comparison.fact for comparison in comparisons(node)} - aside


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("code", STOPS)
def test_one_fact_or_all_unknown_and_nothing_else_said_leaves_a_stop_open(
    code: str, state: FactState
) -> None:
    keys = [comparison.fact for comparison in comparisons(STOPS[code])]
    for asked in (keys, *([key] for key in keys)):
        found = evaluate(STOPS[code], {key: Fact.absent(state) for key in asked})
        assert found.answer is Answer.UNDETERMINED and set(found.missing) == set(keys)
