"""Dates, times and numbers as they are shown."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from ui import formatting
from ui.partial_dates import parse_partial_date

DAY = dt.date(2026, 3, 3)
MOMENT = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def in_london():
    with timezone.override("Europe/London"):
        yield


def test_days():
    assert formatting.date(DAY) == "3 March 2026"
    assert formatting.short_date(DAY) == "3 Mar"
    assert formatting.weekday_date(DAY) == "Tuesday 3 March 2026"
    assert formatting.iso(DAY) == "2026-03-03"


def test_moments_are_shown_in_local_time():
    assert formatting.date(MOMENT) == "2 July 2026"
    assert formatting.short_date(MOMENT) == "2 Jul"
    assert formatting.weekday_date(MOMENT) == "Thursday 2 July 2026"
    assert formatting.time(MOMENT) == "00:30"
    assert formatting.datetime(MOMENT) == "2 July 2026, 00:30"
    assert formatting.time(dt.time(9, 5)) == "09:05"


@pytest.mark.parametrize(
    "show",
    [
        formatting.date, formatting.short_date, formatting.weekday_date, formatting.time,
        formatting.datetime, formatting.partial_date, formatting.number, formatting.days_from_today,
    ],
)  # fmt: skip
def test_nothing_is_a_dash(show):
    assert show(None) == "–"


def test_no_moment_has_no_machine_form():
    assert formatting.iso(None) == ""


def test_partial_dates():
    assert formatting.partial_date(parse_partial_date("mar 2025")) == "March 2025"
    assert formatting.partial_date(DAY) == "3 March 2026"


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (5, None, "5"),
        (100, None, "100"),
        (12500, None, "12\u00a0500"),
        (Decimal("1.50"), None, "1.5"),
        (2.5, 2, "2.50"),
        (-3, None, "-3"),
        (0, None, "0"),
    ],
)
def test_numbers(value, places, shown):
    assert formatting.number(value, places) == shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [(3, "today"), (4, "in 1 day"), (10, "in 7 days"), (2, "1 day over"), (1, "2 days over")],
)
def test_how_far_away_a_due_date_is(day, shown):
    assert formatting.days_from_today(dt.date(2026, 3, day), today=DAY) == shown


def test_age_counts_completed_years():
    assert formatting.age(dt.date(1962, 5, 12), on=dt.date(2026, 5, 11)) == 63
    assert formatting.age(dt.date(1962, 5, 12), on=dt.date(2026, 5, 12)) == 64
    assert formatting.age(None) is None


def test_names():
    assert formatting.initials_and_surname("Anna Maria Member") == "A. Maria Member"
    assert formatting.initials_and_surname("Prince") == "Prince"
    assert formatting.initials_and_surname("") == ""
