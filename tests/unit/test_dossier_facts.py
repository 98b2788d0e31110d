"""What follows from the answers of dossiers, organ by organ. No database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

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


@pytest.mark.parametrize(
    ("answers", "asked", "expected"),
    [
        ([YES, NO], ALL_ORGANS, YES),
        ([YES, UNKNOWN], (), YES),
        ([NO, NO], ALL_ORGANS, NO),
        ([NO, NOT_APPLICABLE], ALL_ORGANS, NO),
        ([NO], (), MISSING),
        ([NO, UNKNOWN], ALL_ORGANS, UNKNOWN),
        ([NO, NOT_YET, UNKNOWN], ALL_ORGANS, NOT_YET),
        ([NO, MISSING], ALL_ORGANS, MISSING),
        ([NOT_APPLICABLE], ALL_ORGANS, MISSING),
        ([], ALL_ORGANS, MISSING),
    ],
)
def test_a_rise_of_a_week_at_any_hepatitis_counts(answers, asked, expected):
    key = "alt_ast_rise_lasted_week"
    assert facts(key, "liver", answers, HEPATITIS, asked=asked) == expected
    assert facts(key, "liver", [], asked=asked) == (NOT_APPLICABLE if asked else MISSING)


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


def _number(told):
    return told if isinstance(told, Fact) else Fact.number(Decimal(str(told)))


def baseline(*events, tail=()):
    """Return the baseline of hepatitides, each told as {enzyme: (multiple of the limit, of the baseline)}."""
    keys = ("alt_ast_peak_x_uln", "alt_ast_peak_x_baseline")
    found = [
        Finding("liver", key, _number(answer), n, enzyme)
        for n, told in enumerate(events)
        for enzyme, pair in told.items()
        for key, answer in zip(keys, pair, strict=True)
    ]
    rows = (HEPATITIS,) * len(events)
    record = Record(iraes=rows, findings=(*found, *tail), organs_asked=ALL_ORGANS)
    return derive(record, as_of=TODAY)["alt_ast_baseline_x_uln"]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([{"alt": (9, 9)}], Fact.number(1)),
        ([{"alt": (6, 1.6)}], Fact.number(3.8)),
        # Both are told to one decimal: 41 U/L, and a limit of 40, is a baseline of 1.0.
        ([{"alt": (9, 8.8)}], Fact.number(1)),
        ([{"alt": (9.1, 9.6)}], Fact.number(0.9)),
        # Of two enzymes the higher one counts; each is held against its own baseline.
        ([{"alt": (9, 9), "ast": (4, 1.5)}], Fact.number(2.7)),
        ([{"alt": (9, 9), "ast": (NOT_APPLICABLE, MISSING)}], Fact.number(1)),
        ([{"alt": (9, 9), "ast": (4, MISSING)}], Fact.between(1, None)),
        ([{"alt": (9, MISSING)}], MISSING),
        ([{"alt": (9, UNKNOWN)}], UNKNOWN),
        ([{"alt": (9, 0)}], MISSING),
        ([{"alt": (Fact.between(9, None), 9)}], Fact.between(1, None)),
        # Two hepatitides from different baselines: neither is that of both.
        ([{"alt": (9, 9)}, {"alt": (6, 2)}], Fact.between(1, 3)),
        ([{"alt": (9, 9)}, {"alt": (MISSING, MISSING)}], MISSING),
        ([], NOT_APPLICABLE),
    ],
)
def test_from_which_multiple_of_the_limit_a_hepatitis_rose(events, expected):
    found = baseline(*events)
    as_numbers = [None if x is None else float(x) for x in (found.low, found.high)]
    wanted = [None if x is None else float(x) for x in (expected.low, expected.high)]
    assert (found.state, as_numbers) == (expected.state, wanted)


def test_a_hepatitis_without_items_has_no_baseline_that_is_known():
    assert baseline({}) == MISSING
    muscle = Finding("muscle", "alt_ast_peak_x_uln", Fact.number(2), 1, "alt")
    assert baseline({"alt": (9, 9)}, tail=(muscle,)) == Fact.number(1)


@pytest.mark.parametrize(
    ("key", "organ", "entity"),
    [
        ("blood_transfused", "blood", "haemolysis"),
        ("eye_active_now", "eye", "uveitis"),
        ("joint_erosions", "joint", "arthritis"),
        ("pancreas_pain", "pancreas", "pancreatitis"),
        ("vessel_threatened", "vessel", "vasculitis"),
    ],
)
def test_what_was_so_at_any_event_of_an_organ_is_so(key, organ, entity):
    event = Event(entity, organ, "5.0", Fact.number(2))
    assert facts(key, organ, [NO, YES], event, event) == YES
    assert facts(key, organ, [NO], event) == NO
    assert facts(key, organ, [NO], event, asked=ALL_ORGANS - {organ}) == MISSING
    assert facts(key, organ, [], event) == MISSING
    assert facts(key, organ, []) == NOT_APPLICABLE
    assert facts(key, "skin", [YES], event) == MISSING


def test_a_vessel_irae_has_a_grade_and_the_peak_of_lipase_is_of_the_pancreas_alone():
    event = Event("vasculitis", "vessel", "5.0", Fact.number(3))
    record = Record(iraes=(event,), organs_asked=frozenset(ALL_ORGANS))
    assert derive(record, as_of=TODAY)["vasculitis_worst_grade"] == Fact.number(3)
    pancreatitis = Event("pancreatitis", "pancreas", "5.0", Fact.number(2))
    peak = Fact.number(Decimal("4.5"))
    assert facts("lipase_peak_x_uln", "pancreas", [peak], pancreatitis) == peak
    assert facts("lipase_peak_x_uln", "liver", [peak], pancreatitis) == MISSING
