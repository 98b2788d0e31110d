"""The condition language: what it reads, refuses, answers and says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from evidence.conditions import (
    FACTS,
    Answer,
    ConditionError,
    Fact,
    FactState,
    demanded,
    dump,
    evaluate,
    fact_keys,
    outline,
    parse,
    readable,
)
from evidence.conditions.tree import OPERATORS

T, F, U = Answer.TRUE, Answer.FALSE, Answer.UNDETERMINED
OPEN = [FactState.MISSING, FactState.NOT_YET, FactState.UNKNOWN]


def leaf(fact: str, op: str, value: object) -> dict[str, object]:
    return {"fact": fact, "op": op, "value": value}


def answer(data: object, **facts: Fact) -> Answer:
    return evaluate(parse(data), facts).answer


# --- the vocabulary -----------------------------------------------------------------------


def test_every_fact_is_complete_and_stands_under_its_own_key() -> None:
    for key, spec in FACTS.items():
        assert spec.key == key
        assert spec.label and spec.question.endswith("?")
        assert bool(spec.choices) == (spec.kind == "choice")
        assert (spec.highest is not None) == (spec.kind == "number")


def test_a_fact_is_known_if_and_only_if_it_has_a_value() -> None:
    with pytest.raises(ValueError, match="disagree"):
        Fact(FactState.KNOWN)
    for state in FactState:
        if state is not FactState.KNOWN:
            with pytest.raises(ValueError, match="disagree"):
                Fact(state, value=True)
            with pytest.raises(ValueError, match="disagree"):
                Fact(state, low=1)
    with pytest.raises(ValueError, match="not both"):
        Fact(FactState.KNOWN, low=1, value=True)
    with pytest.raises(ValueError, match="above"):
        Fact.between(3, 2)


# --- comparisons --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "low", "high", "expected"),
    [
        ("<=", 2, 2, T), ("<=", 3, 3, F), ("<=", 1, 3, U), ("<=", None, 2, T),
        ("<=", 3, None, F), ("<=", 2, None, U), ("<=", None, 3, U),
        ("<", 1, 1, T), ("<", 2, 2, F), ("<", 1, 2, U), ("<", 2, None, F), ("<", None, 1, T),
        ("=", 2, 2, T), ("=", 3, 3, F), ("=", 1, 2, U), ("=", 3, None, F), ("=", None, 1, F),
        ("=", None, None, None),
        (">=", 2, 2, T), (">=", 1, 1, F), (">=", 1, 2, U), (">=", 2, None, T), (">=", None, 1, F),
        (">", 3, 3, T), (">", 2, 2, F), (">", 2, 3, U), (">", 3, None, T), (">", None, 2, F),
    ],
)  # fmt: skip
def test_an_interval_decides_where_the_whole_of_it_does(
    op: str, low: int | None, high: int | None, expected: Answer | None
) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="disagree"):
            Fact.between(low, high)
        return
    assert answer(leaf("ecog", op, 2), ecog=Fact.between(low, high)) is expected


def test_choices_and_flags_compare_by_their_codes() -> None:
    is_irae = leaf("stop_reason", "in", ["irae", "completed"])
    assert answer(is_irae, stop_reason=Fact.known("irae")) is T
    assert answer(is_irae, stop_reason=Fact.known("other")) is F
    assert answer(leaf("stop_reason", "=", "irae"), stop_reason=Fact.known("irae")) is T
    assert answer(leaf("irae_any", "is", True), irae_any=Fact.known(True)) is T
    assert answer(leaf("irae_any", "is", False), irae_any=Fact.known(True)) is F
    assert answer(leaf("irae_any", "is", False), irae_any=Fact.known(False)) is T


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("condition", [leaf("ecog", "<=", 1), leaf("irae_any", "is", False),
                                       leaf("stop_reason", "in", ["irae"])])  # fmt: skip
def test_a_fact_without_an_answer_leaves_both_a_comparison_and_its_opposite_open(
    state: FactState, condition: dict[str, object]
) -> None:
    facts = {str(condition["fact"]): Fact.absent(state)}
    for node in (condition, {"not": condition}):
        evaluation = evaluate(parse(node), facts)
        assert evaluation.answer is U
        assert evaluation.missing == (condition["fact"],)
        assert evaluation.reasons[0].state is state


def test_not_applicable_makes_a_comparison_false_and_its_negation_true() -> None:
    facts = {"ecog": Fact.absent(FactState.NOT_APPLICABLE)}
    for op in ("<=", ">"):
        assert evaluate(parse(leaf("ecog", op, 1)), facts).answer is F
        assert evaluate(parse({"not": leaf("ecog", op, 1)}), facts).answer is T


def test_a_fact_of_another_kind_is_a_fault_and_not_an_answer() -> None:
    with pytest.raises(TypeError):
        answer(leaf("ecog", "<=", 1), ecog=Fact.known("irae"))
    with pytest.raises(TypeError):
        answer(leaf("irae_any", "is", True), irae_any=Fact.number(1))
    with pytest.raises(TypeError):
        answer(leaf("stop_reason", "in", ["irae"]), stop_reason=Fact.known(True))


# --- reasons and missing facts ------------------------------------------------------------


def test_an_open_answer_names_what_would_settle_it_and_nothing_else() -> None:
    condition = {
        "all": [
            leaf("stop_reason", "in", ["irae"]),
            leaf("ecog", "<=", 1),
            {"any": [leaf("irae_any", "is", True), leaf("irae_worst_grade", ">=", 2)]},
        ]
    }
    evaluation = evaluate(
        parse(condition),
        {
            "stop_reason": Fact.known("irae"),
            "irae_any": Fact.known(False),
            "irae_worst_grade": Fact.between(1, 3),
        },
    )
    assert evaluation.answer is U
    assert evaluation.missing == ("ecog", "irae_worst_grade")
    assert [reason.text for reason in evaluation.reasons] == [
        "ECOG performance status: not entered",
        "worst irAE grade between 1 and 3",
    ]


def test_a_settled_answer_names_what_made_it_and_is_missing_nothing() -> None:
    condition = {"all": [leaf("ecog", "<=", 1), leaf("age", ">=", 18), leaf("tmb", ">", 10)]}
    evaluation = evaluate(parse(condition), {"ecog": Fact.number(3)})
    assert (evaluation.answer, evaluation.missing) == (F, ())
    assert [reason.text for reason in evaluation.reasons] == ["ECOG performance status 3"]


def test_a_reason_says_each_state_and_value_in_words() -> None:
    def words(key: str, fact: Fact) -> str:
        spec = FACTS[key]
        data = leaf(key, OPERATORS[spec.kind][0], {"number": 1, "flag": True}.get(spec.kind))
        if spec.kind == "choice":
            data["value"] = [spec.codes[0]]
        return evaluate(parse(data), {key: fact}).reasons[0].text

    assert words("steroid_now", Fact.number(Decimal("7.50"))) == (
        "steroid dose now 7.5 mg/day prednisone-equivalent"
    )
    assert words("tmb", Fact.between(39, None)) == "tumour mutational burden at least 39 mut/Mb"
    assert words("pdl1_tps_recent", Fact.between(None, 1)).endswith("at most 1%")
    assert words("nlr", Fact.number(3)) == "neutrophil-to-lymphocyte ratio 3"
    assert words("irae_any", Fact.known(False)) == "any irAE: no"
    assert words("histology", Fact.known("squamous")) == "histology: squamous cell carcinoma"
    assert words("ecog", Fact.absent(FactState.NOT_YET)).endswith("not yet known")
    assert words("ecog", Fact.absent(FactState.UNKNOWN)).endswith("unknown, cannot be had")
    assert words("ecog", Fact.absent(FactState.NOT_APPLICABLE)).endswith("not applicable")


# --- reading ------------------------------------------------------------------------------

REFUSED: list[tuple[Any, str]] = [
    ([], "curly brackets"),
    ("ecog <= 1", "curly brackets"),
    ({}, "exactly one"),
    ({"all": [], "any": []}, "exactly one"),
    ({"some": []}, "exactly one"),
    ({"all": {}}, "In all: a list"),
    ({"any": []}, "never be true"),
    ({"all": [{"any": [leaf("mood", "is", True)]}]}, "In all, item 1, any, item 1: there is no"),
    ({"fact": 3, "op": "is", "value": True}, "no fact 3"),
    ({"fact": "ecog", "op": "<="}, "missing: value"),
    ({"fact": "ecog", "op": "<=", "value": 1, "note": ""}, "not understood: note"),
    (leaf("ecog", "in", [1]), "the operator is one of <, <=, =, >=, >"),
    (leaf("ecog", ["<="], 1), "the operator is one of"),
    (leaf("ecog", "<=", True), "with a number"),
    (leaf("ecog", "<=", "1"), "with a number"),
    (leaf("ecog", "<=", float("nan")), "finite"),
    (leaf("ecog", "<=", 9), "between 0 and 5, not at 9"),
    (leaf("irae_any", "is", 1), "true or false"),
    (leaf("stop_reason", "in", "irae"), "a list of at least one"),
    (leaf("stop_reason", "in", []), "a list of at least one"),
    (leaf("stop_reason", "in", ["irae", "irae"]), "stands twice"),
    (leaf("stop_reason", "=", "tiredness"), "no code 'tiredness'"),
    (leaf("stop_reason", "in", [["irae"]]), "no code"),
]


@pytest.mark.parametrize(("data", "message"), REFUSED)
def test_what_is_not_understood_is_refused_in_words(data: object, message: str) -> None:
    with pytest.raises(ConditionError) as refusal:
        parse(data)
    assert message in str(refusal.value)


def test_nesting_without_end_is_refused() -> None:
    data: dict[str, object] = leaf("ecog", "<=", 1)
    for _level in range(50):
        data = {"not": data}
    with pytest.raises(ConditionError, match="nested"):
        parse(data)


def test_readable_says_the_condition_and_its_groups() -> None:
    node = parse(
        {
            "all": [
                leaf("stop_reason", "in", ["irae", "completed"]),
                {"any": [leaf("irae_worst_grade", ">=", 2), leaf("steroid_now", ">", 10)]},
                {"not": leaf("irae_resolved", "is", True)},
            ]
        }
    )
    assert readable(node) == (
        "reason the ICI was stopped is immune-related adverse event or planned course completed"
        " and (worst irAE grade is 2 or more or steroid dose now is above 10 mg/day"
        " prednisone-equivalent) and not so: irAE resolved: yes"
    )
    assert [(line.depth, line.heading) for line in outline(node)] == [
        (0, True), (1, False), (1, True), (2, False), (2, False), (1, True), (2, False),
    ]  # fmt: skip
    assert readable(parse({"always": True})) == "every case"
    assert outline(parse({"always": True}))[0].text == "every case"
    assert readable(parse({"not": {"any": [leaf("ecog", "<", 2), leaf("ecog", "=", 5)]}})) == (
        "not so: (ECOG performance status is below 2 or ECOG performance status is 5)"
    )
    assert fact_keys(node) == ("stop_reason", "irae_worst_grade", "steroid_now", "irae_resolved")


def test_a_condition_still_to_be_met_reads_as_a_demand_and_not_as_a_finding() -> None:
    assert demanded(parse(leaf("steroid_now", "<=", 10))) == (
        "steroid dose now must be at most 10 mg/day prednisone-equivalent"
    )
    assert demanded(parse(leaf("ecog", ">", 1))) == "ECOG performance status must be above 1"
    assert demanded(parse(leaf("irae_resolved", "is", True))) == (
        "this must hold: irAE resolved: yes"
    )
    assert demanded(parse(leaf("stop_reason", "=", "irae"))).startswith("this must hold: ")
    both = parse({"all": [leaf("ecog", "<=", 1), leaf("irae_grade_now", "<=", 1)]})
    assert demanded(both) == (
        "ECOG performance status must be at most 1 and irAE grade now must be at most 1"
    )
    assert demanded(parse({"always": True})) == "this must hold: every case"


def test_words_pass_through_the_translation() -> None:
    def french(text: str) -> str:
        return {"{label} is {value} or less": "{label} : {value} ou moins"}.get(text, text)

    assert readable(parse(leaf("ecog", "<=", 1)), french) == "ECOG performance status : 1 ou moins"


def test_decimals_and_single_codes_survive_writing() -> None:
    for data in (leaf("nlr", "<", 0.1), leaf("stop_reason", "=", "irae"), leaf("nlr", ">", 5.0)):
        assert parse(dump(parse(data))) == parse(data)
    assert dump(parse(leaf("nlr", "<", 0.1)))["value"] == 0.1
    assert answer(leaf("nlr", "=", 0.1), nlr=Fact.number(Decimal("0.1"))) is T


def test_groups_flags_and_lists_of_codes_are_written_as_they_are_read() -> None:
    flag = leaf("irae_any", "is", True)
    among = leaf("stop_reason", "in", ["irae", "progression"])
    whole = {"any": [{"not": flag}, {"all": [among, leaf("nlr", ">", 5)]}]}
    assert dump(parse(whole)) == whole
    assert fact_keys(parse(whole)) == ("irae_any", "stop_reason", "nlr")
