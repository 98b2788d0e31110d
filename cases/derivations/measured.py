"""A measured value as a report prints it, in a canonical unit, and what follows for sums of such values.

Decimals throughout: a conversion is exact. "<0.5" is the interval from 0 to 0.5, ">1000" is open above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from ui.figures import two_readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A result is kept to this step of its canonical unit, far below what a laboratory can tell apart.
STEP = Decimal("0.0001")
LARGEST = Decimal(10) ** 9
_VALUE = re.compile(r"(?P<sign><=|>=|[<>≤≥])?\s*(?P<number>\d+(?:[.,]\d+)?)")
_SCALE = re.compile(
    r"\s*(?P<factor>\d+(?:\.\d+)?)\s*(?:(?P<sign>[+-])\s*(?P<offset>\d+(?:\.\d+)?)\s*)?"
)
_SIGNS = {"≤": "<", "<=": "<", "≥": ">", ">=": ">"}


class ValueRefused(ValueError):
    """A text that is no result; `code` says why: format, ambiguous, negative, large, small or below."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reading:
    """A number as reported, with the sign of a bound before it ("=", "<" or ">")."""

    comparator: str
    number: Decimal


@dataclass(frozen=True)
class Scale:
    """How a number in one unit becomes one in the canonical unit: times `factor`, plus `offset`."""

    factor: Decimal
    offset: Decimal = Decimal(0)

    @classmethod
    def read(cls, text: str) -> Scale:
        """Return what "0.001" or "10.93 - 23.5" say. Raises ValueError."""
        match = _SCALE.fullmatch(text)
        if match is None or not Decimal(match["factor"]):
            raise ValueError(text)
        return cls(
            Decimal(match["factor"]), Decimal(f"{match['sign'] or ''}{match['offset'] or 0}")
        )

    def of(self, number: Decimal) -> Decimal:
        """Return a number in the canonical unit."""
        return number * self.factor + self.offset

    def back(self, value: Decimal) -> Decimal:
        """Return a canonical value in this unit."""
        return (value - self.offset) / self.factor


@dataclass(frozen=True)
class Interval:
    """What is certain about a quantity that is never negative; `high` None is open."""

    low: Decimal
    high: Decimal | None

    @property
    def is_zero(self) -> bool:
        """Whether it is certainly nothing."""
        return self.high == 0

    @property
    def is_point(self) -> bool:
        """Whether it is one value."""
        return self.low == self.high


def read_value(text: str, unit: str = "") -> Reading:
    """Return what "4.2", "4,2", "<0.5" or "> 1000" say in a unit. Raises ValueRefused."""
    given = " ".join(text.split())
    if given.startswith(("-", "\N{MINUS SIGN}")):
        raise ValueRefused("negative")
    # A space between thousands, as in "12 500".
    given = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", given)
    match = _VALUE.fullmatch(given)
    if match is None:
        raise ValueRefused("format")
    digits = match["number"]
    if two_readings(digits, unit):
        raise ValueRefused("ambiguous")
    number = Decimal(digits.replace(",", "."))
    if number > LARGEST:
        raise ValueRefused("large")
    sign = match["sign"] or "="
    return Reading(_SIGNS.get(sign, sign), number)


def read_range(text: str, unit: str = "") -> tuple[Decimal | None, Decimal | None]:
    """Return the bounds of "1.0-4.0", "<250" or ">60"; an end that is not given is None.

    Raises ValueRefused, with the code "order" where the ends are the wrong way round.
    """
    given = " ".join(text.split())
    low, dash, high = re.sub(r"\s*(?:[-\N{EN DASH}]|\bto\b)\s*", "-", given).partition("-")
    if not dash:
        reading = read_value(given, unit)
        if reading.comparator == "=":
            raise ValueRefused("format")
        return (None, reading.number) if reading.comparator == "<" else (reading.number, None)
    ends = read_value(low, unit), read_value(high, unit)
    if any(end.comparator != "=" for end in ends):
        raise ValueRefused("format")
    if ends[0].number > ends[1].number:
        raise ValueRefused("order")
    return ends[0].number, ends[1].number


def canonical(reading: Reading, scale: Scale) -> Decimal:
    """Return a reading in the canonical unit, at the step to which results are kept.

    A bound is moved outwards, if at all, so that it stays true. Raises ValueRefused where nothing is left of
    a value that is not 0, or where it is more than can be kept, or less than the unit has a meaning for.
    """
    exact = scale.of(reading.number)
    rounding = {"<": ROUND_CEILING, ">": ROUND_FLOOR}.get(reading.comparator, ROUND_HALF_EVEN)
    if exact > LARGEST:
        raise ValueRefused("large")
    if exact < 0:
        raise ValueRefused("below")
    value = exact.quantize(STEP, rounding)
    if reading.comparator == "=" and exact and not value:
        raise ValueRefused("small")
    return value


def interval(comparator: str, value: Decimal) -> Interval:
    """Return what a result says for certain."""
    if comparator == "<":
        return Interval(Decimal(0), value)
    return Interval(value, None if comparator == ">" else value)


def hull(parts: Iterable[Interval]) -> Interval:
    """Return the narrowest interval that holds all of `parts`; several results of one day differ."""
    found = list(parts)
    highs = [part.high for part in found]
    return Interval(
        min(part.low for part in found),
        None if None in highs else max(high for high in highs if high is not None),
    )


def is_plausible(value: Decimal, low: Decimal, high: Decimal) -> bool:
    """Whether a value, or the bound that it is, can be what was measured."""
    return low <= value <= high


def better_units(
    reading: Reading, unit: str, units: Mapping[str, Scale], low: Decimal, high: Decimal
) -> list[str]:
    """Return the units in which an implausible reading would be plausible, one of each size."""
    sizes, found = {units[unit]}, []
    for name, scale in units.items():
        if scale not in sizes and is_plausible(scale.of(reading.number), low, high):
            sizes.add(scale)
            found.append(name)
    return found


def quotient(above: Interval, below: Interval) -> Interval | None:
    """Return one quantity over another; None where the divisor is certainly 0."""
    if below.is_zero:
        return None
    low = Decimal(0) if below.high is None else above.low / below.high
    high = above.high / below.low if above.high is not None and below.low else None
    # Nothing over anything but nothing is nothing, whatever the divisor's lower end.
    return Interval(low, Decimal(0) if above.is_zero else high)


def product(one: Interval, other: Interval) -> Interval:
    """Return one quantity times another."""
    open_above = one.high is None or other.high is None
    high = None if open_above else one.high * other.high  # type: ignore[operator]
    return Interval(one.low * other.low, high)
