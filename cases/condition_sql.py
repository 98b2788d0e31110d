"""Conditions as SQL over `case_facts`: each node becomes a pair of positive expressions.

`~Q(x__gte=3)` is true of NULL in SQL, so negation is never written: it swaps the pair. A case for which
neither expression holds is undetermined. The facts that change by themselves are carried on to the day that
is asked about. A test compares this with the evaluation in memory, and another refuses `~Q` and `exclude`
in this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cases.carrying import CARRIED, carried_rows, column
from evidence.conditions.facts import FactState
from evidence.conditions.tree import All, AtLeastOne, Comparison, Node, Not, fact_keys

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

ALWAYS = Q(pk__isnull=False)
NEVER = Q(pk__isnull=True)


@dataclass(frozen=True)
class Pair:
    """Two expressions over CaseFacts that are never both true of one case."""

    is_true: Q
    is_false: Q


@dataclass(frozen=True)
class Decided:
    """The rows of which a condition is true, and those of which it is false, on one day."""

    is_true: QuerySet[Any]
    is_false: QuerySet[Any]


def decide(rows: QuerySet[Any], node: Node, *, as_of: date) -> Decided:
    """Decide `node` for rows of CaseFacts on `as_of`, which is not before the day any was written for."""
    rows = carried_rows(rows, fact_keys(node), as_of)
    pair = compile_condition(node)
    return Decided(rows.filter(pair.is_true), rows.filter(pair.is_false))


def compile_condition(node: Node) -> Pair:
    """Return the pair of expressions that decide `node` for rows that `carried_rows` gave."""
    match node:
        case Comparison():
            return _comparison(node)
        case Not(part):
            pair = compile_condition(part)
            return Pair(pair.is_false, pair.is_true)
        case All(parts):
            pairs = [compile_condition(part) for part in parts]
            return Pair(
                reduce(and_, (p.is_true for p in pairs), ALWAYS),
                reduce(or_, (p.is_false for p in pairs), NEVER),
            )
        case AtLeastOne(parts):
            pairs = [compile_condition(part) for part in parts]
            return Pair(
                reduce(or_, (p.is_true for p in pairs), NEVER),
                reduce(and_, (p.is_false for p in pairs), ALWAYS),
            )


def _comparison(node: Comparison) -> Pair:
    state = _column(node.fact, "state")
    known = Q(**{state: FactState.KNOWN.value})
    # Not applicable makes a comparison false; the other states decide nothing.
    inapplicable = Q(**{state: FactState.NOT_APPLICABLE.value})
    if node.spec.kind == "number":
        pair = _number(node)
    elif isinstance(node.value, tuple):
        others = [code for code in node.spec.codes if code not in node.value]
        pair = Pair(Q(**{f"{node.fact}__in": node.value}), Q(**{f"{node.fact}__in": others}))
    else:
        pair = Pair(Q(**{node.fact: node.value}), Q(**{node.fact: not node.value}))
    return Pair(known & pair.is_true, (known & pair.is_false) | inapplicable)


def _column(fact: str, part: str) -> str:
    return column(fact, part) if fact in CARRIED else f"{fact}_{part}"


def _number(node: Comparison) -> Pair:
    """Return when the interval lies wholly inside, and wholly outside, of what is asked."""
    low, high = _column(node.fact, "low"), _column(node.fact, "high")
    value = node.value
    at_most = Pair(Q(**{f"{high}__lte": value}), Q(**{f"{low}__gt": value}))
    below = Pair(Q(**{f"{high}__lt": value}), Q(**{f"{low}__gte": value}))
    match node.op:
        case "<=":
            return at_most
        case "<":
            return below
        case ">":
            return Pair(at_most.is_false, at_most.is_true)
        case ">=":
            return Pair(below.is_false, below.is_true)
        case _:
            outside = Q(**{f"{low}__gt": value}) | Q(**{f"{high}__lt": value})
            return Pair(Q(**{low: value, high: value}), outside)
