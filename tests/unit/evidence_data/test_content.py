"""The delivered content as a whole: enough of it, read, and neither ranking nor scoring."""

from __future__ import annotations

from typing import Any

from evidence.loading import Delivery
from tests.unit.evidence_data.reading import published


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


def test_nothing_recommends_ranks_or_scores(statements) -> None:  # type: ignore[no-untyped-def]
    for row in published(statements):
        for word in ("we recommend", "should be given", "best option", "preferred", "score of"):
            said = row["says"].lower()
            assert word not in said, (row["code"], word)
