"""An irAE outside the list: of which nobody told the organ, it may be any; of one that is named, it is one of that."""

from __future__ import annotations

from datetime import date

import pytest

from cases.derivations.causes import ORGANS_BEHIND
from cases.derivations.hidden import may_hide
from cases.derivations.record import ALL_ORGANS, Finding
from cases.forms.iraes import IrAEForm
from cases.listed import listed_as, plain_name
from cases.vocabulary import ELSEWHERE, UNTOLD, Organ, asked_under, entities, organ_label
from evidence.conditions.facts import Fact, FactState
from meetings.quorum import needs_for
from tests.unit.test_derivations import event, facts

OF_ONE_ORGAN = sorted(
    key
    for key, organs in ORGANS_BEHIND.items()
    if not organs >= ALL_ORGANS and key != "irae_worst_grade_nonendocrine"
)
# Of each organ: what is said of it as a whole, and what of diseases that the list has there.
OF_ORGANS = {
    "liver": ({"hepatitis_worst_grade", "hepatitis_grade_now"}, set()),
    "brain": (
        {"neurological_worst_grade", "neurological_grade_now"},
        {"encephalitis_worst_grade", "myelitis_worst_grade", "gbs_encephalitis_myelitis_any"},
    ),
    "heart": ({"heart_worst_grade"}, {"myocarditis_worst_grade", "myocarditis_any"}),
    "skin": (
        {"skin_worst_grade", "skin_grade_now"},
        {"bullous_worst_grade", "sjs_ten_dress_any"},
    ),
    "lung": (
        set(),
        {"pneumonitis_worst_grade", "pneumonitis_grade_now", "pneumonitis_recurrent",
         "pneumonitis_recurrence_grade"},
    ),
    "adrenal": (
        {"adrenal_worst_grade", "adrenal_grade_now", "endocrine_worst_grade",
         "endocrine_grade_now", "endocrine_uncontrolled_worst_grade"},
        set(),
    ),
}  # fmt: skip

# Diseases of several organs: an event with a name of its own may be one of them, whatever organ it stands under.
OF_SEVERAL = {"sjs_ten_dress_any": "dress", "ttp_any": "ttp", "hus_any": "hus"}


def meningitis(organ="other", grade=3, **more):
    return event("autoimmune_other", organ, grade, name="Aseptic meningitis", **more)


def told(*iraes, **more):
    return facts(iraes=iraes, iraes_complete=True, **more)


@pytest.mark.parametrize("organ", ["other", UNTOLD])
@pytest.mark.parametrize("grade", [2, 3])
@pytest.mark.parametrize("key", OF_ONE_ORGAN)
def test_no_organ_is_said_to_have_had_none(key, grade, organ):
    assert told(meningitis(organ, grade))[key].state is FactState.MISSING


def test_without_such_an_event_it_is():
    assert told()["neurological_worst_grade"].high == 0


def test_what_is_said_of_all_organs_stays_certain():
    found = told(meningitis())
    assert found["irae_any"].value is True
    for key in ("irae_worst_grade", "irae_worst_grade_nonendocrine", "unlisted_irae_worst_grade"):
        assert (found[key].low, found[key].high) == (3, 3)


def test_the_worst_grade_of_another_event_is_open_upwards():
    found = told(meningitis(), event(grade=2))["pneumonitis_worst_grade"]
    assert (found.low, found.high) == (2, 5)


def test_what_a_dossier_would_tell_is_not_said_to_be_not_applicable():
    assert told()["lvef_now"].state is FactState.NOT_APPLICABLE
    assert told(meningitis())["lvef_now"].state is FactState.MISSING


@pytest.mark.parametrize("organ", OF_ORGANS)
def test_an_event_whose_organ_is_told_counts_in_that_organ_and_leaves_its_diseases_open(organ):
    whole, diseases = OF_ORGANS[organ]
    found, without = told(meningitis(organ, 3, now=1, resolution="ongoing")), told()
    for key in whole:
        expected = 1 if key.endswith("_now") else 3
        assert (found[key].low, found[key].high) == (expected, expected), key
    for key in diseases:
        assert found[key].state is FactState.MISSING, key
    for key in set(OF_ONE_ORGAN) - whole - diseases:
        # What it may be of other organs: `test_unlisted_table`.
        if organ not in ORGANS_BEHIND[key] and not may_hide(key, "autoimmune_other", organ):
            assert found[key] == without[key], key


def test_an_event_elsewhere_leaves_the_listed_organs_alone_but_for_diseases_of_several():
    found, without = told(meningitis(ELSEWHERE)), told()
    for key in OF_ONE_ORGAN:
        if not may_hide(key, "autoimmune_other", ELSEWHERE):
            assert found[key] == without[key], key
    assert found["irae_worst_grade"].low == found["unlisted_irae_worst_grade"].low == 3
    assert found["lvef_now"].state is FactState.NOT_APPLICABLE


@pytest.mark.parametrize("key", sorted(OF_SEVERAL))
@pytest.mark.parametrize("organ", [*Organ.values, ELSEWHERE, UNTOLD])
def test_an_event_of_any_organ_may_be_a_disease_of_several(key, organ):
    assert told()[key].value is False
    assert told(meningitis(organ))[key].state is FactState.MISSING
    sure = OF_SEVERAL[key]
    both = told(meningitis(organ), event(sure, str(entities()[sure].organ)))
    assert both[key].value is True
    assert told(event("colitis", "colon"))[key].value is False


