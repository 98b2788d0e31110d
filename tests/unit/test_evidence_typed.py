"""What curators type: every delivered condition and list comes out of its form as it went in."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from evidence import loading
from evidence.conditions import parse
from evidence.curation import typed_rows, typed_tree
from tests.integration.curation import STRUCTURED, sent

DELIVERED = loading.read().statements


def posted(**values: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in sent(**values).items():
        data.setlist(name, [str(x) for x in (value if isinstance(value, list) else [value])])
    return data


def unwrapped(condition: Any) -> Any:
    """A group of one is the same as its part, and is kept as the part."""
    parts = condition.get("all")
    return parts[0] if parts and len(parts) == 1 else condition


@pytest.mark.parametrize("row", DELIVERED, ids=lambda row: row["code"])
def test_a_delivered_text_comes_out_of_the_form_as_it_went_in(row: dict[str, Any]) -> None:
    condition = row["condition"]
    opened = typed_tree.from_condition(condition)
    assert typed_tree.to_condition(opened) == unwrapped(condition)
    if opened.kind != "always":
        sent_back = typed_tree.from_post(posted(condition=condition), "condition")
        assert typed_tree.to_condition(sent_back) == unwrapped(condition)
    for name in STRUCTURED:
        assert typed_rows.to_stored(typed_rows.from_stored(name, row[name])) == row[name]
        rows = typed_rows.from_post(posted(**{name: row[name]}), name)
        assert typed_rows.to_stored(rows) == row[name]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fact": "ecog", "op": "<=", "value": "two"}, "is compared with a number"),
        ({"fact": "ecog", "op": "<=", "value": "9"}, "lies between 0 and 5"),
        ({"fact": "ecog", "op": "<=", "value": ""}, "Give a value."),
        ({"fact": "mood", "op": "is", "value": True}, "Choose a fact."),
        ({"not": {"all": []}}, ""),
    ],
)
def test_a_fault_stands_beside_its_row_with_what_was_typed(change: Any, words: str) -> None:
    good = {"fact": "irae_any", "op": "is", "value": True}
    root = typed_tree.from_post(posted(condition={"any": [good, change]}), "condition")
    assert typed_tree.to_condition(root) is None
    right, wrong = root.parts
    assert right.error == "" and words in wrong.error
    if change.get("value") == "two":
        assert wrong.value == "two"


def test_a_group_that_holds_nothing_and_a_not_of_two_are_refused() -> None:
    row = {"fact": "irae_any", "op": "is", "value": True}
    root = typed_tree.from_post(posted(condition={"all": []}), "condition")
    assert typed_tree.to_condition(root) is None and "at least one row" in root.error
    root = typed_tree.from_post(posted(condition={"all": [row, {"not": row}]}), "condition")
    typed_tree.edited(root, "add-row", "0_1")
    root.parts[1].parts[1] = typed_tree.from_condition(row).parts[0]
    assert typed_tree.to_condition(root) is None
    assert "one row or one group" in root.parts[1].error


def test_buttons_add_and_take_away_at_their_place() -> None:
    row = {"fact": "irae_any", "op": "is", "value": True}
    root = typed_tree.from_condition({"all": [row, {"any": [row, row]}]})
    root = typed_tree.edited(root, "add-row", "0_1")
    assert [part.path for part in root.parts[1].parts] == ["0_1_0", "0_1_1", "0_1_2"]
    root = typed_tree.edited(root, "remove", "0_1_0")
    assert [part.fact for part in root.parts[1].parts] == ["irae_any", ""]
    root = typed_tree.edited(root, "add-group", "0")
    assert [part.kind for part in root.parts] == ["fact", "any", "any"]
    # The root stays, and a place that is none changes nothing.
    for action, place in (("remove", "0"), ("remove", "0_9"), ("add-row", "x"), ("burn", "0")):
        root = typed_tree.edited(root, action, place)
    assert len(root.parts) == 3


def test_a_row_of_another_fact_keeps_no_code_of_the_old_one() -> None:
    change = {"fact": "ecog", "op": "in", "value": ["irae"]}
    root = typed_tree.from_post(posted(condition={"all": [change]}), "condition")
    assert root.parts[0].op == "<"
    change = {"fact": "stop_reason", "op": "<=", "value": ["irae", "3"]}
    root = typed_tree.from_post(posted(condition={"all": [change]}), "condition")
    assert (root.parts[0].op, root.parts[0].values) == ("in", ["irae"])


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(
        st.sampled_from(["all", "any", "not", "fact", "op", "value"]), x, max_size=3),
    max_leaves=8,
))  # fmt: skip
def test_whatever_is_stored_opens_and_is_read_or_refused(stored: Any) -> None:
    condition = typed_tree.to_condition(typed_tree.from_condition(stored))
    if condition is not None:
        parse(condition)


@given(st.dictionaries(
    st.sampled_from(["c-0-kind", "c-0-n", "c-0_0-kind", "c-0_0-fact", "c-0_0-op", "c-0_0-value"]),
    st.sampled_from(["all", "not", "fact", "always", "ecog", "1", "1e999", "99", "nan", "", "<="]),
))  # fmt: skip
def test_whatever_is_sent_is_read_or_refused(data: dict[str, str]) -> None:
    sent_data = QueryDict(mutable=True)
    sent_data.update(data)
    condition = typed_tree.to_condition(typed_tree.from_post(sent_data, "c"))
    if condition is not None:
        parse(condition)


def test_rows_come_and_go_and_say_what_they_lack() -> None:
    rows = typed_rows.edited([], "contradictions", "add", "contradictions")
    sides = rows[0].cells[1].rows
    assert len(sides) == 2 and sides[1].name == "contradictions-0-sides-1"
    rows = typed_rows.edited(rows, "contradictions", "add", "contradictions-0-sides")
    assert len(rows[0].cells[1].rows) == 3
    assert typed_rows.to_stored(rows) == []
    rows[0].cells[0].value = "Which?"
    assert typed_rows.to_stored(rows) is None and rows[0].error == "Still empty: Sides."
    assert typed_rows.edited(rows, "contradictions", "remove", "contradictions-0") == []


def test_a_count_or_value_of_endless_digits_is_no_error_of_the_server() -> None:
    endless = "9" * 5000
    assert typed_tree.from_post(QueryDict(f"condition-0-n={endless}"), "condition").parts == []
    assert typed_rows.from_post(QueryDict(f"rules-n={endless}"), "rules") == []
    row = {"fact": "ecog", "op": "<=", "value": endless}
    root = typed_tree.from_post(posted(condition=row), "condition")
    assert typed_tree.to_condition(root) is None
    assert root.parts[0].error
