"""By hand: which diseases of the list an irAE outside it leaves open, organ by organ of the eighteen and elsewhere.

A disease that is asked about under the organ itself is open there too. What is told of an organ as a whole counts the
events that were told of it, and is open upwards beside any other that may be one of its diseases.
"""

from __future__ import annotations

import pytest

from cases.derivations import Course
from cases.derivations.causes import ORGANS_BEHIND
from cases.derivations.hidden import _HIDES
from cases.derivations.iraes import GRADED
from cases.vocabulary import ELSEWHERE, UNTOLD, Organ
from evidence.conditions.facts import FactState
from tests.unit.test_derivations import event
from tests.unit.test_organ_not_told import meningitis, told

# Of several organs: they may be in an event of any.
ANYWHERE = {
    "sjs_ten_dress_any", "ttp_any", "hus_any", "vasculitis_worst_grade", "haemolysis_worst_grade",
    "infusion_reaction_worst_grade",
}  # fmt: skip
HEART_MUSCLE = {"myocarditis_any", "myocarditis_worst_grade"}
NERVES = {"gbs_encephalitis_myelitis_any", "guillain_barre_worst_grade"}
CORD = {"gbs_encephalitis_myelitis_any", "encephalitis_worst_grade", "myelitis_worst_grade"}
MYASTHENIA = {"myasthenia_worst_grade", "myasthenia_grade_now"}
MYOSITIS, JOINTS, UVEITIS = (
    {"myositis_worst_grade"},
    {"arthritis_worst_grade"},
    {"uveitis_worst_grade"},
)
PANCREATITIS = {"pancreatitis_worst_grade", "pancreatitis_grade_now"}
DIABETES = {"diabetes_worst_grade", "diabetes_grade_now"}
PNEUMONITIS = {f"pneumonitis_{n}" for n in ("worst_grade", "grade_now", "recurrent", "recurrence_grade")}  # fmt: skip
COLITIS = {f"colitis_{n}" for n in ("worst_grade", "grade_now", "recurrent", "recurrence_grade")}
TABLE = {
    "lung": PNEUMONITIS | MYOSITIS | JOINTS | UVEITIS,
    "colon": COLITIS,
    "liver": PANCREATITIS,
    "thyroid": {"hypothyroidism_worst_grade"},
    "pituitary": {"hypothyroidism_worst_grade"},
    "adrenal": {"hypothyroidism_worst_grade"} | DIABETES,
    "endocrine_pancreas": DIABETES | PANCREATITIS,
    "kidney": UVEITIS,
    "skin": {"bullous_worst_grade"} | MYOSITIS | JOINTS | UVEITIS,
    "heart": HEART_MUSCLE | MYOSITIS | MYASTHENIA,
    "muscle": MYOSITIS | HEART_MUSCLE | MYASTHENIA | JOINTS,
    "nerve": MYASTHENIA | NERVES | HEART_MUSCLE | MYOSITIS | CORD,
    "brain": CORD | MYASTHENIA | NERVES | UVEITIS,
    "joint": JOINTS | MYOSITIS | UVEITIS,
    "blood": {"aplastic_anaemia_worst_grade"},
    "eye": UVEITIS | MYASTHENIA | NERVES | CORD | HEART_MUSCLE | MYOSITIS | JOINTS | {"bullous_worst_grade"},
    "pancreas": PANCREATITIS | DIABETES,
    "vessel": HEART_MUSCLE | JOINTS | UVEITIS,
    ELSEWHERE: JOINTS | UVEITIS | {"bullous_worst_grade"},
}  # fmt: skip
# Told of one organ, or of several together, as wholes -> other organs of which an event may be one of those diseases.
NOWHERE, EVERYWHERE = set(), {*Organ.values, ELSEWHERE} - {"other"}
NEUROLOGICAL = {"eye", "muscle", "heart"}
WHOLE = {
    "hepatitis_worst_grade": NOWHERE, "hepatitis_grade_now": NOWHERE,
    "nephritis_worst_grade": NOWHERE, "nephritis_grade_now": NOWHERE,
    "skin_worst_grade": EVERYWHERE - {"skin"}, "skin_grade_now": EVERYWHERE - {"skin"},
    "heart_worst_grade": {"muscle", "nerve", "eye", "vessel"},
    "neurological_worst_grade": NEUROLOGICAL, "neurological_grade_now": NEUROLOGICAL,
    "haematological_worst_grade": EVERYWHERE - {"blood"},
    "thyroid_worst_grade": {"pituitary", "adrenal"},
    "adrenal_worst_grade": NOWHERE, "adrenal_grade_now": NOWHERE,
    "pituitary_worst_grade": NOWHERE, "pituitary_grade_now": NOWHERE,
    "endocrine_worst_grade": {"pancreas"}, "endocrine_grade_now": {"pancreas"},
    "endocrine_uncontrolled_worst_grade": {"pancreas"},
}  # fmt: skip
# After a class of ICI: as the whole itself.
AFTER = {
    f"{whole}_after_{name}_worst_grade": WHOLE[f"{whole}_worst_grade"]
    for whole in ("skin", "endocrine")
    for name in ("ctla4", "pd1_pdl1")
}
DISEASES = ANYWHERE.union(*TABLE.values())


