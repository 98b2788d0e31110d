"""Dates that are known only to the year, the month, a span, or as days from an event.

Pure: nothing but the standard library. One text field is parsed into a `PartialDate`, and a
`PartialDate` is rendered back to text that parses to the same value.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Precision = Literal["day", "month", "year", "relative", "range"]

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
# What is written -> how it is stored and shown. The stored form is what models compare.
ANCHORS: dict[str, str] = {
    "ici start": "ICI start",
    "start of ici": "ICI start",
    "start of the ici": "ICI start",
    "first dose": "ICI start",
    "first ici dose": "ICI start",
    "first dose of ici": "ICI start",
    "ici stop": "ICI stop",
    "ici end": "ICI stop",
    "end of ici": "ICI stop",
    "last dose": "last dose",
    "last ici dose": "last dose",
    "rechallenge": "rechallenge start",
    "rechallenge start": "rechallenge start",
    "start of rechallenge": "rechallenge start",
    "irae onset": "irAE onset",
    "onset": "irAE onset",
    "diagnosis": "diagnosis",
}


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation; the form translates it when it shows it."""
    return message


class PartialDateError(ValueError):
    """What was typed is not a date; `template` and `params` allow the sentence to be translated."""

    def __init__(self, template: str, **params: object) -> None:
        self.template = template
        self.params = params
        super().__init__(template % params if params else template)


NOT_A_DATE = gettext_noop(
    "Enter a date as 3 March 2025, March 2025, 2025, day 26 after ICI start, or after cycle 7"
)
NO_SUCH_DAY = gettext_noop("%(month)s %(year)s has no day %(day)s")
NO_SUCH_MONTH = gettext_noop("There is no month %(month)s: write the day first, as 3 March 2025")
NO_SUCH_CYCLE = gettext_noop("Cycles and courses are counted from 1: write after cycle 1")
YEAR_OUT_OF_RANGE = gettext_noop("Enter a year between %(earliest)s and %(latest)s")
RANGE_REVERSED = gettext_noop("The later date comes first: write the earlier date first")
UNKNOWN_ANCHOR = gettext_noop(
    "“%(anchor)s” is not an event to count from: use ICI start, ICI stop, last dose, "
    "rechallenge start, irAE onset, diagnosis, or a cycle as cycle 7"
)


@dataclass(frozen=True)
class PartialDate:
    """A date as far as it is known.

    `earliest` and `latest` are inclusive bounds. Both are None for a relative date; one of them
    is None for an open range ("before March 2025"). `offset_days` counts from `anchor`, and is
    negative before it; it is None where no day is told: "after cycle 7" is from its dose to the next.
    """

    earliest: date | None
    latest: date | None
    precision: Precision
    text: str
    anchor: str = ""
    offset_days: int | None = None

    @property
    def exact(self) -> date | None:
        """The day, if it is known to the day."""
        return self.earliest if self.precision == "day" else None

    def resolve(self, anchor_date: date | None) -> PartialDate:
        """Return a relative date as a day, counted from `anchor_date`; others come back as is."""
        if self.precision != "relative" or anchor_date is None or self.offset_days is None:
            return self
        day = anchor_date + timedelta(days=self.offset_days)
        return replace(self, earliest=day, latest=day, precision="day")

    def certainly_before(self, other: PartialDate) -> bool:
        """True when every day this may be lies before every day the other may be."""
        return (
            self.latest is not None and other.earliest is not None and self.latest < other.earliest
        )

    def __str__(self) -> str:
        return render_partial_date(self)


def bounded(told: PartialDate, anchors: Mapping[str, PartialDate | None]) -> PartialDate:
    """Return a relative date with the bounds that follow from its anchor's; others come back as is.

    `anchors`: what is known of each event; days from an event that is not known, or is itself told in days,
    keep no bounds. Two dates told from one event of which nothing is known cannot be compared.
    """
    anchor = anchors.get(told.anchor) if told.precision == "relative" else None
    if anchor is None or told.offset_days is None:
        return told
    days = timedelta(days=told.offset_days)
    return replace(
        told,
        earliest=anchor.earliest + days if anchor.earliest else None,
        latest=anchor.latest + days if anchor.latest else None,
    )


def names_no_course(told: PartialDate, courses: int) -> bool:
    """Whether a date is counted from one of several courses and names none; the rechallenge is a later one."""
    cycle = cycle_of(told.anchor)
    if cycle is not None:
        return courses > 1 and cycle.course is None
    least = {"ICI start": 1, "ICI stop": 1, "last dose": 1, "rechallenge start": 2}.get(told.anchor)
    return least is not None and courses > least


