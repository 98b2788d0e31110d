"""Whether the conditions that a decision sets before the first dose are met. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from evidence.conditions.evaluation import Answer, evaluate
from evidence.conditions.facts import Fact
from evidence.conditions.tree import ConditionError, read


class Standing(StrEnum):
    """How a condition stands on a day."""

    MET = "met"
    NOT_MET = "not_met"
    EXPIRED = "expired"
    UNJUDGED = "unjudged"
    IN_WORDS = "in_words"


@dataclass(frozen=True)
class Judged:
    """A condition of a decision and how it stands."""

    text: str
    expires_on: date | None
    standing: Standing


def judge_conditions(
    conditions: Iterable[Mapping[str, Any]], facts: Mapping[str, Fact], on: date
) -> list[Judged]:
    """Return how each condition stands on the day `on`.

    One in words alone stands as a person has said with the first dose (`said`), until then it is asked for. What
    was judged with the first dose (`judged`) stays: the dose itself changes the record.
    """
    judged = []
    for row in conditions:
        expires_on = date.fromisoformat(row["expires_on"]) if row.get("expires_on") else None
        standing = Standing(row["judged"]) if row.get("judged") else standing_of(row, facts, on)
        if expires_on is not None and expires_on < on:
            standing = Standing.EXPIRED
        judged.append(Judged(row["text"], expires_on, standing))
    return judged


def standing_of(
    row: Mapping[str, Any], facts: Mapping[str, Fact], on: date | None = None
) -> Standing:
    """Return how a condition stands by the facts, whatever the day until which it was to be met."""
    condition = row.get("condition")
    if not condition:
        said = row.get("said")
        if said is None:
            return Standing.IN_WORDS
        return Standing.MET if said else Standing.NOT_MET
    try:
        answer = evaluate(read(condition), facts, as_of=on).answer
    except ConditionError:
        return Standing.UNJUDGED
    return {Answer.TRUE: Standing.MET, Answer.FALSE: Standing.NOT_MET}.get(
        answer, Standing.UNJUDGED
    )
