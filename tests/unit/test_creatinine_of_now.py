"""The newest creatinine over the patient's baseline settles what a kidney dossier asks of now. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cases.derivations import Event, Finding, Record, derive, said
from cases.derivations.lately import NoBaseline, baseline_day
from cases.derivations.measured import Interval
from cases.derivations.record import ALL_ORGANS, Course
from cases.derivations.samples import Blood, Sample
from evidence.conditions.facts import Fact, FactState

TODAY = date(2026, 11, 25)
START, ONSET, RESULT = date(2026, 2, 3), date(2026, 10, 20), date(2026, 11, 20)
BEFORE = date(2026, 2, 1)
OPEN = (None, None)
MISSING = Fact.absent(FactState.MISSING)
KEY = "creatinine_now_x_baseline"


def on(day):
    return day, day


def sample(value, day, high="same"):
    top = Decimal(value) if high == "same" else high
    return Sample("creatinine", day, Interval(Decimal(value), top))


BEGUN, STARTED = on(ONSET), (on(START),)


def told(*samples, starts=STARTED, onset=BEGUN, findings=(), asked=ALL_ORGANS, complete=True):
    record = Record(
        iraes=(Event("nephritis", "kidney", "5.0", Fact.number(2), onset=onset),),
        organs_asked=frozenset(asked),
        findings=tuple(Finding("kidney", KEY, answer, found=days) for answer, days in findings),
        blood=Blood(samples),
        courses=tuple(Course(n, None, start=start) for n, start in enumerate(starts, 1)),
        courses_complete=complete,
        courses_complete_on=on(TODAY),
    )
    return derive(record, as_of=TODAY)[KEY], said(record).get(KEY)


BASELINE, NOW = sample(80, BEFORE), sample(120, RESULT)


def test_the_newest_result_is_told_as_a_multiple_of_the_baseline_of_its_own_day():
    assert told(BASELINE, NOW) == (Fact.number(Decimal("1.5")), on(RESULT))
    # The last before the first dose counts, and on its day: blood is taken before it is given.
    older, same_day = sample(60, date(2025, 6, 1)), sample(100, START)
    assert told(older, BASELINE, same_day, NOW)[0] == Fact.number(Decimal("1.2"))


def test_bounds_and_two_results_of_a_day_stay_bounds():
    assert told(BASELINE, sample(100, BEFORE), NOW)[0] == Fact.between(
        Decimal("1.2"), Decimal("1.5")
    )
    # Below 80 may be anything, so that nothing but "at least" is said.
    below = Sample("creatinine", BEFORE, Interval(Decimal(0), Decimal(80)))
    assert told(below, NOW)[0] == Fact.between(Decimal("1.5"), None)
    nought = Sample("creatinine", BEFORE, Interval(Decimal(0), Decimal(0)))
    assert told(nought, NOW) == (MISSING, None)


@pytest.mark.parametrize(
    "case",
    [
        {"samples": (NOW,)},
        {"samples": (BASELINE,)},
        # From after the first dose, from more than a year before it, and of no known first dose.
        {"samples": (sample(80, date(2026, 2, 4)), NOW)},
        {"samples": (sample(80, date(2025, 2, 2)), NOW)},
        {"samples": (BASELINE, NOW), "starts": (OPEN,)},
        {"samples": (BASELINE, NOW), "starts": (on(START), OPEN)},
        {"samples": (BASELINE, NOW), "starts": ()},
        # From before the event, or perhaps.
        {"samples": (BASELINE, sample(120, date(2026, 10, 19)))},
        {"samples": (BASELINE, NOW), "onset": OPEN},
        # There may be an earlier course that nobody entered; the event may have begun by the day of the baseline.
        {"samples": (BASELINE, NOW), "complete": False},
        {"samples": (BASELINE, NOW), "onset": on(BEFORE)},
        {"samples": (BASELINE, NOW), "onset": (BEFORE, ONSET)},
        # Had it begun on a later day, another result would be the baseline.
        {"samples": (sample(40, date(2025, 6, 1)), BASELINE, NOW), "onset": (BEFORE, ONSET)},
        {"samples": (BASELINE, NOW), "onset": (None, ONSET)},
    ],
)
def test_without_a_baseline_or_an_onset_before_it_a_result_settles_nothing(case):
    rest = {name: value for name, value in case.items() if name != "samples"}
    assert told(*case["samples"], **rest) == (MISSING, None)
    kept = ((Fact.number(2), on(ONSET)),)
    assert told(*case["samples"], **rest, findings=kept) == (Fact.number(2), on(ONSET))


def test_a_year_before_the_first_dose_to_its_day():
    month, day = (date(2026, 2, 1), date(2026, 2, 28)), date(2025, 2, 28)
    assert baseline([day], month) == day
    assert baseline([date(2025, 1, 31)], month) is NoBaseline.RESULT
    assert baseline([date(2026, 2, 1)], month, on(date(2026, 9, 9))) == date(2026, 2, 1)
    assert baseline([date(2026, 3, 1)], month) is NoBaseline.RESULT
    assert baseline([day], month, OPEN) is baseline([day]) is NoBaseline.FIRST_DOSE


def test_a_first_dose_known_in_part_has_no_baseline_that_depends_on_its_day():
    """Of 60, 120 and 180 the last is 3 times the first, or 1.5 times the second where the dose came after that."""
    year, june = (date(2025, 1, 1), date(2025, 12, 31)), date(2025, 6, 1)
    in_part = NoBaseline.FIRST_DOSE_IN_PART
    assert baseline([date(2024, 1, 5), june], year) is in_part
    assert baseline([date(2024, 12, 31)], year) == date(2024, 12, 31)
    assert baseline([date(2024, 12, 31), june], year) is in_part
    # It may lie more than a year before the first dose.
    assert baseline([date(2024, 12, 30)], year) is in_part
    # Of another course that began for certain, or of the last dose, the end of the time is known.
    assert baseline([date(2024, 12, 31), june], year, on(date(2025, 5, 1))) == date(2024, 12, 31)
    ended = replace(
        started(year), courses=(Course(1, None, start=year, stop=on(date(2025, 5, 1))),)
    )
    days = [date(2024, 12, 31), june]
    assert baseline_day(ended, frozenset({"kidney"}), days) == date(2024, 12, 31)
    # Of an end that nobody knows there is none.
    assert baseline([date(2024, 12, 31)], (date(2025, 1, 1), None)) is in_part
    old, then, now = sample(60, date(2024, 1, 5)), sample(120, june), sample(180, RESULT)
    assert told(old, then, now, starts=(year,)) == (MISSING, None)
    assert told(then, now, starts=(on(june),))[0] == Fact.number(Decimal("1.5"))
    assert told(old, now, starts=(on(date(2025, 1, 1)),))[0] == Fact.number(3)


def test_a_baseline_is_from_before_the_event_however_its_onset_is_told():
    """Nephritis of a course that nobody entered, and a baseline from the time between: 1.04 where it was 3.1."""
    september = (date(2025, 9, 1), date(2025, 9, 30))
    early, late = sample(80, date(2025, 6, 10)), sample(240, date(2026, 1, 20))
    assert told(early, late, sample(256, RESULT), onset=september)[0] == Fact.number(Decimal("3.2"))
    # Day 10 after a first dose of February: the earliest is the 11th.
    event = Event("nephritis", "kidney", "5.0", Fact.number(2), course=1, onset_after_start_days=10)
    days, month = [date(2026, 2, 10), date(2026, 2, 11)], (date(2026, 2, 1), date(2026, 2, 28))
    in_part = baseline_day(started(month, event), {"kidney"}, days)
    assert in_part is NoBaseline.FIRST_DOSE_IN_PART
    assert started(month, event).begun(event)[0] == date(2026, 2, 11)
    assert started(OPEN, event).begun(event)[0] is None
    nobody_knows = Event("nephritis", "kidney", "5.0", Fact.number(2), onset=OPEN)
    assert baseline_day(started(on(START), nobody_knows), {"kidney"}, days) is NoBaseline.BEGINNING
    # It may have begun before the last result by the first dose, or after it.
    about = Event("nephritis", "kidney", "5.0", Fact.number(2), onset=(BEFORE, ONSET))
    found = baseline_day(started(on(START), about), {"kidney"}, [date(2025, 6, 1), BEFORE])
    assert found is NoBaseline.BEGINNING


def started(start, *events):
    course = Course(1, None, start=start)
    return Record(
        courses=(course,), iraes=events, courses_complete=True, courses_complete_on=on(TODAY)
    )


def baseline(days, *starts):
    courses = tuple(Course(n, None, start=start) for n, start in enumerate(starts, 1))
    record = Record(courses=courses, courses_complete=True, courses_complete_on=on(TODAY))
    return baseline_day(record, frozenset({"kidney"}), days)


def test_a_newer_finding_of_the_dossier_stays():
    later = ((Fact.number(3), on(date(2026, 11, 22))),)
    assert told(BASELINE, NOW, findings=later) == (Fact.number(3), on(date(2026, 11, 22)))


def test_the_upper_end_is_open_until_the_organ_was_asked_about():
    assert told(BASELINE, NOW, asked=())[0] == Fact.between(Decimal("1.5"), None)