_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})")
_MONTH_YEAR = re.compile(r"([a-z]+)\.?,? (\d{4})")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2}) ([a-z]+)\.?,? (\d{4})")
_MONTH_DAY_YEAR = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})")
_NUMERIC_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_NUMERIC_MONTH = re.compile(r"(\d{1,2})[/.](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_RELATIVE = re.compile(
    r"(?:(?P<unit>day|week) (?P<number>\d{1,4})|(?P<count>\d{1,4}) (?P<units>days?|weeks?))"
    r" (?P<side>after|before|from|of|since) (?:the )?(?P<anchor>[a-z ]+)"
)
# "after cycle 7", "after 7 cycles", "day 5 after cycle 7 of course 2"; a cycle begins with its dose.
_CYCLE = re.compile(
    r"(?:(?P<unit>day|week) (?P<number>\d{1,4})|(?P<count>\d{1,4}) (?P<units>days?|weeks?))?"
    r" ?(?:after|from|since|during|in) (?:the )?"
    r"(?:cycle (?P<cycle>\d{1,3})|(?P<nth>\d{1,3}) cycles?)"
    r"(?: of (?:the )?(?:course (?P<course>\d{1,2})|(?P<nth_course>\d{1,2}) course))?"
)
_CYCLE_ANCHOR = re.compile(r"cycle (\d{1,3})(?: of course (\d{1,2}))?")
_RANGE = re.compile(r"(?:between |from )?(?P<first>.+?)(?: ?[–—] ?| to | and | - )(?P<last>.+)")
_OPEN = re.compile(r"(?P<side>before|after|since|until|by) (?P<rest>.+)")


def parse_partial_date(text: str) -> PartialDate:
    """Read one typed date. Raises `PartialDateError` (a ValueError) with a sentence to show."""
    typed = " ".join(text.split())
    plain = _ORDINAL.sub("", typed).lower()
    if not plain:
        raise PartialDateError(NOT_A_DATE)
    if cycle := _CYCLE.fullmatch(plain):
        return _of_cycle(cycle, typed)
    relative = _RELATIVE.fullmatch(plain)
    if relative:
        return _relative(relative, typed)
    partial = _open_range(plain) or _single(plain) or _range(plain)
    if partial:
        return replace(partial, text=typed)
    raise PartialDateError(NOT_A_DATE)


def _relative(match: re.Match[str], typed: str) -> PartialDate:
    unit = match["unit"] or match["units"]
    days = int(match["number"] or match["count"]) * (7 if unit.startswith("week") else 1)
    anchor = ANCHORS.get(match["anchor"].strip())
    if anchor is None:
        raise PartialDateError(UNKNOWN_ANCHOR, anchor=match["anchor"].strip())
    offset = -days if match["side"] == "before" else days
    return PartialDate(None, None, "relative", typed, anchor=anchor, offset_days=offset)


@dataclass(frozen=True)
class Cycle:
    """A cycle that a date is counted from, and the number of its course where that is told."""

    number: int
    course: int | None = None


def cycle_of(anchor: str) -> Cycle | None:
    """Return the cycle that an anchor names, or None for another event."""
    match = _CYCLE_ANCHOR.fullmatch(anchor)
    return Cycle(int(match[1]), int(match[2]) if match[2] else None) if match else None


def _of_cycle(match: re.Match[str], typed: str) -> PartialDate:
    number = int(match["cycle"] or match["nth"])
    course = match["course"] or match["nth_course"]
    if number < 1 or (course and int(course) < 1):
        raise PartialDateError(NO_SUCH_CYCLE)
    anchor = f"cycle {number}" + (f" of course {int(course)}" if course else "")
    told = match["number"] or match["count"]
    weeks = (match["unit"] or match["units"] or "").startswith("week")
    days = int(told) * (7 if weeks else 1) if told else None
    return PartialDate(None, None, "relative", typed, anchor=anchor, offset_days=days)


def _single(plain: str) -> PartialDate | None:
    """Read one day, month or year; None when the text is none of them."""
    if match := _YEAR.fullmatch(plain):
        year = _year(match[1])
        return PartialDate(date(year, 1, 1), date(year, 12, 31), "year", plain)
    if match := _MONTH_YEAR.fullmatch(plain):
        return _month(_month_named(match[1]), _year(match[2]))
    if match := _DAY_MONTH_YEAR.fullmatch(plain):
        return _day(int(match[1]), _month_named(match[2]), _year(match[3]))
    if match := _MONTH_DAY_YEAR.fullmatch(plain):
        return _day(int(match[2]), _month_named(match[1]), _year(match[3]))
    if match := _NUMERIC_DAY.fullmatch(plain):
        return _day(int(match[1]), _month_number(match[2]), _year(match[3]))
    if match := _NUMERIC_MONTH.fullmatch(plain):
        return _month(_month_number(match[1]), _year(match[2]))
    if match := _ISO_DAY.fullmatch(plain):
        return _day(int(match[3]), _month_number(match[2]), _year(match[1]))
    if match := _ISO_MONTH.fullmatch(plain):
        return _month(_month_number(match[2]), _year(match[1]))
    return None


