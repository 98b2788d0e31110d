"""Conditions and facts in plain words, for curators, boards and the reasons of an answer.

Nothing here knows Django: whoever shows the words passes `translate` (gettext).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evidence.conditions.facts import Fact, FactState, Number, Widened
from evidence.conditions.specs import UNSPOKEN_UNITS, FactSpec, gettext_noop
from evidence.conditions.tree import All, Always, AtLeastOne, Comparison, Node, Not
from evidence.conditions.vocabulary import FACTS

Translate = Callable[[str], str]

_ = gettext_noop

STATE_WORDS = {
    FactState.NOT_YET: _("{label}: not yet known"),
    FactState.UNKNOWN: _("{label}: unknown, cannot be had"),
    FactState.NOT_APPLICABLE: _("{label}: not applicable"),
    FactState.MISSING: _("{label}: not entered"),
}
WIDENED_WORDS = {
    Widened.OLD: _("said too long ago to be certain"),
    Widened.REPLACED: _("on hormone replacement, 2 at least by CTCAE"),
    Widened.DOUBLED: _("two entries may be one"),
    Widened.UNGRADED: _("no grade was given"),
    Widened.OWED: _("the grade is not known yet"),
    Widened.NO_GRADE: _("the grade cannot be had"),
    Widened.VERSION: _("graded by CTCAE 6.0, the rules read 5.0"),
}
_COMPARED = {
    "<": _("{label} is below {value}"),
    "<=": _("{label} is {value} or less"),
    "=": _("{label} is {value}"),
    ">=": _("{label} is {value} or more"),
    ">": _("{label} is above {value}"),
}

_DEMANDED = {
    "<": _("{label} must be below {value}"),
    "<=": _("{label} must be at most {value}"),
    "=": _("{label} must be {value}"),
    ">=": _("{label} must be at least {value}"),
    ">": _("{label} must be above {value}"),
}

_ON_DAY = {
    "<": _("{label} is before {value}"),
    "<=": _("{label} is {value} or earlier"),
    "=": _("{label} is {value}"),
    ">=": _("{label} is {value} or later"),
    ">": _("{label} is after {value}"),
    "within": _("{label} is at most {value} days ago"),
}
MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"),
    _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip


def same(text: str) -> str:
    """No translation: the words as they stand here."""
    return text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a condition set out with indents; a heading introduces deeper lines."""

    depth: int
    text: str
    heading: bool


def readable(node: Node, translate: Translate = same) -> str:
    """The whole condition as one sentence without a full stop."""
    match node:
        case Comparison():
            return comparison_words(node, translate)
        case Not(part):
            return translate(_("not so: {condition}")).format(condition=_inner(part, translate))
        case Always():
            return translate(_("every case"))
        case All(parts):
            return translate(_(" and ")).join(_inner(part, translate) for part in parts)
        case AtLeastOne(parts):  # pragma: no branch - there is no other node
            return translate(_(" or ")).join(_inner(part, translate) for part in parts)


def demanded(node: Node, translate: Translate = same) -> str:
    """A condition that is still to be met, as a demand: never to be read as what was found."""
    if isinstance(node, Comparison) and node.op in _DEMANDED and node.spec.kind == "number":
        return _compared(node, _DEMANDED, translate)
    if isinstance(node, All):
        return translate(_(" and ")).join(demanded(part, translate) for part in node.parts)
    return translate(_("this must hold: {condition}")).format(condition=readable(node, translate))


def outline(node: Node, translate: Translate = same, depth: int = 0) -> tuple[Line, ...]:
    """The condition set out line by line, groups under their headings."""
    match node:
        case Comparison():
            return (Line(depth, comparison_words(node, translate), heading=False),)
        case Always():
            return (Line(depth, translate(_("every case")), heading=False),)
        case Not(part):
            heading, parts = translate(_("But not when")), (part,)
        case All(parts):
            heading = translate(_("All of these"))
        case AtLeastOne(parts):  # pragma: no branch - there is no other node
            heading = translate(_("At least one of these"))
    inner = tuple(line for part in parts for line in outline(part, translate, depth + 1))
    return (Line(depth, heading, heading=True), *inner)


