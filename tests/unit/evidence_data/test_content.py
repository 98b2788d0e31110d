"""The delivered content as a whole: enough of it, and what is published was read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from evidence.conditions import Answer
from evidence.content import LACKING
from evidence.errata_guard.delivered import tumours
from evidence.loading import Delivery
from tests.architecture.sources import ROOT
from tests.unit.evidence_data.reading import PUBLISHED_MARKS, answer, published

CHECKLIST = ROOT / "docs" / "how-to" / "before-clinical-use.md"


def test_there_is_enough_from_every_part_of_the_review(
    statements: dict[str, dict[str, Any]],
) -> None:
    shown = published(statements)
    assert len(shown) >= 50
    narrative = [row for row in shown if row["category"] != "rule"]
    assert len(narrative) >= 30
    # What a guideline asks, and no rule of it, stands in no section of the review.
    of_the_review = {row["section"] for row in narrative if row["code"].startswith("S")}
    assert of_the_review == set("123456789")
    assert [row["code"] for row in narrative if not row["section"]] == ["R16"]
    assert {row["category"] for row in shown} == {
        "rule", "stop_reason", "regimen", "irae", "recurrence", "biomarker", "resistance",
        "practice",
    }  # fmt: skip


def test_what_was_not_read_is_never_published(
    statements: dict[str, dict[str, Any]], findings: dict[str, dict[str, Any]], delivery: Delivery
) -> None:
    sources = {row["code"]: row for row in delivery.sources}
    for row in published(statements):
        for code in row["findings"]:
            assert findings[code]["mark"] == "seen", (row["code"], code)
            assert sources[findings[code]["source"]]["mark"] == "seen"
        # A side of a contradiction may stand on what the review says of a study, if it says so.
        sides = [side for each in row["contradictions"] for side in each["sides"]]
        as_reported = {side["source"] for side in sides if "not read here" in side["says"]}
        for code in set(row["sources"]) - as_reported:
            assert sources[code]["mark"] == "seen", (row["code"], code)


def test_every_finding_of_another_tumour_is_indirect_and_downgraded(
    statements: dict[str, dict[str, Any]], findings: dict[str, dict[str, Any]]
) -> None:  # E23
    for finding in findings.values():
        assert finding["direct"] == finding["tumour"].startswith("nsclc"), finding["code"]
    for row in statements.values():
        direct = [findings[code]["direct"] for code in row["findings"]]
        # What rests on no finding goes by the studies that it cites beside the review.
        cites = {tumours().get(code) for code in row["sources"] if code != "zhang-2024"} - {None}
        others = bool(cites) and not cites & {"nsclc", "nsclc_squamous"}
        expected = not any(direct) if direct else others
        assert bool(row["indirect"]) == expected, row["code"]
        if row["indirect"]:
            assert any("indirect" in reason for reason in row["certainty_reasons"])


def test_every_stop_that_waits_is_on_the_list_before_clinical_use(
    statements: dict[str, dict[str, Any]],
) -> None:
    """Whoever takes the product into use reads which stops show no mark; none is named that does."""
    listed = CHECKLIST.read_text()
    waiting = {
        code
        for code, row in statements.items()
        if row["signal"] == "stop" and (row["mark"] not in PUBLISHED_MARKS or code in LACKING)
    }
    assert set(re.findall(r"^\| (R\d+) \|", listed, re.MULTILINE)) == waiting
    assert {"R18", "R27"} <= waiting


# What the guidelines end the ICI for and nobody has read in its source: the record, and the draft that will stop.
STOPS_OF_THE_DESIGN = [
    ({"gbs_encephalitis_myelitis_any": True}, "R18"),
    ({"steroid_not_tapered": True}, "R19"),
    ({"irae_worst_grade_nonendocrine": 3, "irae_recurrent_unreplaced": True}, "R20"),
    ({"myocarditis_any": True}, "R21"),
    ({"colitis_worst_grade": 3, "proposed_includes_ctla4": True}, "R22"),
    ({"ttp_any": True}, "R27"),
    ({"haematological_worst_grade": 3}, "R28"),
    ({"myositis_worst_grade": 3}, "R29"),
    ({"uveitis_worst_grade": 3}, "R30"),
    ({"pancreatitis_worst_grade": 3}, "R31"),
    ({"skin_worst_grade": 3}, "R32"),
    ({"haemolysis_worst_grade": 3}, "R35"),
    ({"aplastic_anaemia_worst_grade": 3}, "R36"),
]


@pytest.mark.parametrize(("facts", "code"), STOPS_OF_THE_DESIGN)
def test_every_draft_that_is_meant_to_stop_is_a_stop_and_on_the_list(
    facts: dict[str, Any], code: str, statements: dict[str, dict[str, Any]]
) -> None:
    row = statements[code]
    assert row["signal"] == "stop" and answer(row, **facts) is Answer.TRUE
    assert re.search(rf"^\| {code} \|", CHECKLIST.read_text(), re.MULTILINE)


def test_the_card_for_grade_3_says_that_stricter_rules_may_wait(
    statements: dict[str, dict[str, Any]],
) -> None:
    limits = statements["R11"]["does_not_say"]
    assert "can stop at grade 3" in limits and "wait for publication" in limits
    assert "R11" in CHECKLIST.read_text()