def _range(plain: str) -> PartialDate | None:
    match = _RANGE.fullmatch(plain)
    if not match:
        return None
    last = _single(match["last"])
    if last is None:
        return None
    # "March to May 2025" and "10 to 14 March 2025": the first part borrows what it lacks.
    endings = ("", *(match["last"][i:] for i, c in enumerate(match["last"]) if c == " "))
    for ending in endings:
        try:
            first = _single(match["first"] + ending)
        except PartialDateError:
            continue
        if first and first.earliest and last.latest:
            if first.earliest > last.latest:
                raise PartialDateError(RANGE_REVERSED)
            return PartialDate(first.earliest, last.latest, "range", plain)
    return None


def _open_range(plain: str) -> PartialDate | None:
    match = _OPEN.fullmatch(plain)
    single = _single(match["rest"]) if match else None
    if match is None or single is None or single.earliest is None or single.latest is None:
        return None
    bounds: dict[str, tuple[date | None, date | None]] = {
        "before": (None, single.earliest - timedelta(days=1)),
        "until": (None, single.latest),
        "by": (None, single.latest),
        "since": (single.earliest, None),
        "after": (single.latest + timedelta(days=1), None),
    }
    earliest, latest = bounds[match["side"]]
    return PartialDate(earliest, latest, "range", plain)


def _year(digits: str) -> int:
    year = int(digits)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise PartialDateError(YEAR_OUT_OF_RANGE, earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
    return year


def _month_named(name: str) -> int:
    """Number of a month by its name or at least three of its letters."""
    if len(name) >= 3:
        for number, month in enumerate(MONTHS, start=1):
            if month.lower().startswith(name) or (name == "sept" and number == 9):
                return number
    raise PartialDateError(NOT_A_DATE)


def _month_number(digits: str) -> int:
    month = int(digits)
    if not 1 <= month <= 12:
        raise PartialDateError(NO_SUCH_MONTH, month=month)
    return month


def _month(month: int, year: int) -> PartialDate:
    last = calendar.monthrange(year, month)[1]
    return PartialDate(date(year, month, 1), date(year, month, last), "month", "")


def _day(day: int, month: int, year: int) -> PartialDate:
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise PartialDateError(NO_SUCH_DAY, day=day, month=MONTHS[month - 1], year=year)
    known = date(year, month, day)
    return PartialDate(known, known, "day", "")


def render_day(day: date) -> str:
    """Return a day as `3 March 2025`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def spanning(earliest: date, latest: date | None = None) -> PartialDate:
    """Return the day, month, year or span from one day to another; without the other it is that day."""
    last = latest or earliest
    month_ends = last.day == calendar.monthrange(last.year, last.month)[1]
    precision: Precision = "range"
    if last == earliest:
        precision = "day"
    elif (
        earliest.day == 1
        and month_ends
        and (earliest.year, earliest.month) == (last.year, last.month)
    ):
        precision = "month"
    elif earliest == date(last.year, 1, 1) and last == date(last.year, 12, 31):
        precision = "year"
    return PartialDate(earliest, last, precision, "")


def render_partial_date(partial: PartialDate | None) -> str:
    """Return the date as it is shown; the result parses back to the same bounds."""
    if partial is None:
        return ""
    if partial.precision == "relative":
        if partial.offset_days is None:
            return f"after {partial.anchor}"
        days = partial.offset_days
        if days < 0:
            return f"{-days} days before {partial.anchor}"
        return f"day {days} after {partial.anchor}"
    earliest, latest = partial.earliest, partial.latest
    if earliest is None or latest is None:
        if latest is not None:
            return f"until {render_day(latest)}"
        return f"since {render_day(earliest)}" if earliest is not None else partial.text
    if partial.precision == "day":
        return render_day(earliest)
    if partial.precision == "month":
        return f"{MONTHS[earliest.month - 1]} {earliest.year}"
    if partial.precision == "year":
        return str(earliest.year)
    return _render_range(earliest, latest)


def _render_range(earliest: date, latest: date) -> str:
    """Return a range by whole months where its bounds are whole months, else by days."""
    whole = earliest.day == 1 and latest.day == calendar.monthrange(latest.year, latest.month)[1]
    if not whole:
        return f"{render_day(earliest)} to {render_day(latest)}"
    first, last = MONTHS[earliest.month - 1], MONTHS[latest.month - 1]
    if earliest.year == latest.year:
        return f"{first} to {last} {latest.year}"
    return f"{first} {earliest.year} to {last} {latest.year}"
