"""What the indices of the blood read: results of samples, steroids by their dates, weight and height."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial

from cases.delivered import delivered_limit
from cases.derivations.measured import Interval
from evidence.conditions.facts import MISSING, Fact

Span = tuple[date | None, date | None]


@dataclass(frozen=True)
class Sample:
    """One result: the analyte's code, the day, the value in the canonical unit."""

    analyte: str
    day: date
    value: Interval
    upper_limit: Decimal | None = None


@dataclass(frozen=True)
class SteroidSpan:
    """When a systemic steroid that is no physiological replacement was given."""

    start: Span = (None, None)
    stop: Span = (None, None)
    goes_on: bool = False
    # Whether it counts: the dose of a replacement, of which nobody told it, may be none.
    certain: bool = True


@dataclass(frozen=True)
class Body:
    """Weight in kg with the day of weighing, height in cm."""

    weight: Fact = MISSING
    weighed: Span = (None, None)
    height: Fact = MISSING


@dataclass(frozen=True)
class Blood:
    """All that the indices read."""

    samples: tuple[Sample, ...] = ()
    steroids: tuple[SteroidSpan, ...] = ()
    steroids_complete_on: date | None = None
    body: Body = Body()
    # How far from the day of a blood sample the patient may have been weighed.
    weight_holds_days: int = field(default_factory=partial(delivered_limit, "weight_kg"))
    # All steroids together as a check found them, in mg prednisone-equivalent, and on which day.
    steroid_total: tuple[Decimal, date] | None = None
    # For how many days a dose that was said, or found, goes on.
    doses_hold_days: int = field(default_factory=partial(delivered_limit, "steroid_now"))
