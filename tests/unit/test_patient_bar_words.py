"""The patient bar: a steroid dose that cannot be told, and the line of a phone, which says what it is about."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from cases.presenters.bar import dose_words, short_line
from evidence.conditions import Fact, FactState

MISSING = Fact.absent(FactState.MISSING)
DAY = date(2026, 11, 4)


def case(
    *courses: date | None,
    complete: date | None = None,
    until: date | None = None,
    fetched: bool = True,
) -> Any:
    rows = [
        SimpleNamespace(now_on=day, now_day_said=True, doses=SimpleNamespace(all=list))
        for day in courses
    ]
    patient = SimpleNamespace(
        record_is_fetched=fetched,
        steroids_complete_as_of=complete,
        steroids=SimpleNamespace(all=lambda: rows),
        background=SimpleNamespace(steroid_total_on=None),
    )
    return SimpleNamespace(
        patient=patient,
        facts=SimpleNamespace(doses_until=until, limits_by=None, counted_by=None),
        rules_now=0,
    )


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (case(), "not entered"),
        (case(DAY, date(2026, 10, 1)), "cannot tell, last said 4 Nov"),
        (case(None), "cannot tell"),
        (case(complete=DAY), "cannot tell, last said 4 Nov"),
        (case(until=date(2026, 11, 18), fetched=False), "cannot tell, last said 4 Nov"),
        (case(fetched=False), "not entered"),
        # A limit that was shortened since moves no day that somebody said.
        (case(DAY, until=date(2026, 12, 24)), "cannot tell, last said 4 Nov"),
    ],
)
def test_a_dose_that_was_said_too_long_ago_is_not_called_not_entered(told, words):
    assert dose_words(told, MISSING) == words


def test_a_dose_that_is_known_and_one_that_is_owed_are_said_as_they_are():
    assert dose_words(case(DAY), Fact.number(5)) == "5 mg pred.-eq."
    assert dose_words(case(), Fact.absent(FactState.NOT_YET)) == "not yet"
    owed = dose_words(case(DAY), Fact.absent(FactState.NOT_YET))
    assert owed == "not yet, last said 4 Nov"


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (
            ("", "70", "not entered", "not yet"),
            "70 years · tumour not entered · steroid dose: not yet",
        ),
        (("", "not entered", "SCC, IV", "0 mg"), "age not entered · SCC, IV · steroid dose: 0 mg"),
        (
            ("died 2024", "between 73 and 74", "SCC", "0 mg"),
            "died 2024 · between 73 and 74 years · SCC · steroid dose: 0 mg",
        ),
        (("died 3 May", "70", "SCC", "0 mg"), "died 3 May · 70 years · SCC · steroid dose: 0 mg"),
    ],
)
def test_a_phone_says_what_is_not_there(parts, line):
    assert short_line(*parts) == line


def test_a_taper_was_last_said_on_the_day_of_its_last_step():
    told = case(date(2026, 11, 18))
    (row,) = told.patient.steroids.all()
    row.now_day_said = False
    row.doses = SimpleNamespace(all=lambda: [SimpleNamespace(since_earliest=DAY)])
    assert dose_words(told, MISSING) == "cannot tell, last said 4 Nov"
