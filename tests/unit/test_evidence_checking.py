"""What may be written as a condition: nothing that no case meets, or that every case does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.rules import delivered_rows
from evidence.conditions import (
    FACTS,
    Answer,
    ConditionError,
    Fact,
    FactState,
    checking,
    dump,
    evaluate,
    parse,
    read,
)
from evidence.conditions.checking import possible
from evidence.conditions.tree import All, Always, Node
from evidence.content import problems
from evidence.loading import read as delivery
from tests.factories.conditions import trees


def leaf(fact: str, op: str, value: object) -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


GRADE = "irae_worst_grade"
HIGH, LOW = leaf(GRADE, ">=", 4), leaf(GRADE, "<", 2)
IRAE, NO_IRAE = leaf("irae_any", "is", True), leaf("irae_any", "is", False)
FIT, UNFIT = leaf("ecog", "<=", 1), leaf("ecog", ">=", 2)

REFUSED: list[tuple[Any, str]] = [
    # of nothing
    ({"all": []}, 'In all: the list is empty. Write {"always": true}'),
    ({"any": []}, "In any: the list is empty"),
    ({"all": [FIT, {"all": []}]}, "In all, item 2, all: the list is empty"),
    ({"not": {"all": []}}, "In not, all: the list is empty"),
    ({"always": False}, "true and nothing else"),
    ({"always": 1}, "true and nothing else"),
    ({"all": [{"always": True}, FIT]}, "In all, item 1: \"always\" stands alone"),
    ({"not": {"always": True}}, "stands alone"),
    # never
    ({"all": [HIGH, LOW]}, "is 4 or more” and “worst irAE grade is below 2” can never both be so"),
    ({"all": [FIT, {"all": [HIGH, LOW]}]}, "In all, item 2, all: “worst"),
    ({"all": [HIGH, {"all": [FIT, LOW]}]}, "can never both be so"),
    ({"all": [HIGH, {"any": [LOW, leaf(GRADE, "=", 3)]}]}, "can never both be so"),
    ({"any": [FIT, {"all": [HIGH, LOW]}]}, "In any, item 2, all"),
    ({"any": [{"all": [HIGH, LOW]}, {"all": [IRAE, NO_IRAE]}]}, "In any, item 1, all"),
    ({"all": [leaf("ecog", "=", 1), leaf("ecog", "=", 2)]}, "can never both be so"),
    ({"all": [leaf("ecog", ">", 1), leaf("ecog", "<", 2)]}, "can never both be so"),
    ({"all": [IRAE, NO_IRAE]}, "can never both be so"),
    ({"all": [IRAE, {"not": IRAE}]}, "can never both be so"),
    ({"all": [leaf("ecog", "known", True), {"not": leaf("ecog", "known", True)}]}, "never both"),
    ({"all": [FIT, {"not": leaf("ecog", "known", True)}]}, "never both"),
    (
        {"all": [leaf("stop_reason", "in", ["irae"]), leaf("stop_reason", "in", ["other", "completed"])]},
        "can never both be so",
    ),
    (
        {"all": [{"any": [FIT, HIGH]}, {"any": [FIT, LOW]}, UNFIT]},
        "these parts can never all be so together",
    ),
    ({"all": [leaf("ecog_on", ">", "2026-03-12"), leaf("ecog_on", "<", "2026-03-12")]}, "never both"),
    ({"all": [leaf("ecog_on", "within", 14), {"not": leaf("ecog_on", "within", 28)}]}, "never both"),
    # whatever the value
    (leaf(GRADE, ">=", 0), "so whatever the value"),
    (leaf(GRADE, "<=", 5), "so whatever the value"),
    (leaf("stop_reason", "in", list(FACTS["stop_reason"].codes)), "so whatever the value"),
    ({"any": [IRAE, NO_IRAE]}, "is so whatever the value: together"),
    ({"any": [FIT, UNFIT]}, "is so whatever the value: together"),
    ({"any": [FIT, {"any": [HIGH, leaf(GRADE, "<", 4)]}]}, "In any, item 2, any"),
    ({"not": {"any": [FIT, UNFIT]}}, "In not, any"),
    # no such value
    (leaf(GRADE, ">", 5), "can never be so: 0 – 5"),
    (leaf(GRADE, "<", 0), "can never be so"),
    (leaf(GRADE, "=", 6), "between 0 and 5, not at 6"),
    (leaf(GRADE, ">=", 2.5), "a whole number, not 2.5"),
    (leaf("nlr", "<", 0.123), "2 decimal places, not 0.123"),
    (leaf("pdl1_tps_recent", ">=", 101), "between 0 and 100"),
    (leaf("ecog_on", "within", 2.5), "a whole number of days"),
    (leaf("ecog_on", "within", -1), "a whole number of days"),
    (leaf("ecog_on", "<", "12 March"), "written \"2026-03-12\""),
    (leaf("ecog_on", "<", 3), "is compared with a day"),
    (leaf("ecog_on", "<", "0026-03-12"), "a day from 1900-01-01"),
    (leaf("ecog", "known", False), "known is written with true"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REFUSED, ids=lambda x: json.dumps(x)[:70])
def test_what_cannot_be_meant_is_refused_with_the_reason(data: object, message: str) -> None:
    with pytest.raises(ConditionError) as refusal:
        parse(data)
    assert message in str(refusal.value)
    assert message in refusal.value.words(str)


@pytest.mark.parametrize(
    "data",
    [
        {"always": True},
        {"all": [leaf(GRADE, ">=", 2), leaf(GRADE, "<=", 2)]},
        {"all": [FIT, leaf("ecog", "known", True)]},
        {"any": [HIGH, LOW]},
        {"not": {"all": [FIT, IRAE]}},
        {"not": leaf("ecog", "known", True)},
        {"all": [leaf("nlr", ">", 3), leaf("nlr", "<", 3.01)]},
        {"all": [leaf("ecog_on", "within", 28), {"not": leaf("ecog_on", "within", 14)}]},
        {"all": [leaf("ecog_on", ">=", "2026-01-01"), leaf("ecog_on", "<=", "2026-01-01")]},
    ],
    ids=lambda x: json.dumps(x)[:70],
)
def test_what_some_cases_meet_and_others_do_not_is_taken(data: dict[str, Any]) -> None:
    assert dump(parse(data)) == data


def test_the_form_says_so_beside_the_condition() -> None:
    found = [p for p in problems({"condition": {"all": [HIGH, LOW]}}) if p.field == "condition"]
    assert "can never both be so" in found[0].message


def test_a_refusal_names_the_fact_as_it_is_asked_for() -> None:
    for data, words in (
        (leaf(GRADE, ">=", 7), "worst irAE grade lies between 0 and 5, not at 7"),
        (leaf(GRADE, "in", ["a"]), "worst irAE grade: the operator is one of"),
        (leaf("ecog", ">", "two"), "ECOG performance status is compared with a number"),
    ):
        with pytest.raises(ConditionError) as refusal:
            parse(data)
        told = refusal.value.words(str)
        assert words.lower() in told.lower() and GRADE not in told
    with pytest.raises(ConditionError) as unknown:
        parse(leaf("mood", "=", "good"))
    assert "no fact 'mood'" in unknown.value.words(str)


def test_a_refusal_is_in_the_readers_language() -> None:
    with pytest.raises(ConditionError) as refusal:
        parse({"all": [HIGH, LOW]})
    told = refusal.value.words(lambda text: text.replace("below", "sous"))
    assert "worst irAE grade is sous 2" in told


def test_what_is_delivered_could_be_written_today() -> None:
    conditions = {row["code"]: row["condition"] for row in delivery().statements}
    assert len(conditions) > 80
    for condition in conditions.values():
        assert dump(parse(condition)) == condition
    for rule in delivered_rows():
        if rule["when"] is not None:
            parse(rule["when"])
    assert [code for code, c in conditions.items() if c == {"always": True}] == [
        "S01", "S32", "S13", "S18", "S19", "S77", "S79",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [{"all": []}, {"all": [FIT, {"all": []}]}, leaf("nlr", ">=", 0)])
def test_what_was_published_before_is_read_and_answered(data: dict[str, Any]) -> None:
    """A published version is frozen: it is refused to whoever writes, and answered as long as it stands."""
    with pytest.raises(ConditionError):
        parse(data)
    facts = {"ecog": Fact.number(0), "nlr": Fact.number(3)}
    assert evaluate(read(data), facts).answer is Answer.TRUE
    assert read({"all": []}) == Always()


def test_every_case_needs_no_fact_and_lacks_none() -> None:
    found = evaluate(read({"always": True}), {})
    assert (found.answer, found.reasons, found.missing) == (Answer.TRUE, (), ())


def test_known_asks_for_a_value_whichever() -> None:
    node = parse(leaf("ecog", "known", True))
    for fact, answer in (
        (Fact.number(4), Answer.TRUE),
        (Fact.between(None, 3), Answer.TRUE),
        (Fact.absent(FactState.NOT_APPLICABLE), Answer.FALSE),
        (Fact.absent(FactState.UNKNOWN), Answer.UNDETERMINED),
        (Fact.absent(FactState.NOT_YET), Answer.UNDETERMINED),
        (Fact.absent(FactState.MISSING), Answer.UNDETERMINED),
    ):
        assert evaluate(node, {"ecog": fact}).answer is answer


SMALL = st.one_of(
    st.builds(leaf, st.sampled_from(["ecog", GRADE]), st.sampled_from(["<", "<=", "=", ">=", ">"]),
              st.integers(0, 5)),
    st.builds(leaf, st.just("irae_any"), st.just("is"), st.booleans()),
)  # fmt: skip
NODES = trees(SMALL)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NODES.map(read))
def test_the_search_finds_what_trying_every_value_finds(node: Node) -> None:
    answers = {
        evaluate(
            node,
            {"ecog": Fact.number(a), GRADE: Fact.number(b), "irae_any": Fact.known(c)},
        ).answer
        for a in range(6)
        for b in range(6)
        for c in (True, False)
    }
    assert possible(node, True) == (Answer.TRUE in answers)
    assert possible(node, False) == (Answer.FALSE in answers)


def test_a_condition_too_big_to_search_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes such a one; it is not held up for it."""
    keys = [key for key, spec in FACTS.items() if spec.kind == "flag"]
    both = [
        {"any": [leaf(a, "is", True), leaf(b, "is", True)]} for a in keys for b in keys if a < b
    ]
    neither = [
        {"any": [leaf(a, "is", False), leaf(b, "is", False)]} for a in keys for b in keys if a < b
    ]
    assert isinstance(read({"all": both + neither}), All)
    assert not possible(read({"all": both + neither}), True)
    monkeypatch.setattr(checking, "MOST_TRIED", 2)
    assert possible(read({"all": both + neither}), True)


def test_every_case_is_a_condition_by_itself() -> None:
    assert parse({"always": True}) == read({"always": True})
