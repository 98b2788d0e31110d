"""What may be written as a condition today: it must be able to be true of one case and false of another.

A condition that no value can meet hides its statement from everybody, and one that every value meets asks for nothing;
both are slips of whoever wrote them, and are refused with the place and the two parts that are at fault. Looked for
among every value that the facts may have, each fact by itself; and once more among those that a case may have of
several facts together, as `implied` tells them: without any irAE there is no worst grade of one. No condition that some
case meets is refused by that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from operator import eq, ge, gt, le, lt
from typing import Any

from evidence.conditions.implied import MAY_NOT_APPLY, RELATED, Said, agree, relations
from evidence.conditions.specs import FactSpec
from evidence.conditions.tree import (
    ITEM,
    All,
    Always,
    AtLeastOne,
    Comparison,
    ConditionError,
    Node,
    Not,
    comparisons,
    gettext_noop,
    read,
)
from evidence.conditions.words import number_words, range_words, readable

_ = gettext_noop

Path = tuple[str, ...]
# A fact, and the number of days since it where a comparison asks for that: time moves one against the other.
Variable = tuple[str, bool]
# The values that each may still have.
Left = Mapping[Variable, tuple[Any, ...]]
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lt,
    "<=": le,
    "=": eq,
    ">=": ge,
    ">": gt,
    "within": lambda age, days: 0 <= age <= days,
}
# What a fact without a value counts as where it is asked whether it has one: no comparison with it is true.
NOTHING = object()
# A search that takes longer than this is given up, and the condition taken: no person writes such a one.
MOST_TRIED = 20_000
# Beyond this nobody reads a condition; the form of the curators holds no more either.
MOST_PARTS, DEEPEST = 40, 8


class Refused(ConditionError):
    """A condition that can be read and makes no sense; nodes and facts among its `params` are put into words."""

    def told(self, value: object, translate: Callable[[str], str]) -> object:
        """Return a node as its condition, a fact as the values that it may have, anything else as before."""
        if isinstance(value, FactSpec):
            return range_words(value, translate)
        if isinstance(value, Comparison | Always | All | AtLeastOne | Not):
            return readable(value, translate)
        return super().told(value, translate)


def parse(data: object) -> Node:
    """Read what somebody writes. Raises ConditionError for what cannot be read, or cannot be meant."""
    node = read(data)
    _check(node, (), data)
    return node


def _check(node: Node, path: Path, data: Any) -> None:
    match node:
        case Always():
            _check_always(path, data)
        case Comparison():
            _check_value(node, path)
            _contingent(node, path)
        case Not(part):
            _check_size(1, path)
            _check(part, (*path, "not"), data["not"])
            _of_some_case(node, path)
        case All(parts) | AtLeastOne(parts):  # pragma: no branch - there is no other node
            key = "all" if isinstance(node, All) else "any"
            _check_size(len(parts), path)
            for number, part in enumerate(parts, start=1):
                _check(part, (*path, key, f"{ITEM}{number}"), data[key][number - 1])
            _contingent(node, (*path, key))
            _of_some_case(node, (*path, key))


def _check_size(parts: int, path: Path) -> None:
    """Refuse a group of more than a person reads, in breadth or in depth."""
    if sum(not step.startswith(ITEM) for step in path) >= DEEPEST:
        raise ConditionError(path, _("it is nested more than %(n)s levels deep."), n=DEEPEST)
    if parts > MOST_PARTS:
        words = _(
            "a group holds at most %(n)s parts, not %(count)s: put some into groups of their own."
        )
        raise ConditionError(path, words, n=MOST_PARTS, count=parts)


def _check_always(path: Path, data: Any) -> None:
    if "all" in data:
        words = _('the list is empty. Write {"always": true} where every case is meant.')
        raise ConditionError((*path, "all"), words)
    if path:
        raise ConditionError(path, _('"always" stands alone and is no part of another.'))


def _check_value(node: Comparison, path: Path) -> None:
    """Refuse a number that the fact is never kept to: half a grade."""
    spec, value = node.spec, node.value
    if spec.kind != "number" or not isinstance(value, Decimal):
        return
    step = Decimal(1).scaleb(-spec.decimals)
    if value % step:
        words = (
            _("%(fact)s is kept to %(places)s decimal places, not %(figure)s.")
            if spec.decimals
            else _("%(fact)s is a whole number, not %(figure)s.")
        )
        raise ConditionError(
            path, words, fact=spec.key, places=spec.decimals, figure=number_words(value)
        )


def _contingent(node: Node, path: Path) -> None:
    """Refuse a condition that can never be true, or never be false, and say because of which two parts."""
    if not possible(node, True):
        raise _refused(node, path, _NEVER, True)
    if not possible(node, False):
        raise _refused(node, path, _ALWAYS, False)


_NEVER = (
    _("“%(one)s” can never be so: %(range)s."),
    _("“%(one)s” and “%(other)s” can never both be so."),
    _("these parts can never all be so together: %(one)s."),
)
_ALWAYS = (
    _("“%(one)s” is so whatever the value, and asks for nothing: %(range)s."),
    _("“%(one)s” or “%(other)s” is so whatever the value: together they ask for nothing."),
    _("one of these parts is so whatever the values, they ask for nothing: %(one)s."),
)


def _refused(node: Node, path: Path, words: tuple[str, str, str], wanted: bool) -> Refused:
    if isinstance(node, Comparison):
        return Refused(path, words[0], one=node, range=node.spec)
    assert isinstance(node, All | AtLeastOne)
    for one, other in combinations(node.parts, 2):
        if not possible(type(node)((one, other)), wanted):
            return Refused(path, words[1], one=one, other=other)
    return Refused(path, words[2], one=node)


_TOGETHER = (
    _("these parts can never all be so of one case: %(one)s."),
    _("“%(one)s” can never be so of one case: %(low)s is never above %(high)s."),
    _("“%(one)s” can never be so of one case: where “%(when)s” is so, “%(then)s” is so too."),
)


def _of_some_case(node: Node, path: Path) -> None:
    """Refuse what no case meets because of what one of its facts says of another, and say what that is."""
    if possible(node, True, together=True):
        return
    for relation in relations(comparison.fact for comparison in comparisons(node)):
        one, other = relation.one, relation.other
        if _found(node, True, frozenset({one, other}), relation.allows):
            continue
        if relation.pair is None:
            raise Refused(path, _TOGETHER[1], one=node, low=one, high=other)
        when, then = map(_said, relation.pair)
        raise Refused(path, _TOGETHER[2], one=node, when=when, then=then)
    raise Refused(path, _TOGETHER[0], one=node)


def _said(said: Said) -> Comparison:
    if said.values is None:
        return Comparison(said.fact, "known", True)
    if said.spec.kind == "number":
        return Comparison(said.fact, ">=", 1)
    return (
        Comparison(said.fact, "is", True)
        if said.spec.kind == "flag"
        else Comparison(said.fact, "in", said.values)
    )


def possible(node: Node, wanted: bool, *, together: bool = False) -> bool:
    """Whether values of its facts make the condition true (`wanted` False: false); True where it is too big to tell.

    `together`: values that one case may have.
    """
    facts = frozenset(comparison.fact for comparison in comparisons(node))
    return _found(node, wanted, facts & RELATED if together else frozenset())


def _found(
    node: Node,
    wanted: bool,
    related: frozenset[str],
    may_be: Callable[[str, Any, str, Any], bool] = agree,
) -> bool:
    """Search for such values, of which those of `related` facts `may_be` of one case."""
    asked: dict[Variable, list[Comparison]] = {}
    for comparison in comparisons(node):
        asked.setdefault(_variable(comparison), []).append(comparison)
    order = _bounding_first(asked, related)
    tried = iter(range(MOST_TRIED))

    def left_by(variable: Variable, value: Any, left: Left) -> Left:
        """Choose a value, and leave of the facts beside it those that one case may have with it."""
        fact = variable[0]
        held = {other for other in left if fact in related and other[0] in related - {fact}}
        kept = {
            other: tuple(
                x for x in left[other] if NOTHING in (x, value) or may_be(other[0], x, fact, value)
            )
            for other in held
        }
        return {**left, **kept, variable: (value,)}

    def search(chosen: int, left: Left) -> bool:
        answer = _holds(node, left)
        # Of what is left no value helps.
        if answer is not None and answer is not wanted:
            return False
        # What is left may still not go together: what was chosen has to do.
        if answer is wanted and _holds(node, {one: left[one] for one in order[:chosen]}) is wanted:
            return True
        if next(tried, None) is None:
            return True
        variable = order[chosen]
        return any(search(chosen + 1, left_by(variable, one, left)) for one in left[variable])

    return search(0, {one: _values(one, asked[one], related) for one in order})


def _bounding_first(asked: Iterable[Variable], related: frozenset[str]) -> list[Variable]:
    """Return what is asked for in the order in which values are chosen: what bounds most others goes first.

    So the worst grade of all decides at once for those of six organs, which are else tried against each other.
    """
    variables = list(asked)
    held = relations({fact for fact, _age in variables} & related)
    bounds = Counter(fact for relation in held for fact in (relation.one, relation.other))
    return sorted(variables, key=lambda variable: -bounds[variable[0]])


def _variable(comparison: Comparison) -> Variable:
    return comparison.fact, comparison.op == "within"


def _values(
    variable: Variable, asked: Sequence[Comparison], related: frozenset[str]
) -> tuple[Any, ...]:
    """Return one value of every class that the comparisons tell apart, and no other than the fact may have.

    Of a related fact the ends of each class too, by which it is held against others.
    """
    if variable[0] in related:
        return _related_values(variable, asked)
    found = [comparison for comparison in asked if comparison.op != "known"]
    nothing: tuple[Any, ...] = (NOTHING,) if len(found) < len(asked) else ()
    if not found:
        return (True, *nothing)
    return (*_classes(found, found[0].spec, age=variable[1]), *nothing)


def _related_values(variable: Variable, asked: Sequence[Comparison]) -> tuple[Any, ...]:
    """Return each value of a flag or choice, also where only its being known is asked for, since each says its own."""
    spec = asked[0].spec
    values = [*_values(variable, asked, frozenset())]
    nothing = NOTHING in values or variable[0] in MAY_NOT_APPLY
    values = [value for value in values if value is not NOTHING]
    if spec.kind in ("flag", "choice"):
        values = [*_classes(asked, spec, age=False)]
    elif spec.kind == "number" and spec.lowest is not None and spec.highest is not None:
        values = sorted({spec.lowest, 1, spec.highest, *values})
    return (*values, NOTHING) if nothing else (*values,)


def _classes(found: Sequence[Comparison], spec: FactSpec, *, age: bool) -> tuple[Any, ...]:
    if spec.kind == "flag":
        return (True, False)
    if spec.kind == "choice":
        return tuple(code for code, _label in spec.offered)
    limits: list[Any] = [comparison.value for comparison in found]
    if age:
        return tuple(sorted({-1, *limits, *(limit + 1 for limit in limits)}))
    step: Any = timedelta(days=1)
    if spec.kind == "number":
        # Ratios are kept to a tenth or a hundredth; between two of them there may be another.
        step = Decimal("0.001") if spec.decimals else 1
    values = {value for limit in limits for value in (limit - step, limit, limit + step)}
    return tuple(sorted(v for v in values if _within_limits(spec, v)))


def _within_limits(spec: FactSpec, value: Any) -> bool:
    if isinstance(value, date):
        return True
    above = spec.lowest is None or value >= spec.lowest
    return above and (spec.highest is None or value <= spec.highest)


def _holds(node: Node, left: Left) -> bool | None:
    """Answer a condition for the values that are left; None where it still depends on which of them it is.

    "Always" is no part of what is asked: it stands alone.
    """
    match node:
        case Comparison():
            answers = {_compares(node, value) for value in left.get(_variable(node), ())}
            return answers.pop() if len(answers) == 1 else None
        case Not(part):
            answer = _holds(part, left)
            return None if answer is None else not answer
        case All(parts):
            decisive = False
        case AtLeastOne(parts):  # pragma: no branch - there is no other node
            decisive = True
    found: bool | None = not decisive
    for part in parts:
        answer = _holds(part, left)
        if answer is decisive:
            return answer
        if answer is None:
            found = None
    return found


def _compares(node: Comparison, value: Any) -> bool:
    if node.op == "known" or value is NOTHING:
        return value is not NOTHING
    if isinstance(node.value, tuple):
        return value in node.value
    return value is node.value if node.op == "is" else COMPARE[node.op](value, node.value)
