"""What the form of a condition refuses: in words, beside what is wrong, and without cutting off what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict

from evidence.conditions import FACTS, ConditionError, parse
from evidence.conditions.checking import DEEPEST, MOST_PARTS
from evidence.conditions.tree import OPERATORS
from evidence.content import MOST_ROWS, problems
from evidence.curation import typed_rows, typed_tree
from evidence.curation.typed_tree import TypedNode
from tests.integration.curation import CONTENT
from tests.unit.test_evidence_typed import posted

ECOG = {"fact": "ecog", "op": "<=", "value": 1}
GRADE = "irae_worst_grade"
LABEL = FACTS[GRADE].label
# A key, a code, or a value as the program writes it.
PROGRAM = re.compile(r"\w_\w|\w\(|\b(?:None|True|False|Decimal|nan|inf)\b|[{}%]s|'")


def nested(levels: int) -> Any:
    condition: Any = {"any": [ECOG, {"fact": "age", "op": ">", "value": 70}]}
    for level in range(levels - 1):
        beside = {"fact": "prior_courses", "op": ">=", "value": level + 1}
        condition = {"all" if level % 2 == 0 else "any": [condition, beside]}
    return condition


def wide(parts: int) -> Any:
    return {"any": [{"fact": "age", "op": "=", "value": 30 + n} for n in range(parts)]}


def shape(node: TypedNode) -> Any:
    return [shape(part) for part in node.parts] if node.is_group else node.fact


def faults(node: TypedNode) -> Iterator[str]:
    if node.error:
        yield node.error
    for part in node.parts:
        yield from faults(part)


@pytest.mark.parametrize(
    ("fits", "too_much", "words"),
    [
        (wide(MOST_PARTS), wide(MOST_PARTS + 1), "at most 40 rows, not 41"),
        (wide(MOST_PARTS), wide(MOST_PARTS + 5), "at most 40 rows, not 45"),
        (nested(DEEPEST), nested(DEEPEST + 1), "nested more than 8 levels deep"),
    ],
)
def test_what_a_file_may_say_the_form_holds_and_more_is_refused_by_both(
    fits: Any, too_much: Any, words: str
) -> None:
    parse(fits)
    sent = typed_tree.from_post(posted(condition=fits), "condition")
    assert typed_tree.to_condition(sent) == fits
    with pytest.raises(ConditionError, match=words.replace("rows", "parts")):
        parse(too_much)
    # A statement of before opens whole, and comes back whole, though it is not saved so.
    stored = typed_tree.from_condition(too_much)
    sent = typed_tree.from_post(posted(condition=too_much), "condition")
    assert shape(sent) == shape(stored)
    assert typed_tree.to_condition(sent) is None
    (said,) = faults(sent)
    assert words in said


def test_a_not_counts_as_a_level() -> None:
    condition: Any = nested(DEEPEST - 1)
    parse({"not": condition})
    with pytest.raises(ConditionError, match="nested more than 8"):
        parse({"not": {"not": condition}})


def test_a_button_at_the_limit_says_so_and_adds_nothing() -> None:
    root = typed_tree.edited(typed_tree.from_condition(wide(MOST_PARTS)), "add-row", "0")
    assert len(root.parts) == MOST_PARTS and "not 41" in root.error
    root = typed_tree.from_condition(nested(DEEPEST))
    deepest = "0" + "_0" * (DEEPEST - 1)
    root = typed_tree.edited(root, "add-group", deepest)
    assert shape(root) == shape(typed_tree.from_condition(nested(DEEPEST)))
    assert any("at most 8 levels" in words for words in faults(root))
    # One level higher it fits.
    root = typed_tree.edited(typed_tree.from_condition(nested(DEEPEST)), "add-group", deepest[:-2])
    assert not list(faults(root))


def test_rows_that_did_not_arrive_are_missed() -> None:
    data = posted(condition={"any": [ECOG, {"fact": "irae_any", "op": "is", "value": True}]})
    del data["condition-0_1-kind"]
    root = typed_tree.from_post(data, "condition")
    assert typed_tree.to_condition(root) is None and "Not all of its rows arrived" in root.error
    deep = QueryDict(mutable=True)
    for level in range(60):
        name = "c-0" + "_0" * level
        deep[f"{name}-kind"], deep[f"{name}-n"] = "not", "1"
    root = typed_tree.from_post(deep, "c")
    assert typed_tree.to_condition(root) is None
    assert any("Not all of its rows arrived" in words for words in faults(root))


def test_every_case_does_not_swallow_rows() -> None:
    data = posted(condition={"all": [ECOG]})
    data["condition-0-kind"] = "always"
    root = typed_tree.from_post(data, "condition")
    assert typed_tree.to_condition(root) is None and "stands alone" in root.error
    assert [part.fact for part in root.parts] == ["ecog"]
    root = typed_tree.edited(root, "remove", "0_0")
    root.error = ""
    assert typed_tree.to_condition(root) == {"always": True}
    inner = TypedNode("all", parts=[TypedNode("always", path="0_0")])
    assert typed_tree.to_condition(inner) is None and "stands alone" in inner.parts[0].error


@pytest.mark.parametrize(("more", "fine"), [(0, True), (1, False), (5, False)])
def test_a_list_holds_so_many_rows_in_its_form_and_in_a_file(more: int, fine: bool) -> None:
    reasons = [f"Reason {n}" for n in range(MOST_ROWS + more)]
    rows = typed_rows.from_post(posted(certainty_reasons=reasons), "certainty_reasons")
    assert len(rows) == len(reasons)
    assert (typed_rows.to_stored(rows) == reasons) is fine
    assert [row.number for row in rows if row.error] == ([] if fine else [MOST_ROWS + 1])
    content = {**CONTENT, "certainty_reasons": reasons, "sources": ["guo-2022"]}
    said = [str(problem) for problem in problems(content)]
    words = f"it has {len(reasons)} rows, and may hold {MOST_ROWS}."
    assert said == ([] if fine else [f"certainty_reasons: {words}"])
    assert fine or rows[MOST_ROWS].error == words.replace("it", "It", 1)


def test_a_question_with_too_many_sides_is_refused_and_a_button_at_the_limit_says_so() -> None:
    side = {"source": "guo-2022", "says": "So."}
    told = [{"question": "Which?", "sides": [side] * (MOST_ROWS + 1)}]
    rows = typed_rows.from_post(posted(contradictions=told), "contradictions")
    sides = rows[0].cells[1].rows
    assert len(sides) == MOST_ROWS + 1 and typed_rows.to_stored(rows) is None
    assert "61 rows" in sides[-1].error
    content = {**CONTENT, "contradictions": told, "sources": ["guo-2022"]}
    assert "61 rows" in str(problems(content)[0])
    rows = typed_rows.from_post(posted(certainty_reasons=["x"] * MOST_ROWS), "certainty_reasons")
    rows = typed_rows.edited(rows, "certainty_reasons", "add", "certainty_reasons")
    assert len(rows) == MOST_ROWS and "may hold 60" in rows[-1].error


def refusals() -> Iterator[tuple[str, str, list[str], str]]:
    """Whatever may be typed in one row of any fact that is refused, with what the form says."""
    typed = ["", "x", "1,5", "nan", "-inf", "1e999", "-1", "0", "5", "6", "100", "100.05", "2.5",
             "99999999", "2026-02-30", "1800-01-01", "false"]  # fmt: skip
    for spec in FACTS.values():
        choices = [[], [*spec.codes], [*spec.codes[:2]]]
        for op in OPERATORS[spec.kind]:
            for values in choices if spec.kind == "choice" else [[one] for one in typed]:
                root = TypedNode("all", parts=[TypedNode("fact", "0_0", [], spec.key, op, values)])
                if typed_tree.to_condition(root) is None:
                    for words in faults(root):
                        yield spec.key, op, values, words


def test_no_refusal_of_a_row_shows_a_key_a_code_or_text_of_the_program() -> None:
    found = list(refusals())
    own = {"Give a value.", "Choose one value, or compare with “in”.",
           "“Is known” takes yes; for the opposite put the row into “But not when”."}  # fmt: skip
    for key, op, values, words in found:
        plain = words.replace(FACTS[key].label, "")
        for one in (*values, *(label for _code, label in FACTS[key].choices)):
            plain = plain.replace(one, "") if one else plain
        assert not PROGRAM.search(plain), (key, op, values, words)
        assert words in own or FACTS[key].label in words, (key, op, values, words)
        assert not words.startswith("In "), words
    assert own <= {words for *_row, words in found} and len({words for *_, words in found}) > 200


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((">", "5"), f"“{LABEL} is above 5” can never be so: 0 – 5."),
        (("<", "0"), f"“{LABEL} is below 0” can never be so: 0 – 5."),
        ((">=", "0"), f"“{LABEL} is 0 or more” is so whatever the value, and asks for nothing"),
        ((">=", "6"), f"{LABEL} lies between 0 and 5, not at 6."),
    ],
)
def test_a_row_is_refused_by_the_label_of_its_fact(row: tuple[str, str], words: str) -> None:
    op, value = row
    root = TypedNode("all", parts=[TypedNode("fact", "0_0", [], GRADE, op, [value])])
    assert typed_tree.to_condition(root) is None
    assert root.parts[0].error.startswith(words)


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [{"fact": GRADE, "op": ">=", "value": 3}, {"fact": GRADE, "op": "<", "value": 2}]},
        {"any": [{"fact": GRADE, "op": ">=", "value": 3}, {"fact": GRADE, "op": "<", "value": 4}]},
        {"all": [{"fact": "irae_any", "op": "is", "value": False},
                 {"fact": GRADE, "op": ">=", "value": 2}]},
        {"all": [{"not": {"fact": "irae_any", "op": "is", "value": True}},
                 {"fact": "irae_any", "op": "is", "value": True}]},
        {"all": [ECOG, {"fact": "stop_reason", "op": "in", "value": ["irae"]},
                 {"fact": "stop_reason", "op": "in", "value": ["completed"]}]},
    ],
)  # fmt: skip
def test_no_refusal_of_a_group_shows_a_key_a_code_or_text_of_the_program(condition: Any) -> None:
    root = typed_tree.from_post(posted(condition=condition), "condition")
    assert typed_tree.to_condition(root) is None and root.error
    assert not PROGRAM.search(root.error), root.error


def node_at(root: TypedNode, path: str) -> TypedNode:
    for index in path.split("_")[1:]:
        root = root.parts[int(index)]
    return root


NEVER = {"all": [{"fact": GRADE, "op": ">=", "value": 3}, {"fact": GRADE, "op": "<", "value": 2}]}
ALWAYS_SO = {"any": [{"fact": GRADE, "op": ">=", "value": 3}, {"fact": GRADE, "op": "<", "value": 4}]}  # fmt: skip
OF_NOBODY = {"all": [{"fact": "irae_any", "op": "is", "value": False},
                     {"fact": GRADE, "op": ">=", "value": 2}]}  # fmt: skip


@pytest.mark.parametrize("fault", [NEVER, ALWAYS_SO, OF_NOBODY])
@pytest.mark.parametrize(
    ("around", "path"),
    [
        (lambda fault: fault, "0"),
        (lambda fault: {"any": [ECOG, fault]}, "0_1"),
        (lambda fault: {"all": [fault]}, "0_0"),
        (lambda fault: {"all": [ECOG, {"not": fault}]}, "0_1_0"),
        (lambda fault: {"all": [ECOG, {"any": [ECOG, {"not": fault}]}]}, "0_1_1_0"),
        (lambda fault: {"any": [ECOG, {"all": [ECOG, {"any": [fault, ECOG]}]}]}, "0_1_1_0"),
    ],
)
def test_a_fault_of_a_group_stands_beside_the_group_that_has_it(
    fault: Any, around: Any, path: str
) -> None:
    condition = around(fault)
    root = typed_tree.from_post(posted(condition=condition), "condition")
    before = shape(root)
    assert typed_tree.to_condition(root) is None and typed_tree.has_fault(root)
    with pytest.raises(ConditionError) as refusal:
        parse(fault)
    # There its place need not be told, and nowhere else is anything said.
    assert list(faults(root)) == [node_at(root, path).error] == [refusal.value.problem(str)]
    assert shape(root) == before


def test_too_many_levels_stand_beside_the_first_group_that_is_too_deep() -> None:
    root = typed_tree.from_condition(nested(DEEPEST + 1))
    assert typed_tree.to_condition(root) is None
    assert "nested more than 8 levels deep" in node_at(root, "0" + "_0" * DEEPEST).error


def test_a_row_that_was_only_just_added_is_no_fault() -> None:
    root = typed_tree.edited(typed_tree.from_condition({"all": [ECOG]}), "add-row", "0")
    assert typed_tree.to_condition(root) is None and not typed_tree.has_fault(root)
    root.parts[1].is_new = False
    assert typed_tree.has_fault(root)


def test_all_choices_of_a_fact_are_named_by_their_labels() -> None:
    codes = list(FACTS["stop_reason"].codes)
    with pytest.raises(ConditionError) as refusal:
        parse({"fact": "stop_reason", "op": "in", "value": codes})
    said = refusal.value.problem(str)
    assert all(label in said for _code, label in FACTS["stop_reason"].choices)
    assert not any(code in said for code in codes if "_" in code) and "[" not in said