def comparison_words(comparison: Comparison, translate: Translate = same) -> str:
    """One comparison in words, with its unit."""
    spec, value = comparison.spec, comparison.value
    label = translate(spec.label)
    if comparison.op == "known":
        return translate(_("{label} is known, whatever it is")).format(label=label)
    if isinstance(value, tuple):
        codes = translate(_(" or ")).join(translate(spec.choice_label(code)) for code in value)
        return translate(_("{label} is {value}")).format(label=label, value=codes)
    if isinstance(value, bool):
        return _yes_no(label, value, translate)
    return _compared(comparison, _ON_DAY if spec.kind == "date" else _COMPARED, translate)


def _compared(comparison: Comparison, words: dict[str, str], translate: Translate) -> str:
    """One comparison with a number or a day, by the words of its operator."""
    spec, value = comparison.spec, comparison.value
    shown = (
        day_words(value, translate)
        if isinstance(value, date)
        else _with_unit(number_words(value), spec, translate)  # type: ignore[arg-type]
    )
    return translate(words[comparison.op]).format(label=translate(spec.label), value=shown)


def fact_words(key: str, fact: Fact, translate: Translate = same) -> str:
    """A fact of a case in words: its label with its value, or with the state it is in."""
    spec = FACTS[key]
    label = translate(spec.label)
    if fact.state is not FactState.KNOWN:
        return translate(STATE_WORDS[fact.state]).format(label=label)
    if isinstance(fact.value, bool):
        return _yes_no(label, fact.value, translate)
    if isinstance(fact.value, str):
        return f"{label}: {translate(spec.choice_label(fact.value))}"
    if spec.kind == "date":
        return f"{label}: {interval_words(fact, translate)}"
    figure = _with_unit(interval_words(fact, translate), spec, translate)
    return f"{label} {figure}{widened_words(fact, translate)}"


def as_of_words(words: str, days: tuple[date, date], translate: Translate = same) -> str:
    """A fact in words with the day, or the first and the last possible day, on which it was said or measured."""
    first, last = (day_words(day, translate) for day in days)
    if first == last:
        return translate(_("{fact}, as of {day}")).format(fact=words, day=first)
    return translate(_("{fact}, as of a day from {first} to {last}")).format(
        fact=words, first=first, last=last
    )


def day_words(day: date, translate: Translate = same) -> str:
    """A day as the pages write it: 3 March 2026."""
    return f"{day.day} {translate(MONTHS[day.month - 1])} {day.year}"


def widened_words(fact: Fact, translate: Translate = same) -> str:
    """Why a number is less certain than it was entered, to follow it in brackets; empty where it is not."""
    found = [translate(WIDENED_WORDS[why]) for why in fact.widened]
    return f" ({'; '.join(found)})" if found else ""


def interval_words(fact: Fact, translate: Translate = same) -> str:
    """A number or a day as it is known: exactly, between two bounds, or bounded on one side."""
    low, high = _end_words(fact.low, translate), _end_words(fact.high, translate)
    if low is None:
        words = _("{value} or earlier") if isinstance(fact.high, date) else _("at most {value}")
        return translate(words).format(value=high)
    if high is None:
        words = _("{value} or later") if isinstance(fact.low, date) else _("at least {value}")
        return translate(words).format(value=low)
    if fact.low == fact.high:
        return low
    return translate(_("between {low} and {high}")).format(low=low, high=high)


def _end_words(end: Number | date | None, translate: Translate) -> str | None:
    if end is None:
        return None
    return day_words(end, translate) if isinstance(end, date) else number_words(end)


def number_words(value: Number) -> str:
    """A number without trailing zeros: 10, 0.5."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def range_words(spec: FactSpec, translate: Translate = same) -> str:
    """The values that a fact may have: the limits of a number with its unit, the choices by their labels."""
    if spec.kind == "number":
        return _with_unit(f"{spec.lowest} – {spec.highest}", spec, translate)
    return ", ".join(translate(label) for _code, label in spec.offered)


def _inner(node: Node, translate: Translate) -> str:
    words = readable(node, translate)
    grouped = isinstance(node, All | AtLeastOne) and len(node.parts) > 1
    return f"({words})" if grouped else words


def _yes_no(label: str, value: bool, translate: Translate) -> str:
    word = _("yes") if value else _("no")
    return f"{label}: {translate(word)}"


def _with_unit(figure: str, spec: FactSpec, translate: Translate) -> str:
    if spec.unit is None or spec.unit in UNSPOKEN_UNITS:
        return figure
    space = "" if spec.unit == "%" else " "
    return f"{figure}{space}{translate(spec.unit)}"
