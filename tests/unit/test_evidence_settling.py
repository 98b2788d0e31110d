"""What a missing fact would settle, worked out by hand; and the days that reasons carry."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.conditions import FACTS, Answer, Fact, FactState, evaluate, read
from evidence.conditions.settling import Settling, settling
from evidence.conditions.tree import Node
from evidence.missing import MissingFact
from tests.factories.conditions import trees

TODAY = date(2026, 11, 26)
UNKNOWN = Fact.absent(FactState.UNKNOWN)


def leaf(fact: str, op: str, value: object) -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


def ranked(conditions: list[dict[str, Any]], **facts: Fact) -> dict[str, Settling]:
    nodes = [read(condition) for condition in conditions]
    found = [(node, evaluate(node, facts, as_of=TODAY)) for node in nodes]
    return settling(((node, e.missing) for node, e in found if e.missing), facts, TODAY)


IRAE = leaf("stop_reason", "=", "irae")
GRADE_3, GRADE_2 = leaf("irae_worst_grade", ">=", 3), leaf("irae_worst_grade", ">=", 2)
FIT = leaf("ecog", "<=", 1)


def test_a_fact_that_a_condition_needs_alone_settles_it_whatever_it_is() -> None:
    assert ranked([GRADE_3]) == {"irae_worst_grade": Settling(1, 1, 1)}
    assert ranked([GRADE_3, GRADE_2]) == {"irae_worst_grade": Settling(2, 2, 2)}


def test_of_two_that_must_both_hold_one_settles_only_by_being_false() -> None:
    # ECOG 2 and more makes it false; ECOG 0 or 1 leaves it to the grade: 0 to 1. So does the grade.
    found = ranked([{"all": [FIT, GRADE_3]}])
    assert found == {"ecog": Settling(0, 1, 1), "irae_worst_grade": Settling(0, 1, 1)}


def test_the_smallest_and_the_largest_number_are_of_one_value_each() -> None:
    # irae: the first is true, the second waits for the grade, the third is false: 2 of 3.
    # progression: the first and the second are false, the third waits for ECOG: 2 of 3.
    # another reason: all three are false: 3 of 3.
    conditions = [
        IRAE,
        {"all": [IRAE, GRADE_3]},
        {"all": [leaf("stop_reason", "=", "progression"), FIT]},
    ]
    found = ranked(conditions)
    assert found["stop_reason"] == Settling(2, 3, 3)
    # The grade settles the second only where it is below 3; ECOG the third only where it is above 1.
    assert found["irae_worst_grade"] == Settling(0, 1, 1)
    assert found["ecog"] == Settling(0, 1, 1)
    assert next(iter(found)) == "stop_reason"


def test_what_is_known_between_two_bounds_is_tried_within_them() -> None:
    # Below 2 everything would be settled, but the grade is 2 or 3.
    conditions = [{"all": [GRADE_3, FIT]}, {"any": [GRADE_2, FIT]}]
    found = ranked(conditions, irae_worst_grade=Fact.between(2, 3))
    # Grade 2: the first is false. Grade 3: it waits for ECOG. The second is true already.
    assert found["irae_worst_grade"] == Settling(0, 1, 1)


def test_the_middle_of_a_span_counts() -> None:
    # Only exactly 2 settles the second; 0 and 5, the ends, would leave both to ECOG.
    between = {"all": [leaf("irae_worst_grade", ">=", 2), leaf("irae_worst_grade", "<", 3)]}
    found = ranked([{"any": [between, FIT]}])
    assert found["irae_worst_grade"] == Settling(0, 1, 1)


def test_a_fact_that_only_two_together_settle_settles_none_alone() -> None:
    recent, old = leaf("ecog", "=", 1), leaf("age", ">", 70)
    either = {"any": [{"all": [recent, old]}, {"all": [{"not": recent}, {"not": old}]}]}
    assert ranked([either]) == {"age": Settling(0, 0, 1), "ecog": Settling(0, 0, 1)}


def test_days_are_tried_around_the_day_that_is_asked_about() -> None:
    recent = leaf("ecog_on", "within", 28)
    assert ranked([recent]) == {"ecog_on": Settling(1, 1, 1)}
    # Today and 28 days ago leave it to the grade; any other day makes it false.
    assert ranked([{"all": [recent, GRADE_3]}])["ecog_on"] == Settling(0, 1, 1)
    this_month = Fact.day(date(2026, 11, 20), date(2026, 11, 26))
    assert "ecog_on" not in ranked([{"all": [recent, GRADE_3]}], ecog_on=this_month)


def test_without_a_day_that_is_asked_about_no_day_settles_how_long_ago_it_was() -> None:
    node = read(leaf("ecog_on", "within", 28))
    assert settling([(node, ("ecog_on",))], {}) == {"ecog_on": Settling(0, 0, 1)}
    assert settling([(node, ("ecog_on",))], {}, TODAY) == {"ecog_on": Settling(1, 1, 1)}


def test_what_reads_one_fact_alone_counts_beside_what_waits_for_another() -> None:
    # Grade 3 and more leaves the second to ECOG, and settles the first like any other grade.
    found = ranked([{"all": [GRADE_2, {"not": GRADE_3}]}, {"all": [FIT, GRADE_3]}])
    assert found["irae_worst_grade"] == Settling(1, 2, 2)


def test_more_is_asked_for_first_and_names_decide_between_equals() -> None:
    found = ranked([IRAE, GRADE_3, GRADE_2, {"all": [FIT, leaf("age", ">", 70)]}])
    assert list(found) == ["irae_worst_grade", "stop_reason", "age", "ecog"]


@pytest.mark.parametrize(
    ("least", "most", "of", "words"),
    [
        (2, 2, 3, "settles 2 of 3"),
        (1, 4, 6, "settles 1 to 4 of 6"),
        (0, 0, 1, "bears on 1 statement, settles none alone"),
        (0, 0, 2, "bears on 2 statements, settles none alone"),
    ],
)
def test_what_would_be_settled_is_said_in_words(least: int, most: int, of: int, words: str) -> None:
    assert MissingFact("ecog", "", "", of, least, most).settling == words


TREES = trees(
    st.one_of(
        st.builds(leaf, st.sampled_from(["ecog", "irae_worst_grade"]),
                  st.sampled_from(["<", "<=", "=", ">=", ">"]), st.integers(0, 5)),
        st.builds(leaf, st.just("stop_reason"), st.just("in"),
                  st.lists(st.sampled_from(["irae", "other"]), min_size=1, unique=True)),
        st.builds(leaf, st.just("irae_any"), st.just("is"), st.booleans()),
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TREES.map(read), min_size=1, max_size=4))
def test_counting_in_classes_counts_what_trying_every_value_counts(nodes: list[Node]) -> None:
    open_ = [(node, e.missing) for node in nodes if (e := evaluate(node, {})).missing]
    every = {
        **{key: [Fact.number(n) for n in range(6)] for key in ("ecog", "irae_worst_grade")},
        "stop_reason": list(map(Fact.known, FACTS["stop_reason"].codes)),
        "irae_any": [Fact.known(True), Fact.known(False)],
    }
    for key, found in settling(open_, {}).items():
        bears = [node for node, missing in open_ if key in missing]
        counts = {
            sum(evaluate(node, {key: fact}).answer is not Answer.UNDETERMINED for node in bears)
            for fact in every[key]
        }
        assert (found.least, found.most, found.of) == (min(counts), max(counts), len(bears))


# --- the days that reasons carry --------------------------------------------------------------


def test_a_reason_says_as_of_when_its_fact_is_known() -> None:
    facts = {"irae_worst_grade": Fact.number(3), "ecog": UNKNOWN, "stop_reason": Fact.known("irae")}
    said = {
        "irae_worst_grade": (date(2026, 3, 12), date(2026, 3, 12)),
        "ecog": (date(2026, 3, 1), date(2026, 3, 1)),
        "stop_reason": (date(2026, 2, 1), date(2026, 2, 28)),
    }
    found = [
        evaluate(read(condition), facts, said=said).reasons[0].text
        for condition in (GRADE_3, IRAE, FIT, leaf("irae_any", "is", True))
    ]
    assert found == [
        "worst irAE grade 3, as of 12 March 2026",
        "reason the ICI was stopped: immune-related adverse event,"
        " as of a day from 1 February 2026 to 28 February 2026",
        "ECOG performance status: unknown, cannot be had",
        "any irAE: not entered",
    ]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 3), date(2026, 3, 3), "3 March 2026"),
        (date(2026, 3, 3), date(2026, 4, 1), "between 3 March 2026 and 1 April 2026"),
        (None, date(2026, 4, 1), "1 April 2026 or earlier"),
        (date(2026, 3, 3), None, "3 March 2026 or later"),
    ],
)
def test_a_day_is_written_as_far_as_it_is_known(
    first: date | None, last: date | None, words: str
) -> None:
    node = read(leaf("ecog_on", "known", True))
    reason = evaluate(node, {"ecog_on": Fact.day(first, last)}).reasons[0]
    assert reason.text == f"day on which ECOG was assessed: {words}"


@pytest.mark.parametrize(
    ("low", "high", "op"), list(product([1, 10, None], [10, 20, None], ["<", "="]))
)
def test_days_compare_as_numbers_do(low: int | None, high: int | None, op: str) -> None:
    def day(n: int | None) -> date | None:
        return None if n is None else date(2026, 3, n)

    if low is None and high is None:
        return
    of_days = evaluate(
        read(leaf("ecog_on", op, "2026-03-10")), {"ecog_on": Fact.day(day(low), day(high))}
    )
    of_numbers = evaluate(read(leaf("age", op, 10)), {"age": Fact.between(low, high)})
    assert of_days.answer is of_numbers.answer


def test_what_stands_in_an_old_condition_as_every_case_leaves_it_to_the_rest() -> None:
    nothing: dict[str, Any] = {"all": []}
    assert ranked([{"all": [nothing, GRADE_3]}]) == {"irae_worst_grade": Settling(1, 1, 1)}
