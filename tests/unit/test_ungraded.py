"""What is certain of the worst grade of an irAE that nobody graded."""

from __future__ import annotations

import pytest

from cases.derivations import Event
from cases.vocabulary import UNSTATED
from evidence.conditions.facts import Fact, Widened
from tests.unit.test_derivations import event, facts, known

UNGRADED = [
    ("colitis", "colon", "", {}, 1),
    ("ttp", "blood", "5.0", {}, 3),
    ("ttp", "blood", UNSTATED, {}, 3),
    ("colitis", "colon", "5.0", {"onset_grade": known(2)}, 2),
    ("colitis", "colon", "5.0", {"grade_now": known(3)}, 3),
    ("hypophysitis", "pituitary", "", {"resolution": Fact.known("on_replacement")}, 2),
    ("colitis", "colon", "", {"resolution": Fact.known("on_replacement")}, 1),
]


@pytest.mark.parametrize(("entity", "organ", "version", "more", "least"), UNGRADED)
def test_an_event_that_nobody_graded_was_as_bad_as_it_was_at_least(
    entity, organ, version, more, least
):
    ungraded = Event(entity, organ, version, **more)
    found = facts(iraes=(ungraded,), iraes_complete=True)["irae_worst_grade"]
    assert found == Fact.between(least, 5) and found.widened == (Widened.UNGRADED,)
    # Beside a milder one that is graded it sets the lower end.
    both = facts(iraes=(ungraded, event("rash", "skin", grade=1)), iraes_complete=True)
    assert both["irae_worst_grade"] == Fact.between(least, 5)


def test_on_replacement_a_grade_of_1_is_read_as_2():
    one = event("hypothyroidism", "thyroid", grade=1, now=1, resolution="on_replacement")
    found = facts(iraes=(one,), iraes_complete=True)["endocrine_worst_grade"]
    assert found == known(2) and found.widened == (Widened.REPLACED,)
    over = event("hypothyroidism", "thyroid", grade=1, resolution="resolved")
    assert facts(iraes=(over,), iraes_complete=True)["endocrine_worst_grade"] == known(1)


def test_insulin_may_be_grade_3_by_one_version_of_ctcae():
    one = event("diabetes", "endocrine_pancreas", grade=1, now=1, resolution="on_replacement")
    told = facts(iraes=(one,), iraes_complete=True)
    for key in ("diabetes_worst_grade", "endocrine_worst_grade"):
        assert told[key] == Fact.between(2, 3) and told[key].widened == (Widened.REPLACED,)
    # What a person graded 3 or more stays as it was graded, and none of it bars an ICI now.
    three = event("diabetes", "endocrine_pancreas", grade=3, now=3, resolution="on_replacement")
    assert facts(iraes=(three,), iraes_complete=True)["diabetes_worst_grade"] == known(3)
    assert told["diabetes_grade_now"] == known(0)


@pytest.mark.parametrize(
    ("version", "grade", "resolution", "expected", "why"),
    [
        ("5.0", 2, "on_replacement", (2, 3), (Widened.REPLACED,)),
        (UNSTATED, 2, "on_replacement", (2, 3), (Widened.REPLACED,)),
        # By version 6.0 it was the glucose that was graded; what 5.0 may make of that is said as such.
        ("6.0", 2, "on_replacement", (2, 3), (Widened.VERSION,)),
        ("6.0", 3, "on_replacement", (3, 3), ()),
        ("5.0", 3, "on_replacement", (3, 3), ()),
        ("5.0", 2, "ongoing", (2, 2), ()),
    ],
)
def test_insulin_beside_a_grade_of_2_may_be_grade_3(version, grade, resolution, expected, why):
    one = event(
        "diabetes", "endocrine_pancreas", grade=grade, now=2, version=version, resolution=resolution
    )
    found = facts(iraes=(one,), iraes_complete=True)["diabetes_worst_grade"]
    assert (found.low, found.high) == expected
    assert set(why) <= set(found.widened) and bool(found.widened) == bool(why)


def test_another_hormone_beside_a_grade_of_2_stays_grade_2():
    one = event("hypothyroidism", "thyroid", grade=2, now=2, resolution="on_replacement")
    assert facts(iraes=(one,), iraes_complete=True)["thyroid_worst_grade"] == known(2)


def test_a_grade_that_is_owed_says_so_beside_what_is_certain():
    owed = {"iraes": (Event("colitis", "colon", ""),), "owed": frozenset({"colitis_worst_grade"})}
    assert facts(**owed)["colitis_worst_grade"].widened == (Widened.OWED,)
