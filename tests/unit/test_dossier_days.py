"""A finding of a dossier is as old as its day; without one nobody knows how old. No database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.delivered import delivered_rows
from cases.derivations import Event, Finding, Record, said
from cases.derivations.dossier import FOUND_NOW
from cases.derivations.record import ALL_ORGANS
from cases.readiness import Standing, readiness
from cases.rules import rules_from
from evidence.conditions.facts import Fact, FactState

TODAY = date(2026, 11, 25)
UNKNOWN = Fact.absent(FactState.UNKNOWN)
HEART = Event("myocarditis", "heart", "5.0", Fact.number(2))
EYE = Event("uveitis", "eye", "5.0", Fact.number(2))
MAY, JUNE = (date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 6, 1), date(2026, 6, 30))
NEVER = (None, None)


def days_of(key, organ, event, *findings):
    found = tuple(Finding(organ, key, answer, found=day) for answer, day in findings)
    record = Record(iraes=(event,), organs_asked=frozenset(ALL_ORGANS), findings=found)
    return said(record).get(key)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([(Fact.number(60), MAY)], MAY),
        ([(Fact.number(60), JUNE), (Fact.number(55), MAY)], MAY),
        ([(Fact.number(60), JUNE), (Fact.number(55), NEVER)], None),
        ([(Fact.number(60), NEVER)], None),
        # What has no value says nothing of the age.
        ([(Fact.number(60), JUNE), (UNKNOWN, MAY)], JUNE),
        ([(UNKNOWN, MAY)], None),
        ([], None),
    ],
)
def test_a_fact_is_as_old_as_the_oldest_finding_that_counts(findings, expected):
    assert days_of("lvef_now", "heart", HEART, *findings) == expected


def test_a_finding_of_another_organ_does_not_count():
    assert days_of("lvef_now", "lung", HEART, (Fact.number(60), MAY)) is None


def test_a_yes_rests_on_the_findings_that_say_so():
    yes, no = (Fact.known(True), JUNE), (Fact.known(False), MAY)
    assert days_of("eye_active_now", "eye", EYE, no, yes) == JUNE
    assert days_of("eye_active_now", "eye", EYE, no, (Fact.known(False), JUNE)) == MAY


@pytest.mark.parametrize("key", sorted(FOUND_NOW))
def test_what_an_organ_does_now_is_current_for_28_days(key):
    rules = rules_from(row for row in delivered_rows() if row["fact"] == key)
    rules = type(rules)(1, 1, tuple(type(r)(r.fact, None, r.age_limit_days) for r in rules.rules))

    def stands(days_ago=None):
        day = None if days_ago is None else TODAY - timedelta(days=days_ago)
        found = {} if day is None else {key: (day, day)}
        (one,) = readiness(rules, {key: Fact.known(True)}, found, TODAY).needed
        return one.standing

    assert [stands(28), stands(29), stands()] == [
        Standing.CURRENT, Standing.STALE, Standing.UNDATED,
    ]  # fmt: skip
