"""Conditions as a tree: the JSON syntax read into nodes, and written back.

What is refused is refused with a path a curator can follow ("all, item 2, any, item 1").
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

from evidence.conditions.facts import Number
from evidence.conditions.specs import FactSpec
from evidence.conditions.vocabulary import FACTS

Operator = Literal["<", "<=", "=", ">=", ">", "in", "is"]
Value = Number | bool | tuple[str, ...]

OPERATORS: dict[str, tuple[Operator, ...]] = {
    "number": ("<", "<=", "=", ">=", ">"),
    "choice": ("in", "="),
    "flag": ("is",),
}
DEEPEST = 12
"""Nesting beyond this is refused: no person reads it, and it guards the recursion."""


class ConditionError(ValueError):
    """A condition that cannot be read. `path` says where, `problem` says what is wrong."""

    def __init__(self, path: tuple[str, ...], problem: str) -> None:
        self.path = path
        self.problem = problem
        where = ", ".join(path) if path else "the whole condition"
        super().__init__(f"In {where}: {problem}")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact held against a value: a number, True or False, or the codes of a choice."""

    fact: str
    op: Operator
    value: Value

    @property
    def spec(self) -> FactSpec:
        """The vocabulary's entry for the fact compared."""
        return FACTS[self.fact]


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is; without any part it is true of every case."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AtLeastOne:
    """True where at least one part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is false."""

    part: Node


Node = Comparison | All | AtLeastOne | Not


def parse(data: object) -> Node:
    """Read the JSON syntax. Raises ConditionError for anything it does not know."""
    return _node(data, ())


def dump(node: Node) -> dict[str, Any]:
    """Write a node in the JSON syntax, in the one form that `parse` reads back equal."""
    match node:
        case All(parts):
            return {"all": [dump(part) for part in parts]}
        case AtLeastOne(parts):
            return {"any": [dump(part) for part in parts]}
        case Not(part):
            return {"not": dump(part)}
        case Comparison(fact, op, value):  # pragma: no branch - there is no other node
            return {"fact": fact, "op": op, "value": _plain(op, value)}


def comparisons(node: Node) -> Iterator[Comparison]:
    """Every comparison in the tree, left to right."""
    match node:
        case Comparison():
            yield node
        case Not(part):
            yield from comparisons(part)
        case All(parts) | AtLeastOne(parts):  # pragma: no branch - there is no other node
            for part in parts:
                yield from comparisons(part)


def fact_keys(node: Node) -> tuple[str, ...]:
    """The keys the tree reads, each once, in order of appearance."""
    return tuple(dict.fromkeys(comparison.fact for comparison in comparisons(node)))


def _plain(op: str, value: Value) -> object:
    if isinstance(value, tuple):
        return list(value) if op == "in" else value[0]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _node(data: object, path: tuple[str, ...]) -> Node:
    if len(path) > 2 * DEEPEST:
        raise ConditionError(path, f"it is nested more than {DEEPEST} levels deep.")
    if not isinstance(data, dict):
        raise ConditionError(path, "an object in curly brackets is expected.")
    if "fact" in data:
        return _comparison(data, path)
    if len(data) != 1 or next(iter(data)) not in ("all", "any", "not"):
        raise ConditionError(path, 'write exactly one of "all", "any", "not", or a "fact".')
    key, inner = next(iter(data.items()))
    if key == "not":
        return Not(_node(inner, (*path, "not")))
    if not isinstance(inner, list):
        raise ConditionError((*path, key), "a list in square brackets is expected.")
    if key == "any" and not inner:
        raise ConditionError((*path, key), "the list is empty, so it could never be true.")
    parts = tuple(
        _node(part, (*path, key, f"item {index}")) for index, part in enumerate(inner, start=1)
    )
    return All(parts) if key == "all" else AtLeastOne(parts)


def _comparison(data: dict[str, Any], path: tuple[str, ...]) -> Comparison:
    surplus = set(data) - {"fact", "op", "value"}
    lacking = {"op", "value"} - set(data)
    if surplus or lacking:
        named = ", ".join(sorted(map(str, surplus or lacking)))
        raise ConditionError(path, f"{'not understood' if surplus else 'missing'}: {named}.")
    spec = FACTS.get(data["fact"]) if isinstance(data["fact"], str) else None
    if spec is None:
        raise ConditionError(path, f"there is no fact {data['fact']!r} in the vocabulary.")
    allowed = OPERATORS[spec.kind]
    if data["op"] not in allowed:
        raise ConditionError(
            path, f"{spec.key} is a {spec.kind}: the operator is one of {', '.join(allowed)}."
        )
    op = cast(Operator, data["op"])
    return Comparison(spec.key, op, _value(spec, op, data["value"], path))


def _value(spec: FactSpec, op: Operator, value: object, path: tuple[str, ...]) -> Value:
    if spec.kind == "flag":
        if not isinstance(value, bool):
            raise ConditionError(path, f"{spec.key} is compared with true or false.")
        return value
    if spec.kind == "choice":
        return _codes(spec, op, value, path)
    return _figure(spec, value, path)


def _codes(spec: FactSpec, op: Operator, value: object, path: tuple[str, ...]) -> tuple[str, ...]:
    codes = value if op == "in" else [value]
    if not isinstance(codes, list) or not codes:
        raise ConditionError(path, f"{spec.key} with in takes a list of at least one code.")
    for code in codes:
        if code not in spec.codes:
            raise ConditionError(
                path, f"{spec.key} has no code {code!r}; it is one of {', '.join(spec.codes)}."
            )
    if len(set(codes)) != len(codes):
        raise ConditionError(path, f"a code of {spec.key} stands twice.")
    return tuple(codes)


def _figure(spec: FactSpec, value: object, path: tuple[str, ...]) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ConditionError(path, f"{spec.key} is compared with a number.")
    if not math.isfinite(value):
        raise ConditionError(path, f"{spec.key} is compared with a finite number.")
    # Through text: 0.1 is meant as one tenth, not as its nearest binary fraction.
    figure = value if isinstance(value, int) else Decimal(str(value))
    if (spec.lowest is not None and figure < spec.lowest) or (
        spec.highest is not None and figure > spec.highest
    ):
        raise ConditionError(
            path, f"{spec.key} lies between {spec.lowest} and {spec.highest}, not at {figure}."
        )
    return figure
