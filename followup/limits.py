"""Which values of a check can hardly be called normal: limits, and the conditions of the decision. Pure.

A limit makes the form ask, nothing more: a person says whether the value is normal for this patient. Marks:
steroid dose, ALT, AST, bilirubin and glucose from the clinical reference (at most 10 mg/day of prednisone; the
labels withhold above 3 times the upper limit of ALT or AST, taken as 40 U/L, above 1.5 times that of bilirubin,
taken as 20 µmol/L, and above 250 mg/dL of glucose); all others general knowledge, to be confirmed locally.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evidence.conditions.evaluation import Answer, evaluate
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.tree import ConditionError, parse

# Code of a measure -> lowest and highest value, in the unit of the protocols.
LIMITS: dict[str, tuple[str | None, str | None]] = {
    "prednisone": (None, "10"),  # mg/day
    "alt": (None, "120"),  # U/L
    "ast": (None, "120"),  # U/L
    "bilirubin": (None, "30"),  # µmol/L
    "glucose": (None, "13.9"),  # mmol/L
    "hb": ("100", None),  # g/L
    "neutrophils": ("1.5", None),  # 10⁹/L
    "platelets": ("75", None),  # 10⁹/L
    "sodium": ("130", "150"),  # mmol/L
    "potassium": ("3.0", "5.5"),  # mmol/L
    "cortisol": ("100", None),  # nmol/L
    "calprotectin": (None, "250"),  # µg/g
    "stools": (None, "3"),  # a day above usual
    "spo2_rest": ("92", None),  # %
    "spo2_exertion": ("88", None),  # %
    "lvef": ("50", None),  # %
    "bsa": (None, "10"),  # %
}
# Code of a measure -> the fact of the record that it says.
FACT_OF = {"prednisone": "steroid_now"}


@dataclass(frozen=True)
class Doubt:
    """Why a value is questioned: the limit it passes ("" for none), or the condition that it breaks."""

    code: str
    value: str
    above: str = ""
    below: str = ""
    condition: str = ""


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


def beyond(code: str, value: str) -> Doubt | None:
    """Return how a value certainly passes the limit of its measure; None where it does not."""
    lowest, highest = LIMITS.get(code, (None, None))
    low, high = read(value)
    if highest is not None and low is not None and low > Decimal(highest):
        return Doubt(code, value, above=highest)
    if lowest is not None and high is not None and high < Decimal(lowest):
        return Doubt(code, value, below=lowest)
    return None


def doubts(
    values: Mapping[str, str], conditions: Iterable[Mapping[str, Any]], facts: Mapping[str, Fact]
) -> list[Doubt]:
    """Return what speaks against calling `values` normal: a condition broken comes before a limit."""
    rows = list(conditions)
    found = []
    for code, value in values.items():
        broken = _broken(code, value, rows, facts)
        doubt = Doubt(code, value, condition=broken) if broken is not None else beyond(code, value)
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
            node = parse(tree)
            # One that something else breaks already says nothing against the value.
            if evaluate(node, unsaid).answer is Answer.FALSE:
                continue
            if evaluate(node, said).answer is Answer.FALSE:
                return str(row["text"])
        except ConditionError:
            continue
    return None
