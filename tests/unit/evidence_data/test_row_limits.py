"""Each row of a published rule holds where its source says so, on both sides of every limit, as typed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evidence.conditions import FACTS, Answer, Fact, Node, evaluate, read
from evidence.conditions.tree import All, Always, AtLeastOne, Comparison, Not
from evidence.rulings import Row, rows_of, ruled
from tests.unit.evidence_data.limits import not_covered
from tests.unit.evidence_data.reading import PUBLISHED_MARKS

TYPED = Path(__file__).parent / "by_hand" / "rows.txt"
SIGNS = {"+": Answer.TRUE, "-": Answer.FALSE, "?": Answer.UNDETERMINED}
Which = tuple[str, str, str]
"""A rule, a source, and what the source does by it."""


@dataclass(frozen=True)
class Line:
    """One patient of the table: what is known of them, and whether the rows of a source hold."""

    which: Which
    facts: dict[str, Fact]
    answer: Answer
    told: str


def value(key: str, written: str) -> Fact:
    kind = FACTS[key].kind
    if kind == "number":
        return Fact.number(int(written) if "." not in written else Decimal(written))
    return Fact.known(written == "true" if kind == "flag" else written)


def table() -> Iterator[Line]:
    which: Which = ("", "", "")
    for number, line in enumerate(TYPED.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if ":" not in line:
            code, source, action = line.split()
            which = (code, source, action)
            continue
        around, asked = line.split(":")
        facts = {k: value(k, v) for k, v in (pair.split("=") for pair in around.split())}
        key, *values = asked.split()
        for each in values:
            own = {} if each[:-1] == "unknown" else {key: value(key, each[:-1])}
            yield Line(which, {**facts, **own}, SIGNS[each[-1]], f"line {number}: {key} {each}")


LINES = list(table())
Rules = dict[Which, tuple[Node, list[Row]]]


@pytest.fixture(scope="module")
def rules(statements: dict[str, Any]) -> Rules:
    """The published rows: those of one source with one action together, under the condition of their rule."""
    found: Rules = {}
    for code, row in statements.items():
        if row["mark"] not in PUBLISHED_MARKS:
            continue
        for each in rows_of(row["rules"]):
            which = (code, each.source, each.action)
            found.setdefault(which, (read(row["condition"]), []))[1].append(each)
    return found


def held(concerns: Node, rows: list[Row], facts: dict[str, Fact]) -> Answer:
    """Whether any of the rows holds."""
    answers = {r.answer for r in ruled(rows, evaluate(concerns, facts), facts).rulings}
    for answer in (Answer.TRUE, Answer.UNDETERMINED):
        if answer in answers:
            return answer
    return Answer.FALSE


def wrong(rules: Rules, lines: list[Line]) -> list[str]:
    return [
        f"{' '.join(line.which)}: {line.told}"
        for line in lines
        if held(*rules[line.which], line.facts) is not line.answer
    ]


def test_every_published_row_is_typed_and_no_other(rules: Rules) -> None:
    assert {line.which for line in LINES} == set(rules)


def test_each_row_holds_where_its_source_says_so(rules: Rules) -> None:
    assert wrong(rules, LINES) == []


def test_each_limit_of_a_row_is_met_on_both_sides(rules: Rules) -> None:
    left = {}
    for which, (_concerns, rows) in rules.items():
        told = [line.facts for line in LINES if line.which == which]
        if lacking := not_covered([row.node for row in rows], told):
            left[which] = lacking
    assert left == {}
    limit = Comparison("steroid_now", ">", 10)
    assert not_covered([limit], [{"steroid_now": Fact.number(10)}])


# A limit of a rule that decides no row of it: whom R33 concerns is told that the EU text's reading waits, and the
# label's row begins above 5 times.
NEVER_DECIDING = {
    "R33": [
        "alt_ast_peak_x_baseline >= 1.5: []", "alt_ast_peak_x_uln > 3: []", "alt_ast_peak_x_uln > 4.5: []",
        "hepatitis_worst_grade >= 2: [0]",
    ]
}  # fmt: skip


def test_each_limit_of_a_rule_is_met_on_both_sides_by_a_line_of_it(rules: Rules) -> None:
    left = {}
    for code in {which[0] for which in rules}:
        nodes = [concerns for which, (concerns, _rows) in rules.items() if which[0] == code]
        told = [line.facts for line in LINES if line.which[0] == code]
        if lacking := not_covered(nodes, told):
            left[code] = lacking
    assert left == NEVER_DECIDING


def moved(node: Node) -> Iterator[tuple[str, Node]]:
    """Every condition that differs from this one in one comparison: its limit a step off, or its answer turned."""
    match node:
        case Comparison():
            yield from _turned(node)
        case Not(part):
            yield from ((words, Not(other)) for words, other in moved(part))
        case All(parts) | AtLeastOne(parts):
            for place, part in enumerate(parts):
                for words, other in moved(part):
                    yield words, type(node)((*parts[:place], other, *parts[place + 1 :]))
                if len(parts) > 1:
                    rest = type(node)((*parts[:place], *parts[place + 1 :]))
                    yield f"without {part}", rest
        case Always():
            return


def _turned(node: Comparison) -> Iterator[tuple[str, Node]]:
    words = f"{node.fact} {node.op} {node.value}"
    if node.spec.kind == "number":
        for step in (Decimal(1), Decimal(-1)):
            limit = Decimal(str(node.value)) + step.scaleb(-node.spec.decimals)
            if limit >= 0:
                yield f"{words} at {limit}", replace(node, value=limit)
        other = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}.get(node.op)
        if other:
            yield f"{words} as {other}", replace(node, op=other)  # type: ignore[arg-type]
    elif node.spec.kind == "flag":
        yield f"{words} turned", replace(node, value=not node.value)
    elif isinstance(node.value, tuple):
        for code in node.spec.codes:
            codes = {*node.value} ^ {code}
            if codes:
                chosen = tuple(c for c in node.spec.codes if c in codes)
                yield f"{words} with or without {code}", replace(node, value=chosen)


def survivors(rules: Rules) -> Iterator[str]:
    """Changes of one comparison of a row, or of the rule it stands in, that no line of the table notices."""
    conditions = {which[0]: concerns for which, (concerns, _rows) in rules.items()}
    for code, concerns in conditions.items():
        own = {which: rows for which, (_node, rows) in rules.items() if which[0] == code}
        lines = [line for line in LINES if line.which[0] == code]
        for words, node in moved(concerns):
            if not wrong({which: (node, rows) for which, rows in own.items()}, lines):
                yield f"{code}: {words}"
    for which, (concerns, rows) in rules.items():
        lines = [line for line in LINES if line.which == which]
        for place, row in enumerate(rows):
            for words, node in moved(row.node):
                changed = [*rows[:place], replace(row, node=node), *rows[place + 1 :]]
                if not wrong({which: (concerns, changed)}, lines):
                    yield f"{' '.join(which)}: {words}"


# What cannot be noticed, and why: the beginning of the change as `survivors` says it.
DECIDED_ELSEWHERE = {
    "R01 eu-smpc-pembrolizumab stop: pneumonitis_worst_grade >= 2 at 1": "the rule begins at grade 2",
    "R01 eu-smpc-pembrolizumab stop: without Comparison(fact='pneumonitis_worst_grade', op='>=', value=2)": "likewise",
    "R03: alt_ast_peak_x_uln > 3": "every row has the limits of the rule, or begins above them",
    "R03: bilirubin_peak_x_uln > 1.5": "likewise",
    "R03: hepatitis_worst_grade >= 2 at 1": "likewise",
    "R03: without AtLeastOne(parts=(Comparison(fact='hepatitis_worst_grade'": "likewise",
    "R08: skin_worst_grade >= 3 at 2": "every row begins at grade 3, or at a disease named",
    "R09: endocrine_worst_grade >= 2 at 1": "no row holds at grade 1",
    "R33 us-label-pembrolizumab withhold: alt_ast_baseline_x_uln > 3": "up to 3 times the row holds above 5 already",
    "R33 us-label-pembrolizumab withhold: without Comparison(fact='alt_ast_baseline_x_uln', op='>'": "likewise",
    # Whom it concerns beyond that is told which drafts wait.
    "R33: alt_ast_": "the label's row has limits of its own",
    "R33: hepatitis_worst_grade": "likewise",
    "R33: without All(": "likewise",
    "R33: without AtLeastOne(parts=(Comparison(fact='hepatitis_worst_grade'": "likewise",
    "R33: without Comparison(fact='alt_ast_": "likewise",
    "R33: without Comparison(fact='hepatitis_worst_grade'": "likewise",
    "R34 us-label-pembrolizumab withhold: alt_ast_baseline_x_uln > 1": "the rule begins at 3 times",
    "R34 us-label-pembrolizumab withhold: alt_ast_baseline_x_uln > 3": "at 3 times the row holds above 5 already",
    "R34 us-label-pembrolizumab withhold: without Comparison(fact='alt_ast_baseline_x_uln', op='>'": "both likewise",
}  # fmt: skip


def test_a_row_or_rule_that_is_changed_in_one_comparison_is_noticed(rules: Rules) -> None:
    left = list(survivors(rules))
    used = {each: [one for one in left if one.startswith(each)] for each in DECIDED_ELSEWHERE}
    assert [each for each, ones in used.items() if not ones] == []
    assert set(left) - {one for ones in used.values() for one in ones} == set()


PLANTED = [
    ("R01", "us-label-pembrolizumab", "stop", "pneumonitis_worst_grade", 3, 4),
    ("R07", "us-label-pembrolizumab", "stop", "neurological_worst_grade", 3, 4),
    ("R08", "eu-smpc-pembrolizumab", "withhold", "skin_worst_grade", 3, 4),
    ("R09", "eu-smpc-pembrolizumab", "withhold", "adrenal_worst_grade", 2, 3),
    ("R09", "eu-smpc-pembrolizumab", "withhold", "adrenal_grade_now", 1, 2),
    ("R09", "eu-smpc-pembrolizumab", "withhold", "pituitary_grade_now", 1, 2),
    ("R06", "us-label-pembrolizumab", "stop", "myocarditis_worst_grade", 2, 3),
]


@pytest.mark.parametrize(("code", "source", "action", "fact", "limit", "planted"), PLANTED)
def test_a_limit_planted_a_grade_too_high_is_found(  # type: ignore[no-untyped-def]
    code, source, action, fact, limit, planted, rules: Rules
) -> None:
    which = (code, source, action)
    concerns, rows = rules[which]
    found = 0
    for place, row in enumerate(rows):
        for words, node in moved(row.node):
            if words == f"{fact} >= {limit} at {planted}":
                changed = [*rows[:place], replace(row, node=node), *rows[place + 1 :]]
                assert wrong({which: (concerns, changed)}, [x for x in LINES if x.which == which])
                found += 1
    assert found == 1


def test_the_row_of_nccn_without_another_regimen_is_found(rules: Rules) -> None:
    which = ("R11", "nccn-2019", "stop")
    concerns, (row,) = rules[which]
    (node,) = (node for words, node in moved(row.node) if words.endswith("with or without other"))
    lines = [line for line in LINES if line.which == which]
    (line,) = wrong({which: (concerns, [replace(row, node=node)])}, lines)
    assert "proposed_regimen other+" in line
