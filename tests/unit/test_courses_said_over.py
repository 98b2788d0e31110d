"""A course that is said to be over without a day, and a complete list beside courses told to the year. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.derivations import Course, Record, derive
from cases.derivations.record import ALL_ORGANS
from evidence.conditions.facts import Fact, FactState
from ui.partial_dates import parse_partial_date

TODAY = date(2026, 11, 25)
SAID = date(2026, 10, 1)
BEFORE, AFTER = SAID - timedelta(days=1), SAID + timedelta(days=1)
NOBODY = FactState.MISSING


def span(text):
    told = parse_partial_date(text)
    return told.earliest, told.latest


FIRST = Course(1, frozenset({"PD-1"}), start=span("1 March 2026"))
OVER = replace(FIRST, over_said_on=SAID)
RELAPSED = replace(
    FIRST, progression_timing=Fact.known("after_stop"), progressed=span("1 September 2026")
)
LONG_AGO = span("1 March 2024")
NOT_STOPPED = Fact.absent(FactState.NOT_APPLICABLE)
GIVEN = Course(
    2,
    frozenset({"PD-1"}),
    start=span("1 November 2026"),
    stop_state=FactState.NOT_APPLICABLE,
)

# By hand: the courses, the day of the answer, whether it still holds on 25 November 2026, and why.
TABLE = [
    # Nobody says that it is over: doses may be given on any day since.
    (FIRST, SAID, False),
    (replace(FIRST, stop_state=FactState.UNKNOWN), SAID, False),
    # Said to be over on 1 October: an answer of that day or later comes after the last dose.
    (OVER, BEFORE, False),
    (OVER, SAID, True),
    (OVER, AFTER, True),
    (replace(OVER, stop_state=FactState.UNKNOWN), AFTER, True),
    (replace(OVER, start=(None, None)), AFTER, True),
    (replace(OVER, start=(None, None)), BEFORE, False),
    # A last dose told to the year may have been on any day of it before that.
    (replace(OVER, stop=span("2026")), BEFORE, False),
    (replace(OVER, stop=span("2026")), SAID, True),
    # A last dose told to the day, or a span that is over, is what counts, whenever that was said.
    (replace(OVER, stop=span("1 June 2026")), date(2026, 6, 1), False),
    (replace(OVER, stop=span("1 June 2026")), date(2026, 6, 2), True),
    (replace(FIRST, stop=span("before June 2026")), date(2026, 5, 31), False),
    (replace(FIRST, stop=span("before June 2026")), date(2026, 6, 1), True),
    # Said to be over, and put right since: its last dose was later.
    (replace(OVER, stop=span("20 October 2026")), AFTER, False),
    (replace(OVER, stop=span("20 October 2026")), date(2026, 10, 21), True),
    # Where its last dose certainly was later than that, what was said is disproved: the last dose alone decides.
    (
        replace(OVER, over_said_on=date(2025, 12, 1), start=LONG_AGO, stop=span("2026")),
        date(2026, 1, 2),
        False,
    ),
    (
        replace(OVER, over_said_on=date(2025, 12, 1), start=LONG_AGO, stop=span("June 2026")),
        date(2026, 6, 2),
        False,
    ),
    (
        replace(OVER, over_said_on=date(2025, 12, 1), start=LONG_AGO, stop=span("June 2026")),
        date(2026, 6, 30),
        False,
    ),
    (
        replace(OVER, over_said_on=date(2025, 12, 1), start=LONG_AGO, stop=span("June 2026")),
        date(2026, 7, 1),
        True,
    ),
    (replace(OVER, stop=span("after 15 October 2026")), date(2026, 10, 16), False),
    (replace(OVER, stop=span("after 15 October 2026")), date(2026, 11, 24), False),
    (replace(OVER, stop=span("October 2026")), SAID, False),
    (replace(OVER, stop=span("September 2026")), SAID, True),
    # Another statement, of a later day, still ends it.
    (
        replace(
            RELAPSED,
            progressed=span("20 October 2026"),
            over_said_on=SAID,
            stop=span("after 15 October 2026"),
        ),
        date(2026, 10, 20),
        False,
    ),
    (
        replace(
            RELAPSED,
            progressed=span("20 October 2026"),
            over_said_on=SAID,
            stop=span("after 15 October 2026"),
        ),
        date(2026, 10, 21),
        True,
    ),
    (replace(RELAPSED, stop=span("after 15 October 2026")), AFTER, False),
    # It cannot have ended before it began: what was said before it certainly had begun ends nothing.
    (replace(OVER, start=span("1 November 2026")), date(2026, 11, 2), False),
    (replace(OVER, start=span("after 15 October 2026")), date(2026, 11, 2), False),
    (replace(OVER, start=span("October 2026")), date(2026, 11, 2), False),
    (replace(OVER, start=span("September 2026")), AFTER, True),
    (replace(OVER, start=span("before October 2026")), AFTER, True),
    (replace(RELAPSED, start=span("1 October 2026")), AFTER, False),
    (replace(RELAPSED, start=span("2026")), AFTER, False),
    (
        replace(RELAPSED, start=span("1 October 2026"), stop=span("20 October 2026")),
        date(2026, 10, 21),
        True,
    ),
    # On the day of the last dose nobody can tell what came after it.
    (replace(OVER, stop=(SAID, SAID)), SAID, False),
    # A relapse after the stop: it had been stopped by then.
    (RELAPSED, date(2026, 8, 31), False),
    (RELAPSED, date(2026, 9, 1), False),
    (RELAPSED, date(2026, 9, 2), True),
    (replace(RELAPSED, progression_timing=Fact.known("on_treatment")), AFTER, False),
    (replace(RELAPSED, progressed=(None, None)), AFTER, False),
    # Whichever is known first.
    (replace(RELAPSED, over_said_on=SAID), date(2026, 9, 2), True),
    (replace(RELAPSED, over_said_on=date(2026, 8, 1)), date(2026, 8, 1), True),
    # Given still: whatever else is said, only an answer of today holds today.
    (replace(OVER, stop_state=FactState.NOT_APPLICABLE), AFTER, False),
    (replace(OVER, stop_state=FactState.NOT_APPLICABLE), TODAY, True),
    # Not stopped: a relapse that is called one after the stop does not end it; a last dose does.
    (replace(RELAPSED, stop_reason=NOT_STOPPED), date(2026, 9, 2), False),
    (replace(RELAPSED, stop_reason=NOT_STOPPED, stop=span("after 15 October 2026")), AFTER, False),
    (replace(RELAPSED, stop_reason=NOT_STOPPED), TODAY, True),
    (
        replace(FIRST, stop_reason=NOT_STOPPED, stop=span("20 October 2026")),
        date(2026, 10, 21),
        True,
    ),
]


def told(day, *courses):
    record = Record(
        organs_asked=ALL_ORGANS, asked_on=dict.fromkeys(ALL_ORGANS, day), courses=courses
    )
    return record, derive(record, as_of=TODAY)


@pytest.mark.parametrize(("course", "day", "holds"), TABLE)
def test_an_answer_holds_from_when_the_course_is_known_to_be_over(course, day, holds):
    record, found = told(day, course)
    for key in ("irae_any", "organs_asked", "pneumonitis_worst_grade", "myocarditis_any"):
        assert found[key].state is (FactState.KNOWN if holds else NOBODY), key
    # What holds after the end holds from then on; what does not is none of a later day.
    lasting = replace(record, as_of=TODAY).answers_until
    assert lasting == (TODAY if holds and day == TODAY else None)


def test_a_later_course_that_runs_or_is_undated_takes_the_answer_away():
    later = replace(GIVEN, stop_state=NOBODY)
    for course in (GIVEN, later):
        assert told(AFTER, OVER, course)[1]["irae_any"].state is NOBODY
    over = replace(later, over_said_on=date(2026, 11, 20))
    assert told(date(2026, 11, 19), OVER, over)[1]["irae_any"].state is NOBODY
    assert told(date(2026, 11, 20), OVER, over)[1]["irae_any"].value is False
    # All courses have to be over, the first as well.
    assert told(date(2026, 11, 20), FIRST, replace(over, start=(None, None)))[1][
        "irae_any"
    ].state is (NOBODY)


YEAR = replace(FIRST, start=span("2026"), entry=4)
LISTED = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("course", "through", "complete"),
    [
        # Entered before the list was called complete: it was meant with it.
        (YEAR, 4, True),
        (YEAR, 7, True),
        # Entered since: it may have begun since.
        (YEAR, 3, False),
        (YEAR, 0, False),
        # Of an older statement nobody knows what it was said of.
        (YEAR, None, False),
        (replace(YEAR, entry=None), 7, False),
        # It certainly began after that day, whenever it was entered.
        (replace(YEAR, start=span("21 November 2026")), 7, False),
        (replace(YEAR, start=span("November 2026")), 7, True),
        # Nothing but an end is told of it.
        (replace(YEAR, start=(None, None), stop=span("2026")), 7, True),
        (replace(YEAR, start=(None, None), stop=span("2026")), 3, False),
        # It had begun by then, whenever it was entered.
        (replace(YEAR, start=span("20 November 2026")), 3, True),
        (replace(YEAR, stop=span("June 2026")), 3, True),
    ],
)
def test_only_what_was_entered_since_opens_a_complete_list(course, through, complete):
    record = Record(
        courses=(course,), courses_complete=True, courses_complete_on=(LISTED, LISTED),
        courses_complete_through=through,
    )  # fmt: skip
    found = derive(record, as_of=TODAY)
    assert (found["prior_courses"].low, found["prior_courses"].high) == (1, 1 if complete else None)
    assert found["prior_includes_ctla4"].state is (FactState.KNOWN if complete else NOBODY)
