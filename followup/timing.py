"""When checks fall due: days after the first dose from a step's timing, and how two protocols merge.

Pure functions over whole days; day 0 is the day of the first dose. Intervals come from the protocol and
are illustrative until confirmed locally.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

# Density is compared over the first twelve weeks, when recurrences are most frequent.
WINDOW_DAYS = 84


class Step(Protocol):
    """What timing reads of a protocol step."""

    code: str
    kind: str
    offsets: list[int]
    every_days: int | None
    from_day: int
    until_day: int | None


S = TypeVar("S", bound=Step)


@dataclass(frozen=True)
class Planned(Generic[S]):
    """One check to be: its step and its day after the first dose; None is before the first dose."""

    step: S
    day: int | None


def days_of(step: Step, dose_interval_days: int | None) -> Sequence[int | None]:
    """Return the days on which `step` asks for a check, in order; [None] is once before the first dose.

    At each dose the interval is the plan's, else the step's own assumption in `every_days`.
    """
    if step.kind == "before_first_dose":
        return [None]
    if step.kind == "days_after_first_dose":
        return sorted(set(step.offsets))
    interval = step.every_days
    if step.kind == "at_each_dose" and dose_interval_days:
        interval = dose_interval_days
    if not interval or interval < 1 or step.until_day is None:
        raise ValueError(f"Step {step.code} has no interval or no end.")
    return list(range(step.from_day, step.until_day + 1, interval))


def _density(days: Sequence[int]) -> tuple[int, int]:
    return (sum(1 for day in days if day <= WINDOW_DAYS), len(days))


def merge(steps: Iterable[S], dose_interval_days: int | None) -> list[Planned[S]]:
    """Return the checks that the steps of several protocols ask for together.

    Steps of one code are the same check: the denser is kept as long as it runs; outside its span the
    others go on, so that a short intensive protocol never ends a long one. Before the first dose a
    code is asked for once. Earlier steps win a tie.
    """
    by_code: dict[str, list[S]] = {}
    for step in steps:
        by_code.setdefault(step.code, []).append(step)
    planned: list[Planned[S]] = []
    for same in by_code.values():
        before = [s for s in same if s.kind == "before_first_dose"]
        planned += [Planned(s, None) for s in before[:1]]
        dated = [
            (s, [d for d in days_of(s, dose_interval_days) if d is not None])
            for s in same
            if s.kind != "before_first_dose"
        ]
        dated.sort(key=lambda pair: _density(pair[1]), reverse=True)
        taken: list[int] = []
        for step, days in dated:
            fresh = [d for d in days if not taken or d < min(taken) or d > max(taken)]
            planned += [Planned(step, day) for day in fresh]
            taken += fresh
    return planned
