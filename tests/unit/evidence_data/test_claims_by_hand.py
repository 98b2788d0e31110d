"""Every claim of the review that can guide a decision has its statement, and no statement is without its claim.

The table was typed by hand from the review, and is not derived from the delivered files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.evidence_data.reading import answer

TABLE = Path(__file__).with_name("by_hand") / "claims.txt"
CLAIMS = [
    tuple(part.strip() for part in line.split("|"))
    for line in TABLE.read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("section", "claim", "carried"), CLAIMS)
def test_the_claim_is_carried_or_says_why_not(
    section: str, claim: str, carried: str, statements: dict[str, dict[str, Any]]
) -> None:
    if carried.startswith("-"):
        assert len(carried.removeprefix("-").strip()) > 20, claim
        return
    for code in carried.split():
        row = statements[code]
        assert row["findings"] or row["sources"], code
        assert section in "123456789" and row["says"] and row["does_not_say"], code


def test_no_statement_is_without_a_claim(statements: dict[str, dict[str, Any]]) -> None:
    named = {code for _, _, carried in CLAIMS if carried[0] != "-" for code in carried.split()}
    assert named == {code for code in statements if code.startswith("S")}
    assert {section for section, _, _ in CLAIMS} == set("123456789")


def test_each_of_the_nine_strategies_has_one_statement(
    statements: dict[str, dict[str, Any]],
) -> None:
    nine = [carried for section, _, carried in CLAIMS if section == "8"]
    assert len(nine) == len(set(nine)) == 9
    for number, code in enumerate(nine, 1):
        row = statements[code]
        assert row["section"] == "8" and row["certainty"] == "opinion"
        assert row["mark_note"].startswith(f"Strategy {number} of nine")


BISPECIFIC, CTLA4 = {"proposed_regimen": "bispecific"}, {"proposed_includes_ctla4": True}


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("S61", {"resistance_review": "primary", "proposed_regimen": "other"}, "true"),
        ("S61", {"resistance_review": "none", "proposed_regimen": "other"}, "false"),
        ("S61", {"proposed_regimen": "same_agent"}, "false"),
        ("S68", {"resistance_review": "acquired", "proposed_regimen": "ici_chemotherapy"}, "true"),
        (
            "S68",
            {"resistance_review": "acquired", "proposed_regimen": "ici_antiangiogenic"},
            "false",
        ),
        *(
            (code, {"resistance_review": "primary", **proposed}, expected)
            for code in ("S63", "S64")
            for proposed, expected in (
                ({"proposed_regimen": "pd_ctla4_combination"}, "true"),
                ({**BISPECIFIC, **CTLA4, "proposed_includes_pd1_pdl1": True}, "true"),
                ({**BISPECIFIC, "proposed_includes_ctla4": False}, "false"),
                ({**BISPECIFIC, **CTLA4, "proposed_includes_pd1_pdl1": False}, "false"),
                (BISPECIFIC, "undetermined"),
            )
        ),
        ("S47", {"oligoprogression": False, "stop_reason": "progression"}, "true"),
        ("S47", {"oligoprogression": True, "stop_reason": "progression"}, "false"),
        ("S47", {"stop_reason": "progression"}, "undetermined"),
        ("S48", {"oligoprogression": True}, "true"),
        ("S84", {"stop_reason": "irae", "best_response": "CR"}, "true"),
        ("S84", {"stop_reason": "irae", "best_response": "SD"}, "false"),
        ("S16", {"proposed_regimen": "switch_pd1_pdl1"}, "true"),
        ("S16", {"proposed_regimen": "ici_chemotherapy"}, "false"),
        ("S17", {"driver_mutation": False, "resistance_review": "acquired"}, "true"),
        ("S17", {"resistance_review": "acquired"}, "undetermined"),
    ],
)
def test_whom_it_concerns(
    code: str, facts: dict[str, Any], expected: str, statements: dict[str, dict[str, Any]]
) -> None:
    assert answer(statements[code], **facts).value == expected
