"""The day for which a list, or a site of metastases, was told: as far as it is known, today where none was given."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from ui import formatting
from ui.partial_dates import spanning

if TYPE_CHECKING:
    from cases.models import Patient
    from ui.partial_dates import PartialDate

AS_OF, LATEST = "_complete_as_of", "_complete_latest"


def days_told(on: PartialDate | None) -> tuple[date, date | None]:
    """Return the first day that it may be, and the last one where that is another; None: today."""
    if on is None or on.earliest is None:
        return timezone.localdate(), None
    return on.earliest, on.latest if on.latest != on.earliest else None


def is_today(on: PartialDate | None) -> bool:
    """Whether something is told for the day on which it is said, to the day."""
    return days_told(on) == (timezone.localdate(), None)


def complete_columns(
    column: str, *, complete: bool, on: PartialDate | None
) -> dict[str, date | None]:
    """Return the columns of a patient that say since when a list is complete, or that nobody says so."""
    first, last = days_told(on) if complete else (None, None)
    return {column: first, latest_of(column): last}


def latest_of(column: str) -> str:
    """Return the name of the column of the last day beside that of the first."""
    return f"{column.removesuffix(AS_OF)}{LATEST}"


def told_on(patient: Patient, column: str) -> PartialDate | None:
    """Return the day for which a list was called complete; None where nobody did."""
    first: date | None = getattr(patient, column, None)
    return None if first is None else spanning(first, getattr(patient, latest_of(column)))


def day_words(first: date | None, latest: date | None) -> str:
    """Return the day, the month or the year in words."""
    if first is None or latest is None:
        return formatting.date(first)
    return str(spanning(first, latest))
