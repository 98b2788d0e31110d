"""What a benchmark reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


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
