"""The delivered content as a whole: enough of it, and what is published was read."""

from __future__ import annotations

import re
from typing import Any

from evidence.content import LACKING
from evidence.loading import Delivery
from tests.architecture.sources import ROOT
from tests.unit.evidence_data.reading import PUBLISHED_MARKS, published


def test_there_is_enough_from_every_part_of_the_review(
    statements: dict[str, dict[str, Any]],
) -> None:
    shown = published(statements)
    assert len(shown) >= 50
    narrative = [row for row in shown if row["category"] != "rule"]
    assert len(narrative) >= 30
    assert {row["section"] for row in narrative} >= {"2", "3", "4", "5", "6"}
    assert {row["category"] for row in shown} == {
        "rule", "stop_reason", "regimen", "irae", "recurrence", "biomarker",
    }  # fmt: skip


def test_what_was_not_read_is_never_published(
    statements: dict[str, dict[str, Any]], findings: dict[str, dict[str, Any]], delivery: Delivery
) -> None:
    sources = {row["code"]: row for row in delivery.sources}
    for row in published(statements):
        for code in row["findings"]:
            assert findings[code]["mark"] == "seen", (row["code"], code)
            assert sources[findings[code]["source"]]["mark"] == "seen"
        for code in row["sources"]:
            assert sources[code]["mark"] == "seen", (row["code"], code)


def test_every_finding_of_another_tumour_is_indirect_and_downgraded(
    statements: dict[str, dict[str, Any]], findings: dict[str, dict[str, Any]]
) -> None:  # E23
    for finding in findings.values():
        assert finding["direct"] == finding["tumour"].startswith("nsclc"), finding["code"]
    for row in statements.values():
        direct = [findings[code]["direct"] for code in row["findings"]]
        assert bool(row["indirect"]) == bool(direct and not any(direct)), row["code"]
        if row["indirect"]:
            assert any("indirect" in reason for reason in row["certainty_reasons"])


def test_every_stop_that_waits_is_on_the_list_before_clinical_use(
    statements: dict[str, dict[str, Any]],
) -> None:
    """Whoever takes the product into use reads which stops show no mark; none is named that does."""
    listed = (ROOT / "docs" / "how-to" / "before-clinical-use.md").read_text()
    waiting = {
        code
        for code, row in statements.items()
        if row["signal"] == "stop" and (row["mark"] not in PUBLISHED_MARKS or code in LACKING)
    }
    assert set(re.findall(r"^\| (R\d+) \|", listed, re.MULTILINE)) == waiting
    assert {"R18", "R27"} <= waiting
