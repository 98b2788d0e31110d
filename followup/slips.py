"""Which values of a check are hardly possible in the unit of their box: a unit mistaken, most often. Pure.

A value typed in another unit is far too low more often than too high, and passes every upper limit: creatinine 2.5 in
mg/dL is a failing kidney, and in µmol/L nothing that is measured. What asks, and by which source, stands in
`data/limits.json`; the range of what can be is that of the record's analyte.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from followup.limits import DATA, Doubt, Yardstick, doubts, highest, read, rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evidence.conditions.facts import Fact


@dataclass(frozen=True)
class Other:
    """The unit for which a measure's own is mistaken, and what a value in it is multiplied by.

    A value is questioned below `below`, or below `below_upper` of the laboratory's upper limit, where it would pass
    its limit in the other unit.
    """

    unit: str
    factor: Decimal
    below: Decimal | None
    below_upper: Decimal | None


@cache
def _others() -> dict[str, Other]:
    rows = json.loads(DATA.read_text(encoding="utf-8"))["slips"]
    return {
        row["code"]: Other(
            row["other"],
            Decimal(row["factor"]),
            Decimal(row["below"]) if "below" in row else None,
            Decimal(row["below_upper"]) if "below_upper" in row else None,
        )
        for row in rows
    }


def questioned(
    values: Mapping[str, str],
    conditions: Iterable[Mapping[str, Any]],
    facts: Mapping[str, Fact],
    known: Yardstick,
) -> list[Doubt]:
    """Return what speaks against calling `values` normal: a condition, then what can hardly be, then a limit."""
    found = {doubt.code: doubt for doubt in doubts(values, conditions, facts, known)}
    for code, value in values.items():
        doubt = slip(code, value, known)
        if doubt is not None and not (code in found and found[code].condition):
            found[code] = doubt
    return [found[code] for code in values if code in found]


def slip(code: str, value: str, known: Yardstick) -> Doubt | None:
    """Return why a value is hardly possible in the unit of its measure."""
    low, high = read(value)
    within = known.plausible.get(code)
    impossible = within is not None and (
        (high is not None and high < within[0]) or (low is not None and low > within[1])
    )
    other = _others().get(code)
    if other is not None and high is not None:
        converted = high * other.factor
        fits = within is None or within[0] <= converted <= within[1]
        if (impossible and fits) or _is_far_below(code, high, converted, other, known):
            return Doubt(code, value, other=other.unit, converted=_text(converted))
    if impossible and within is not None:
        return Doubt(code, value, within=(_text(within[0]), _text(within[1])))
    return None


def _is_far_below(
    code: str, value: Decimal, converted: Decimal, other: Other, known: Yardstick
) -> bool:
    """Whether a value is lower than is measured in its unit, and would pass its limit in the other one."""
    rule = rule_of(code, known.organs)
    upper = known.upper.get(code, rule.assumed_upper if rule else None)
    least = other.below
    if other.below_upper is not None and upper is not None:
        least = other.below_upper * upper
    if rule is None or least is None or value >= least:
        return False
    limit = highest(rule, known)
    return limit is None or converted > limit.value


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"
