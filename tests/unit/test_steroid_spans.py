"""When a steroid was given at a dose that counts, as the blood of a day reads it; each answer worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from cases.derivations.blood import on_steroids
from cases.derivations.record import Record, Steroid
from cases.derivations.samples import Blood
from cases.derivations.steroids import steroid_now
from cases.lab_reading import began, steroid_spans
from evidence.conditions.facts import Fact, FactState

TODAY = date(2026, 11, 27)
HOLDS = 14
YES, NO, OPEN = "yes", "no", "cannot_tell"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def step(days: int, mg: str) -> Any:
    return SimpleNamespace(
        since=ago(days), since_earliest=ago(days), since_latest=ago(days), mg_per_day=Decimal(mg)
    )


def row(*steps: Any, **values: Any) -> Any:
    """A course of prednisolone for an irAE; days are told as how long ago they were."""
    found = {"start": None, "stop": None, "now_on": None, "peak": None, "now": None} | values
    days = {
        name: ago(found[name]) if found[name] is not None else None
        for name in ("start", "stop", "now_on")
    }
    doses = {f"{name}_mg_per_day": found[name] and Decimal(found[name]) for name in ("peak", "now")}
    return SimpleNamespace(
        drug=found.get("drug", "prednisolone"),
        indication=found.get("indication", "irae"),
        start=days["start"],
        stop_state=found.get("stop_state", "known" if days["stop"] else "missing"),
        now_on=days["now_on"],
        doses=SimpleNamespace(all=lambda: list(steps)),
        **{
            f"{name}_{end}": days[name]
            for name in ("start", "stop")
            for end in ("earliest", "latest")
        },
        **doses,
    )


REPLACED = {"drug": "hydrocortisone", "indication": "adrenal_replacement"}
TAPER = (step(60, "40"), step(40, "0"), step(30, "20"), step(10, "0"))


@pytest.mark.parametrize(
    ("course", "day", "answer"),
    [
        # A dose of now: from its start to the day it was said for, and two weeks on.
        (row(start=10, now="20", now_on=0), 0, YES),
        (row(start=30, now="20", now_on=20), 6, YES),
        (row(start=30, now="20", now_on=20), 5, OPEN),
        (row(start=30, now="20", now_on=20), 31, NO),
        # Doses over time, each until the next began.
        (row(step(60, "40"), step(30, "20"), now="20", now_on=0), 10, YES),
        (row(step(60, "40"), step(30, "20"), now="20", now_on=30), 10, OPEN),
        (row(*TAPER, now="0", now_on=10), 50, YES),
        (row(*TAPER, now="0", now_on=10), 35, NO),
        (row(*TAPER, now="0", now_on=10), 20, YES),
        (row(*TAPER, now="0", now_on=10), 5, NO),
        # A dose of 0 is the end, whatever is said of a last day.
        (row(start=60, now="0", now_on=10, stop_state="not_applicable"), 5, NO),
        (row(start=60, now="0", now_on=10, stop_state="not_applicable"), 20, OPEN),
        (row(start=60, now="20", now_on=50, stop_state="not_applicable"), 0, YES),
        (row(start=60, stop=20), 30, YES),
        (row(start=60, stop=20), 10, NO),
        # Replacement counts above what the body makes: 30 mg hydrocortisone equal 7.5 mg.
        (row(start=60, now="20", now_on=0, peak="25", **REPLACED), 10, NO),
        (row(step(60, "20"), step(20, "200"), step(10, "20"), now="20", now_on=0, **REPLACED), 15, YES),
        (row(step(60, "20"), step(20, "200"), step(10, "20"), now="20", now_on=0, **REPLACED), 5, NO),
        (row(start=60, stop=0, now="20", peak="100", **REPLACED), 10, OPEN),
        (row(start=60, stop=0, **REPLACED), 10, OPEN),
    ],
)  # fmt: skip
def test_a_day_of_blood_is_marked_by_the_dose_of_that_day(course, day, answer):
    blood = Blood(steroids=tuple(steroid_spans(course, HOLDS)), steroids_complete_on=TODAY)
    assert on_steroids(blood, ago(day)).value == answer


def test_replacement_of_which_only_the_dose_of_now_is_told_says_nothing_of_the_days_before_it():
    course = row(start=300, now="20", now_on=0, **REPLACED)
    blood = Blood(steroids=tuple(steroid_spans(course, HOLDS)), steroids_complete_on=TODAY)
    assert [on_steroids(blood, ago(n)).value for n in (0, 60, 400)] == [NO, OPEN, NO]


def test_replacement_told_in_parts_may_be_more_than_replacement():
    parts = [row(start=60, peak="20", now="20", now_on=0, **REPLACED) for _n in range(2)]
    spans = tuple(s for part in parts for s in steroid_spans(part, HOLDS, alone=False))
    blood = Blood(steroids=spans, steroids_complete_on=TODAY)
    assert on_steroids(blood, ago(10)).value == OPEN


@pytest.mark.parametrize(
    ("total", "answers"), [("40", [YES, OPEN, NO, NO]), ("0", [NO, NO, NO, NO])]
)
def test_a_dose_that_a_check_found_is_one_of_its_day(total, answers):
    blood = Blood(
        steroids_complete_on=TODAY, steroid_total=(Decimal(total), ago(20)), doses_hold_days=HOLDS
    )
    assert [on_steroids(blood, ago(n)).value for n in (20, 6, 5, 21)] == answers


def hydrocortisone(mg: str) -> Steroid:
    return Steroid(
        "hydrocortisone", Fact.known("adrenal_replacement"), Fact.number(Decimal(mg)), TODAY
    )


@pytest.mark.parametrize(
    ("parts", "total"),
    [(["20"], 0), (["30"], 0), (["20", "10"], 0), (["20", "20", "20"], 15), (["30", "30"], 15)],
)
def test_replacement_told_in_parts_is_added_up(parts, total):
    record = Record(steroids=tuple(map(hydrocortisone, parts)), steroids_complete_on=TODAY)
    assert steroid_now(record, TODAY) == Fact.number(total)


def test_a_dose_of_now_that_does_not_apply_is_none_unless_the_course_is_said_to_go_on():
    nothing = Fact.absent(FactState.NOT_APPLICABLE)
    for goes_on, state in ((False, FactState.KNOWN), (True, FactState.UNKNOWN)):
        course = Steroid("prednisolone", Fact.known("irae"), nothing, goes_on=goes_on)
        found = steroid_now(Record(steroids=(course,), steroids_complete_on=TODAY), TODAY)
        assert (found.state, found.high) == (state, 0 if state is FactState.KNOWN else None)


def test_a_course_begins_with_the_first_of_its_doses_where_nobody_told_its_start():
    assert began(row(step(60, "40"), step(30, "20"))) == ago(60)
    assert began(row(step(60, "40"), start=90)) == ago(90)
    assert began(row()) is None


def test_a_course_that_ended_is_no_dose_of_today():
    unsaid = Fact.absent(FactState.MISSING)
    ended = Steroid("prednisolone", Fact.known("irae"), unsaid, stop=(ago(100), ago(90)))
    found = steroid_now(Record(steroids=(ended,), steroids_complete_on=TODAY), TODAY)
    assert found == Fact.number(0)
    open_end = Steroid("prednisolone", Fact.known("irae"), unsaid, stop=(ago(100), TODAY))
    found = steroid_now(Record(steroids=(open_end,), steroids_complete_on=TODAY), TODAY)
    assert found.state is FactState.MISSING
