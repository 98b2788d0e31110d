"""Whether the conditions that a decision sets before the first dose are met. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from evidence.conditions.evaluation import Answer, evaluate
from evidence.conditions.facts import Fact
from evidence.conditions.tree import ConditionError, parse


class Standing(StrEnum):
    """How a condition stands on a day."""

    MET = "met"
    NOT_MET = "not_met"
    EXPIRED = "expired"
    UNJUDGED = "unjudged"


@dataclass(frozen=True)
class Judged:
    """A condition of a decision and how it stands."""

    text: str
    expires_on: date | None
    standing: Standing


def judge_conditions(
    conditions: Iterable[Mapping[str, Any]], facts: Mapping[str, Fact], on: date
) -> list[Judged]:
    """Return how each condition stands on the day `on`; one in words alone cannot be judged here."""
    judged = []
    for row in conditions:
        expires_on = date.fromisoformat(row["expires_on"]) if row.get("expires_on") else None
        standing = _standing(row.get("condition"), facts)
        if expires_on is not None and expires_on < on:
            standing = Standing.EXPIRED
        judged.append(Judged(row["text"], expires_on, standing))
    return judged


def _standing(condition: object, facts: Mapping[str, Fact]) -> Standing:
    if not condition:
        return Standing.UNJUDGED
    try:
        answer = evaluate(parse(condition), facts).answer
    except ConditionError:
        return Standing.UNJUDGED
    return {Answer.TRUE: Standing.MET, Answer.FALSE: Standing.NOT_MET}.get(
        answer, Standing.UNJUDGED
    )
