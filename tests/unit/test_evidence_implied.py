"""A condition that no case can meet, because of what one fact says of another, is refused, and no other is by that."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.derivations import Course, Event, Record, derive
from cases.derivations.record import ALL_ORGANS
from cases.lists import delivered_entities
from evidence.conditions import (
    FACTS,
    Answer,
    ConditionError,
    Fact,
    FactState,
    checking,
    evaluate,
    parse,
    read,
)
from evidence.conditions.checking import possible
from evidence.conditions.implied import ABOVE, IMPLIED, NEVER_ABOVE, RELATED
from evidence.curation.reported import reported_cases
from tests.factories.conditions import trees


def leaf(fact: str, op: str, value: object) -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


NO_IRAE, GRADE_2 = leaf("irae_any", "is", False), leaf("irae_worst_grade", ">=", 2)
COLITIS_3, LOW = leaf("colitis_worst_grade", ">=", 3), leaf("irae_worst_grade", "<", 2)

REFUSED: list[tuple[Any, str]] = [
    (
        {"all": [NO_IRAE, GRADE_2]},
        "can never be so of one case: where “worst irAE grade is 1 or more” is so, “any irAE: yes” is so too.",
    ),
    (
        {"all": [COLITIS_3, LOW]},
        "can never be so of one case: worst colitis grade is never above worst irAE grade.",
    ),
    ({"all": [leaf("irae_any", "is", True), leaf("irae_worst_grade", "=", 0)]}, "of one case"),
    ({"all": [COLITIS_3, NO_IRAE]}, "of one case"),
    ({"all": [leaf("colitis_grade_now", ">=", 2), leaf("irae_worst_grade", "<=", 1)]}, "never above"),
    ({"all": [leaf("colitis_recurrent", "is", True), NO_IRAE]}, "of one case"),
    ({"all": [leaf("colitis_recurrence_grade", "known", True), leaf("irae_recurrent", "is", False)]}, "of one case"),
    ({"all": [leaf("irae_resolved", "is", False), NO_IRAE]}, "of one case"),
    ({"all": [leaf("myocarditis_any", "is", True), leaf("heart_worst_grade", "<", 1), NO_IRAE]}, "of one case"),
    ({"all": [leaf("guillain_barre_worst_grade", ">=", 1), leaf("gbs_encephalitis_myelitis_any", "is", False)]}, "of"),
    ({"all": [leaf("stop_reason", "in", ["irae"]), leaf("irae_contributed", "is", False)]}, "reason the ICI was"),
    ({"all": [leaf("prior_courses", "=", 0), leaf("best_response", "in", ["CR"])]}, "of one case"),
    (
        {"all": [leaf("proposed_regimen", "=", "pd_ctla4_combination"), leaf("proposed_includes_ctla4", "is", False)]},
        "of one case",
    ),
    ({"all": [leaf("resistance_sitc", "in", ["late_relapse"]), leaf("progression_timing", "in", ["none"])]}, "of one"),
    ({"all": [leaf("resistance_sitc", "in", ["late_relapse"]), leaf("progression_timing", "in", ["on_treatment"])]},
     "of one case"),
    ({"all": [leaf("resistance_24_weeks", "in", ["acquired"]), leaf("progression_timing", "in", ["after_stop"])]},
     "of one case"),
    ({"all": [leaf("resistance_24_weeks", "in", ["primary"]), leaf("prior_courses", "<", 1)]}, "of one case"),
    ({"any": [leaf("age", ">", 70), {"all": [NO_IRAE, GRADE_2]}]}, "In any, item 2, all: "),
    ({"not": {"any": [leaf("irae_any", "is", True), leaf("irae_worst_grade", "<", 2)]}}, "“not so: (any irAE: yes or"),
    (
        {"all": [{"any": [NO_IRAE, LOW]}, {"any": [COLITIS_3, leaf("skin_worst_grade", ">=", 2)]}]},
        "these parts can never all be so of one case",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REFUSED, ids=lambda x: json.dumps(x)[:70])
def test_what_no_case_meets_is_refused_with_what_one_fact_says_of_another(
    data: object, message: str
) -> None:
    with pytest.raises(ConditionError) as refusal:
        parse(data)
    assert message in refusal.value.words(str)


ORGANS = sorted(
    low for low, high in NEVER_ABOVE if high == "irae_worst_grade" and low.endswith("_worst_grade")
)


@pytest.mark.parametrize("many", [1, 4, 6, 8, 20])
@pytest.mark.parametrize("bound", [leaf("irae_worst_grade", "<", 3), NO_IRAE])
def test_however_many_organs_are_asked_few_values_are_tried(
    many: int, bound: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A search that is given up takes the condition: so it is refused within as many tries.
    monkeypatch.setattr(checking, "MOST_TRIED", 50)
    severe = {"any": [leaf(organ, ">=", 3) for organ in ORGANS[:many]]}
    for parts in ([severe, bound], [bound, severe]):
        with pytest.raises(ConditionError) as refusal:
            parse({"all": parts})
        assert "never" in refusal.value.words(str)


TAKEN: list[dict[str, Any]] = [
    {"all": [leaf("irae_any", "is", True), GRADE_2]},
    {"all": [COLITIS_3, leaf("irae_worst_grade", "<=", 3)]},
    {"all": [NO_IRAE, leaf("irae_worst_grade", "=", 0)]},
    # Without any irAE it does not apply whether they have resolved, so that it is not so.
    {"all": [NO_IRAE, {"not": leaf("irae_resolved", "is", True)}]},
    {"all": [NO_IRAE, {"not": leaf("colitis_recurrence_grade", "<", 2)}]},
    # What persons may enter otherwise: an irAE stopped the ICI, and none is in the record.
    {"all": [NO_IRAE, leaf("stop_reason", "in", ["irae"])]},
    {"all": [leaf("stop_reason", "in", ["progression"]), leaf("progression_timing", "in", ["none"])]},
    {"any": [leaf("irae_any", "is", True), LOW]},
    # Whether there was any is known of a patient who was asked and had none.
    {"all": [leaf("irae_any", "known", True), leaf("irae_worst_grade", "<", 1)]},
    {"all": [leaf("sjs_ten_dress_any", "known", True), leaf("irae_worst_grade", "<=", 0)]},
    {"all": [leaf("colitis_recurrent", "known", True), leaf("colitis_worst_grade", "<", 1)]},
    {"all": [leaf("gbs_encephalitis_myelitis_any", "known", True), NO_IRAE]},
    {"all": [leaf("prior_includes_ctla4", "known", True), leaf("prior_courses", "<", 1)]},
    {"all": [leaf("resistance_review", "in", ["primary"]), leaf("progression_timing", "known", True)]},
    {"all": [NO_IRAE, {"not": leaf("irae_resolved", "known", True)}]},
    {"all": [leaf("resistance_24_weeks", "in", ["primary"]), leaf("progression_timing", "in", ["on_treatment"])]},
    {"all": [leaf("resistance_sitc", "in", ["primary"]), leaf("progression_timing", "in", ["after_stop"])]},
    {"not": {"all": [COLITIS_3, leaf("irae_worst_grade", "<", 4)]}},
]  # fmt: skip


@pytest.mark.parametrize("data", TAKEN, ids=lambda x: json.dumps(x)[:70])
def test_what_some_case_meets_is_taken(data: dict[str, Any]) -> None:
    assert parse(data) == read(data)


def test_a_pair_is_of_facts_that_can_be_held_against_each_other() -> None:
    for low, high in NEVER_ABOVE:
        assert low != "" and {FACTS[low].kind, FACTS[high].kind} == {"number"}
        assert (FACTS[low].lowest, FACTS[low].highest) == (FACTS[high].lowest, FACTS[high].highest)
        assert low == high or low not in ABOVE.get(high, ())
    for said in {*IMPLIED, *(then for found in IMPLIED.values() for then in found)}:
        assert said.fact in FACTS
        assert said.spec.kind != "choice" or set(said.values or ()) <= set(said.spec.codes)
    assert len(RELATED) > 100


# Every case there is of a few facts told from the same events, by hand: of irAEs, and of a course.
GRADES = range(6)
NONE = Fact.absent(FactState.NOT_APPLICABLE)
YES, NO = Fact.known(True), Fact.known(False)
OF_IRAES = [
    {"irae_any": Fact.known(worst > 0), "irae_worst_grade": Fact.number(worst),
     "colitis_worst_grade": Fact.number(colitis), "colitis_grade_now": Fact.number(now),
     "irae_resolved": resolved, "colitis_recurrent": again}
    for worst, colitis, now in product(GRADES, repeat=3) if worst >= colitis >= now
    for resolved in ([YES, NO] if worst else [NONE])
    for again in ([YES, NO] if colitis else [NO])
]  # fmt: skip
OF_A_COURSE = [
    {"prior_courses": Fact.number(0), "prior_includes_ctla4": NO, "stop_reason": NONE, "progression_timing": NONE,
     "resistance_24_weeks": NONE, "irae_contributed": NO},
    *(
        {"prior_courses": Fact.number(number), "prior_includes_ctla4": ctla4, "stop_reason": Fact.known(reason),
         "progression_timing": Fact.known(timing), "resistance_24_weeks": weeks, "irae_contributed": contributed}
        for number, ctla4, reason in product((1, 2, 3), (YES, NO), ("irae", "progression", "completed"))
        for timing, groups in (
            ("none", ["none"]), ("on_treatment", ["primary", "acquired", ""]), ("after_stop", [""]),
        )
        for weeks in (Fact.known(group) if group else NONE for group in groups)
        for contributed in ([YES] if reason == "irae" else [YES, NO])
    ),
]  # fmt: skip
ORDER = st.sampled_from(["<", "<=", "=", ">=", ">"])


def _flags(*keys: str) -> Any:
    return st.builds(leaf, st.sampled_from(keys), st.just("is"), st.booleans())


def _known(world: dict[str, Fact]) -> Any:
    return st.builds(leaf, st.sampled_from(sorted(world)), st.just("known"), st.just(True))


def _choices(worlds: list[dict[str, Fact]], *keys: str) -> Any:
    """Comparisons with the codes that the worlds have of a choice."""
    codes = {key: sorted({str(w[key].value) for w in worlds if w[key].value}) for key in keys}
    return st.sampled_from(keys).flatmap(
        lambda key: st.builds(
            leaf,
            st.just(key),
            st.just("in"),
            st.lists(st.sampled_from(codes[key]), min_size=1, max_size=2, unique=True),
        )
    )


SMALL = st.one_of(
    st.builds(leaf, st.sampled_from(["irae_worst_grade", "colitis_worst_grade", "colitis_grade_now"]), ORDER,
              st.integers(0, 5)),
    _flags("irae_any", "irae_resolved", "colitis_recurrent"),
    _known(OF_IRAES[0]),
)  # fmt: skip
SMALL_COURSE = st.one_of(
    st.builds(leaf, st.just("prior_courses"), ORDER, st.integers(0, 2)),
    _flags("prior_includes_ctla4", "irae_contributed"),
    _choices(OF_A_COURSE, "stop_reason", "progression_timing", "resistance_24_weeks"),
    _known(OF_A_COURSE[0]),
)


def _denies(data: Any) -> bool:
    return '"not"' in json.dumps(data)


@pytest.mark.parametrize(("small", "worlds"), [(SMALL, OF_IRAES), (SMALL_COURSE, OF_A_COURSE)])
def test_what_is_refused_is_exactly_what_no_case_meets(small: Any, worlds: Any) -> None:
    """What some case meets is never refused; what none meets always, unless it denies what may not apply at all."""

    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(trees(small))
    def held(data: Any) -> None:
        node = read(data)
        met = any(evaluate(node, world).answer is Answer.TRUE for world in worlds)
        taken = possible(node, True, together=True)
        assert taken if met else not taken or _denies(data)

    held()


ASKED = sorted(RELATED)


@st.composite
def leaves(draw: Any) -> dict[str, Any]:
    """A comparison with a fact that says something of another, or of which another does."""
    key = draw(st.sampled_from(ASKED))
    spec = FACTS[key]
    if spec.kind == "date" or draw(st.integers(0, 3)) == 0:
        return leaf(key, "known", True)
    if spec.kind == "flag":
        return leaf(key, "is", draw(st.booleans()))
    if spec.kind == "choice":
        return leaf(key, "in", [draw(st.sampled_from(spec.codes))])
    return leaf(key, draw(ORDER), draw(st.integers(0, min(5, spec.highest or 5))))


TODAY = date(2026, 11, 1)
GRADE = st.one_of(
    st.integers(1, 5).map(Fact.number),
    st.sampled_from([FactState.MISSING, FactState.UNKNOWN, FactState.NOT_YET]).map(Fact.absent),
)


@st.composite
def events(draw: Any) -> Event:
    entity = draw(st.sampled_from(sorted(delivered_entities())))
    worst = draw(GRADE)
    now = draw(st.integers(0, int(worst.high or 5)).map(Fact.number))
    states = ["ongoing", "resolved", "on_replacement"]
    organ = str(delivered_entities()[entity].organ)
    return Event(
        entity=entity, organ=organ, ctcae_version=draw(st.sampled_from(["5.0", "6.0"])), worst_grade=worst,
        grade_now=draw(st.sampled_from([now, Fact.absent(FactState.MISSING)])),
        resolution=Fact.known(draw(st.sampled_from(states))), course=draw(st.sampled_from([None, 1, 2])),
        recurrent=draw(st.booleans()),
    )  # fmt: skip


# Agents and what they are against; of one that the list does not have nobody knows it.
GIVEN: list[tuple[set[str] | None, set[str] | None]] = [
    (None, None), ({"pembrolizumab"}, {"PD-1"}), ({"atezolizumab"}, {"PD-L1"}), ({"ipilimumab"}, {"CTLA-4"}),
    ({"nivolumab", "ipilimumab"}, {"PD-1", "CTLA-4"}), ({"cadonilimab"}, {"PD-1", "CTLA-4"}),
    ({"pembrolizumab", "unheard of"}, None),
]  # fmt: skip


@st.composite
def courses(draw: Any, number: int) -> Course:
    drugs, targets = draw(st.sampled_from(GIVEN))
    reasons = ["irae", "progression", "completed", "other"]
    timing = Fact.known(draw(st.sampled_from(["on_treatment", "after_stop", "none"])))
    start = date(2024 + number, 1, 1)
    stop = start + timedelta(days=draw(st.sampled_from([30, 100, 200])))
    off = {
        "after_stop": st.sampled_from([10, 84, 85, 100]),
        "on_treatment": st.sampled_from([0, 30, 60]),
    }
    progressed = stop + timedelta(days=draw(off.get(str(timing.value), st.just(0))))
    dated = draw(st.booleans())
    return Course(
        number=number, targets=None if targets is None else frozenset(targets),
        stop_reason=Fact.known(draw(st.sampled_from(reasons))), progression_timing=timing,
        best_response=Fact.known(draw(st.sampled_from(["CR", "PR", "SD", "PD", "NE"]))),
        contributing=draw(st.sampled_from([None, frozenset(), frozenset({"irae"})])),
        drugs=None if drugs is None else frozenset(drugs), bispecific=drugs == {"cadonilimab"},
        kind=Fact.known(draw(st.sampled_from(["monotherapy", "chemotherapy", "antiangiogenic"]))),
        start=(start, start) if dated else (None, None), stop=(stop, stop) if dated else (None, None),
        progressed=(progressed, progressed) if dated and timing.value != "none" else (None, None),
        confirmed=Fact.known(draw(st.booleans())), primary=Fact.known(draw(st.sampled_from(["stable", "growing"]))),
        new_lesions=Fact.number(draw(st.integers(0, 3))), growing_lesions=Fact.number(draw(st.integers(0, 1))),
    )  # fmt: skip


REGIMENS = ["same_agent", "pd_ctla4_combination", "switch_pd1_pdl1", "other"]


@st.composite
def records(draw: Any) -> Record:
    given_courses = [draw(courses(n)) for n in range(1, draw(st.integers(0, 2)) + 1)]
    return Record(
        courses=tuple(given_courses), courses_complete=draw(st.booleans()),
        iraes=tuple(draw(st.lists(events(), max_size=3))),
        organs_asked=draw(st.sampled_from([ALL_ORGANS, frozenset()])),
        proposed_regimen=Fact.known(draw(st.sampled_from(REGIMENS))),
        proposed_targets=draw(st.sampled_from([frozenset(), frozenset({"PD-1"}), frozenset({"CTLA-4"})])),
    )  # fmt: skip


def contradictions(facts: dict[str, Fact]) -> list[str]:
    """What a case would say for certain that the table says no case can."""
    found = []
    known = {key: fact for key, fact in facts.items() if fact.state is FactState.KNOWN}
    for low, above in ABOVE.items():
        for high in above & known.keys():
            if low in known and (known[low].low or 0) > (
                5 if known[high].high is None else known[high].high
            ):  # type: ignore[operator]
                found.append(f"{low} above {high}")
    for said, thens in IMPLIED.items():
        fact = known.get(said.fact)
        if fact is None or not _certainly(said, fact):
            continue
        found += [
            f"{said} without {then}"
            for then in thens
            if then.fact in known and _certainly_not(then, known[then.fact])
        ]
    return found


def _certainly(said: Any, fact: Fact) -> bool:
    if said.values is None:
        return True
    return (fact.low or 0) >= 1 if said.spec.kind == "number" else fact.value in said.values


def _certainly_not(said: Any, fact: Fact) -> bool:
    if said.values is None:
        return False
    if said.spec.kind == "number":
        return fact.high is not None and fact.high < 1
    return fact.value not in said.values


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records(), st.lists(leaves(), min_size=2, max_size=4))
def test_no_condition_that_a_record_meets_is_refused(record: Record, parts: list[Any]) -> None:
    facts = derive(record, as_of=TODAY)
    met = [part for part in parts if evaluate(read(part), facts).answer is Answer.TRUE]
    denied = [{"not": part} for part in parts if evaluate(read(part), facts).answer is Answer.FALSE]
    if met or denied:
        assert possible(read({"all": [*met, *denied]}), True, together=True)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records())
def test_no_record_says_what_the_table_says_no_case_can(record: Record) -> None:
    assert contradictions(derive(record, as_of=TODAY)) == []


def test_nor_does_a_published_case() -> None:
    cases = reported_cases()
    assert cases and [found for case in cases if (found := contradictions(dict(case.facts)))] == []
