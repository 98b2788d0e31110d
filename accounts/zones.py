"""Time zones: which may be a board's, and which day it is there."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Board

# Names by a city, and UTC. The others are old names of these, abbreviations, or none that a board could mean.
AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
UTC = "UTC"


def site_zone() -> str:
    """Return the zone that a new board has unless another is chosen."""
    return str(settings.TIME_ZONE)


def today_of(board: Board) -> date:
    """Return the day it is at `board`, by which the sweeps go as well."""
    return day_of(board, timezone.now())


def day_of(board: Board, moment: datetime) -> date:
    """Return the day on which `moment` was at `board`."""
    return timezone.localdate(moment, timezone=ZoneInfo(board.zone))


def start_of(board: Board, day: date) -> datetime:
    """Return the midnight with which `day` begins at `board`."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(board.zone))


def today_among(boards: Iterable[Board]) -> date:
    """Return the day it is at `boards`; where they lie in several zones, at this site."""
    zones = {board.zone for board in boards}
    return timezone.localdate(timezone=ZoneInfo(zones.pop()) if len(zones) == 1 else None)


def validate_zone(name: str) -> None:
    """Raise ValidationError unless pages and database both know the zone `name`.

    The sweeps reckon every board's day in one statement: one zone that the database refuses would stop them all.
    """
    if name not in available_timezones() or not _known_to_database(name):
        words = _("There is no time zone %(name)s: take one such as Europe/London.")
        raise ValidationError(words, code="unknown_zone", params={"name": name})


def zone_choices(*kept: str) -> list[tuple[str, str]]:
    """Return the zones to choose from, by name, with those that are `kept` because they stand already."""
    named = {name for name in available_timezones() if name.split("/")[0] in AREAS and "/" in name}
    return [(name, name.replace("_", " ")) for name in sorted(named | {UTC, *kept})]


def _known_to_database(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = %s)", [name])
        (known,) = cursor.fetchone()
    return bool(known)
