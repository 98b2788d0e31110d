"""How a finding is shown: n of N, a share where there are enough, its exact interval, its bar.

Pure formatting over plain numbers. No figure is ever joined with another.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from evidence.intervals import TOO_FEW, Interval, exact_interval

PLOT_WIDTH = 300
"""Width of the plot in its own units; 0 % stands at PLOT_EDGE, 100 % as far from the right."""
PLOT_EDGE = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a share and its interval stand in the plot, in units of the picture."""

    point: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """A proportion as shown: `fraction` always, the rest only where N is large enough."""

    fraction: str
    percent: str
    interval: str
    bar: Bar | None

    @property
    def too_few(self) -> bool:
        """Whether there are too few patients for a percentage."""
        return not self.percent


def share(events: int, total: int) -> Share:
    """The share of `events` in `total`; without percentage below ten patients."""
    fraction = f"{events}/{total}"
    if total < TOO_FEW:
        return Share(fraction, "", "", None)
    limits = exact_interval(events, total)
    return Share(
        fraction,
        percent=f"{_percent(events / total, one_place_below=10)} %",
        interval=interval_text(limits),
        bar=Bar(position(events / total), position(limits.low), position(limits.high)),
    )


def interval_text(limits: Interval) -> str:
    """An interval in per cent, without the sign: 43–75."""
    low = _percent(limits.low, one_place_below=1)
    return f"{low}–{_percent(limits.high, one_place_below=1)}"


def position(part: float) -> float:
    """Where a part of 1 stands on the axis of the plot."""
    return round(PLOT_EDGE + part * (PLOT_WIDTH - 2 * PLOT_EDGE), 1)


def gridlines() -> list[tuple[float, int]]:
    """Positions and labels of the axis: 0, 25, 50, 75 and 100 per cent."""
    return [(position(mark / 100), mark) for mark in (0, 25, 50, 75, 100)]


def _percent(part: float, one_place_below: float) -> str:
    """Whole per cent, with one decimal where it is small and not zero."""
    figure = Decimal(str(part)) * 100
    step = Decimal("0.1") if 0 < figure < one_place_below else Decimal(1)
    return str(figure.quantize(step, ROUND_HALF_UP))
