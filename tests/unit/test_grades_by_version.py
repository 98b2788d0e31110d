"""Rules are written for CTCAE 5.0: a grade of version 6.0 reaches as high as 5.0 may grade the same finding."""

from __future__ import annotations

import pytest

from cases.derivations.record import ALL_ORGANS
from cases.presenters.words import value_words
from cases.vocabulary import entities, highest_by_rules
from evidence.conditions import Answer, Fact, FactState, Widened, evaluate, parse
from evidence.loading import read
from tests.unit.test_derivations import event, facts

RULES = {row["code"]: parse(row["condition"]) for row in read().statements}
MOVED = [
    (code, version, grade, highest)
    for code, entity in entities().items()
    for version, moved in entity.may_be.items()
    for grade, highest in moved.items()
]


def blood(grade, version="6.0", entity="neutropenia", **extra):
    return event(entity, "blood", grade, now=0, version=version, **extra)


def found(*events):
    return facts(iraes=events, iraes_complete=True)


def test_a_grade_3_of_version_6_may_be_the_4_that_ends_the_ici():
    told = found(blood(3))
    worst = told["irae_worst_grade_nonendocrine"]
    assert worst == Fact.between(3, 4)
    stop, severe = evaluate(RULES["R10"], told), evaluate(RULES["R11"], told)
    assert stop.answer is Answer.UNDETERMINED and "irae_worst_grade_nonendocrine" in stop.missing
    # Severe it is at either.
    assert severe.answer is Answer.TRUE
    (reason,) = [r for r in stop.reasons if r.key == "irae_worst_grade_nonendocrine"]
    words = "between 3 and 4 (graded by CTCAE 6.0, the rules read 5.0)"
    assert words in reason.text
    assert value_words("irae_worst_grade", told["irae_worst_grade"]) == words


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (blood(3, "5.0"), Fact.number(3)),
        (blood(4), Fact.number(4)),
        (blood(2), Fact.between(2, 3)),
        (event("pneumonitis", "lung", 3, version="6.0"), Fact.number(3)),
        # Version 6.0 grades ALT above a raised baseline higher than 5.0: no stop is lost by that.
        (event("hepatitis", "liver", 3, version="6.0"), Fact.number(3)),
        (event("myocarditis", "heart", 1, version="6.0"), Fact.between(1, 2)),
    ],
)
def test_only_what_version_5_may_grade_higher_is_widened_and_upwards_alone(told, expected):
    assert found(told)["irae_worst_grade"] == expected


def test_the_grade_of_now_is_read_so_too():
    now = event("neutropenia", "blood", 4, 1, "ongoing", version="6.0")
    assert found(now)["irae_grade_now"] == Fact.between(1, 2)
    assert evaluate(RULES["R13"], found(now)).answer is Answer.UNDETERMINED


def test_what_another_event_settles_is_not_blamed_on_the_version():
    worst = found(blood(3), event("colitis", "colon", 4))["irae_worst_grade"]
    assert (worst, worst.widened) == (Fact.number(4), ())
    both = found(blood(3), event("colitis", "colon", 3))["irae_worst_grade"]
    assert (both, both.widened) == (Fact.between(3, 4), (Widened.VERSION,))


def test_two_versions_of_one_disease_leave_the_upper_end_open_as_before():
    assert found(blood(3, "5.0"), blood(2))["irae_worst_grade"] == Fact.between(2, 5)


@pytest.mark.parametrize(("code", "version", "grade", "highest"), MOVED)
def test_what_moved_lies_within_both_versions(code, version, grade, highest):
    grades = entities()[code].grades
    assert version == "6.0" and grades[version][0] <= grade <= grades[version][1]
    assert grade < highest
    assert highest <= grades.get("5.0", (1, 4))[1]
    assert highest_by_rules(code, version, grade) == highest
    assert highest_by_rules(code, "5.0", grade) == grade


def test_the_terms_that_the_reference_names_are_there():
    named = {"neutropenia", "thrombocytopenia", "diabetes", "myocarditis", "rash"}
    assert named <= {code for code, *_rest in MOVED}
    assert {entities()[code].organ for code, *_rest in MOVED} <= ALL_ORGANS


@pytest.mark.parametrize("entity", ["haemolysis", "aplastic_anaemia"])
def test_an_anaemia_that_ends_the_ici_is_told_from_low_counts(entity):
    found = facts(
        iraes=(event(entity, "blood", 3), event("neutropenia", "blood", 4)), iraes_complete=True
    )
    assert found[f"{entity}_worst_grade"] == Fact.number(3)
    other = {"haemolysis": "aplastic_anaemia", "aplastic_anaemia": "haemolysis"}[entity]
    assert found[f"{other}_worst_grade"] == Fact.number(0)
    assert facts(iraes=())[f"{entity}_worst_grade"].state is FactState.MISSING
