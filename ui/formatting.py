"""How dates, times and numbers are shown. Every page and letter uses these and nothing else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ui.partial_dates import PartialDate, cycle_of

NOTHING = "–"
# The events that a date may be counted from, as `ui.partial_dates` stores them.
ANCHORS = {
    "ICI start": gettext_lazy("ICI start"),
    "ICI stop": gettext_lazy("ICI stop"),
    "last dose": gettext_lazy("last dose"),
    "rechallenge start": gettext_lazy("rechallenge start"),
    "irAE onset": gettext_lazy("irAE onset"),
    "diagnosis": gettext_lazy("diagnosis"),
}


def _local(value: Any) -> Any:
    """Return a moment in the local time zone; a day, or a time of day, comes back as it is."""
    moment = isinstance(value, dt.datetime) and timezone.is_aware(value)
    return timezone.localtime(value) if moment else value


def date(value: dt.date | dt.datetime | None) -> str:
    """Return `3 March 2026`; a moment is first taken to the local time zone."""
    if value is None:
        return NOTHING
    return formats.date_format(_local(value), "j F Y")


def short_date(value: dt.date | dt.datetime | None) -> str:
    """Return `3 Mar` for axes and dense lists where the year is plain from its place."""
    if value is None:
        return NOTHING
    return formats.date_format(_local(value), "j M")


def weekday_date(value: dt.date | dt.datetime | None) -> str:
    """Return `Tuesday 3 March 2026`, for page headings and meetings."""
    if value is None:
        return NOTHING
    return formats.date_format(_local(value), "l j F Y")


def time(value: dt.datetime | dt.time | None) -> str:
    """Return `14:02`; a moment is first taken to the local time zone."""
    if value is None:
        return NOTHING
    return formats.time_format(_local(value), "H:i")


def datetime(value: dt.datetime | None) -> str:
    """Return `3 March 2026, 14:02` in the local time zone."""
    if value is None:
        return NOTHING
    return f"{date(value)}, {time(value)}"


def datetime_seconds(value: dt.datetime) -> str:
    """Return `3 March 2026, 14:02:05`, where moments of one minute have to be told apart."""
    return f"{date(value)}, {formats.time_format(_local(value), 'H:i:s')}"


def datetime_exact(value: dt.datetime) -> str:
    """Return `3 March 2026, 14:02:05.123456`, where moments of one second have to be told apart."""
    return f"{date(value)}, {formats.time_format(_local(value), 'H:i:s.u')}"


def iso(value: dt.date | dt.datetime | None) -> str:
    """Return the machine's form for a `<time datetime>` attribute."""
    return "" if value is None else value.isoformat()


def partial_date(value: PartialDate | dt.date | None) -> str:
    """Return a date as far as it is known: `3 March 2025`, `March 2025`, `2025`."""
    if value is None:
        return NOTHING
    if isinstance(value, dt.date):
        return date(value)
    earliest, latest = value.earliest, value.latest
    if value.precision == "relative":
        return _from_anchor(value.offset_days, value.anchor)
    if earliest is None or latest is None:
        return _open_range(value)
    if value.precision == "day":
        return date(earliest)
    if value.precision == "month":
        return formats.date_format(earliest, "F Y")
    if value.precision == "year":
        return str(earliest.year)
    return _range(earliest, latest)


def _anchor(anchor: str) -> str:
    cycle = cycle_of(anchor)
    if cycle is None:
        return str(ANCHORS.get(anchor, anchor))
    if cycle.course is None:
        return _("cycle %(n)s") % {"n": cycle.number}
    return _("cycle %(n)s of course %(course)s") % {"n": cycle.number, "course": cycle.course}


def _from_anchor(days: int | None, anchor: str) -> str:
    if days is None:
        return _("after %(anchor)s") % {"anchor": _anchor(anchor)}
    words = {"anchor": _anchor(anchor), "days": abs(days)}
    if days < 0:
        return (
            ngettext("%(days)s day before %(anchor)s", "%(days)s days before %(anchor)s", -days)
            % words
        )
    return _("day %(days)s after %(anchor)s") % words


def _open_range(value: PartialDate) -> str:
    if value.latest is not None:
        return _("until %(date)s") % {"date": date(value.latest)}
    if value.earliest is not None:
        return _("since %(date)s") % {"date": date(value.earliest)}
    return value.text


def _range(earliest: dt.date, latest: dt.date) -> str:
    """Return a range by whole months where its bounds are whole months, else by days."""
    first, last = date(earliest), date(latest)
    if earliest.day == 1 and (latest + dt.timedelta(days=1)).day == 1:
        same_year = earliest.year == latest.year
        first = formats.date_format(earliest, "F" if same_year else "F Y")
        last = formats.date_format(latest, "F Y")
    return _("%(start)s to %(stop)s") % {"start": first, "stop": last}


def number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """Return a number without needless zeros; `places` fixes the decimals; thousands by a space."""
    if value is None:
        return NOTHING
    quantity = Decimal(str(value))
    shown = f"{quantity:,.{places}f}" if places is not None else f"{quantity.normalize():,f}"
    return shown.replace(",", "\N{NO-BREAK SPACE}")


def days_from_today(value: dt.date | None, today: dt.date | None = None) -> str:
    """Return `today`, `in 3 days`, `2 days over`: how far away a due date is."""
    if value is None:
        return NOTHING
    days = (value - (today or timezone.localdate())).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    return ngettext("%(days)s day over", "%(days)s days over", -days) % {"days": -days}


def age(born: dt.date | None, on: dt.date | None = None) -> int | None:
    """Return completed years of life on a day (today if none is given)."""
    if born is None:
        return None
    day = on or timezone.localdate()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def initials_and_surname(name: str) -> str:
    """Return `A. Member` for `Anna Member`; a single word comes back as it is."""
    words = name.split()
    return f"{words[0][0]}. {' '.join(words[1:])}" if len(words) > 1 else name
