"""An endocrine irAE that replacement controls is no return where that counts."""

from __future__ import annotations

from evidence.conditions.facts import FactState
from tests.unit.test_derivations import JANUARY, JUNE, event, facts


def test_an_endocrine_irae_on_replacement_that_came_back_is_left_out_where_replacement_counts():
    def told(resolution, **extra):
        two = (
            event("hypothyroidism", "thyroid", grade=2, resolved=JANUARY),
            event("hypothyroidism", "thyroid", grade=2, resolution=resolution, onset=JUNE, **extra),
        )
        return facts(iraes=two, iraes_complete=True)

    for extra in ({}, {"recurrent": True}):
        replaced = told("on_replacement", **extra)
        assert replaced["irae_recurrent"].value is True
        assert replaced["irae_recurrent_unreplaced"].value is False
        assert told("ongoing", **extra)["irae_recurrent_unreplaced"].value is True
        assert told("resolved", **extra)["irae_recurrent_unreplaced"].value is True


def test_replacement_of_one_gland_leaves_out_no_other_return_and_no_open_question():
    replaced = event("hypothyroidism", "thyroid", resolution="on_replacement", recurrent=True)
    colitis = event("colitis", "colon", grade=1, recurrent=True)
    both = facts(iraes=(replaced, colitis), iraes_complete=True)
    assert both["irae_recurrent_unreplaced"].value is True
    assert facts(iraes=(replaced,))["irae_recurrent_unreplaced"].state is FactState.MISSING
    # Which of the two came first nobody told: the one without replacement may be the return.
    other = event("hypothyroidism", "thyroid")
    undated = facts(
        iraes=(event("hypothyroidism", "thyroid", resolution="on_replacement"), other),
        iraes_complete=True,
    )
    assert undated["irae_recurrent_unreplaced"].state is FactState.MISSING
    # Replacement is of endocrine organs alone.
    lung = event(now=2, resolution="on_replacement", recurrent=True)
    assert facts(iraes=(lung,), iraes_complete=True)["irae_recurrent_unreplaced"].value is True
