"""No publisher is shown to stop an ICI by one rule and to leave it open by another, for one irAE of one patient."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.derivations import Course, Event, Record, derive
from cases.derivations.record import ALL_ORGANS
from cases.vocabulary import ENDOCRINE, entities
from evidence.conditions import Fact, evaluate, parse
from evidence.conditions.facts import Facts
from evidence.rulings import publisher, rows_of, ruled
from tests.unit.evidence_data.reading import published

TODAY = date(2026, 11, 25)
OPEN = {"resume", "continue"}
PROPOSALS = [
    ("same_agent", {"PD-1"}), ("pd_ctla4_combination", {"PD-1", "CTLA-4"}),
    ("ici_chemotherapy", {"PD-1"}),
]  # fmt: skip


def told(code: str, grade: int, given: set[str], regimen: str, proposed: set[str]) -> Facts:
    """A patient whose one irAE has settled, everything else asked for and none of it there."""
    organ = entities()[code].organ
    event = Event(
        code, organ, "5.0", worst_grade=Fact.number(grade), grade_now=Fact.number(0),
        resolution=Fact.known("on_replacement" if organ in ENDOCRINE else "resolved"), course=1,
    )  # fmt: skip
    record = Record(
        organs_asked=ALL_ORGANS, iraes=(event,), courses=(Course(1, frozenset(given)),),
        courses_complete=True,
    )  # fmt: skip
    own = {
        "stop_reason": Fact.known("irae"),
        "proposed_regimen": Fact.known(regimen),
        "proposed_includes_ctla4": Fact.known("CTLA-4" in proposed),
        "proposed_includes_pd1_pdl1": Fact.known("PD-1" in proposed),
    }
    return {**derive(record, as_of=TODAY), **own}


def by_publisher(rows: list[dict[str, Any]], facts: Facts) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        whole = ruled(rows_of(row["rules"]), evaluate(parse(row["condition"]), facts), facts)
        for stand in whole.stands:
            if stand.action:
                found.setdefault(publisher(stand.publisher), set()).add(stand.action)
    return found


@pytest.mark.parametrize("code", sorted(entities()))
def test_one_publisher_never_stops_and_leaves_open_for_one_irae(
    code: str, statements: dict[str, dict[str, Any]]
) -> None:
    rules = [row for row in published(statements) if row["category"] == "rule"]
    for grade in (1, 2, 3, 4):
        for given in ({"PD-1"}, {"PD-1", "CTLA-4"}):
            for regimen, proposed in PROPOSALS:
                said = by_publisher(rules, told(code, grade, given, regimen, proposed))
                both = {
                    who for who, actions in said.items() if "stop" in actions and actions & OPEN
                }
                assert not both, (code, grade, given, regimen, said)


def test_after_a_settled_colitis_of_grade_3_asco_still_leaves_an_anti_pd_1_agent_open(
    statements: dict[str, dict[str, Any]],
) -> None:
    rules = [row for row in published(statements) if row["category"] == "rule"]
    alone = by_publisher(rules, told("colitis", 3, {"PD-1"}, "same_agent", {"PD-1"}))
    assert alone["asco"] == {"resume"}
    both = told("colitis", 3, {"PD-1"}, "pd_ctla4_combination", {"PD-1", "CTLA-4"})
    assert "asco" not in by_publisher(rules, both)
