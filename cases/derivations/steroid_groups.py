"""Steroid courses that may be one, and what they add up to at the least as long as nobody said which are. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.derivations.record import Record, Steroid


def may_be_one(one: Steroid, other: Steroid) -> bool:
    """Whether two entries with a dose of now may be of one course: of the same steroid, for the same as far as told."""
    purposes = {one.indication.value, other.indication.value} - {None}
    given = one.now_mg_per_day.low and other.now_mg_per_day.low
    return bool(given and one.drug and one.drug == other.drug and len(purposes) < 2)


def groups(record: Record) -> list[list[int]]:
    """Return the places of the courses, in one group those that may be one, be it by way of another.

    Whoever calls the list complete says that each of them counts.
    """
    rows, pairs = record.steroids, record.steroid_pairs
    if record.steroids_complete_on is not None:
        return [[place] for place in range(len(rows))]
    found: list[list[int]] = []
    for place, steroid in enumerate(rows):
        apart, joined = [], [place]
        for group in found:
            others = (rows[other] for other in group)
            if any(
                pairs.may_be_one(steroid.entry, one.entry, alike=may_be_one(steroid, one))
                for one in others
            ):
                joined += group
            else:
                apart.append(group)
        found = [*apart, joined]
    return found


def least(record: Record, doses: Sequence[Decimal]) -> Decimal:
    """Return what the doses of the courses are at the least: of those that may be one the smallest may be it.

    One of which no dose is certain may be any, so that a group with it is certain of none: to fill its gap must not
    take back what was called certain.
    """
    smallest = (min(doses[place] for place in group) for group in groups(record))
    return sum(smallest, Decimal(0))