@pytest.mark.parametrize("organ", ["muscle", "nerve", "heart", "eye", "vessel", "liver", "skin"])
def test_myocarditis_may_be_hidden_with_what_it_comes_with(organ):
    found, hides = told(meningitis(organ)), organ not in ("liver", "skin")
    assert (found["myocarditis_any"].state is FactState.MISSING) == hides
    assert (found["myocarditis_worst_grade"].state is FactState.MISSING) == hides
    with_one = told(meningitis(organ), event("myocarditis", "heart", 2))["myocarditis_worst_grade"]
    assert (with_one.low, with_one.high) == (2, 5 if hides else 2)


LISTED = [
    ("DRESS", "DRESS"), ("dress  syndrome", "DRESS"),
    ("drug reaction with Eosinophilia and systemic symptoms", "DRESS"),
    ("Stevens Johnson Syndrome", "Stevens-Johnson syndrome"), ("guillain-barre syndrome", "Guillain-Barré syndrome"),
    ("Guillain–Barré", "Guillain-Barré syndrome"), ("G.B.S.", None), ("GBS", "Guillain-Barré syndrome"),
    ("Hemolytic uremic syndrome", "Haemolytic uraemic syndrome"),
    ("infusion-related reaction", "Infusion-related reaction"),
    ("Diabetes immune mediated", "Diabetes, immune-mediated"), ("Myelitis", "Transverse myelitis"),
    ("Aseptic meningitis", None), ("Autoimmune disorder", None), ("Other autoimmune event", None),
    ("Nervous system disorders - Other, specify", None), ("Colitis and gastritis", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "listed"), LISTED)
def test_a_name_that_the_list_has_is_chosen_there(name, listed):
    sent = form(entity="autoimmune_other", organ=ELSEWHERE, entity_text=name)
    words = f"Which event: “{listed}” is on the list: choose it there"
    assert sent.errors.get("entity_text") == ([words] if listed else None)


def test_no_name_of_the_list_means_two_events():
    names = [(plain_name(n), e.code) for e in entities().values() for n in (e.label, *e.synonyms)]
    assert len({name for name, _code in names}) == len(names)
    for name, code in names:
        if not entities()[code].unspecified:
            assert listed_as(name) is entities()[code], name


def test_the_grade_after_a_class_counts_it_in_its_organ():
    found = told(meningitis("liver"))
    assert found["hepatitis_after_ctla4_worst_grade"].high == 3
    assert told(meningitis(UNTOLD))["hepatitis_after_ctla4_worst_grade"].high is None


def test_its_dossier_is_that_of_its_organ():
    answer = Finding("heart", "lvef_now", Fact.number(60), 0)
    found = told(meningitis("heart"), findings=(answer,))["lvef_now"]
    assert (found.low, found.high) == (60, 60)


def test_none_that_is_unlisted_needs_every_organ_asked_about():
    found = facts(organs_asked=frozenset({"other"}))
    assert found["unlisted_irae_worst_grade"].state is FactState.MISSING


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("brain", "brain", FactState.MISSING),
        ("brain", UNTOLD, FactState.MISSING),
        ("brain", "eye", FactState.MISSING),
        ("other", "eye", FactState.MISSING),
        (ELSEWHERE, "eye", FactState.MISSING),
    ],
)
def test_two_of_one_name_may_be_a_return_in_one_organ_or_in_two(first, second, state):
    found = told(meningitis(first), meningitis(second))["irae_recurrent"]
    assert found.state is state


@pytest.mark.parametrize(
    ("name", "value"), [("Sarcoid-like reaction", None), ("sarcoid like  reaction", None), ("Scleritis", False)]
)  # fmt: skip
def test_what_came_back_in_another_organ_never_says_that_nothing_did(name, value):
    first = event("autoimmune_other", "lung", 2, name="Sarcoid-like reaction",
                  resolved=(date(2024, 1, 1), date(2024, 1, 31)))  # fmt: skip
    again = event("autoimmune_other", "eye", 2, name=name,
                  onset=(date(2025, 1, 1), date(2025, 1, 31)))  # fmt: skip
    found = told(first, again)["irae_recurrent"]
    assert (found.state is FactState.MISSING) == (value is None) and found.value is value


def test_every_organ_of_an_event_has_words_and_specialists_who_are_asked():
    for organ in (*Organ.values, ELSEWHERE, UNTOLD):
        assert organ_label(organ)
        assert asked_under(organ) in Organ.values
    assert needs_for([ELSEWHERE, UNTOLD, "other"]) == needs_for([])
    assert len(needs_for(["brain"])) == len(needs_for([])) + 1


def test_the_style_sheet_knows_the_event_by_whose_choice_its_fields_appear():
    assert [e.code for e in entities().values() if e.unspecified] == ["autoimmune_other"]


def form(**sent):
    return IrAEForm({"version": "1", "entity_text": "Aseptic meningitis", **sent})


def test_the_form_asks_for_the_organ_of_an_event_outside_the_list_alone():
    other = form(entity="autoimmune_other")
    assert other.errors["organ"] == [
        "Which organ: choose the one it affected, or that it was several or cannot be told"
    ]
    for organ in ("brain", ELSEWHERE, UNTOLD):
        sound = form(entity="autoimmune_other", organ=organ)
        assert sound.is_valid()
        assert sound.values()["organ"] == organ
    assert "organ" in form(entity="autoimmune_other", organ="other").errors
    assert "organ" in form(entity="colitis", organ="brain").errors
    assert "organ" not in form(entity="colitis", organ="colon").errors


def test_replacement_is_of_endocrine_organs_named_or_listed():
    assert form(entity="autoimmune_other", organ="adrenal", resolution="on_replacement").is_valid()
    refused = form(entity="autoimmune_other", organ="brain", resolution="on_replacement")
    assert list(refused.errors) == ["resolution"]
