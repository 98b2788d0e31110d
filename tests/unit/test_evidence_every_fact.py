"""Laws of evaluation over every fact of the vocabulary in every state, and over what is delivered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.choices import Signal
from evidence.conditions import (
    FACTS,
    Answer,
    Fact,
    FactSpec,
    FactState,
    evaluate,
    outline,
    read,
    readable,
)
from evidence.conditions.evaluation import answer_of
from evidence.conditions.facts import Widened
from evidence.conditions.tree import OPERATORS, All, Always, AtLeastOne, Comparison, Node, Not
from evidence.loading import read as delivery
from evidence.matching import match, settles
from evidence.ruled import held_rows, rule_mark, ruled_data
from evidence.rulings import (
    ACTIONS,
    LOCAL,
    PUBLISHERS,
    STRICTEST,
    Marked,
    Profile,
    Row,
    Ruled,
    Ruling,
    Stand,
    rows_of,
    standing,
)

LAW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
TODAY = date(2026, 11, 26)
ABSENT = [Fact.absent(state) for state in FactState if state is not FactState.KNOWN]
DAYS = st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=40))


def figures(spec: FactSpec) -> st.SearchStrategy[Any]:
    """Numbers within what a person may enter, as the database keeps them."""
    high = min(spec.highest or 0, 100)
    return st.decimals(spec.lowest, high, places=spec.decimals)


def spans(ends: st.SearchStrategy[Any], make: Any) -> st.SearchStrategy[Fact]:
    exact = ends.map(lambda end: make(end, end))
    closed = st.tuples(ends, ends).map(lambda pair: make(*sorted(pair)))
    return st.one_of(
        exact, closed, ends.map(lambda e: make(None, e)), ends.map(lambda e: make(e, None))
    )


def known_facts(spec: FactSpec) -> st.SearchStrategy[Fact]:
    if spec.kind == "flag":
        return st.booleans().map(Fact.known)
    if spec.kind == "choice":
        return st.sampled_from(spec.codes).map(Fact.known)
    if spec.kind == "date":
        return spans(DAYS, Fact.day)
    return spans(figures(spec), lambda a, b: Fact.between(a, b, [Widened.OLD] if b is None else []))


def facts_of(spec: FactSpec) -> st.SearchStrategy[Fact]:
    return st.one_of(st.sampled_from(ABSENT), known_facts(spec))


CASES = st.fixed_dictionaries({}, optional={key: facts_of(spec) for key, spec in FACTS.items()})


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    spec = FACTS[draw(st.sampled_from(sorted(FACTS)))]
    op = draw(st.sampled_from(OPERATORS[spec.kind]))
    value: Any = True
    if op == "within":
        value = draw(st.integers(0, 400))
    elif spec.kind == "date" and op != "known":
        value = draw(DAYS)
    elif spec.kind == "number" and op != "known":
        value = draw(figures(spec))
    elif spec.kind == "flag" and op != "known":
        value = draw(st.booleans())
    elif op in {"in", "="}:
        size = 1 if op == "=" else len(spec.codes)
        codes = st.lists(st.sampled_from(spec.codes), min_size=1, max_size=size, unique=True)
        value = tuple(draw(codes))
    return Comparison(spec.key, op, value)


def groups(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(All, some), st.builds(AtLeastOne, some), st.builds(Not, inner))


NODES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(comparisons(), st.just(Always())), groups, max_leaves=8
)


def narrowed(spec: FactSpec, fact: Fact) -> st.SearchStrategy[Fact]:
    """The same fact, or with its gap filled, or within narrower bounds: nothing that contradicts it."""
    if fact.state.has_no_answer:
        gone = Fact.absent(FactState.NOT_APPLICABLE)
        return st.one_of(st.just(fact), st.just(gone), known_facts(spec))
    if fact.state is not FactState.KNOWN or fact.value is not None:
        return st.just(fact)
    step: Any = timedelta(days=3) if spec.kind == "date" else Decimal(3)
    low: Any = fact.high - step if fact.low is None else fact.low  # type: ignore[operator]
    high: Any = fact.low + step if fact.high is None else fact.high  # type: ignore[operator]
    make = Fact.day if spec.kind == "date" else Fact.between
    ends = st.dates(low, high) if spec.kind == "date" else st.sampled_from([low, high])
    inside = st.tuples(ends, ends).map(lambda pair: make(*sorted(pair)))
    return st.one_of(st.just(fact), inside)


@LAW
@given(NODES, CASES, st.data())
def test_nothing_that_a_case_may_hold_makes_evaluation_fail(
    node: Node, case: dict[str, Fact], data: st.DataObject
) -> None:
    as_of = data.draw(st.sampled_from([None, TODAY]))
    found = evaluate(node, case, as_of=as_of, said=dict.fromkeys(case, (TODAY, TODAY)))
    assert found.answer in Answer
    assert found.answer is answer_of(node, case, as_of)
    assert all(reason.text for reason in found.reasons)
    assert readable(node) and outline(node)


@LAW
@given(NODES, CASES, st.data())
def test_filling_a_gap_or_narrowing_a_span_never_flips_an_answer(
    node: Node, case: dict[str, Fact], data: st.DataObject
) -> None:
    before = evaluate(node, case, as_of=TODAY).answer
    fuller = {key: data.draw(narrowed(FACTS[key], fact)) for key, fact in case.items()}
    after = evaluate(node, fuller, as_of=TODAY).answer
    assert before is Answer.UNDETERMINED or after is before


class Version:
    """Stands for a version of a statement, with the rows of its rules."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.code = row["code"]
        self.node = read(row["condition"])
        self.rules = row["rules"]
        self.rule_rows = rows_of(row["rules"])
        self.signal = row["signal"]


