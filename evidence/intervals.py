"""Exact binomial confidence intervals, standard library only.

Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of
the binomial. Biometrika 1934;26:404-413. The limits are quantiles of the beta distribution:
the incomplete beta function by its continued fraction (modified Lentz), inverted by bisection.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

TOO_FEW = 10
"""Below this denominator no percentage is shown: one patient more or less would move it by
more than ten points."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper limit of a proportion, each between 0 and 1."""

    low: float
    high: float


@lru_cache(maxsize=4096)
def exact_interval(events: int, total: int, confidence: float = 0.95) -> Interval:
    """The exact (Clopper-Pearson) interval of `events` out of `total`.

    Raises ValueError unless 0 <= events <= total, total > 0 and 0 < confidence < 1.
    """
    if total <= 0 or not 0 <= events <= total or not 0 < confidence < 1:
        raise ValueError(f"No interval for {events} of {total} at confidence {confidence}.")
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else _beta_quantile(tail, events, total - events + 1)
    high = 1.0 if events == total else _beta_quantile(1 - tail, events + 1, total - events)
    return Interval(low, high)


def _beta_quantile(probability: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        if _incomplete_beta(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function at 0 < x < 1."""
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    # The fraction converges fast on one side of the mean only; the other is its mirror.
    if x < (a + 1) / (a + b + 2):
        return front * _continued_fraction(x, a, b) / a
    return 1 - front * _continued_fraction(1 - x, b, a) / b


def _continued_fraction(x: float, a: float, b: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 10_000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + numerator / c
            c = c if abs(c) > tiny else tiny
            result *= d * c
        if abs(d * c - 1) < 1e-14:
            return result
    raise ArithmeticError("The continued fraction did not converge.")  # pragma: no cover
