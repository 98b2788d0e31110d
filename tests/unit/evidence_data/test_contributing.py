"""An irAE brings in what is said of safety, whatever the main reason was; shares of response go by the main reason."""

from __future__ import annotations

import pytest

from evidence.conditions import Answer
from tests.unit.evidence_data.reading import answer

OTHER_REASONS = ("progression", "completed", "toxicity", "patient_choice", "other")
ALONE = {
    "prior_includes_ctla4": True, "proposed_includes_ctla4": False, "proposed_regimen": "same_agent",
}  # fmt: skip
GRADES = {"irae_worst_grade_nonendocrine": 3, "endocrine_uncontrolled_worst_grade": 0}
# What else each asks for.
CONTRIBUTED = {
    "R16": {"best_response": "PR"},
    "R17": {"irae_after_combination_worst_grade": 2, **ALONE, **GRADES, "prior_includes_pd1_pdl1": True},
    "S28": {"proposed_includes_ctla4": True, "irae_worst_grade": 1},
    "S33": {**ALONE, "irae_after_combination_worst_grade": 2},
    "S35": {**ALONE, "prior_includes_pd1_pdl1": False, "irae_after_ctla4_worst_grade": 2},
    "S37": {}, "S38": {}, "S39": {}, "S40": {}, "S41": {}, "S50": {},
}  # fmt: skip


@pytest.mark.parametrize("reason", OTHER_REASONS)
@pytest.mark.parametrize("code", CONTRIBUTED)
def test_an_irae_that_contributed_is_enough(code, reason, statements) -> None:  # type: ignore[no-untyped-def]
    row, facts = statements[code], {"stop_reason": reason, **CONTRIBUTED[code]}
    assert answer(row, **facts, irae_contributed=True) is Answer.TRUE
    assert answer(row, **facts) is Answer.UNDETERMINED
    assert answer(row, **facts, irae_contributed=False, irae_any=False) is Answer.FALSE


@pytest.mark.parametrize("reason", OTHER_REASONS)
def test_any_irae_ever_brings_in_the_statements_on_safety(reason, statements) -> None:  # type: ignore[no-untyped-def]
    ever = {"stop_reason": reason, "irae_contributed": False, "irae_any": True}
    for code in ("S37", "S38", "S39", "S40", "S41", "S50"):
        assert answer(statements[code], **ever) is Answer.TRUE, code
    assert answer(statements["S30"], **ever, irae_worst_grade=2) is Answer.TRUE
    assert answer(statements["S30"], **ever, irae_worst_grade=1) is Answer.FALSE


def test_shares_of_response_are_not_brought_in_by_an_irae_that_contributed(statements) -> None:  # type: ignore[no-untyped-def]
    facts = {"stop_reason": "progression", "irae_contributed": True, "irae_any": True}
    assert answer(statements["S03"], **facts) is Answer.FALSE
    assert "main reason" in statements["S03"]["does_not_say"]
