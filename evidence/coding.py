"""How a finding is coded: what the database would refuse of it, said in words, and its one number.

Pure, over the rows as they are delivered. No ORM.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from evidence.choices import DIRECT_TUMOURS, REASONED_PRINTS, Print, Unit

FIGURES = ("numerator", "denominator", "figure", "value", "interval")
"""The fields that carry a figure; empty in a finding that cannot be interpreted."""


def finding_problems(row: Mapping[str, Any]) -> list[str]:
    """What the database would refuse of a finding, said before it is asked a hundred times."""
    found = []
    events, total = row["numerator"], row["denominator"]
    state, printed = row.get("state", Print.NOT_IN_REVIEW), row.get("printed", "")
    if events is not None and (total is None or not 0 <= events <= total or total == 0):
        found.append("n needs an N, and cannot be above it.")
    if state == Print.NOT_INTERPRETABLE:
        if any(row.get(name) not in (None, "") for name in FIGURES):
            found.append("what cannot be interpreted carries no figure.")
    elif events is None and not row["value"]:
        found.append("it gives neither n and N nor a value as printed.")
    if row["direct"] and row["tumour"] not in DIRECT_TUMOURS:
        found.append("only a finding made in NSCLC is direct.")
    if bool(printed) == (state == Print.NOT_IN_REVIEW):
        found.append("its state does not agree with what the review prints.")
    if state in REASONED_PRINTS and not row.get("correction"):
        found.append("it does not say what is right, and why.")
    if not _agree(row):
        found.append("its figure is not n of N.")
    return found


def unknown_errata(row: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """The errata that a finding or statement names and that the list of errata does not have."""
    named = [*row.get("errata", []), *(each["erratum"] for each in row.get("corrections", []))]
    return [number for number in named if number not in known]


def number(row: Mapping[str, Any]) -> float | None:
    """The one number of a finding: its figure, else n of N in per cent; none where there is none."""
    figure: float | None = row.get("figure")
    if figure is not None:
        return figure
    if row["numerator"] is None:
        return None
    share = Decimal(100) * row["numerator"] / row["denominator"]
    return float(share.quantize(Decimal("0.1"), ROUND_HALF_UP))


def _agree(row: Mapping[str, Any]) -> bool:
    """Whether the figure is what n of N gives, as rounded as anybody prints it."""
    figure, events = row.get("figure"), row["numerator"]
    if figure is None or events is None or not row["denominator"]:
        return True
    if row.get("unit") == Unit.PATIENTS:
        return bool(figure == events)
    return abs(figure - 100 * events / row["denominator"]) <= 0.5
