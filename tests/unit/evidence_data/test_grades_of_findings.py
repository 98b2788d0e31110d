"""The grade that a finding counts by its code is the one that its words name."""

from __future__ import annotations

import re
from typing import Any

import pytest

ENDPOINTS = {
    "grade 3 or 4": "grade_3_or_4",
    "grade 3 or more": "grade_3_or_more",
    "High-grade": "grade_3_or_more",
    "grade 4": "grade_4",
}
# How many there were is counted here, not what came of them.
OF_PATIENTS = {"cm172-84"}
NAMED = re.compile(r"[Gg]rade 3 or 4|[Gg]rade 3 or more|High-grade|(?<!3 or )[Gg]rade 4")


def test_the_endpoint_of_a_grade_is_the_grade_in_words(findings: dict[str, dict[str, Any]]) -> None:
    for code, row in findings.items():
        named = set(NAMED.findall(f"{row['label']} {row['definition']}"))
        wanted = {ENDPOINTS[one.replace("Grade", "grade")] for one in named}
        if code in OF_PATIENTS:
            assert (row["endpoint"], wanted) == ("patients", {"grade_3_or_more"})
        elif wanted or row["endpoint"].startswith("grade_"):
            assert {row["endpoint"]} == wanted, (code, row["endpoint"], named)


@pytest.mark.parametrize("code", ["xu-irae-first", "xu-irae-second", "pollack-g34"])
def test_what_counts_grades_3_and_4_says_no_more(
    code: str, findings: dict[str, dict[str, Any]]
) -> None:
    assert findings[code]["endpoint"] == "grade_3_or_4"
    assert "grade 3 or 4" in findings[code]["definition"]
