"""After a course around an operation or a consolidation no figure of advanced disease is near or unlabelled."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from evidence.conditions import Answer
from evidence.strip import EFFICACY
from tests.unit.evidence_data.reading import answer, published
from tests.unit.test_evidence_strip_delivered import IRAE, REASONS, TIMINGS, strip

ELSEWHERE = ("perioperative", "consolidation")
REGIMENS = (
    "same_agent", "other_agent_same_target", "switch_pd1_pdl1", "pd_ctla4_combination", "ici_chemotherapy",
    "ici_antiangiogenic", "bispecific", "other", None,
)  # fmt: skip
LABELS = (
    "had advanced disease",
    "of every setting",
    "no figure of its own was read",
    "in which setting that was given",
)


def told(
    reason: str | None, timing: str | None, regimen: str | None, **more: Any
) -> dict[str, Any]:
    irae = IRAE if reason == "irae" else {}
    return {
        "stop_reason": reason, "progression_timing": timing, "proposed_regimen": regimen,
        "irae_contributed": reason == "irae", "ici_free_days": 200, "prior_ici_days": 400,
        "pdl1_tps_recent": 60, "proposed_includes_ctla4": regimen == "pd_ctla4_combination", **irae, **more,
    }  # fmt: skip


@pytest.mark.parametrize("setting", ELSEWHERE)
@pytest.mark.parametrize("regimen", REGIMENS)
def test_no_effect_in_advanced_disease_is_near(regimen: str | None, setting: str) -> None:
    for reason, timing, response in product(REASONS, TIMINGS, ("CR", "PR", "SD", "PD")):
        facts = told(reason, timing, regimen, prior_setting=setting, best_response=response)
        assert strip(**facts).efficacy == [], (reason, timing, response)


def test_the_same_patients_after_a_course_for_advanced_disease_have_figures() -> None:
    """The control of the grid."""
    for regimen, reason in product(REGIMENS, ("progression", "completed")):
        facts = told(reason, "after_stop", regimen, prior_setting="palliative", best_response="PR")
        assert strip(**facts).efficacy, (reason, regimen)


def test_where_the_setting_is_not_known_it_is_asked_for() -> None:
    for reason in REASONS[:-1]:
        facts = told(reason, "on_treatment", "same_agent", prior_setting=None)
        assert "prior_setting" in strip(**facts).near.likeness.lacking


@pytest.mark.parametrize("setting", ELSEWHERE)
def test_a_statement_with_an_effect_that_is_still_said_says_of_which_setting(
    setting: str, statements: dict[str, dict[str, Any]], findings: dict[str, dict[str, Any]]
) -> None:
    said = set()
    for row in published(statements):
        effects = [code for code in row["findings"] if findings[code]["endpoint"] in EFFICACY]
        for reason, timing, regimen in product(REASONS, TIMINGS, REGIMENS):
            facts = told(reason, timing, regimen, prior_setting=setting, best_response="PR")
            known = {key: value for key, value in facts.items() if value is not None}
            if effects and answer(row, **known) is not Answer.FALSE:
                said.add(row["code"])
    assert said == {"S01", "S04", "S27", "S30", "S32", "S35"}
    for code in said:
        assert any(label in statements[code]["does_not_say"] for label in LABELS), code


def test_what_is_said_to_be_left_out_is(statements: dict[str, dict[str, Any]]) -> None:
    assert "none of them is among the nearest figures" in statements["S86"]["says"]
