"""How a delivered statement is read in a test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evidence.conditions import Answer, Fact, Node, evaluate, parse, read

PUBLISHED_MARKS = {"seen"}


def published(statements: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in statements.values() if row["mark"] in PUBLISHED_MARKS]


def errata(row: dict[str, Any]) -> set[str]:
    return {correction["erratum"] for correction in row["corrections"]}


def says(row: dict[str, Any]) -> str:
    """What a reader is told, the corrected print left out."""
    return json.dumps({k: v for k, v in row.items() if k != "corrections"}, ensure_ascii=False)


def answer(row: dict[str, Any], **facts: str | bool | float) -> Answer:
    return evaluate(parse(row["condition"]), known(facts)).answer


def known(facts: Mapping[str, str | bool | float]) -> dict[str, Fact]:
    return {
        key: Fact.known(value)
        if isinstance(value, bool | str)
        else Fact.number(value if isinstance(value, int) else Decimal(str(value)))
        for key, value in facts.items()
    }


def stop_node(row: dict[str, Any]) -> Node:
    """When a rule stops: the case is one it concerns, and a row of some source that stops holds."""
    stops = [rule["condition"] for rule in row["rules"] if rule["action"] == "stop"]
    # A draft of which nobody can say whose rule it is has no row, and stops whomever it concerns.
    if {"always": True} in stops or not row["rules"]:
        return read(row["condition"])
    return read({"all": [row["condition"], {"any": stops}]})


def stops(row: dict[str, Any], **facts: str | bool | float) -> Answer:
    return evaluate(stop_node(row), known(facts)).answer
