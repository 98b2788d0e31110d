"""Which values of a check can hardly be called normal: limits, and the conditions of the decision. Pure.

A limit makes the form ask, nothing more: a person says whether the value is normal for this patient. Where a
value cannot be held against its limit, the form asks too: what is not known is not normal. The limits, each with
its source, stand in `data/limits.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from evidence.conditions.evaluation import Answer, evaluate
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.tree import ConditionError
from evidence.conditions.tree import read as read_condition

DATA = Path(__file__).resolve().parent / "data" / "limits.json"
# Code of a measure -> the fact of the record that it says.
FACT_OF = {"prednisone": "steroid_now"}
UNUSUAL_TIMES = 2
"""An upper limit entered that is above so many times the usual one is asked about."""


class Basis(StrEnum):
    """What a limit is made from."""

    FIXED = ""
    UPPER = "upper"  # of the laboratory
    ASSUMED = "assumed"  # an upper limit that nobody entered
    BASELINE = "baseline"  # the value before the first dose


class Unjudged(StrEnum):
    """Why a value cannot be held against its limit."""

    NO = ""
    NO_UPPER = "no_upper"
    BOUND = "bound"


@dataclass(frozen=True)
class Rule:
    """A limit as it is kept; `organ` is the one because of which the stricter limit holds, "" for none.

    A baseline that was above the upper limit already lifts the limit to `times_raised_baseline` of it, never beyond
    `most_times_upper` of the upper limit.
    """

    code: str
    unit: str
    source: str
    mark: str
    above: Decimal | None = None
    below: Decimal | None = None
    times_upper: Decimal | None = None
    assumed_upper: Decimal | None = None
    times_baseline: Decimal | None = None
    times_raised_baseline: Decimal | None = None
    most_times_upper: Decimal | None = None
    fall_percent: Decimal | None = None
    fall_points: Decimal | None = None
    below_without_baseline: Decimal | None = None
    organ: str = ""


@dataclass(frozen=True)
class Limit:
    """A value that may not be passed, and what it is made from: `times` something, or fixed."""

    value: Decimal
    basis: Basis = Basis.FIXED
    times: str = ""


@dataclass(frozen=True)
class Yardstick:
    """What a patient's values are held against: the laboratory's limits, the baseline, organs once affected.

    `plausible`: between which values a result can be at all.
    """

    upper: Mapping[str, Decimal] = field(default_factory=dict)
    baseline: Mapping[str, Decimal] = field(default_factory=dict)
    organs: frozenset[str] = frozenset()
    plausible: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)


NOTHING_KNOWN = Yardstick()


@dataclass(frozen=True)
class Doubt:
    """Why a value is questioned: the limit it passes ("" for none), or the condition that it breaks.

    `unjudged`: it cannot be held against its limit. `other`: the unit in which it would be `converted`, having hardly
    been measured in its own; `within`: between which values it would have to be.
    """

    code: str
    value: str
    above: str = ""
    below: str = ""
    condition: str = ""
    basis: str = ""
    times: str = ""
    organ: str = ""
    unjudged: str = ""
    other: str = ""
    converted: str = ""
    within: tuple[str, str] | None = None


NUMBERS = (
    "above",
    "below",
    "times_upper",
    "assumed_upper",
    "times_baseline",
    "times_raised_baseline",
    "most_times_upper",
    "fall_percent",
    "fall_points",
    "below_without_baseline",
)


@cache
def _rows() -> dict[str, Mapping[str, Any]]:
    rows = json.loads(DATA.read_text(encoding="utf-8"))["limits"]
    return {row["code"]: row for row in rows}


def rule_of(code: str, organs: Iterable[str] = ()) -> Rule | None:
    """Return the limit of a measure, the stricter one once an organ was affected; None where none is kept."""
    row = _rows().get(code)
    if row is None:
        return None
    after = row.get("after", {})
    organ = next((o for o in after.get("organs", ()) if o in set(organs)), "")
    found = after if organ else row
    numbers = {name: Decimal(found[name]) for name in NUMBERS if name in found}
    return Rule(code, row["unit"], found["source"], found["mark"], organ=organ, **numbers)


def needs_upper(code: str) -> bool:
    """Whether a measure is held against the upper limit of the laboratory."""
    return "times_upper" in _rows().get(code, {})


def read(value: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the bounds of a value as entered, such as 32, <0.5 or ≥4."""
    number = Decimal(value.lstrip("<>≤≥ "))
    if value[0] in "<≤":
        return None, number
    if value[0] in ">≥":
        return number, None
    return number, number


def exact(value: str) -> Decimal | None:
    """Return a value that is no bound."""
    low, high = read(value)
    return low if low == high else None


def highest(rule: Rule, known: Yardstick) -> Limit | None:
    """Return above which value a measure is questioned; None where nothing says."""
    found = [] if rule.above is None else [Limit(rule.above)]
    baseline = known.baseline.get(rule.code)
    if rule.times_baseline is not None and baseline is not None:
        found.append(_times(rule.times_baseline, baseline, Basis.BASELINE))
    upper = _upper_of(rule, known)
    if rule.times_upper is not None and upper is not None:
        basis = Basis.UPPER if rule.code in known.upper else Basis.ASSUMED
        times: Decimal | None = rule.times_upper
        if rule.times_raised_baseline is not None and baseline is not None and baseline > upper:
            found.append(_times(rule.times_raised_baseline, baseline, Basis.BASELINE))
            times = rule.most_times_upper
        if times is not None:
            found.append(_times(times, upper, basis))
    return min(found, key=lambda limit: limit.value, default=None)


