"""Exact intervals against the published list and against their own definition."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.intervals import exact_interval

# A law is about answers, not about how busy the machine is.
LAW = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# n, N and the limits in per cent to the precision they are quoted with.
QUOTED = [
    (11, 14, "49", "95"), (7, 10, "35", "93"), (11, 21, "30", "74"), (24, 40, "43", "75"),
    (20, 40, "34", "66"), (14, 80, "10", "28"), (2, 84, "0.3", "8"), (1, 17, "0.1", "29"),
    (10, 17, "33", "82"), (8, 34, "11", "41"), (17, 29, "39", "76"), (2, 28, "0.9", "24"),
    (0, 30, "0", "12"), (7, 24, "13", "51"), (1, 26, "0.1", "20"), (14, 32, "26", "62"),
    (43, 135, "24", "40"), (2, 67, "0.4", "10"), (23, 67, "23", "47"), (5, 59, "2.8", "18.7"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "total", "low", "high"), QUOTED)
def test_the_quoted_intervals_are_met(events: int, total: int, low: str, high: str) -> None:
    interval = exact_interval(events, total)
    for limit, quoted in ((interval.low, low), (interval.high, high)):
        places = len(quoted.partition(".")[2])
        assert f"{limit * 100:.{places}f}" == quoted


def _at_most(events: int, total: int, p: float) -> float:
    return sum(comb(total, k) * p**k * (1 - p) ** (total - k) for k in range(events + 1))


@LAW
@given(st.integers(1, 150).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_each_limit_leaves_two_and_a_half_per_cent_in_its_tail(pair: tuple[int, int]) -> None:
    events, total = pair
    interval = exact_interval(events, total)
    assert 0 <= interval.low <= events / total <= interval.high <= 1
    if events > 0:
        assert 1 - _at_most(events - 1, total, interval.low) == pytest.approx(0.025, abs=1e-8)
    if events < total:
        assert _at_most(events, total, interval.high) == pytest.approx(0.025, abs=1e-8)


@LAW
@given(st.integers(1, 150).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_counting_the_others_mirrors_the_interval(pair: tuple[int, int]) -> None:
    events, total = pair
    one, other = exact_interval(events, total), exact_interval(total - events, total)
    assert one.low == pytest.approx(1 - other.high, abs=1e-9)


def test_a_whole_safety_database_still_has_an_interval() -> None:
    interval = exact_interval(6123, 24079)
    assert interval.low < 6123 / 24079 < interval.high
    assert interval.high - interval.low < 0.02


@pytest.mark.parametrize(("events", "total"), [(1, 0), (-1, 5), (6, 5)])
def test_an_impossible_fraction_is_refused(events: int, total: int) -> None:
    with pytest.raises(ValueError, match="No interval"):
        exact_interval(events, total)


def test_an_impossible_confidence_is_refused() -> None:
    with pytest.raises(ValueError, match="No interval"):
        exact_interval(1, 2, confidence=1.0)
