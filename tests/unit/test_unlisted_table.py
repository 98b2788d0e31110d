"""By hand: which diseases of the list an irAE outside it leaves open, organ by organ of the eighteen and elsewhere.

A disease that is asked about under the organ itself is open there too. What is told of an organ as a whole goes by the
organ that was told, and is not in the table.
"""

from __future__ import annotations

import pytest

from cases.derivations.causes import ORGANS_BEHIND
from cases.derivations.hidden import _HIDES
from cases.derivations.iraes import GRADED
from cases.vocabulary import ELSEWHERE, UNTOLD, Organ
from evidence.conditions.facts import FactState
from tests.unit.test_organ_not_told import meningitis, told

# Of several organs: they may be in an event of any.
ANYWHERE = {"sjs_ten_dress_any", "ttp_any", "hus_any", "vasculitis_worst_grade"}
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
    "blood": {"haemolysis_worst_grade", "aplastic_anaemia_worst_grade"},
    "eye": UVEITIS | MYASTHENIA | NERVES | CORD | HEART_MUSCLE | MYOSITIS | JOINTS | {"bullous_worst_grade"},
    "pancreas": PANCREATITIS | DIABETES,
    "vessel": HEART_MUSCLE | JOINTS | UVEITIS,
    ELSEWHERE: JOINTS | UVEITIS | {"bullous_worst_grade", "infusion_reaction_worst_grade"},
}  # fmt: skip
# Told of one organ, or of several together, as wholes: by the organ that was told.
WHOLE = {
    "hepatitis_worst_grade", "hepatitis_grade_now", "nephritis_worst_grade", "nephritis_grade_now",
    "skin_worst_grade", "skin_grade_now", "heart_worst_grade", "neurological_worst_grade",
    "neurological_grade_now", "haematological_worst_grade", "thyroid_worst_grade",
    "adrenal_worst_grade", "adrenal_grade_now", "pituitary_worst_grade", "pituitary_grade_now",
    "endocrine_worst_grade", "endocrine_grade_now", "endocrine_uncontrolled_worst_grade",
}  # fmt: skip
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
    assert set(_HIDES) <= DISEASES
    of_one = {key for key in GRADED if key != "unlisted_irae_worst_grade"}
    assert of_one <= DISEASES | WHOLE
    narrow = {
        key for key, organs in ORGANS_BEHIND.items() if len(organs) <= 4 and "_after_" not in key
    }
    assert narrow <= DISEASES | WHOLE, narrow - DISEASES - WHOLE
