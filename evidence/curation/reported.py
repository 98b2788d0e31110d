"""Published case reports that anybody who curates may try a condition on: a file of their facts, about no patient here.

`evidence/data/published_cases.json` holds what the record derives of each report on the day `as_of`; a test enters the
reports and compares. What a report does not tell is missing, or unknown, and never a no.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.conditions import FACTS, Fact
from evidence.conditions.facts import FactState, Widened

if TYPE_CHECKING:
    from evidence.conditions import Facts

FILE = Path(__file__).parent.parent / "data" / "published_cases.json"
PREFIX = "report:"


@dataclass(frozen=True, slots=True)
class ReportedCase:
    """One case report: its name, what to cite and how much of it was read, its facts on the day `as_of`."""

    key: str
    label: str
    citation: str
    url: str
    read: str
    as_of: date
    facts: Facts


@cache
def reported_cases() -> tuple[ReportedCase, ...]:
    """The case reports of the file, in its order; each key begins with `PREFIX`."""
    held = json.loads(FILE.read_text())
    as_of = date.fromisoformat(held["as_of"])
    return tuple(
        ReportedCase(
            key=f"{PREFIX}{row['key']}",
            label=row["label"],
            citation=row["citation"],
            url=row["url"],
            read=row["read"],
            as_of=as_of,
            facts={key: fact_from(key, value) for key, value in row["facts"].items()},
        )
        for row in held["cases"]
    )


def fact_from(key: str, held: dict[str, Any]) -> Fact:
    """One fact as the file holds it; without a state it is known."""
    if "state" in held:
        return Fact.absent(FactState(held["state"]))
    if "value" in held:
        return Fact.known(held["value"])
    low, high = (_end(key, held.get(name)) for name in ("low", "high"))
    if FACTS[key].kind == "date":
        return Fact.day(low, high)
    return Fact.between(low, high, map(Widened, held.get("widened", ())))


def plain(facts: Facts) -> dict[str, dict[str, Any]]:
    """Facts as the file holds them, in the order of their keys; those that nobody was asked for are left out."""
    return {
        key: _plain(fact)
        for key, fact in sorted(facts.items())
        if fact.state is not FactState.MISSING
    }


def _end(key: str, text: str | None) -> Any:
    if text is None:
        return None
    return date.fromisoformat(text) if FACTS[key].kind == "date" else Decimal(text)


def _plain(fact: Fact) -> dict[str, Any]:
    if fact.state is not FactState.KNOWN:
        return {"state": fact.state.value}
    if fact.value is not None:
        return {"value": fact.value}
    ends = {"low": fact.low, "high": fact.high}
    held: dict[str, Any] = {name: _text(end) for name, end in ends.items() if end is not None}
    return {**held, "widened": [str(why) for why in fact.widened]} if fact.widened else held


def _text(end: Any) -> str:
    return end.isoformat() if isinstance(end, date) else format(Decimal(end).normalize(), "f")
