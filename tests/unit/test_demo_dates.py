"""What the demo invents has happened by the day on which it is referred."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from demo.invented import plans
from ui.partial_dates import PartialDateError, parse_partial_date

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 11, 26)
TOLD = ("courses", "treatments", "responses", "iraes", "steroids", "second_line", "biomarkers")


def days(value: Any, path: str = "") -> Iterator[tuple[str, date]]:
    """Yield each date within `value`, by its earliest day, with the place where it stands."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from days(part, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from days(part, f"{path}.{number}")
    elif isinstance(value, str):
        try:
            found = parse_partial_date(value)
        except PartialDateError:
            return
        if found.earliest is not None:
            yield path, found.earliest


def test_no_invented_case_tells_of_a_day_after_its_referral() -> None:
    found = [
        (plan.key, path, day)
        for plan in plans(TODAY)
        for path, day in days({name: getattr(plan, name) for name in TOLD})
        if day > TODAY - timedelta(days=plan.referred_days_ago)
    ]
    assert found == []
