"""NCCN's row of a severe irAE is read at grade 3 and at grade 4 alike."""

from __future__ import annotations

import pytest

from evidence.rulings import Profile
from tests.unit.evidence_data.test_rows_by_source import STRICTEST, held, said


@pytest.mark.parametrize("profile", ["", "nccn"])
@pytest.mark.parametrize("grade", [3, 4])
def test_nccn_gives_up_the_class_at_grade_4_too(grade, profile, statements) -> None:  # type: ignore[no-untyped-def]
    facts = {
        "irae_worst_grade_nonendocrine": grade, "endocrine_uncontrolled_worst_grade": 0, "irae_grade_now": 0,
        "proposed_regimen": "same_agent", "nephritis_worst_grade": grade,
    }  # fmt: skip
    found = held(statements["R10" if grade == 4 else "R11"], **facts).marked(
        Profile(profile) if profile else STRICTEST
    )
    assert found.action == "stop" and not found.fallback and "nccn" in found.by
    other = {
        **facts,
        "proposed_regimen": "switch_pd1_pdl1",
        "prior_includes_pd1_pdl1": False,
        "prior_includes_ctla4": True,
        "proposed_includes_ctla4": False,
    }
    assert "nccn" not in said(statements["R10"], **other)
