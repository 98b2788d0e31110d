"""Matching, grouping, what missing facts bear on, and how figures are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from evidence.conditions import Answer, Fact, Node, parse
from evidence.conditions.settling import Settling
from evidence.content import problems
from evidence.figures import gridlines, position, share
from evidence.matching import group, match, settles


@dataclass(frozen=True)
class Version:
    name: str
    condition: dict[str, Any]

    @property
    def node(self) -> Node:
        return parse(self.condition)


ECOG = Version("ecog", {"fact": "ecog", "op": "<=", "value": 1})
IRAE = Version("irae", {"fact": "irae_any", "op": "is", "value": True})
BOTH = Version("both", {"all": [ECOG.condition, IRAE.condition]})
EITHER = Version("either", {"any": [ECOG.condition, IRAE.condition]})


def test_three_groups_in_the_order_given_with_their_reasons() -> None:
    matches = match([BOTH, ECOG, IRAE, EITHER], {"ecog": Fact.number(3)})
    groups = group(matches)
    assert [m.version.name for m in groups.applies] == []
    assert [m.version.name for m in groups.cannot_tell] == ["irae", "either"]
    assert [m.version.name for m in groups.does_not_apply] == ["both", "ecog"]
    assert groups.does_not_apply[0].reasons[0].text == "ECOG performance status 3"
    assert all(m.missing == ("irae_any",) for m in groups.cannot_tell)


def test_missing_facts_are_ordered_by_the_statements_they_settle() -> None:
    # irAE yes: IRAE and EITHER are settled. irAE no: IRAE and BOTH. ECOG settles one of its two either way.
    counts = settles(match([BOTH, IRAE, EITHER], {}), {})
    assert list(counts.items()) == [("irae_any", Settling(2, 2, 3)), ("ecog", Settling(1, 1, 2))]
    known = {"ecog": Fact.number(0)}
    assert settles(match([ECOG], known), known) == {}


def test_the_same_facts_always_give_the_same_answer() -> None:
    facts = {"irae_any": Fact.known(True)}
    assert match([BOTH, EITHER], facts) == match([BOTH, EITHER], facts)
    assert match([EITHER], facts)[0].answer is Answer.TRUE


@pytest.mark.parametrize(
    ("events", "total", "percent", "interval"),
    [
        (24, 40, "60 %", "43–75"),
        (2, 84, "2.4 %", "0.3–8"),
        (5, 40, "13 %", "4–27"),
        (0, 30, "0 %", "0–12"),
        (10, 10, "100 %", "69–100"),
    ],
)
def test_a_share_has_its_exact_interval(
    events: int, total: int, percent: str, interval: str
) -> None:
    shown = share(events, total)
    assert (shown.fraction, shown.percent, shown.interval) == (
        f"{events}/{total}",
        percent,
        interval,
    )
    assert shown.bar is not None and shown.bar.low <= shown.bar.point <= shown.bar.high


def test_below_ten_patients_there_is_no_percentage() -> None:
    shown = share(4, 8)
    assert (shown.fraction, shown.percent, shown.interval, shown.bar) == ("4/8", "", "", None)
    assert shown.too_few and not share(5, 10).too_few


def test_the_axis_runs_over_the_whole_plot() -> None:
    assert [mark for _x, mark in gridlines()] == [0, 25, 50, 75, 100]
    assert (position(0), position(1)) == (10, 290)


FIT: dict[str, Any] = {
    "title": "T", "says": "S", "does_not_say": "D", "condition": ECOG.condition, "indirect": "",
    "certainty_reasons": [], "rules": [], "contradictions": [], "corrections": [],
    "sources": ["guo-2022"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"does_not_say": ""}, "does_not_say"),
        ({"condition": {"fact": "mood", "op": "is", "value": True}}, "condition"),
        ({"condition": None}, "condition"),
        ({"sources": []}, "sources"),
        ({"rules": [{"source": "unknown", "says": "x"}]}, "rules"),
        ({"rules": [{"source": "guo-2022"}]}, "rules"),
        ({"rules": {}, "corrections": "x"}, "corrections"),
        ({"certainty_reasons": [1]}, "certainty_reasons"),
        ({"contradictions": [{"question": "?", "sides": []}]}, "contradictions"),
        ({"contradictions": [{"question": "?", "sides": "x"}]}, "contradictions"),
        ({"contradictions": [{"question": "?", "sides": [{"source": "x", "says": "y"}] * 2}]},
         "contradictions"),
        ({"indirect": "melanoma"}, "certainty_reasons"),
        ({"says": "low-dose aspirin antibody"}, "says"),
        ({"corrections": [{"erratum": "E01", "printed": "aspirin", "source_says": "", "shown": ""}]},
         "corrections"),
    ],
)  # fmt: skip
def test_content_that_is_not_fit_is_refused_by_field(change: dict[str, Any], field: str) -> None:
    assert problems(FIT) == []
    found = problems({**FIT, **change})
    assert field in {problem.field for problem in found}
    assert all(str(problem).startswith(problem.field) for problem in found)
