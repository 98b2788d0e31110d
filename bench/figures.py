"""What a benchmark reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

RUNS = 3


class NotMeasured(Exception):
    """A part could not be measured; the message says why, in a sentence."""


@dataclass(frozen=True)
class Figure:
    """A measured value beside its bar. `least`: the value should reach the bar, not stay under it."""

    name: str
    value: float
    unit: str
    bar: float
    least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the value keeps the bar."""
        return self.value >= self.bar if self.least else self.value <= self.bar

    def as_row(self) -> dict[str, object]:
        """Return the figure as var/bench.json holds it."""
        value = round(self.value, 3)
        return {
            "name": self.name,
            "value": value,
            "unit": self.unit,
            "bar": self.bar,
            "holds": self.holds,
        }


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def milliseconds(work: Callable[[], object], *, times: int) -> float:
    """Return the best of three medians of `times` runs each, after one that is not counted."""
    work()
    return min(median(seconds(work) for _ in range(times)) for _ in range(RUNS)) * 1000
