"""What the record says, as facts. No database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.derivations import Course, Event, Record, Result, Steroid, derive, prednisone_equivalent
from cases.derivations.record import ALL_ORGANS
from evidence.conditions.facts import Fact, FactState, Widened
from evidence.conditions.vocabulary import FACTS

TODAY = date(2026, 11, 25)
known = Fact.number


def event(entity="pneumonitis", organ="lung", grade=3, now=0, resolution="resolved", **extra):
    return Event(
        entity,
        organ,
        extra.pop("version", "5.0"),
        worst_grade=known(grade) if grade is not None else Fact.absent(FactState.UNKNOWN),
        grade_now=known(now) if now is not None else Fact.absent(FactState.NOT_YET),
        resolution=Fact.known(resolution) if resolution else Fact.absent(FactState.UNKNOWN),
        **extra,
    )


def facts(*, iraes_complete=False, **record):
    asked = ALL_ORGANS if iraes_complete else frozenset()
    return derive(Record(**{"organs_asked": asked, **record}), as_of=TODAY)


def steroid(drug, dose, *, replacement=False, **extra):
    """Return a course whose dose of now was said today."""
    indication = Fact.known("adrenal_replacement" if replacement else "irae")
    dose = dose if isinstance(dose, Fact) else known(dose)
    return Steroid(drug, indication, dose, **{"said_on": TODAY, **extra})


def test_every_key_is_in_the_vocabulary():
    assert set(facts(courses=(Course(1, frozenset({"PD-1"})),), courses_complete=True)) <= set(
        FACTS
    )


def test_empty_record_concludes_nothing():
    assert {f.state for f in facts().values()} == {FactState.MISSING}


def test_an_owed_fact_is_not_yet_until_the_record_tells_it():
    found = facts(owed=frozenset({"steroid_now", "ecog", "no such fact"}), ecog=known(1))
    assert found["steroid_now"].state is FactState.NOT_YET
    assert found["ecog"].low == 1 and "no such fact" not in found
    told = facts(owed=frozenset({"steroid_now"}), steroids_complete_on=TODAY)
    assert told["steroid_now"].high == 0


def test_complete_empty_lists_conclude_none():
    found = facts(iraes_complete=True, courses_complete=True, steroids_complete_on=TODAY)
    assert found["irae_any"].value is False
    assert found["irae_worst_grade"].high == 0
    assert found["irae_resolved"].state is FactState.NOT_APPLICABLE
    assert found["prior_courses"].high == 0
    assert found["steroid_now"].high == 0


@pytest.mark.parametrize(
    ("drug", "dose", "equivalent"),
    [
        ("prednisone", "10", "10.0"),
        ("methylprednisolone", "8", "10.0"),
        ("dexamethasone", "1.5", "10.0"),
        ("hydrocortisone", "40", "10.0"),
        ("dexamethasone", "4", "26.7"),
    ],
)
def test_prednisone_equivalents(drug, dose, equivalent):
    assert prednisone_equivalent(drug, Decimal(dose)) == Decimal(equivalent)


def test_unknown_drug_has_no_equivalent():
    assert prednisone_equivalent("", Decimal(5)) is None
    assert facts(steroids=(steroid("", 5),))["steroid_now"].state is FactState.UNKNOWN


def test_doses_add_up_and_replacement_does_not_count():
    steroids = (
        steroid("prednisone", 5),
        steroid("dexamethasone", Decimal("1.5")),
        steroid("hydrocortisone", 20, replacement=True),
    )
    assert facts(steroids=steroids)["steroid_now"].low == 15


@pytest.mark.parametrize("state", [FactState.NOT_YET, FactState.UNKNOWN, FactState.MISSING])
def test_a_dose_that_is_not_known_is_not_none(state):
    open_dose = steroid("prednisone", Fact.absent(state))
    assert facts(steroids=(open_dose,), steroids_complete_on=TODAY)["steroid_now"].state is state


def test_a_stopped_course_does_not_count_yet_concludes_nothing_of_an_open_list():
    stopped = steroid("prednisone", Fact.absent(FactState.NOT_APPLICABLE))
    ended = steroid("prednisone", 0)
    assert facts(steroids=(stopped, ended))["steroid_now"].state is FactState.MISSING
    assert facts(steroids=(stopped, ended), steroids_complete_on=TODAY)["steroid_now"].low == 0


def test_a_certain_dose_stays_a_lower_bound_beside_an_unknown_one():
    certain = steroid("prednisone", 60)
    unknown = steroid("dexamethasone", Fact.absent(FactState.UNKNOWN))
    found = facts(steroids=(certain, unknown), steroids_complete_on=TODAY)["steroid_now"]
    assert (found.low, found.high) == (60, None)


def test_an_old_word_that_the_list_is_complete_says_nothing_of_today():
    assert (
        facts(steroids_complete_on=TODAY - timedelta(days=15))["steroid_now"].state
        is FactState.MISSING
    )
    assert facts(steroids_complete_on=TODAY - timedelta(days=14))["steroid_now"].high == 0


def test_endocrine_event_on_replacement_is_neither_active_nor_unresolved():
    thyroid = event("hypothyroidism", "thyroid", grade=2, now=2, resolution="on_replacement")
    found = facts(iraes=(thyroid,), iraes_complete=True)
    assert found["irae_grade_now"].high == 0
    assert found["irae_resolved"].value is True
    assert found["irae_worst_grade_nonendocrine"].high == 0
    assert found["endocrine_worst_grade"].low == 2


def test_replacement_excuses_endocrine_organs_alone():
    lung = event(now=2, resolution="on_replacement")
    assert facts(iraes=(lung,), iraes_complete=True)["irae_grade_now"].low == 2


def test_an_unknown_grade_leaves_the_upper_end_open():
    found = facts(
        iraes=(event(grade=2), event("colitis", "colon", grade=None)), iraes_complete=True
    )
    assert (found["irae_worst_grade"].low, found["irae_worst_grade"].high) == (2, 5)
    assert found["colitis_worst_grade"].widened == (Widened.NO_GRADE,)


def test_grades_of_different_versions_of_one_disease_are_not_put_together():
    two = (
        event("colitis", "colon", grade=2, now=2, version="5.0"),
        event("diarrhoea", "colon", grade=3, now=1, version="6.0"),
    )
    found = facts(iraes=two, iraes_complete=True)
    # By either version it was at least what that version graded: the lower of the two is certain.
    assert (found["colitis_worst_grade"].low, found["colitis_worst_grade"].high) == (2, 5)
    assert (found["irae_grade_now"].low, found["irae_grade_now"].high) == (1, 5)


@pytest.mark.parametrize(("one", "other"), [(None, 3), (3, None)])
def test_a_version_that_graded_nothing_leaves_the_grade_of_a_mixed_disease_unknown(one, other):
    two = (
        event("colitis", "colon", grade=one, version="5.0"),
        event("diarrhoea", "colon", grade=other, version="6.0"),
    )
    found = facts(iraes=two, iraes_complete=True)["colitis_worst_grade"]
    assert found == Fact.between(1, 5)


def test_a_mixed_disease_hides_no_grade_of_another_one():
    three = (
        event("hepatitis", "liver", grade=4),
        event("rash", "skin", grade=1, version="5.0"),
        event("rash", "skin", grade=1, version="6.0"),
    )
    found = facts(iraes=three, iraes_complete=True)["irae_worst_grade"]
    assert (found.low, found.high) == (4, 5)


@pytest.mark.parametrize("order", [1, -1])
def test_not_applicable_of_one_event_hides_nothing_of_another(order):
    closed = Event("pneumonitis", "lung", "5.0", known(2), Fact.absent(FactState.NOT_APPLICABLE))
    open_ = Event("colitis", "colon", "5.0", known(2), Fact.absent(FactState.NOT_YET))
    found = facts(iraes=(closed, open_)[::order], iraes_complete=True)
    assert found["irae_grade_now"].state is FactState.NOT_YET
    assert found["irae_resolved"].state is FactState.MISSING


def test_an_event_that_happened_has_a_grade():
    odd = Event("pneumonitis", "lung", "5.0", worst_grade=Fact.absent(FactState.NOT_APPLICABLE))
    found = facts(iraes=(odd,), iraes_complete=True)
    assert found["pneumonitis_worst_grade"] == Fact.between(1, 5)


def test_only_endocrine_organs_are_resolved_by_replacement():
    lung = event(now=2, resolution="on_replacement")
    assert facts(iraes=(lung,), iraes_complete=True)["irae_resolved"].value is not True


def test_two_events_of_one_disease_are_not_taken_for_once():
    two = (event(), event())
    found = facts(iraes=two, iraes_complete=True)
    assert found["irae_recurrent"].state is FactState.MISSING
    assert found["pneumonitis_recurrent"].state is FactState.MISSING
    assert found["colitis_recurrent"].value is False


def test_a_disease_over_before_it_began_again_came_back():
    first = event("colitis", "colon", resolved=(date(2025, 1, 1), date(2025, 1, 31)))
    again = event("diarrhoea", "colon", grade=1, onset=(date(2025, 6, 1), date(2025, 6, 1)))
    found = facts(iraes=(first, again))
    assert found["irae_recurrent"].value is True
    assert found["colitis_recurrent"].value is True


JANUARY, JUNE = (date(2025, 1, 1), date(2025, 1, 31)), (date(2025, 6, 1), date(2025, 6, 1))


def after(first, then, organ, grade=2, **extra):
    """Return the facts of one event that was over before another began."""
    two = (
        event(first, organ, resolved=JANUARY, onset=(date(2024, 12, 1), date(2024, 12, 1))),
        event(then, organ, grade=grade, resolution="on_replacement", onset=JUNE, **extra),
    )
    return facts(iraes=two, iraes_complete=True)["irae_recurrent"]


@pytest.mark.parametrize(
    ("first", "then", "organ"),
    [
        ("hyperthyroidism", "hypothyroidism", "thyroid"), ("thyroiditis", "hypothyroidism", "thyroid"),
        ("pancreatitis", "lipase", "pancreas"),
    ],
)  # fmt: skip
def test_the_sequel_of_an_event_is_no_return_of_it_unless_somebody_said_so(first, then, organ):
    assert after(first, then, organ).value is False
    assert after(first, then, organ, recurrent=True).value is True


@pytest.mark.parametrize(
    ("first", "then", "organ", "grade"),
    [
        ("hyperthyroidism", "hyperthyroidism", "thyroid", 2), ("lipase", "pancreatitis", "pancreas", 2),
        ("pancreatitis", "lipase", "pancreas", 3), ("pancreatitis", "lipase", "pancreas", None),
        ("colitis", "diarrhoea", "colon", 1),
    ],
)  # fmt: skip
def test_every_other_event_of_the_disease_is_a_return(first, then, organ, grade):
    assert after(first, then, organ, grade).value is True


def test_without_dates_one_gland_s_two_events_are_no_question_and_two_of_one_kind_are():
    hyper = event("hyperthyroidism", "thyroid")
    hypo = event("hypothyroidism", "thyroid", resolution="on_replacement")
    assert facts(iraes=(hyper, hypo), iraes_complete=True)["irae_recurrent"].value is False
    found = facts(iraes=(hyper, hypo, hyper.__class__(**vars(hyper))), iraes_complete=True)
    assert found["irae_recurrent"].state is FactState.MISSING


def test_endocrine_event_without_replacement_is_uncontrolled():
    adrenal = event("adrenal_insufficiency", "adrenal", grade=4, resolution="ongoing")
    assert facts(iraes=(adrenal,))["endocrine_uncontrolled_worst_grade"].low == 4


def test_onset_before_the_first_dose_is_refused():
    assert (
        facts(iraes=(event(onset_after_start_days=-5),))["first_irae_days"].state
        is FactState.MISSING
    )


def test_ongoing_event_is_not_resolved_whatever_else_is_unknown():
    two = (event(resolution="ongoing", now=1), event("colitis", "colon", resolution=None))
    assert facts(iraes=two)["irae_resolved"].value is False


def test_resolution_that_is_not_known_is_not_resolved():
    found = facts(iraes=(event(), event("colitis", "colon", resolution=None)), iraes_complete=True)
    assert found["irae_resolved"].state is FactState.UNKNOWN


@pytest.mark.parametrize(
    "key", ["myocarditis_any", "sjs_ten_dress_any", "gbs_encephalitis_myelitis_any"]
)
def test_named_events(key):
    entity = {"myocarditis_any": "myocarditis", "sjs_ten_dress_any": "ten"}.get(
        key, "guillain_barre"
    )
    assert facts(iraes=(event(entity, "heart"),))[key].value is True
    assert facts(iraes=(event(),))[key].state is FactState.MISSING
    assert facts(iraes=(event(),), iraes_complete=True)[key].value is False


def test_dates_known_in_part_make_intervals():
    course = Course(
        1,
        frozenset({"PD-1"}),
        start=(date(2024, 4, 1), date(2024, 4, 30)),
        stop=(date(2025, 1, 29), date(2025, 1, 29)),
    )
    found = facts(courses=(course,))
    assert (found["prior_ici_days"].low, found["prior_ici_days"].high) == (274, 303)
    assert found["ici_free_days"].low == (TODAY - date(2025, 1, 29)).days


def test_last_course_counts_by_number_not_by_place():
    first = Course(1, frozenset({"PD-1"}), best_response=Fact.known("PR"))
    second = Course(2, frozenset({"CTLA-4"}), best_response=Fact.known("PD"))
    found = facts(courses=(second, first))
    assert found["best_response"].value == "PD"
    assert found["prior_includes_ctla4"].value is True


def test_unknown_drugs_exclude_nothing():
    found = facts(courses=(Course(1, None),), courses_complete=True)
    assert found["prior_includes_ctla4"].state is FactState.MISSING


def test_open_list_of_courses_is_at_least_so_many():
    found = facts(courses=(Course(1, None),))["prior_courses"]
    assert (found.low, found.high) == (1, None)


@pytest.mark.parametrize(
    ("born", "age"), [(date(1962, 11, 25), 64), (date(1962, 11, 26), 63), (date(1964, 2, 29), 62)]
)
def test_age(born, age):
    assert facts(birth_date=born)["age"].low == age


def test_onset_told_in_days_from_the_first_dose():
    found = facts(iraes=(event(onset_after_start_days=26), event("colitis", "colon")))
    assert (found["first_irae_days"].low, found["first_irae_days"].high) == (0, 26)


def test_results_keep_their_state_and_bounds():
    results = (
        Result("pdl1_tps", "before", Fact.between(Decimal(50), None)),
        Result("pdl1_tps", "after", Fact.absent(FactState.NOT_YET)),
    )
    found = facts(results=results)
    assert found["pdl1_tps_initial"].low == 50
    assert found["pdl1_tps_recent"].state is FactState.NOT_YET


@pytest.mark.parametrize(
    ("regimen", "targets", "answer"),
    [
        ("", {"PD-1"}, False),
        ("", {"PD-1", "CTLA-4"}, True),
        ("pd_ctla4_combination", {"PD-1"}, True),
        ("switch_pd1_pdl1", set(), False),
        ("other", set(), None),
    ],
)
def test_proposal_decides_about_ctla4(regimen, targets, answer):
    proposed = Fact.known(regimen) if regimen else Fact.absent(FactState.MISSING)
    found = facts(proposed_regimen=proposed, proposed_targets=frozenset(targets))
    assert found["proposed_includes_ctla4"].value is answer


def test_an_agent_that_is_named_in_words_leaves_ctla4_open():
    chosen = {"proposed_regimen": Fact.known("other"), "proposed_unlisted": True}
    found = facts(**chosen, proposed_targets=frozenset({"PD-1"}))["proposed_includes_ctla4"]
    assert found.state is FactState.MISSING
    found = facts(**chosen, proposed_targets=frozenset({"PD-1", "CTLA-4"}))
    assert found["proposed_includes_ctla4"].value is True


def test_the_same_agent_is_the_last_one_and_unknown_where_that_is():
    same = Fact.known("same_agent")
    first, unknown = Course(1, frozenset({"PD-1"})), Course(2, None)
    assert facts(proposed_regimen=same, courses=(first,))["proposed_includes_ctla4"].value is False
    found = facts(proposed_regimen=same, courses=(first, unknown))
    assert found["proposed_includes_ctla4"].state is FactState.MISSING


grades = st.one_of(st.none(), st.integers(1, 5))


@given(st.lists(grades, min_size=1, max_size=5), st.booleans())
def test_worst_grade_encloses_the_truth(listed, complete):
    """Whatever an unknown grade turns out to be, the worst one lies within the interval."""
    found = facts(iraes=tuple(event(grade=g) for g in listed), iraes_complete=complete)[
        "irae_worst_grade"
    ]
    given_ = [g for g in listed if g is not None]
    if not given_:
        assert found == Fact.between(1, 5)
        return
    assert found.low == max(given_)
    assert found.high == (max(given_) if complete and len(given_) == len(listed) else 5)


@pytest.mark.parametrize(("dose", "counted"), [(20, 0), (30, 0), (60, 15)])
def test_replacement_above_what_the_body_makes_is_a_dose(dose, counted):
    hydrocortisone = steroid("hydrocortisone", dose, replacement=True)
    found = facts(steroids=(hydrocortisone,), steroids_complete_on=TODAY)["steroid_now"]
    assert found.low == counted
