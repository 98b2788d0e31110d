"""Whether somebody says of a course of an ICI that it is over."""

from __future__ import annotations

from typing import Any

from evidence.conditions.facts import FactState


def is_over(row: Any) -> bool:
    """Whether somebody says that a course is over: why it stopped, or that nobody knows why.

    That nobody knows why is as true of a course that goes on: it counts only beside a last dose that is told, or
    said to be unknown.
    """
    if row.stop_state == FactState.NOT_APPLICABLE:
        return False
    if row.stop_reason_state == FactState.UNKNOWN:
        return row.stop_state in (FactState.KNOWN, FactState.UNKNOWN)
    return bool(row.stop_reason_state == FactState.KNOWN)
