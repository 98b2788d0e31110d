"""Conditions as a tree: the JSON syntax read into nodes, and written back.

What is refused is refused with a path a curator can follow ("all, item 2, any, item 1"). `read` takes whatever was
ever allowed, for what is published is frozen and must be answered as long as it stands; what somebody writes today
goes through `checking.parse`, which refuses more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from evidence.conditions.facts import Number
from evidence.conditions.specs import FactSpec
from evidence.conditions.vocabulary import FACTS

Operator = Literal["<", "<=", "=", ">=", ">", "in", "is", "within", "known"]
Value = Number | bool | date | tuple[str, ...]

OPERATORS: dict[str, tuple[Operator, ...]] = {
    "number": ("<", "<=", "=", ">=", ">", "known"),
    "date": ("<", "<=", "=", ">=", ">", "within", "known"),
    "choice": ("in", "=", "known"),
    "flag": ("is", "known"),
}
DEEPEST_READ = 12
"""Nesting beyond this is not even read, which guards the recursion; `checking` refuses less than that."""
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
LONGEST_DAYS = 36_500


ITEM = "item "


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation; this package knows no Django, `ConditionError.words` translates."""
    return text


_ = gettext_noop


class ConditionError(ValueError):
    """A condition that cannot be read. `path` says where, `template` with `params` what is wrong."""

    def __init__(self, path: tuple[str, ...], template: str, **params: object) -> None:
        self.path = path
        self.template = template
        self.params = params
        super().__init__(self.words(str))

    def words(self, translate: Callable[[str], str]) -> str:
        """Return the place and the fault as a sentence, each part passed through `translate`."""
        named = [
            translate(_("item %(n)s")) % {"n": part.removeprefix(ITEM)}
            if part.startswith(ITEM)
            else part
            for part in self.path
        ]
        where = ", ".join(named) if named else translate(_("the whole condition"))
        problem = self.problem(translate)
        return translate(_("In %(where)s: %(problem)s")) % {"where": where, "problem": problem}

    def problem(self, translate: Callable[[str], str]) -> str:
        """Return the fault without its place, for whoever sees it beside what is wrong."""
        words = translate(self.template)
        told = {name: self.told(value, translate) for name, value in self.params.items()}
        return words % told if told else words

    def told(self, value: object, translate: Callable[[str], str]) -> object:
        """Return one of the `params` as it is said."""
        return _named(value, translate)


def _named(value: object, translate: Callable[[str], str]) -> object:
    """Return a fact by its label, as it is asked for; anything else as it is."""
    spec = FACTS.get(value) if isinstance(value, str) else None
    return translate(spec.label) if spec is not None else value


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact held against a value: a number, a day, True or False, or the codes of a choice.

    `within` takes a number of days: whether a day lies so many days or fewer before the day that is asked about.
    `known` takes True: whether the fact has a value, whichever; a fact that does not apply has none.
    """

    fact: str
    op: Operator
    value: Value

    @property
    def spec(self) -> FactSpec:
        """The vocabulary's entry for the fact compared."""
        return FACTS[self.fact]


@dataclass(frozen=True, slots=True)
class Always:
    """True of every case: a statement that concerns everybody says so, and is not left without a condition."""


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AtLeastOne:
    """True where at least one part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is false."""

    part: Node


Node = Comparison | Always | All | AtLeastOne | Not


def read(data: object) -> Node:
    """Read the JSON syntax as it is stored. Raises ConditionError for anything it does not know.

    Versions published before "always" had a word say `{"all": []}`. They are frozen and stay as they are; it is read
    as what it meant.
    """
    return _node(data, ())


def dump(node: Node) -> dict[str, Any]:
    """Write a node in the JSON syntax, in the one form that `parse` reads back equal."""
    match node:
        case Always():
            return {"always": True}
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
        case Always():
            return
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
    return value.isoformat() if isinstance(value, date) else value


def _node(data: object, path: tuple[str, ...]) -> Node:
    if len(path) > 2 * DEEPEST_READ:
        raise ConditionError(path, _("it is nested more than %(n)s levels deep."), n=DEEPEST_READ)
    if not isinstance(data, dict):
        raise ConditionError(path, _("an object in curly brackets is expected."))
    if "fact" in data:
        return _comparison(data, path)
    if len(data) != 1 or next(iter(data)) not in ("all", "any", "not", "always"):
        raise ConditionError(
            path, _('write exactly one of "all", "any", "not", "always", or a "fact".')
        )
    key, inner = next(iter(data.items()))
    if key == "not":
        return Not(_node(inner, (*path, "not")))
    return _always(inner, path) if key == "always" else _group(key, inner, path)