VERSIONS = [Version(row) for row in delivery().statements]
PROFILES = (
    *(Profile(kind) for kind in (STRICTEST, *PUBLISHERS)),
    Profile(LOCAL, tuple(reversed(PUBLISHERS))),
    Profile(LOCAL, ("esmo",)),
)


@settings(LAW, max_examples=40)
@given(CASES)
def test_the_delivered_statements_can_be_asked_of_any_case(case: dict[str, Fact]) -> None:
    matches = match(VERSIONS, case, as_of=TODAY)
    ranked = settles(matches, case, as_of=TODAY)
    assert set(ranked) == {key for found in matches for key in found.missing}
    for one in ranked.values():
        assert 0 <= one.least <= one.most <= one.of


@settings(LAW, max_examples=30)
@given(CASES)
def test_the_rows_of_every_rule_can_be_marked_and_shown_for_any_case(case: dict[str, Fact]) -> None:
    seen = 0
    for found in match(VERSIONS, case, as_of=TODAY, said=dict.fromkeys(case, (TODAY, TODAY))):
        assert len(found.ruled.rulings) == len(found.version.rule_rows)
        assert len(held_rows(found, {})) == len(found.version.rules)
        for profile in PROFILES:
            marked = found.ruled.marked(profile)
            mark = rule_mark(found, profile, {})  # type: ignore[arg-type]
            assert mark.signal in Signal
            assert marked.action in ("", *ACTIONS) and bool(marked.by) is bool(marked.action)
            assert ruled_data(found, profile).keys() <= {"rows", "mark"}
            seen += bool(found.ruled.rulings)
    assert seen


@settings(LAW, max_examples=40)
@given(CASES, st.data())
def test_a_row_that_holds_or_does_not_stays_so_when_more_is_known(
    case: dict[str, Fact], data: st.DataObject
) -> None:
    before = match(VERSIONS, case, as_of=TODAY)
    fuller = {key: data.draw(narrowed(FACTS[key], fact)) for key, fact in case.items()}
    after = match(VERSIONS, fuller, as_of=TODAY)
    for old, new in zip(in_order(before), in_order(after), strict=True):
        for was, now in zip(old.ruled.rulings, new.ruled.rulings, strict=True):
            assert was.answer is Answer.UNDETERMINED or now.answer is was.answer
        for profile in PROFILES:
            stays(*(found.ruled.marked(profile) for found in (old, new)))


def stays(mark: Marked, later: Marked) -> None:
    """What cannot be told may turn out either way; a mark that is certain is neither lost nor moved, nor opened."""
    if mark.is_open:
        return
    told = (mark.action, mark.fallback, mark.ended)
    assert (later.action, later.fallback, later.ended, later.is_open) == (*told, False)
    assert set(mark.by) <= set(later.by)
    held = dict(later.stricter)
    for code, action in mark.stricter:
        assert ACTIONS.index(held[code]) <= ACTIONS.index(action), "nor what another holds"


THREE = (Answer.TRUE, Answer.FALSE, Answer.UNDETERMINED)
SAID = st.tuples(
    st.sampled_from(["us-label-x", "eu-smpc-x", "asco-x", "nccn-x", "product-default"]),
    st.sampled_from(ACTIONS),
    st.sampled_from(THREE),
    st.sampled_from(THREE[:2]),
)


@settings(LAW, max_examples=400)
@given(st.lists(SAID, min_size=1, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6))
def test_no_profile_loses_a_certain_mark_when_rows_that_were_open_are_told(
    rows: list[tuple[str, str, Answer, Answer]], told: list[bool]
) -> None:
    """Any rows of any sources: some of those that could not be told turn out to hold, or not to."""

    def ruling(source: str, action: str, answer: Answer) -> Ruling:
        return Ruling(Row(source, action, "Invented.", Always(), "seen"), answer, (), ())

    before = standing(tuple(ruling(source, does, answer) for source, does, answer, _to in rows))
    after = standing(
        tuple(
            ruling(source, does, to if answer is Answer.UNDETERMINED and known else answer)
            for (source, does, answer, to), known in zip(rows, told, strict=False)
        )
    )
    for profile in PROFILES:
        stays(before.marked(profile), after.marked(profile))


def test_a_source_that_is_asked_and_cannot_be_told_leaves_the_mark_open() -> None:
    """The control: what another stops for certain is no mark of the source that the board goes by."""
    open_ = Stand("us_label", ("us-label-x",), "", "stop")
    other = Stand("eu_smpc", ("eu-smpc-x",), "stop")
    known = Stand("us_label", ("us-label-x",), "withhold")
    by_us = Profile("us_label")
    was = Ruled((), (open_, other)).marked(by_us)
    assert (was.is_open, was.stricter) == (True, (("eu_smpc", "stop"),))
    with pytest.raises(AssertionError):
        stays(replace(was, is_open=False), Ruled((), (known, other)).marked(by_us))


def in_order(found: Any) -> list[Any]:
    return sorted(found, key=lambda one: one.version.code)


def test_every_fact_takes_every_state() -> None:
    """The strategy leaves no kind of fact and no state out."""
    assert {spec.kind for spec in FACTS.values()} == {"number", "flag", "choice", "date"}
    assert {fact.state for fact in ABSENT} | {FactState.KNOWN} == set(FactState)
    node = All(tuple(Comparison(key, "known", True) for key in FACTS))
    for fact in ABSENT:
        wanted = Answer.FALSE if fact.state is FactState.NOT_APPLICABLE else Answer.UNDETERMINED
        assert evaluate(node, dict.fromkeys(FACTS, fact)).answer is wanted
