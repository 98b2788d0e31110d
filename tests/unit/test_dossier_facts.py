"""What follows from the answers of dossiers, organ by organ. No database."""

from __future__ import annotations

from datetime import date

import pytest

from cases.derivations import Event, Finding, Record, derive
from cases.derivations.record import ALL_ORGANS
from evidence.conditions.facts import Fact, FactState

TODAY = date(2026, 11, 25)
YES, NO = Fact.known(True), Fact.known(False)
MISSING, NOT_YET, UNKNOWN, NOT_APPLICABLE = (
    Fact.absent(FactState(state)) for state in ("missing", "not_yet", "unknown", "not_applicable")
)
HEPATITIS = Event("hepatitis", "liver", "5.0", Fact.number(3))


def facts(key, organ, answers, *events, asked=ALL_ORGANS):
    found = tuple(Finding(organ, key, answer) for answer in answers)
    record = Record(iraes=events, organs_asked=frozenset(asked), findings=found)
    return derive(record, as_of=TODAY)[key]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([YES], Fact.known("present")),
        ([NO], Fact.known("none")),
        ([YES, NO], Fact.known("differed")),
        ([NO, NO], Fact.known("none")),
        ([], MISSING),
        ([YES, MISSING], MISSING),
        ([UNKNOWN], UNKNOWN),
        ([UNKNOWN, NOT_YET], NOT_YET),
        ([NOT_APPLICABLE], UNKNOWN),
    ],
)
def test_whether_the_liver_held_tumour_is_asked_of_each_hepatitis(answers, expected):
    assert facts("liver_tumour_at_hepatitis", "liver", answers, HEPATITIS) == expected


def test_without_hepatitis_there_is_no_time_of_one():
    assert facts("liver_tumour_at_hepatitis", "liver", []) == NOT_APPLICABLE
    assert facts("liver_tumour_at_hepatitis", "liver", [], asked=()) == MISSING


LUNG = Event("pneumonitis", "lung", "5.0", Fact.number(2))


@pytest.mark.parametrize(
    ("answers", "asked", "expected"),
    [
        ([Fact.number(88), Fact.number(94)], ALL_ORGANS, Fact.number(88)),
        ([Fact.number(88), MISSING], ALL_ORGANS, Fact.between(None, 88)),
        ([Fact.number(88)], (), Fact.between(None, 88)),
        ([Fact.between(None, 90), Fact.number(94)], ALL_ORGANS, Fact.between(None, 90)),
        ([Fact.between(85, 90), Fact.number(88)], ALL_ORGANS, Fact.between(85, 88)),
        ([Fact.between(90, None)], ALL_ORGANS, Fact.between(90, None)),
        ([NOT_APPLICABLE, Fact.number(70)], ALL_ORGANS, Fact.number(70)),
        ([UNKNOWN], ALL_ORGANS, UNKNOWN),
        ([Fact.between(90, None), MISSING], ALL_ORGANS, MISSING),
    ],
)
def test_of_several_saturations_the_lowest_counts(answers, asked, expected):
    assert facts("spo2_lowest", "lung", answers, LUNG, asked=asked) == expected


@pytest.mark.parametrize(
    ("key", "organ", "entity"),
    [
        ("dlco", "lung", "pneumonitis"),
        ("lvef_now", "heart", "myocarditis"),
        ("ck_peak_x_uln", "heart", "myocarditis"),
        ("ck_peak_x_uln", "muscle", "myositis"),
        ("creatinine_now_x_baseline", "kidney", "nephritis"),
        ("calprotectin_now", "colon", "colitis"),
    ],
)
def test_each_fact_is_of_its_organs_alone(key, organ, entity):
    event = Event(entity, organ, "5.0", Fact.number(2))
    assert facts(key, organ, [Fact.number(7)], event) == Fact.number(7)
    assert facts(key, "skin", [Fact.number(7)], event) == MISSING
    assert facts(key, organ, [Fact.number(7)], Event("rash", "skin", "5.0")) == NOT_APPLICABLE