def _always(inner: object, path: tuple[str, ...]) -> Always:
    if inner is not True:
        raise ConditionError((*path, "always"), _("it is written with true and nothing else."))
    return Always()


def _group(key: str, inner: object, path: tuple[str, ...]) -> Node:
    if not isinstance(inner, list):
        raise ConditionError((*path, key), _("a list in square brackets is expected."))
    if key == "any" and not inner:
        raise ConditionError((*path, key), _("the list is empty, so it could never be true."))
    parts = tuple(
        _node(part, (*path, key, f"{ITEM}{index}")) for index, part in enumerate(inner, start=1)
    )
    if key == "any":
        return AtLeastOne(parts)
    return All(parts) if parts else Always()


def _comparison(data: dict[str, Any], path: tuple[str, ...]) -> Comparison:
    surplus = set(data) - {"fact", "op", "value"}
    lacking = {"op", "value"} - set(data)
    if surplus or lacking:
        named = ", ".join(sorted(map(str, surplus or lacking)))
        words = _("not understood: %(named)s.") if surplus else _("missing: %(named)s.")
        raise ConditionError(path, words, named=named)
    spec = FACTS.get(data["fact"]) if isinstance(data["fact"], str) else None
    if spec is None:
        raise ConditionError(
            path, _("there is no fact %(fact)s in the vocabulary."), fact=repr(data["fact"])
        )
    allowed = OPERATORS[spec.kind]
    if data["op"] not in allowed:
        raise ConditionError(
            path,
            _("%(fact)s: the operator is one of %(operators)s."),
            fact=spec.key,
            operators=", ".join(allowed),
        )
    op = cast(Operator, data["op"])
    return Comparison(spec.key, op, _value(spec, op, data["value"], path))


def _value(spec: FactSpec, op: Operator, value: object, path: tuple[str, ...]) -> Value:
    if op == "known":
        if value is not True:
            raise ConditionError(path, _("%(fact)s known is written with true."), fact=spec.key)
        return True
    if spec.kind == "flag":
        if not isinstance(value, bool):
            raise ConditionError(path, _("%(fact)s is compared with true or false."), fact=spec.key)
        return value
    if spec.kind == "choice":
        return _codes(spec, op, value, path)
    if spec.kind == "date":
        return _days(spec, value, path) if op == "within" else _day(spec, value, path)
    return _figure(spec, value, path)


def _day(spec: FactSpec, value: object, path: tuple[str, ...]) -> date:
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= LATEST:
        raise ConditionError(
            path,
            _('%(fact)s is compared with a day from %(low)s to %(high)s, written "2026-03-12".'),
            fact=spec.key,
            low=EARLIEST.isoformat(),
            high=LATEST.isoformat(),
        )
    return found


def _days(spec: FactSpec, value: object, path: tuple[str, ...]) -> int:
    if type(value) is not int or not 0 <= value <= LONGEST_DAYS:
        raise ConditionError(
            path,
            _("%(fact)s within: a whole number of days from 0 to %(high)s is expected."),
            fact=spec.key,
            high=LONGEST_DAYS,
        )
    return value


def _codes(spec: FactSpec, op: Operator, value: object, path: tuple[str, ...]) -> tuple[str, ...]:
    codes = value if op == "in" else [value]
    if not isinstance(codes, list) or not codes:
        raise ConditionError(
            path, _("%(fact)s with in takes a list of at least one code."), fact=spec.key
        )
    for code in codes:
        if code not in spec.codes:
            raise ConditionError(
                path,
                _("%(fact)s has no code %(code)s; it is one of %(codes)s."),
                fact=spec.key,
                code=repr(code),
                codes=", ".join(spec.codes),
            )
    if len(set(codes)) != len(codes):
        raise ConditionError(path, _("a code of %(fact)s stands twice."), fact=spec.key)
    return tuple(codes)


def _figure(spec: FactSpec, value: object, path: tuple[str, ...]) -> Number:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ConditionError(path, _("%(fact)s is compared with a number."), fact=spec.key)
    if not math.isfinite(value):
        raise ConditionError(path, _("%(fact)s is compared with a finite number."), fact=spec.key)
    # Through text: 0.1 is meant as one tenth, not as its nearest binary fraction.
    figure = value if isinstance(value, int) else Decimal(str(value))
    if (spec.lowest is not None and figure < spec.lowest) or (
        spec.highest is not None and figure > spec.highest
    ):
        raise ConditionError(
            path,
            _("%(fact)s lies between %(low)s and %(high)s, not at %(figure)s."),
            fact=spec.key,
            low=spec.lowest,
            high=spec.highest,
            figure=figure,
        )
    return figure
