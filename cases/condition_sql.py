"""Conditions as SQL over `case_facts`: each node becomes a pair of positive expressions.

`~Q(x__gte=3)` is true of NULL in SQL, so negation is never written: it swaps the pair. A case for which
neither expression holds is undetermined. The facts that change by themselves are carried on to the day that
is asked about; those that rest on answers which hold no more are read in a second pair, so that each row is
asked once whether its answers hold, instead of once for every comparison. A test compares this with the
evaluation in memory, and another refuses `~Q` and `exclude` in this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import and_, ge, gt, le, lt, or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cases.carrying import CARRIED, carried_rows, certain, column
from cases.lapsing import LAPSING, NEVER, Stays, holding, past, stays
from cases.limits import NOT_BEHIND, Behind, behind_for
from evidence.conditions.facts import FactState
from evidence.conditions.tree import All, Always, AtLeastOne, Comparison, Node, Not, fact_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.db.models import QuerySet

ALWAYS = Q(pk__isnull=False)
HOLDS = {"lt": lt, "lte": le, "gt": gt, "gte": ge}


@dataclass(frozen=True)
class Pair:
    """Two expressions over CaseFacts that are never both true of one case."""

    is_true: Q
    is_false: Q


def pairs(
    rows: QuerySet[Any], nodes: Sequence[Node], *, as_of: date
) -> tuple[QuerySet[Any], list[Pair]]:
    """Return rows of CaseFacts with what `nodes` need carried, and the pair that decides each of them on `as_of`."""
    keys = {key for node in nodes for key in fact_keys(node)}
    return carried_rows(rows, keys, as_of), [_pair(node, as_of) for node in nodes]


def _pair(node: Node, as_of: date) -> Pair:
    less = behind_for(frozenset(fact_keys(node)))
    pair = compile_condition(node, as_of=as_of, less=less)
    if not LAPSING & set(fact_keys(node)):
        return pair
    lapsed = compile_condition(node, as_of=as_of, lapsed=True, less=less)
    gone, held = past(as_of), holding(as_of)
    return Pair(
        (held & pair.is_true) | (gone & lapsed.is_true),
        (held & pair.is_false) | (gone & lapsed.is_false),
    )


def compile_condition(
    node: Node, *, as_of: date, lapsed: bool = False, less: Behind = NOT_BEHIND
) -> Pair:
    """Return the pair of expressions that decide `node` for rows that `carried_rows` gave.

    `lapsed`: for rows whose answers about organs hold no more. `less`: of rows that follow other age limits.
    """
    match node:
        case Comparison():
            return _comparison(node, as_of, less, lapsed=lapsed)
        case Always():
            return Pair(ALWAYS, NEVER)
        case Not(part):
            pair = compile_condition(part, as_of=as_of, lapsed=lapsed, less=less)
            return Pair(pair.is_false, pair.is_true)
        case All(parts):
            pairs = [
                compile_condition(part, as_of=as_of, lapsed=lapsed, less=less) for part in parts
            ]
            return Pair(
                reduce(and_, (p.is_true for p in pairs), ALWAYS),
                reduce(or_, (p.is_false for p in pairs), NEVER),
            )
        case AtLeastOne(parts):
            pairs = [
                compile_condition(part, as_of=as_of, lapsed=lapsed, less=less) for part in parts
            ]
            return Pair(
                reduce(or_, (p.is_true for p in pairs), NEVER),
                reduce(and_, (p.is_false for p in pairs), ALWAYS),
            )


def _comparison(node: Comparison, as_of: date, less: Behind, *, lapsed: bool) -> Pair:
    state = _column(node.fact, "state")
    known = Q(**{state: FactState.KNOWN.value})
    # Not applicable makes a comparison false; the other states decide nothing.
    inapplicable = Q(**{state: FactState.NOT_APPLICABLE.value})
    left = certain(node.fact, as_of, less)
    if node.fact in CARRIED:
        left = Stays(Q(), column(node.fact, "low"), column(node.fact, "high"))
    elif lapsed and node.fact in LAPSING:
        left, inapplicable = stays(node.fact), NEVER
    known &= left.where
    if node.op == "known":
        return Pair(known, inapplicable)
    if node.op == "within":
        pair = _within(node, left, as_of)
    elif node.spec.kind in {"number", "date"}:
        pair = _number(node, left)
    elif isinstance(node.value, tuple):
        others = [code for code in node.spec.codes if code not in node.value]
        pair = Pair(Q(**{f"{node.fact}__in": node.value}), Q(**{f"{node.fact}__in": others}))
    else:
        pair = Pair(Q(**{node.fact: node.value}), Q(**{node.fact: not node.value}))
    return Pair(known & pair.is_true, (known & pair.is_false) | inapplicable)


def _column(fact: str, part: str) -> str:
    return column(fact, part) if fact in CARRIED else f"{fact}_{part}"


def _number(node: Comparison, fact: Stays) -> Pair:
    """Return when the interval lies wholly inside, and wholly outside, of what is asked."""
    low, value = fact.low, node.value
    at_most = Pair(_upper_end(fact, "lte", value), _end(low, "gt", value))
    below = Pair(_upper_end(fact, "lt", value), _end(low, "gte", value))
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
            outside = _end(low, "gt", value) | below.is_true
            return Pair(_end(low, "gte", value) & at_most.is_true, outside)


def _within(node: Comparison, fact: Stays, as_of: date) -> Pair:
    """Return when a day lies at most so many days before `as_of` and not after it, and when it certainly does not."""
    since = as_of - timedelta(days=node.value)  # type: ignore[arg-type]
    return Pair(
        _end(fact.low, "gte", since) & _upper_end(fact, "lte", as_of),
        _upper_end(fact, "lt", since) | _end(fact.low, "gt", as_of),
    )


def _upper_end(fact: Stays, lookup: str, value: Any) -> Q:
    """Return where the upper end of a number compares so with `value`, whichever end a row has."""
    found = fact.high_where & _end(fact.high, lookup, value)
    if fact.else_high is None:
        return found
    return found | (fact.else_where & _end(fact.else_high, lookup, value))


def _end(end: str | int | None, lookup: str, value: Any) -> Q:
    """Return where an end of a number compares so with `value`: nowhere if it has none."""
    if isinstance(end, str):
        return Q(**{f"{end}__{lookup}": value})
    return ALWAYS if end is not None and HOLDS[lookup](end, value) else NEVER
