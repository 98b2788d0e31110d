"""Organ review, doses, second-line agents and dossiers: what follows from them. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.derivations import (
    EQUALS_PREDNISONE_10,
    Course,
    Event,
    Finding,
    Record,
    SecondLine,
    Steroid,
    derive,
    doses_until,
    peak_and_now,
    prednisone_equivalent,
    said_of_today,
)
from cases.derivations.courses import course_facts
from cases.derivations.dossier import highest
from cases.derivations.record import ALL_ORGANS
from cases.vocabulary import ENDOCRINE, NEUROLOGICAL, entities
from evidence.conditions.facts import Fact, FactState

TODAY = date(2026, 11, 25)
MISSING, UNKNOWN = FactState.MISSING, FactState.UNKNOWN
known = Fact.number
days_ago = st.integers(0, 40).map(lambda n: TODAY - timedelta(days=n))


def facts(**record):
    return derive(Record(**record), as_of=TODAY)


def steroid(drug="prednisone", dose=5, *, said=TODAY, indication="irae", tapered=None):
    answer = Fact.absent(MISSING) if tapered is None else Fact.known(not tapered)
    why = Fact.known(indication) if indication else Fact.absent(UNKNOWN)
    return Steroid(drug, why, known(dose), said, answer)


# Worked out by hand: fact -> the organs that must have been asked about before it says "none".
ASKED_FOR = {
    "pneumonitis_worst_grade": {"lung"},
    "colitis_worst_grade": {"colon"},
    "hepatitis_worst_grade": {"liver"},
    "nephritis_worst_grade": {"kidney"},
    "endocrine_worst_grade": {"thyroid", "pituitary", "adrenal", "endocrine_pancreas"},
    "endocrine_uncontrolled_worst_grade": {"thyroid", "pituitary", "adrenal", "endocrine_pancreas"},
    "skin_worst_grade": {"skin"},
    "neurological_worst_grade": {"nerve", "brain"},
    "arthritis_worst_grade": {"joint"},
    "haematological_worst_grade": {"blood"},
    "infusion_reaction_worst_grade": {"other"},
    "myositis_worst_grade": {"muscle"},
    "uveitis_worst_grade": {"eye"},
    "pancreatitis_worst_grade": {"pancreas"},
    "haemolysis_worst_grade": {"blood"},
    "aplastic_anaemia_worst_grade": {"blood"},
    "myocarditis_any": {"heart"},
    "ttp_any": {"blood"},
    "sjs_ten_dress_any": {"skin"},
    "gbs_encephalitis_myelitis_any": {"nerve", "brain"},
    "pneumonitis_recurrent": {"lung"},
    "colitis_recurrent": {"colon"},
    "irae_any": set(ALL_ORGANS),
    "irae_worst_grade": set(ALL_ORGANS),
    "irae_grade_now": set(ALL_ORGANS),
    "irae_recurrent": set(ALL_ORGANS),
    "irae_recurrent_unreplaced": set(ALL_ORGANS),
    "irae_worst_grade_nonendocrine": set(ALL_ORGANS) - set(ENDOCRINE),
}


@pytest.mark.parametrize("key", ASKED_FOR)
def test_none_is_concluded_from_the_organs_asked_about_and_from_no_fewer(key):
    organs = frozenset(ASKED_FOR[key])
    found = facts(organs_asked=organs)[key]
    assert found == (known(0) if "grade" in key else Fact.known(False))
    for left_out in organs:
        assert facts(organs_asked=ALL_ORGANS - {left_out})[key].state is MISSING


ABSENT = Fact.absent
FAMILIES = [("pneumonitis", "lung"), ("colitis", "colon")]


def grade_again(family, organ, *grades, asked=True, links=None):
    """Return the grade of the return: the first grade is of the first time, the others of returns."""
    links = [place > 0 for place in range(len(grades))] if links is None else links
    rows = tuple(
        Event(family, organ, "5.0", g if isinstance(g, Fact) else known(g), recurrent=again)
        for g, again in zip(grades, links, strict=True)
    )
    organs = frozenset({organ}) if asked else frozenset()
    return facts(iraes=rows, organs_asked=organs)[f"{family}_recurrence_grade"]


@pytest.mark.parametrize(("family", "organ"), FAMILIES)
def test_what_did_not_come_back_has_no_grade_of_a_return(family, organ):
    assert grade_again(family, organ) == ABSENT(FactState.NOT_APPLICABLE)
    assert grade_again(family, organ, 3) == ABSENT(FactState.NOT_APPLICABLE)
    assert grade_again(family, organ, asked=False) == ABSENT(MISSING)
    assert grade_again(family, organ, 3, asked=False) == ABSENT(MISSING)


@pytest.mark.parametrize(("family", "organ"), FAMILIES)
def test_the_grade_of_the_return_is_that_of_the_return_alone(family, organ):
    assert grade_again(family, organ, 3, 1) == known(1)
    assert grade_again(family, organ, 1, 3) == known(3)
    assert grade_again(family, organ, 4, 2, 3) == known(3)
    assert grade_again(family, organ, 3, 2, asked=False) == Fact.between(2, 5)


@pytest.mark.parametrize(("family", "organ"), FAMILIES)
@pytest.mark.parametrize("state", [UNKNOWN, MISSING, FactState.NOT_YET])
def test_a_return_whose_grade_is_not_known_leaves_it_open(family, organ, state):
    assert grade_again(family, organ, 3, ABSENT(state)) == Fact.between(1, 5)
    assert grade_again(family, organ, 3, 2, ABSENT(state)) == Fact.between(2, 5)


@pytest.mark.parametrize(("family", "organ"), FAMILIES)
def test_whether_there_was_a_return_may_itself_be_open(family, organ):
    unlinked = [False, False]
    assert grade_again(family, organ, 3, 1, links=unlinked) == ABSENT(MISSING)
    # One return is certain; which of the two others was first is not, so it may have been worse.
    assert grade_again(family, organ, 3, 3, 1, links=[*unlinked, True]) == Fact.between(1, 5)


def test_a_return_is_told_by_its_days_too_and_may_be_graded_by_another_term():
    first = Event("colitis", "colon", "5.0", known(3), resolved=(TODAY - timedelta(60),) * 2)
    again = Event("diarrhoea", "colon", "5.0", known(2), onset=(TODAY - timedelta(30),) * 2)
    found = facts(iraes=(again, first), organs_asked=ALL_ORGANS)
    assert found["colitis_recurrence_grade"] == known(2)
    assert found["pneumonitis_recurrence_grade"] == ABSENT(FactState.NOT_APPLICABLE)


def test_the_organ_review_is_missing_until_every_organ_was_asked_about():
    assert facts(organs_asked=ALL_ORGANS)["organs_asked"] == Fact.known(True)
    assert facts(organs_asked=ALL_ORGANS - {"lung"})["organs_asked"].state is MISSING
    owed = facts(organs_asked=ALL_ORGANS - {"lung"}, owed=frozenset({"organs_asked"}))
    assert owed["organs_asked"].state is FactState.NOT_YET


def test_a_grade_keeps_its_upper_end_open_until_its_own_organ_was_asked_about():
    lung = Event("pneumonitis", "lung", "5.0", known(2))
    open_ = facts(iraes=(lung,), organs_asked=ALL_ORGANS - {"lung"})["pneumonitis_worst_grade"]
    closed = facts(iraes=(lung,), organs_asked=frozenset({"lung"}))["pneumonitis_worst_grade"]
    assert (open_.low, open_.high) == (2, 5)
    assert (closed.low, closed.high) == (2, 2)


@given(st.frozensets(st.sampled_from(sorted(ALL_ORGANS))))
def test_asking_about_more_organs_never_takes_an_answer_back(organs):
    before, after = facts(organs_asked=organs), facts(organs_asked=ALL_ORGANS)
    for key in ASKED_FOR:
        assert before[key].state is MISSING or before[key] == after[key]


def test_every_event_belongs_to_an_organ_that_the_review_asks_about():
    assert {entity.organ for entity in entities().values()} <= ALL_ORGANS
    assert NEUROLOGICAL <= ALL_ORGANS


# Term, CTCAE version, lowest and highest grade, read from CTCAE by hand.
SUMS = [
    ([("prednisone", "20")], "20.0"),
    ([("methylprednisolone", "8"), ("prednisone", "5")], "15.0"),
    ([("dexamethasone", "3"), ("hydrocortisone", "20")], "25.0"),
    ([("dexamethasone", "0.5")], "3.33"),
    # A little above 10 mg is above 10 mg: 1.54 / 1.5 x 10.
    ([("dexamethasone", "1.54")], "10.27"),
    ([("dexamethasone", "0.75"), ("hydrocortisone", "20.2")], "10.05"),
    ([("prednisolone", "0"), ("prednisone", "0")], "0"),
]


@pytest.mark.parametrize(("given_", "total"), SUMS)
def test_doses_of_today_add_up_as_prednisone(given_, total):
    rows = tuple(steroid(drug, Decimal(dose)) for drug, dose in given_)
    found = facts(steroids=rows, steroids_complete_on=TODAY)["steroid_now"]
    assert found.low == found.high == Decimal(total)


doses = st.decimals(min_value=0, max_value=2000, places=1)
drugs = st.sampled_from(sorted(EQUALS_PREDNISONE_10))


@given(drugs, doses)
def test_conversion_keeps_the_proportion_of_the_table(drug, dose):
    found = prednisone_equivalent(drug, dose)
    exact = dose * 10 / EQUALS_PREDNISONE_10[drug]
    assert abs(found - exact) <= Decimal("0.05")


@given(drugs, doses, doses)
def test_a_higher_dose_is_never_a_lower_equivalent(drug, one, other):
    low, high = sorted((one, other))
    assert prednisone_equivalent(drug, low) <= prednisone_equivalent(drug, high)


@given(st.lists(st.tuples(drugs, doses, days_ago), max_size=4), days_ago)
def test_what_was_said_too_long_ago_is_never_an_exact_dose(rows, complete):
    """Said within 14 days is exact; older is cannot tell, or a lower bound of what is still certain."""
    found = facts(
        steroids=tuple(steroid(drug, dose, said=said) for drug, dose, said in rows),
        steroids_complete_on=complete,
    )["steroid_now"]
    fresh = TODAY - timedelta(days=14)
    all_fresh = complete >= fresh and all(said >= fresh for _d, dose, said in rows if dose)
    if all_fresh:
        assert found.low == found.high is not None
    else:
        assert found.state is not FactState.KNOWN or found.high is None


@given(st.lists(st.tuples(drugs, doses, days_ago), max_size=4), st.integers(0, 30))
def test_until_a_day_the_doses_hold_and_after_it_no_more(rows, later):
    day = TODAY + timedelta(days=later)
    record = Record(
        steroids=tuple(steroid(drug, dose, said=said) for drug, dose, said in rows),
        steroids_complete_on=day,
    )
    now, until = derive(record, as_of=TODAY)["steroid_now"], doses_until(record, TODAY)
    if until is not None and day <= until:
        assert derive(record, as_of=day)["steroid_now"].low == now.low
    if until is not None and day > until:
        assert derive(record, as_of=day)["steroid_now"].high is None


def test_the_date_of_the_sum_is_the_oldest_of_what_makes_it_up():
    older = TODAY - timedelta(days=6)
    rows = (
        steroid(said=older),
        steroid("hydrocortisone", 20, said=date(2020, 1, 1), indication="adrenal_replacement"),
    )
    assert said_of_today(Record(steroids=rows, steroids_complete_on=TODAY), TODAY) == older
    assert said_of_today(Record(steroids=rows), TODAY) is None


def test_an_ended_course_stays_ended_and_a_dose_without_a_day_is_not_told():
    ended = steroid(dose=0, said=None)
    assert facts(steroids=(ended,), steroids_complete_on=TODAY)["steroid_now"].high == 0
    undated = steroid(dose=20, said=None)
    assert facts(steroids=(undated,), steroids_complete_on=TODAY)["steroid_now"].state is MISSING


@pytest.mark.parametrize(
    ("rows", "complete", "answer"),
    [
        ((steroid(tapered=False),), None, True),
        ((steroid(tapered=True),), TODAY, False),
        ((steroid(tapered=True),), None, None),
        ((steroid(),), TODAY, None),
        ((steroid(tapered=False, indication="brain_metastases"),), TODAY, False),
        ((steroid(tapered=False, indication=None),), TODAY, None),
        ((), TODAY, False),
    ],
)
def test_only_a_steroid_for_an_irae_counts_as_not_tapered(rows, complete, answer):
    found = facts(steroids=rows, steroids_complete_on=complete)["steroid_not_tapered"]
    assert found.value is answer


@pytest.mark.parametrize(
    ("rows", "complete", "answer"),
    [
        ((SecondLine(Fact.known(True)),), None, True),
        ((SecondLine(Fact.known(False)),), TODAY, False),
        ((SecondLine(Fact.known(False)),), TODAY - timedelta(days=15), None),
        ((SecondLine(Fact.absent(UNKNOWN)),), TODAY, None),
        ((SecondLine(Fact.known(True), (None, date(2026, 1, 1))),), TODAY, False),
        ((), TODAY, False),
        ((), None, None),
    ],
)
def test_second_line_now(rows, complete, answer):
    found = facts(second_line=rows, second_line_complete_on=complete)["immunosuppressant_now"]
    assert found.value is answer


@given(st.lists(doses, min_size=1))
def test_peak_is_the_highest_and_now_the_last(given_):
    assert peak_and_now(given_) == (max(given_), given_[-1])
    assert peak_and_now([]) is None


# Answers of ALT and AST, and their peak by hand: each is a number, bounds, or a state.
PEAKS = [
    ([known(9), known(4)], True, (9, 9)),
    ([known(9), known(4)], False, (9, None)),
    ([known(4), Fact.absent(MISSING)], True, (4, None)),
    ([known(4), Fact.absent(FactState.NOT_APPLICABLE)], True, (4, 4)),
    ([Fact.between(3, 5), known(4)], True, (4, 5)),
    ([Fact.between(10, None), known(4)], True, (10, None)),
]


@pytest.mark.parametrize(("answers", "asked", "peak"), PEAKS)
def test_peak_over_the_liver_items(answers, asked, peak):
    liver = Event("hepatitis", "liver", "5.0", known(3))
    found = facts(
        iraes=(liver,),
        organs_asked=frozenset({"liver"} if asked else ()),
        findings=tuple(Finding("liver", "alt_ast_peak_x_uln", a) for a in answers),
    )["alt_ast_peak_x_uln"]
    assert (found.low, found.high) == peak


def test_peaks_are_of_liver_events_alone():
    muscle = Event("myositis", "muscle", "5.0", known(3))
    finding = Finding("muscle", "alt_ast_peak_x_uln", known(12))
    found = facts(iraes=(muscle,), organs_asked=ALL_ORGANS, findings=(finding,))
    assert found["alt_ast_peak_x_uln"].state is FactState.NOT_APPLICABLE
    assert facts(iraes=(muscle,))["alt_ast_peak_x_uln"].state is MISSING


values = st.integers(0, 50)
bounds = st.tuples(values, values).map(sorted)


@given(st.lists(bounds, min_size=1, max_size=4), st.data())
def test_the_highest_encloses_the_truth(spans, data):
    truth = max(data.draw(st.integers(low, high)) for low, high in spans)
    found = highest([Fact.between(low, high) for low, high in spans], complete=True)
    assert found.low <= truth <= found.high


def test_a_rechallenge_under_way_is_not_the_course_of_which_it_is_asked_why_it_was_stopped() -> (
    None
):
    given = Fact.known("irae")
    first = Course(1, frozenset({"PD-1"}), stop_reason=given, best_response=Fact.known("PR"))
    running = Course(2, frozenset({"PD-1"}), stop_reason=Fact(FactState.NOT_APPLICABLE))
    found = course_facts(Record(courses=(first, running), courses_complete=True), date(2026, 1, 2))
    assert (found["stop_reason"], found["best_response"]) == (given, Fact.known("PR"))
    assert found["prior_courses"] == Fact.number(2)
    over = replace(running, stop_reason=Fact.known("progression"))
    found = course_facts(Record(courses=(first, over), courses_complete=True), date(2026, 1, 2))
    assert found["stop_reason"].value == "progression"
    alone = course_facts(Record(courses=(running,), courses_complete=True), date(2026, 1, 2))
    assert alone["stop_reason"].state is FactState.NOT_APPLICABLE


def exactly(*day):
    return (date(*day), date(*day))


def in_year(year):
    return (date(year, 1, 1), date(year, 12, 31))


MAY = (date(2021, 5, 1), date(2021, 5, 31))


@pytest.mark.parametrize(
    ("dated", "told", "certain"),
    [
        # Known to the day, the month or the year: by the last day on which it may have begun.
        ({"start": exactly(2021, 5, 1)}, MAY, True),
        ({"start": exactly(2021, 5, 2)}, MAY, False),
        ({"start": exactly(2021, 6, 1)}, MAY, False),
        ({"start": in_year(2020)}, MAY, True),
        ({"start": in_year(2021)}, MAY, False),
        ({"start": in_year(2021)}, exactly(2021, 12, 31), True),
        ({"start": in_year(2021)}, exactly(2026, 3, 1), True),
        # It began no later than its last dose and its progression.
        ({"start": in_year(2021), "stop": exactly(2021, 4, 30)}, MAY, True),
        ({"stop": exactly(2021, 4, 30)}, MAY, True),
        ({"stop": exactly(2021, 5, 2)}, MAY, False),
        ({"progressed": exactly(2021, 4, 30)}, MAY, True),
        ({"progressed": in_year(2021)}, MAY, False),
        # Without any day it shows nothing of a time after that of the list.
        ({}, MAY, True),
        # A list of which nobody told the day.
        ({}, (None, None), True),
    ],
)
def test_a_course_that_may_have_begun_after_the_day_of_a_complete_list_leaves_others_open(
    dated, told, certain
):
    first = Course(1, frozenset({"PD-1"}), start=exactly(2020, 1, 1))
    later = Course(2, frozenset({"PD-L1"}), **dated)
    record = Record(courses=(first, later), courses_complete=True, courses_complete_on=told)
    found = course_facts(record, date(2026, 6, 1))
    assert found["prior_courses"] == (Fact.number(2) if certain else Fact.between(2, None))
    assert found["prior_includes_ctla4"] == (Fact.known(False) if certain else Fact.absent(MISSING))
    assert found["prior_includes_pd1_pdl1"] == Fact.known(True)
