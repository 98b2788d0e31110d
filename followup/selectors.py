"""Reads of monitoring."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

LATE_MINUTES = 15


@dataclass(frozen=True)
class ReminderHealth:
    """How reminders flow. `sweep_seconds` is None when no sweep has run yet."""

    late_minutes: float
    failed: int
    sweep_seconds: float | None

    @property
    def well(self) -> bool:
        """Whether reminders go out in time."""
        return self.late_minutes <= LATE_MINUTES


def reminder_health() -> ReminderHealth:
    """Return the state of delivery across all boards; no row of a patient is read. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rechallenge_reminder_health()")
        return ReminderHealth(*cursor.fetchone())


def oldest_late_minutes() -> float:
    """Return by how many minutes the oldest due reminder is late; 0.0 when none is."""
    return reminder_health().late_minutes
