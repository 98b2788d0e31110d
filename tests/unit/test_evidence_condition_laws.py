"""Laws of conditions, over any condition and any facts."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.conditions import (
    FACTS,
    Answer,
    Fact,
    FactState,
    dump,
    evaluate,
    read,
)
from evidence.conditions.facts import MISSING
from evidence.conditions.tree import OPERATORS, All, AtLeastOne, Comparison, Node, Not

T, F, U = Answer.TRUE, Answer.FALSE, Answer.UNDETERMINED
# A law is about answers, not about how busy the machine is.
LAW = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OPEN = [FactState.MISSING, FactState.NOT_YET, FactState.UNKNOWN]
ORDERED = [op for op in OPERATORS["number"] if op != "known"]
NUMBERS = ["ecog", "irae_worst_grade", "age"]
FLAGS = ["irae_any", "driver_mutation"]


def _leaves() -> st.SearchStrategy[Node]:
    number = st.builds(
        Comparison, st.sampled_from(NUMBERS), st.sampled_from(ORDERED),
        st.integers(0, 5),
    )  # fmt: skip
    flag = st.builds(Comparison, st.sampled_from(FLAGS), st.just("is"), st.booleans())
    codes = FACTS["stop_reason"].codes
    choice = st.builds(
        Comparison, st.just("stop_reason"), st.just("in"),
        st.lists(st.sampled_from(codes), min_size=1, unique=True).map(tuple),
    )  # fmt: skip
    return st.one_of(number, flag, choice)


def _grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(All, some), st.builds(AtLeastOne, some), st.builds(Not, inner))


NODES: st.SearchStrategy[Node] = st.recursive(_leaves(), _grow, max_leaves=8)


_bound = st.one_of(st.none(), st.integers(0, 5))


_interval = (
    st.tuples(_bound, _bound)
    .filter(lambda pair: pair != (None, None))
    .map(lambda pair: Fact.between(*(sorted(pair) if None not in pair else pair)))
)


_absent = st.sampled_from([Fact.absent(s) for s in FactState if s is not FactState.KNOWN])


FACT_SETS = st.fixed_dictionaries(
    {
        **{key: st.one_of(_interval, _absent) for key in NUMBERS},
        **{key: st.one_of(st.booleans().map(Fact.known), _absent) for key in FLAGS},
        "stop_reason": st.one_of(
            st.sampled_from(FACTS["stop_reason"].codes).map(Fact.known), _absent
        ),
    }
)


@st.composite
def _filled(draw: st.DrawFn, facts: dict[str, Fact]) -> dict[str, Fact]:
    """The same facts with some gaps filled and some intervals narrowed, nothing else."""
    more = dict(facts)
    for key, fact in facts.items():
        if fact.state.has_no_answer:
            kind = {True: _interval, False: st.booleans().map(Fact.known)}
            value = (
                st.sampled_from(FACTS[key].codes).map(Fact.known)
                if key == "stop_reason"
                else kind[key in NUMBERS]
            )
            gone = st.just(Fact.absent(FactState.NOT_APPLICABLE))
            more[key] = draw(st.one_of(st.just(fact), value, gone))
        elif fact.state is FactState.KNOWN and key in NUMBERS:
            low = 0 if fact.low is None else int(fact.low)
            high = max(low, 9 if fact.high is None else int(fact.high))
            more[key] = draw(st.one_of(st.just(fact), st.integers(low, high).map(Fact.number)))
    return more


@LAW
@given(NODES, FACT_SETS, st.data())
def test_filling_a_gap_never_flips_a_settled_answer(
    node: Node, facts: dict[str, Fact], data: st.DataObject
) -> None:
    before = evaluate(node, facts).answer
    after = evaluate(node, data.draw(_filled(facts))).answer
    assert before is U or after is before


@LAW
@given(NODES, FACT_SETS)
def test_negation_is_its_own_inverse_and_rests_on_the_same_facts(
    node: Node, facts: dict[str, Fact]
) -> None:
    plain, opposite = evaluate(node, facts), evaluate(Not(node), facts)
    assert {plain.answer, opposite.answer} in ({T, F}, {U})
    assert plain.reasons == opposite.reasons and plain.missing == opposite.missing
    assert evaluate(Not(Not(node)), facts) == plain


@LAW
@given(st.lists(NODES, min_size=1, max_size=3), FACT_SETS)
def test_all_and_any_are_duals(nodes: list[Node], facts: dict[str, Fact]) -> None:
    by_all = evaluate(Not(All(tuple(nodes))), facts)
    by_any = evaluate(AtLeastOne(tuple(Not(node) for node in nodes)), facts)
    assert by_all == by_any


@LAW
@given(NODES, NODES, FACT_SETS)
def test_order_changes_no_answer(left: Node, right: Node, facts: dict[str, Fact]) -> None:
    for group in (All, AtLeastOne):
        one = evaluate(group((left, right)), facts)
        other = evaluate(group((right, left)), facts)
        assert one.answer is other.answer
        assert set(one.missing) == set(other.missing)


@LAW
@given(NODES, FACT_SETS)
def test_missing_facts_are_named_if_and_only_if_the_answer_is_open(
    node: Node, facts: dict[str, Fact]
) -> None:
    evaluation = evaluate(node, facts)
    assert bool(evaluation.missing) == (evaluation.answer is U)
    assert len(set(evaluation.missing)) == len(evaluation.missing)
    for key in evaluation.missing:
        fact = facts.get(key, MISSING)
        assert fact.state.has_no_answer or fact.low != fact.high


@LAW
@given(NODES, FACT_SETS)
def test_an_open_answer_can_always_be_settled_by_supplying_what_is_missing(
    node: Node, facts: dict[str, Fact]
) -> None:
    """Supply exact values for everything open: no answer stays open."""
    settled = {
        key: fact
        if fact.state is FactState.NOT_APPLICABLE
        else Fact.number(fact.low if fact.low is not None else fact.high or 0)
        if key in NUMBERS
        else fact
        if fact.state is FactState.KNOWN
        else Fact.known("irae" if key == "stop_reason" else True)
        for key, fact in facts.items()
    }
    assert evaluate(node, settled).answer is not U


@LAW
@given(NODES)
def test_writing_and_reading_give_the_same_tree(node: Node) -> None:
    assert read(dump(node)) == node
