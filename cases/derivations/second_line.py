"""Second-line immunosuppression: whether an agent is given now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.derivations.record import MISSING, Record, SecondLine, most_open
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from datetime import date


def second_line_now(record: Record, as_of: date) -> Fact:
    """Return whether an immunosuppressant is given now; False needs a list said to be complete lately."""
    answers = [_given_now(row, as_of) for row in record.second_line]
    if any(answer.value is True for answer in answers):
        return Fact.known(True)
    if _past(record.second_line_until, as_of):
        return MISSING
    if all(answer.value is False for answer in answers):
        return Fact.known(False)
    return Fact.absent(most_open(a.state for a in answers if a.state is not FactState.KNOWN))


def _past(last: date | None, as_of: date) -> bool:
    return last is None or last < as_of


def _given_now(row: SecondLine, as_of: date) -> Fact:
    if row.stop[1] is not None and row.stop[1] < as_of:
        return Fact.known(False)
    if row.still_given.state is FactState.NOT_APPLICABLE:
        return Fact.absent(FactState.UNKNOWN)
    return row.still_given
