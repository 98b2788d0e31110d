"""Conditions as SQL over `case_facts`: each node becomes a pair of positive expressions.

`~Q(x__gte=3)` is true of NULL in SQL, so negation is never written: it swaps the pair. A case for which
neither expression holds is undetermined. A row says what was so on its `as_of`. A test compares this with
the evaluation in memory, and another refuses `~Q` and `exclude` in this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from evidence.conditions.facts import FactState
from evidence.conditions.tree import All, AtLeastOne, Comparison, Node, Not

ALWAYS = Q(pk__isnull=False)
NEVER = Q(pk__isnull=True)


@dataclass(frozen=True)
class Pair:
    """Two expressions over CaseFacts that are never both true of one case."""

    is_true: Q
    is_false: Q


def compile_condition(node: Node) -> Pair:
    """Return the pair of expressions that decide `node` for rows of CaseFacts."""
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
    known = Q(**{f"{node.fact}_state": FactState.KNOWN.value})
    # Not applicable makes a comparison false; the other states decide nothing.
    inapplicable = Q(**{f"{node.fact}_state": FactState.NOT_APPLICABLE.value})
    if node.spec.kind == "number":
        pair = _number(node)
    elif isinstance(node.value, tuple):
        others = [code for code in node.spec.codes if code not in node.value]
        pair = Pair(Q(**{f"{node.fact}__in": node.value}), Q(**{f"{node.fact}__in": others}))
    else:
        pair = Pair(Q(**{node.fact: node.value}), Q(**{node.fact: not node.value}))
    return Pair(known & pair.is_true, (known & pair.is_false) | inapplicable)


def _number(node: Comparison) -> Pair:
    """Return when the interval lies wholly inside, and wholly outside, of what is asked."""
    low, high, value = f"{node.fact}_low", f"{node.fact}_high", node.value
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