def _upper_of(rule: Rule, known: Yardstick) -> Decimal | None:
    """Return the upper limit of the laboratory, else the one that is assumed; None where there is neither."""
    return known.upper.get(rule.code, rule.assumed_upper)


def unusual_uppers(
    entered: Mapping[str, Decimal], usual: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Return the usual upper limit of each measure of which a limit far above it was entered.

    Too high a limit lets every value pass; one that is too low asks more often, and does no harm.
    """
    return {
        code: usual[code]
        for code, limit in entered.items()
        if code in usual and limit > UNUSUAL_TIMES * usual[code]
    }


def lowest(rule: Rule, known: Yardstick) -> Limit | None:
    """Return below which value a measure is questioned; None where nothing says."""
    found = [] if rule.below is None else [Limit(rule.below)]
    baseline = known.baseline.get(rule.code)
    if baseline is None:
        if rule.below_without_baseline is not None:
            found.append(Limit(rule.below_without_baseline))
    elif rule.fall_percent is not None:
        found.append(_times(1 - rule.fall_percent / 100, baseline, Basis.BASELINE))
    elif rule.fall_points is not None:
        found.append(Limit(baseline - rule.fall_points, Basis.BASELINE))
    return max(found, key=lambda limit: limit.value, default=None)


def _times(factor: Decimal, of: Decimal, basis: Basis) -> Limit:
    return Limit(factor * of, basis, _text(factor))


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"


def beyond(code: str, value: str, known: Yardstick = NOTHING_KNOWN) -> Doubt | None:
    """Return how a value certainly passes the limit of its measure; None where it does not.

    What stands as >120 is more than 120, and so beyond a limit of 120.
    """
    rule = rule_of(code, known.organs)
    if rule is None:
        return None
    low, high = read(value)
    upper, lower = highest(rule, known), lowest(rule, known)
    if (
        upper
        and low is not None
        and (low > upper.value or (value[0] == ">" and low == upper.value))
    ):
        return _doubt(rule, value, upper, above=_text(upper.value))
    if (
        lower
        and high is not None
        and (high < lower.value or (value[0] == "<" and high == lower.value))
    ):
        return _doubt(rule, value, lower, below=_text(lower.value))
    return None


def _doubt(
    rule: Rule,
    value: str,
    limit: Limit,
    *,
    above: str = "",
    below: str = "",
    unjudged: str = "",
) -> Doubt:
    return Doubt(
        rule.code, value, above=above, below=below, basis=limit.basis.value, times=limit.times,
        organ=rule.organ, unjudged=unjudged,
    )  # fmt: skip


def unjudged(code: str, value: str, known: Yardstick) -> Doubt | None:
    """Return why a value that is not certainly beyond its limit is not certainly within it either."""
    rule = rule_of(code, known.organs)
    if rule is None:
        return None
    low, high = read(value)
    upper, lower = highest(rule, known), lowest(rule, known)
    if rule.times_upper is not None and _upper_of(rule, known) is None:
        return Doubt(code, value, organ=rule.organ, unjudged=Unjudged.NO_UPPER.value)
    if upper and (high is None or high > upper.value):
        return _doubt(rule, value, upper, above=_text(upper.value), unjudged=Unjudged.BOUND.value)
    if lower and (low is None or low < lower.value):
        return _doubt(rule, value, lower, below=_text(lower.value), unjudged=Unjudged.BOUND.value)
    return None


def doubts(
    values: Mapping[str, str],
    conditions: Iterable[Mapping[str, Any]],
    facts: Mapping[str, Fact],
    known: Yardstick = NOTHING_KNOWN,
) -> list[Doubt]:
    """Return what speaks against calling `values` normal: a condition broken comes before a limit."""
    rows = list(conditions)
    found = []
    for code, value in values.items():
        broken = _broken(code, value, rows, facts)
        if broken is not None:
            doubt: Doubt | None = Doubt(code, value, condition=broken)
        else:
            doubt = beyond(code, value, known) or unjudged(code, value, known)
        if doubt is not None:
            found.append(doubt)
    return found


def _broken(
    code: str, value: str, rows: list[Mapping[str, Any]], facts: Mapping[str, Fact]
) -> str | None:
    """Return the words of the first condition that `value` makes false."""
    key = FACT_OF.get(code)
    if key is None:
        return None
    said = {**facts, key: Fact.between(*read(value))}
    unsaid = {**facts, key: Fact.absent(FactState.MISSING)}
    for row in rows:
        tree = row.get("condition")
        if not tree or f'"{key}"' not in json.dumps(tree):
            continue
        try:
            node = read_condition(tree)
            # One that something else breaks already says nothing against the value.
            if evaluate(node, unsaid).answer is Answer.FALSE:
                continue
            if evaluate(node, said).answer is Answer.FALSE:
                return str(row["text"])
        except ConditionError:
            continue
    return None
