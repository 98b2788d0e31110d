"""Figures of advanced disease are not said of a course around an operation or of a consolidation."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.conditions import Answer
from tests.unit.evidence_data.reading import answer

DONE = {"stop_reason": "completed", "progression_timing": "after_stop"}
ON = {"stop_reason": "progression"}
CHEMOTHERAPY = {
    **DONE, "proposed_regimen": "ici_chemotherapy", "pdl1_tps_recent": 60, "best_response": "PR",
}  # fmt: skip
OF_ADVANCED_DISEASE = {
    "S02": DONE, "S03": {"stop_reason": "irae"}, "S05": DONE, "S06": DONE, "S07": DONE, "S08": DONE, "S09": DONE,
    "S22": CHEMOTHERAPY,
    "S10": {"best_response": "PR", "ici_free_days": 90},
    "S21": {**ON, "proposed_regimen": "ici_chemotherapy"},
    # All 69 had two lines for metastatic disease.
    "S11": {**ON, "best_response": "PR"},
    "S24": {**ON, "proposed_regimen": "other"},
    # All 17 had advanced or recurrent disease.
    "S20": {"proposed_regimen": "switch_pd1_pdl1"},
}  # fmt: skip


@pytest.mark.parametrize("code", OF_ADVANCED_DISEASE)
def test_a_figure_of_advanced_disease_asks_for_it(
    code: str, statements: dict[str, dict[str, Any]]
) -> None:
    row, facts = statements[code], OF_ADVANCED_DISEASE[code]
    assert answer(row, **facts, prior_setting="palliative") is Answer.TRUE
    for setting in ("perioperative", "consolidation"):
        assert answer(row, **facts, prior_setting=setting) is Answer.FALSE
    assert answer(row, **facts) is Answer.UNDETERMINED


@pytest.mark.parametrize("setting", ["perioperative", "consolidation", "palliative", None])
def test_an_irae_again_after_the_switch_is_told_whatever_the_setting(
    setting: str | None, statements: dict[str, dict[str, Any]]
) -> None:
    row, switch = statements["S87"], {"proposed_regimen": "switch_pd1_pdl1"}
    told = switch | ({"prior_setting": setting} if setting else {})
    assert answer(row, **told, irae_any=True) is Answer.TRUE
    assert answer(row, **told, irae_any=False) is Answer.FALSE
    assert answer(row, **told) is Answer.UNDETERMINED
    assert answer(row, irae_any=True) is Answer.UNDETERMINED
    for other in ("same_agent", "other_agent_same_target", "pd_ctla4_combination"):
        assert answer(row, proposed_regimen=other, irae_any=True) is Answer.FALSE
    assert row["findings"] == ["kitagawa-irae", "kitagawa-pneumonitis"]
    assert not {*row["findings"]} & {*statements["S20"]["findings"]}
    assert "irAE" not in statements["S20"]["says"] and "%" not in row["says"]


def test_going_on_against_stopping_is_not_told_after_progression_on_treatment(
    statements: dict[str, dict[str, Any]],
) -> None:
    done = {"stop_reason": "completed", "prior_setting": "palliative"}
    for timing, expected in (
        ("after_stop", Answer.TRUE), ("none", Answer.TRUE), ("on_treatment", Answer.FALSE),
    ):  # fmt: skip
        assert answer(statements["S08"], **done, progression_timing=timing) is expected, timing
    assert answer(statements["S08"], **done) is Answer.UNDETERMINED


# S25: 13 of 70 had progressed on an
# agent given after an operation. S27: in which setting the earlier agent was given was not read.
@pytest.mark.parametrize("code", ["S04", "S25", "S27"])
def test_what_sobers_or_was_found_in_every_setting_is_said_in_every_setting(
    code: str, statements: dict[str, dict[str, Any]]
) -> None:
    facts = {
        "S04": {"stop_reason": "progression"},
        "S25": {**ON, "prior_includes_pd1_pdl1": True, "proposed_includes_ctla4": True},
        "S27": {"stop_reason": "progression", "proposed_includes_ctla4": True},
    }[code]
    for setting in ("perioperative", "consolidation", "palliative"):
        assert answer(statements[code], **facts, prior_setting=setting) is Answer.TRUE


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({**DONE, "prior_setting": "perioperative"}, Answer.TRUE),
        ({**DONE, "prior_setting": "consolidation"}, Answer.TRUE),
        ({**DONE, "prior_setting": "palliative"}, Answer.FALSE),
        (DONE, Answer.UNDETERMINED),
        ({"stop_reason": "progression", "prior_setting": "perioperative"}, Answer.TRUE),
        (
            {
                "stop_reason": "irae",
                "progression_timing": "on_treatment",
                "prior_setting": "consolidation",
            },
            Answer.TRUE,
        ),
        (
            {"stop_reason": "irae", "progression_timing": "none", "prior_setting": "consolidation"},
            Answer.FALSE,
        ),
        ({"stop_reason": "irae", "prior_setting": "consolidation"}, Answer.UNDETERMINED),
    ],
)
def test_whoever_relapsed_after_another_course_is_told_that_no_figure_was_read(
    facts: dict[str, Any], expected: Answer, statements: dict[str, dict[str, Any]]
) -> None:
    row = statements["S86"]
    assert answer(row, **facts) is expected
    assert row["certainty"] == "opinion" and not row["findings"] and not row["signal"]