def open_beside(organ):
    found = told(meningitis(organ, 3, now=1, resolution="ongoing"))
    return {key for key in DISEASES if found[key].state is FactState.MISSING}


@pytest.mark.parametrize("organ", TABLE)
def test_an_event_of_an_organ_leaves_open_what_it_may_be_and_nothing_else(organ):
    # What is of the vessels is a vasculitis of its grade.
    expected = TABLE[organ] | ANYWHERE - (
        {"vasculitis_worst_grade"} if organ == "vessel" else set()
    )
    assert open_beside(organ) == expected


@pytest.mark.parametrize("organ", TABLE)
@pytest.mark.parametrize("key", [*WHOLE, *AFTER])
def test_an_organ_as_a_whole_is_open_where_one_of_its_diseases_may_be_hidden(key, organ):
    found = told(meningitis(organ, 3, now=1, resolution="ongoing"))[key]
    if organ in ORGANS_BEHIND[key]:
        assert found.state is FactState.KNOWN and found.high in (1, 3)
    elif organ in {**WHOLE, **AFTER}[key]:
        assert found.state is FactState.MISSING
    else:
        assert (found.low, found.high) == (0, 0)


def test_what_a_whole_had_for_certain_stays_its_lower_end():
    eye = event("autoimmune_other", "eye", 3, name="Miller Fisher syndrome")
    nerve = event("neuropathy", "nerve", 2)
    found = told(eye, nerve)["neurological_worst_grade"]
    assert (found.low, found.high) == (2, 5)
    rash = event("rash", "skin", 2, course=1)
    courses = (Course(1, frozenset({"CTLA-4"})),)
    after = told(eye, rash, courses=courses)["skin_after_ctla4_worst_grade"]
    assert (after.low, after.high) == (2, 5)


@pytest.mark.parametrize("organ", ["lung", "skin", "vessel", "heart", ELSEWHERE])
def test_anaphylaxis_under_the_organ_that_showed_it_may_be_an_infusion_reaction(organ):
    named = event("autoimmune_other", organ, 3, name="Anaphylaxis with bronchospasm")
    assert told(named)["infusion_reaction_worst_grade"].state is FactState.MISSING
    sure = event("infusion_reaction", "other", 2)
    beside = told(named, sure)["infusion_reaction_worst_grade"]
    assert (beside.low, beside.high) == (2, 5)


def test_an_event_of_the_vessels_is_told_with_its_grade():
    found = told(meningitis("vessel"))["vasculitis_worst_grade"]
    assert (found.low, found.high) == (3, 3)
    beside = told(meningitis("vessel", 2), meningitis("eye"))["vasculitis_worst_grade"]
    assert (beside.low, beside.high) == (2, 5)


@pytest.mark.parametrize("organ", ["other", UNTOLD])
def test_one_of_no_certain_organ_leaves_every_disease_open(organ):
    assert open_beside(organ) == DISEASES


def test_the_table_has_every_organ_and_every_disease():
    assert set(TABLE) == {*Organ.values, ELSEWHERE} - {"other"} and len(TABLE) == 18 + 1
    assert set(_HIDES) <= DISEASES | WHOLE.keys() | AFTER.keys()
    of_one = {key for key in GRADED if key != "unlisted_irae_worst_grade"}
    assert of_one <= DISEASES | WHOLE.keys()
    narrow = {
        key for key, organs in ORGANS_BEHIND.items() if len(organs) <= 4 and "_after_" not in key
    }
    assert narrow <= DISEASES | WHOLE.keys(), narrow - DISEASES - WHOLE.keys()
