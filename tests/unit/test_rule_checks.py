"""A row of a rule that cannot be meant is refused with its number and the reason."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.content import problems
from evidence.rule_checks import row_faults, signal_fault

ROW: dict[str, Any] = {
    "source": "asco-2021", "action": "stop", "says": "Grade 4: stop.", "mark": "seen",
    "condition": {"fact": "irae_worst_grade", "op": ">=", "value": 4},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"action": "pause"}, "its action is one of stop, withhold, resume, continue"),
        ({"mark": "guessed"}, "how well it is attested is one of"),
        ({"mark": "general_knowledge"}, "it still waits to be read or confirmed"),
        ({"says": " "}, "what it says is empty"),
        ({"agents": "pembrolizumab"}, "its agents are a list"),
        ({"condition": {"fact": "irae_worst_grade", "op": ">=", "value": 6}}, "between 0 and 5"),
        ({"condition": {"fact": "mood", "op": "is", "value": True}}, "mood"),
        ({"grade": 3}, "has the keys"),
    ],
)
def test_a_row_at_fault_is_refused(change: dict[str, Any], words: str) -> None:
    (fault,) = row_faults([{**ROW, **change}], "seen")
    assert fault.startswith("item 1") and words in fault


SOURCES = {"asco-2021": "general_knowledge"}


def test_a_row_is_attested_no_better_than_its_source() -> None:
    (fault,) = row_faults([ROW], "seen", SOURCES)
    assert "“Read in the source”" in fault and "asco-2021 only “General knowledge" in fault
    for mark in ("seen", "confirmed"):
        assert len(list(row_faults([{**ROW, "mark": mark}], "seen", SOURCES))) == 1
        assert not list(row_faults([{**ROW, "mark": mark}], "seen", {"asco-2021": "seen"}))
        assert not list(row_faults([{**ROW, "mark": mark}], "seen", {"another": "review_only"}))
    general = {**ROW, "mark": "general_knowledge"}
    assert not list(row_faults([general], "general_knowledge", SOURCES))
    rows = {"rules": [ROW], "signal": "stop", "sources": ["asco-2021"], "mark": "seen"}
    assert any("and its source" in str(p) for p in problems(rows, marks=SOURCES))


def test_what_the_product_sets_itself_is_never_marked_as_read() -> None:
    own = {**ROW, "source": "product-default", "mark": "own"}
    assert not list(row_faults([own], "seen", {"product-default": "seen"}))
    for row in ({**own, "mark": "seen"}, {**ROW, "mark": "own"}):
        (fault,) = row_faults([row], "seen")
        assert "marked as its own, and nothing else is" in fault


def test_a_row_of_release_7_is_no_row_any_more() -> None:
    (fault,) = row_faults([{"source": "asco-2021", "says": "Stop."}], "seen")
    assert "has the keys" in fault
    assert list(row_faults([{**ROW, "agents": ["pembrolizumab"]}], "seen")) == []
    assert list(row_faults([{**ROW, "mark": "general_knowledge"}], "general_knowledge")) == []


def test_the_mark_of_a_statement_agrees_with_its_strictest_row() -> None:
    assert signal_fault([ROW], "stop") == "" == signal_fault([], "warning")
    assert signal_fault("no list", "stop") == ""
    assert "At least one source stops" in signal_fault([ROW], "warning")
    found = [p.field for p in problems({"rules": "no list", "signal": "", "sources": ["a"]})]
    assert "rules" in found
