"""The last of doses over time is told by as much of its date as is known, beside the picture and in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from cases.presenters.steroids import _said_words
from cases.presenters.words import step_words
from cases.timeline.places import Places
from cases.timeline.reading import Reader, _last_dose
from ui.partial_dates import parse_partial_date


def course(*steps: str, now_on: date | None = date(2026, 11, 26), said: bool = False) -> Any:
    doses = []
    for told in steps:
        since = parse_partial_date(told)
        doses.append(SimpleNamespace(since=since, since_earliest=since.earliest))
    return SimpleNamespace(
        doses=SimpleNamespace(all=lambda: doses), now_on=now_on, now_day_said=said,
        now_mg_per_day=Decimal(0),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words", "beside"),
    [
        (course("2022", "2023"), "0 mg/day from 2023", "last dose told, of 2023"),
        (course("2022", "March 2023"), "0 mg/day from March 2023", "last dose told, of March 2023"),
        (
            course("2022", "5 March 2023"),
            "0 mg/day on 5 March 2023",
            "last dose told, of 5 March 2023",
        ),
        # Somebody said a later day, or nobody told more than that day.
        (
            course("2022", "2023", said=True),
            "0 mg/day on 26 November 2026",
            "said on 26 November 2026",
        ),
        (course(), "0 mg/day on 26 November 2026", "said on 26 November 2026"),
        # It was entered before the year that is told began: the earlier day stands.
        (
            course("2022", "2027"),
            "0 mg/day on 26 November 2026",
            "last dose told, of 26 November 2026",
        ),
        (
            course("day 5 after ICI start"),
            "0 mg/day from day 5 after ICI start",
            "last dose told, of day 5 after ICI start",
        ),
        (course("until March 2025"), "then 0 mg/day, day not known", "day not known"),
        (course(now_on=None), "then 0 mg/day, day not known", "day not known"),
    ],
)
def test_the_last_dose_is_told_no_more_exactly_than_it_was(row, words, beside):
    assert _last_dose(row) == words
    assert _said_words(row) == beside
    assert bool(step_words(row)) == (" from " in words)


@pytest.mark.parametrize("stop", ["2023", "5 March 2023", "until 4 March 2023"])
def test_a_course_of_which_the_end_alone_is_known_began_at_some_time_before_it(stop):
    told = {"drug": "", "irae_id": None, "indication": "", "peak_mg_per_day": None, "start": None}
    row = SimpleNamespace(
        **vars(course()) | told | {"stop": parse_partial_date(stop), "stop_state": "known"}
    )
    row.now_mg_per_day = None
    found = Reader(Places("calendar", ()), {}, None).steroid(row)
    assert found.stop.words == stop
    assert found.start.high == found.stop.earliest
    assert not found.start.exact
