"""What each source does with an endocrine irAE: gland by gland, replaced or not."""

from __future__ import annotations

import pytest

from tests.unit.evidence_data.test_rows_by_source import EU, US, said


def test_an_endocrine_irae_on_replacement_is_withheld_by_nobody(statements) -> None:  # type: ignore[no-untyped-def]
    row = statements["R09"]
    organs = ("endocrine_grade_now", "adrenal_worst_grade", "pituitary_worst_grade")
    none = {**dict.fromkeys(organs, 0), "hypothyroidism_worst_grade": 0}
    on = said(row, endocrine_worst_grade=4, endocrine_uncontrolled_worst_grade=0, **none)
    assert on == {EU: "continue", "asco": "resume"}
    off = {"endocrine_worst_grade": 3, "endocrine_uncontrolled_worst_grade": 3}
    assert said(row, **{**none, **off, "endocrine_grade_now": 3}) == {
        US: "withhold",
        EU: "withhold",
    }
    assert said(row, **none, **off) == {EU: "continue"}
    assert said(row, **off) == {US: "?withhold", EU: "?withhold"}


REPLACED = {"adrenal_worst_grade": 2, "adrenal_grade_now": 0}
ENDOCRINE_2 = [
    ({"hypothyroidism_worst_grade": 2}, {EU: "continue"}),
    ({"adrenal_worst_grade": 2, "adrenal_grade_now": 2}, {EU: "withhold"}),
    ({"pituitary_worst_grade": 2, "pituitary_grade_now": 2}, {EU: "withhold"}),
    # Of grade 1 by now and not replaced: the text withholds until it is.
    ({"adrenal_worst_grade": 2, "adrenal_grade_now": 1, "endocrine_grade_now": 1}, {EU: "withhold"}),
    ({"pituitary_worst_grade": 2, "pituitary_grade_now": 1, "endocrine_grade_now": 1}, {EU: "withhold"}),
    ({"adrenal_worst_grade": 1, "adrenal_grade_now": 1}, {}),
    ({"pituitary_worst_grade": 1, "pituitary_grade_now": 1}, {}),
    ({**REPLACED, "endocrine_uncontrolled_worst_grade": 0, "endocrine_grade_now": 0}, {}),
    ({"pituitary_worst_grade": 2, "pituitary_grade_now": 0, "endocrine_uncontrolled_worst_grade": 0,
      "endocrine_grade_now": 0}, {}),
    # Replaced, beside a thyroiditis of grade 2 that is over, or goes on: of that the text says nothing.
    ({**REPLACED, "endocrine_grade_now": 0}, {}),
    (REPLACED, {}),
    # Nobody told whether it is replaced, or how it is now; the grade of now of another gland does not tell it.
    ({"adrenal_worst_grade": 2}, {EU: "?withhold"}),
    ({"pituitary_worst_grade": 2, "endocrine_grade_now": 1}, {EU: "?withhold"}),
    # Both: one that is not replaced is enough, whatever is told of the other.
    ({**REPLACED, "pituitary_worst_grade": 2, "pituitary_grade_now": 1}, {EU: "withhold"}),
    ({**REPLACED, "pituitary_worst_grade": 2, "pituitary_grade_now": 0}, {}),
    ({**REPLACED, "pituitary_worst_grade": 2}, {EU: "?withhold"}),
    ({"adrenal_worst_grade": 2, "pituitary_worst_grade": 2, "pituitary_grade_now": 2}, {EU: "withhold"}),
    # Diabetes, or an overactive thyroid.
    ({}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("which", "expected"), ENDOCRINE_2)
def test_at_grade_2_the_eu_text_parts_the_endocrine_organs(which, expected, statements) -> None:  # type: ignore[no-untyped-def]
    facts = {
        "endocrine_worst_grade": 2, "endocrine_uncontrolled_worst_grade": 2,
        "endocrine_grade_now": 2, "adrenal_worst_grade": 0, "pituitary_worst_grade": 0,
        "hypothyroidism_worst_grade": 0, **which,
    }  # fmt: skip
    assert said(statements["R09"], **facts) == expected


def test_at_grade_3_the_endocrine_organs_are_read_together(statements) -> None:  # type: ignore[no-untyped-def]
    """The record tells no grade of now of the thyroid alone: where another gland has one, the stricter reading."""
    row = statements["R09"]
    over = {
        "endocrine_worst_grade": 3, "endocrine_uncontrolled_worst_grade": 3, **REPLACED,
        "pituitary_worst_grade": 0, "hypothyroidism_worst_grade": 0,
    }  # fmt: skip
    # A thyroiditis of grade 3 that is over, beside an adrenal gland that is replaced.
    assert said(row, **over, endocrine_grade_now=0) == {EU: "continue"}
    assert said(row, **over, endocrine_grade_now=1) == {EU: "continue"}
    assert said(row, **over, endocrine_grade_now=2) == {US: "withhold", EU: "withhold"}
    assert "the stricter reading" in row["does_not_say"]


def test_diabetes_or_ketoacidosis_is_withheld_until_it_is_controlled(statements) -> None:  # type: ignore[no-untyped-def]
    row = statements["R41"]
    for had in ({"diabetes_worst_grade": 3}, {"diabetes_worst_grade": 2, "ketoacidosis_any": True}):
        assert said(row, **had, diabetes_grade_now=2) == {EU: "withhold"}
        assert said(row, **had, diabetes_grade_now=0) == {}
        assert said(row, **had) == {EU: "?withhold"}
    assert said(row, diabetes_worst_grade=2, ketoacidosis_any=False, diabetes_grade_now=2) == {}
