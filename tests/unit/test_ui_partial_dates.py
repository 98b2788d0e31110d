"""Partial dates: what is typed, what it means, and the way back to text."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.partial_dates import (
    MONTHS,
    Cycle,
    PartialDate,
    PartialDateError,
    cycle_of,
    parse_partial_date,
    render_partial_date,
    spanning,
)


@pytest.mark.parametrize(
    ("typed", "earliest", "latest", "precision"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "year"),
        ("March 2025", date(2025, 3, 1), date(2025, 3, 31), "month"),
        ("feb 2024", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("Sept. 2024", date(2024, 9, 1), date(2024, 9, 30), "month"),
        ("03/2025", date(2025, 3, 1), date(2025, 3, 31), "month"),
        ("2025-03", date(2025, 3, 1), date(2025, 3, 31), "month"),
        ("3 March 2025", date(2025, 3, 3), date(2025, 3, 3), "day"),
        ("  3rd   march 2025 ", date(2025, 3, 3), date(2025, 3, 3), "day"),
        ("March 3, 2025", date(2025, 3, 3), date(2025, 3, 3), "day"),
        ("03/04/2025", date(2025, 4, 3), date(2025, 4, 3), "day"),
        ("3.4.2025", date(2025, 4, 3), date(2025, 4, 3), "day"),
        ("2025-03-03", date(2025, 3, 3), date(2025, 3, 3), "day"),
        ("March to May 2025", date(2025, 3, 1), date(2025, 5, 31), "range"),
        ("10 to 14 March 2025", date(2025, 3, 10), date(2025, 3, 14), "range"),
        ("10 March to 2 April 2025", date(2025, 3, 10), date(2025, 4, 2), "range"),
        ("between 2023 and 2025", date(2023, 1, 1), date(2025, 12, 31), "range"),
        ("November 2024 – February 2025", date(2024, 11, 1), date(2025, 2, 28), "range"),
        ("before March 2025", None, date(2025, 2, 28), "range"),
        ("until March 2025", None, date(2025, 3, 31), "range"),
        ("since 2025", date(2025, 1, 1), None, "range"),
        ("after 2025", date(2026, 1, 1), None, "range"),
    ],
)
def test_reads_what_people_type(
    typed: str, earliest: date | None, latest: date | None, precision: str
) -> None:
    partial = parse_partial_date(typed)
    assert (partial.earliest, partial.latest, partial.precision) == (earliest, latest, precision)
    assert partial.text == " ".join(typed.split())


@pytest.mark.parametrize(
    ("typed", "anchor", "days"),
    [
        ("day 26 after ICI start", "ICI start", 26),
        ("Day 26 after the first dose", "ICI start", 26),
        ("26 days after ICI start", "ICI start", 26),
        ("week 6 after rechallenge", "rechallenge start", 42),
        ("2 weeks before irAE onset", "irAE onset", -14),
        ("day 3 of ICI stop", "ICI stop", 3),
    ],
)
def test_reads_days_from_an_event(typed: str, anchor: str, days: int) -> None:
    partial = parse_partial_date(typed)
    assert partial.precision == "relative"
    assert (partial.anchor, partial.offset_days) == (anchor, days)
    assert partial.earliest is None
    assert partial.latest is None


def test_a_relative_date_resolves_from_its_anchor() -> None:
    partial = parse_partial_date("day 26 after ICI start").resolve(date(2025, 3, 3))
    assert partial.exact == date(2025, 3, 29)
    assert partial.precision == "day"
    assert parse_partial_date("2025").resolve(date(2020, 1, 1)).precision == "year"
    assert parse_partial_date("day 1 after ICI start").resolve(None).precision == "relative"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter a date as"),
        ("soon", "Enter a date as"),
        ("ma 2025", "Enter a date as"),
        ("Marsh 2025", "Enter a date as"),
        ("31 February 2025", "February 2025 has no day 31"),
        ("0 March 2025", "March 2025 has no day 0"),
        ("29/02/2025", "February 2025 has no day 29"),
        ("03/13/2025", "There is no month 13"),
        ("1025", "Enter a year between 1900 and 2199"),
        ("May 2025 to March 2025", "The later date comes first"),
        ("day 4 after lunch", "“lunch” is not an event to count from"),
        ("March to soon", "Enter a date as"),
        ("before lunch", "Enter a date as"),
    ],
)
def test_refuses_in_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(PartialDateError, match=sentence):
        parse_partial_date(typed)


def test_before_is_certain_only_when_the_spans_do_not_touch() -> None:
    march = parse_partial_date("March 2025")
    assert march.certainly_before(parse_partial_date("1 April 2025"))
    assert not march.certainly_before(parse_partial_date("31 March 2025"))
    assert not march.certainly_before(parse_partial_date("2025"))
    assert not parse_partial_date("day 2 after ICI start").certainly_before(march)


def test_nothing_renders_as_nothing() -> None:
    assert render_partial_date(None) == ""
    assert render_partial_date(PartialDate(None, None, "range", "as typed")) == "as typed"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2025", "2025"),
        ("mar 2025", "March 2025"),
        ("3/3/2025", "3 March 2025"),
        ("26 days after first dose", "day 26 after ICI start"),
        ("2 weeks before onset", "14 days before irAE onset"),
        ("March - May 2025", "March to May 2025"),
        ("2023 to 2025", "January 2023 to December 2025"),
        ("10 to 14 March 2025", "10 March 2025 to 14 March 2025"),
        ("before March 2025", "until 28 February 2025"),
        ("after 2025", "since 1 January 2026"),
    ],
)
def test_renders_for_reading(typed: str, shown: str) -> None:
    assert str(parse_partial_date(typed)) == shown


_days = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


@given(_days, st.sampled_from(["day", "month", "year"]))
def test_what_is_rendered_reads_back(day: date, precision: str) -> None:
    month = MONTHS[day.month - 1]
    typed = {
        "day": f"{day.day} {month} {day.year}",
        "month": f"{month} {day.year}",
        "year": str(day.year),
    }[precision]
    partial = parse_partial_date(typed)
    again = parse_partial_date(render_partial_date(partial))
    assert (again.earliest, again.latest) == (partial.earliest, partial.latest)
    assert partial.earliest is not None
    assert partial.latest is not None
    assert partial.earliest <= day <= partial.latest


@given(_days, _days)
def test_ranges_read_back(one: date, other: date) -> None:
    earliest, latest = sorted((one, other))
    partial = PartialDate(earliest, latest, "range", "")
    again = parse_partial_date(render_partial_date(partial))
    assert (again.earliest, again.latest) == (earliest, latest)


@given(st.integers(min_value=-999, max_value=999))
def test_relative_dates_read_back(days: int) -> None:
    partial = PartialDate(None, None, "relative", "", anchor="ICI start", offset_days=days)
    again = parse_partial_date(render_partial_date(partial))
    assert (again.anchor, again.offset_days) == ("ICI start", days)


@given(st.text(max_size=40))
def test_any_text_parses_or_is_refused(text: str) -> None:
    try:
        partial = parse_partial_date(text)
    except PartialDateError as error:
        assert str(error)
    else:
        assert partial.precision in {"day", "month", "year", "relative", "range"}


def test_a_leap_day_is_known() -> None:
    assert calendar.isleap(2024)
    assert parse_partial_date("29 February 2024").exact == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("typed", "anchor", "days", "shown"),
    [
        ("after cycle 7", "cycle 7", None, "after cycle 7"),
        ("after the 7th cycle", "cycle 7", None, "after cycle 7"),
        ("after 7 cycles", "cycle 7", None, "after cycle 7"),
        ("during cycle 2 of course 2", "cycle 2 of course 2", None, "after cycle 2 of course 2"),
        ("day 5 after cycle 3", "cycle 3", 5, "day 5 after cycle 3"),
        ("2 weeks after cycle 3", "cycle 3", 14, "day 14 after cycle 3"),
    ],
)
def test_a_date_counted_from_a_cycle(typed, anchor, days, shown) -> None:
    partial = parse_partial_date(typed)
    assert (partial.precision, partial.anchor, partial.offset_days) == ("relative", anchor, days)
    assert render_partial_date(partial) == shown
    again = parse_partial_date(shown)
    assert (again.anchor, again.offset_days) == (anchor, days)
    assert partial.resolve(date(2025, 3, 3)).earliest == (
        date(2025, 3, 3) + timedelta(days=days) if days is not None else None
    )


def test_there_is_no_cycle_0() -> None:
    with pytest.raises(PartialDateError, match="counted from 1"):
        parse_partial_date("after cycle 0")


def test_an_anchor_that_is_no_cycle() -> None:
    assert cycle_of("ICI start") is None
    assert cycle_of("cycle 7 of course 2") == Cycle(7, 2)


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        (date(2026, 3, 4), None, "4 March 2026"),
        (date(2026, 3, 4), date(2026, 3, 4), "4 March 2026"),
        (date(2026, 3, 1), date(2026, 3, 31), "March 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2026, 3, 4), date(2026, 4, 2), "4 March 2026 to 2 April 2026"),
    ],
)
def test_a_span_of_days_is_told_as_it_was_entered(earliest, latest, words):
    found = spanning(earliest, latest)
    assert str(found) == words
    again = parse_partial_date(words)
    assert (again.earliest, again.latest) == (earliest, latest or earliest)
