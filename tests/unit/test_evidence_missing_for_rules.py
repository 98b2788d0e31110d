"""A fact that only a row of a rule lacks is ranked too, behind those of statements; no row is counted in vain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from evidence.conditions import Fact, Node, parse
from evidence.conditions.settling import Settling
from evidence.matching import match, rules_settled, settles
from evidence.missing import MissingFact, missing_facts
from evidence.rulings import Row, rows_of

IRAE = {"fact": "irae_any", "op": "is", "value": True}
GRADE = {"fact": "irae_worst_grade", "op": ">=", "value": 4}
ECOG = {"fact": "ecog", "op": "<=", "value": 1}


@dataclass(frozen=True)
class Ruling:
    condition: dict[str, Any]
    rows: tuple[tuple[str, str, dict[str, Any]], ...] = ()

    @property
    def node(self) -> Node:
        return parse(self.condition)

    @property
    def rule_rows(self) -> tuple[Row, ...]:
        return rows_of(
            {
                "source": source,
                "action": action,
                "says": "Invented.",
                "condition": when,
                "mark": "seen",
            }
            for source, action, when in self.rows
        )


RULE = Ruling(
    IRAE, (("us-label-x", "stop", GRADE), ("us-label-x", "withhold", {"always": True}), ("esmo-x", "resume", ECOG))
)  # fmt: skip
WITH_IRAE = {"irae_any": Fact.known(True)}


def test_what_only_rows_lack_is_ranked_by_the_rows_it_settles() -> None:
    found = match([RULE], WITH_IRAE)
    assert settles(found, WITH_IRAE) == {}
    assert rules_settled(found, WITH_IRAE) == {
        "ecog": Settling(1, 1, 1),
        "irae_worst_grade": Settling(1, 1, 1),
    }


def test_a_fact_of_the_statement_bears_on_its_rows_too_and_stands_before_theirs() -> None:
    found = match([RULE], {})
    rows = rules_settled(found, {})
    # Without an irAE no row holds; with one the last row alone is settled.
    assert rows["irae_any"] == Settling(1, 1, 1)
    ranked = missing_facts(found, {})
    assert [one.key for one in ranked] == ["irae_any", "ecog", "irae_worst_grade"]
    assert (ranked[0].statements, ranked[1].statements) == (1, 0)


def test_a_row_that_a_stricter_one_of_its_publisher_takes_the_place_of_is_not_asked_for() -> None:
    rows = (("us-label-x", "stop", {"always": True}), ("us-label-y", "withhold", GRADE))
    assert rules_settled(match([Ruling(IRAE, rows)], WITH_IRAE), WITH_IRAE) == {}
    other = (rows[0], ("esmo-x", "withhold", GRADE))
    assert rules_settled(match([Ruling(IRAE, other)], WITH_IRAE), WITH_IRAE)
    elsewhere = {"irae_any": Fact.known(False)}
    assert rules_settled(match([Ruling(IRAE, other)], elsewhere), elsewhere) == {}


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (Settling(1, 1, 1), "settles 1 of 1 rule by source"),
        (Settling(0, 2, 3), "settles 0 to 2 of 3 rules by source"),
        (Settling(0, 0, 2), "bears on 2 rules by source, settles none alone"),
    ],
)
def test_rows_are_told_beside_the_statements(rules: Settling, words: str) -> None:
    assert MissingFact("ecog", "", "", 0, rules=rules).settling == words
    assert MissingFact("ecog", "", "", 2, 1, 1, rules).settling == f"settles 1 of 2; {words}"
