"""A condition that no case can meet, because of what was given or of how it answered, is refused, and no other is."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.derivations.causes import CAUSE_KEYS
from cases.lists import delivered_drugs
from evidence.conditions import (
    FACTS,
    Answer,
    ConditionError,
    Fact,
    FactState,
    evaluate,
    parse,
    read,
)
from evidence.conditions.checking import possible
from evidence.conditions.implied import IMPLIED, Said
from tests.factories.conditions import trees
from tests.unit.test_evidence_implied import NO, NONE, ORDER, YES, leaf

NO_CTLA4, NO_PD = leaf("prior_includes_ctla4", "is", False), leaf("prior_includes_pd1_pdl1", "is", False)  # fmt: skip
NO_PROGRESSION = leaf("progression_timing", "in", ["none"])


def response(*codes: str) -> dict[str, Any]:
    return leaf("best_response", "in", [*codes])


def resistance(by: str, *codes: str) -> dict[str, Any]:
    return leaf(f"resistance_{by}", "in", [*codes])


REFUSED: list[tuple[Any, Any, str]] = [
    (NO_CTLA4, leaf("irae_after_ctla4_worst_grade", ">=", 3), "“earlier ICI contained a CTLA-4 agent: yes” is so too"),
    (NO_CTLA4, leaf("irae_after_ipilimumab", "is", True), "where “any irAE after ipilimumab: yes” is so"),
    (NO_CTLA4, leaf("irae_after_tremelimumab", "is", True), "of one case"),
    (NO_CTLA4, leaf("irae_after_combination_worst_grade", ">=", 1), "of one case"),
    (NO_CTLA4, leaf("colitis_after_ctla4_worst_grade", ">", 0), "of one case"),
    (NO_PD, leaf("irae_after_combination_worst_grade", ">=", 1), "of one case"),
    (NO_PD, leaf("irae_after_pembrolizumab", "is", True), "of one case"),
    (NO_PD, leaf("irae_after_durvalumab", "is", True), "of one case"),
    (NO_PD, leaf("irae_after_pd1_worst_grade", ">=", 2), "of one case"),
    (NO_PD, leaf("irae_after_pdl1_worst_grade", ">=", 2), "of one case"),
    (NO_PD, leaf("skin_after_pd1_pdl1_worst_grade", "=", 1), "of one case"),
    (leaf("irae_after_pd1_worst_grade", "<", 1), leaf("irae_after_nivolumab", "is", True), "of one case"),
    (leaf("prior_courses", "=", 0), leaf("irae_after_chemotherapy", "is", True), "of one case"),
    (leaf("prior_courses", "=", 0), leaf("irae_after_bispecific_worst_grade", ">=", 1), "of one case"),
    (response("PD"), resistance("review", "acquired"), "“best response to the earlier ICI is complete response"),
    (response("CR", "PR"), resistance("review", "primary"), "is progressive disease” is so too"),
    (response("SD", "NE"), resistance("review", "primary", "acquired"), "of one case"),
    (response("PD", "NE"), resistance("sitc", "acquired"), "of one case"),
    (response("CR", "PR", "NE"), resistance("sitc", "primary"), "of one case"),
    (NO_PROGRESSION, leaf("oligoprogression", "is", True), "“timing of progression is on treatment or after"),
    (NO_PROGRESSION, leaf("oligoprogression", "is", False), "of one case"),
    (leaf("prior_courses", "<", 1), leaf("oligoprogression", "known", True), "of one case"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "message"), REFUSED, ids=lambda x: json.dumps(x)[:70])
def test_what_no_case_meets_is_refused(one: Any, other: Any, message: str) -> None:
    for parts in ([one, other], [other, one]):
        with pytest.raises(ConditionError) as refusal:
            parse({"all": parts})
        assert message in refusal.value.words(str)


TAKEN: list[tuple[Any, Any]] = [
    (NO_CTLA4, leaf("irae_after_ctla4_worst_grade", "<=", 0)),
    (NO_CTLA4, leaf("irae_after_ipilimumab", "is", False)),
    (NO_CTLA4, leaf("irae_after_pembrolizumab", "is", True)),
    # A bispecific antibody may be against neither.
    (NO_PD, leaf("irae_after_bispecific_worst_grade", ">=", 1)),
    (NO_PD, leaf("irae_after_ici_alone", "is", True)),
    (leaf("prior_includes_ctla4", "is", True), leaf("irae_after_ctla4_worst_grade", "<", 1)),
    (leaf("irae_after_pd1_worst_grade", ">=", 1), leaf("irae_after_pembrolizumab", "is", False)),
    (response("SD"), resistance("sitc", "acquired")),
    (response("SD"), resistance("sitc", "primary")),
    (response("PD"), resistance("sitc", "late_relapse")),
    (response("CR"), resistance("review", "acquired", "primary")),
    (response("PD"), resistance("review", "none")),
    (NO_PROGRESSION, {"not": leaf("oligoprogression", "known", True)}),
    (leaf("progression_timing", "in", ["after_stop"]), leaf("oligoprogression", "is", True)),
]


@pytest.mark.parametrize(("one", "other"), TAKEN, ids=lambda x: json.dumps(x)[:70])
def test_what_some_case_meets_is_taken(one: Any, other: Any) -> None:
    assert parse({"all": [one, other]}) == read({"all": [one, other]})


def test_each_agent_is_held_against_its_own_class() -> None:
    """By the list of ICIs, so that an agent whose fact is added to the vocabulary is added here too."""
    names = {key.removeprefix("irae_after_"): key for key in CAUSE_KEYS}
    agents = {names[code]: drug for code, drug in delivered_drugs().items() if code in names}
    assert len(agents) == 7
    for key, drug in agents.items():
        found = {then.fact for then in IMPLIED[Said(key)]}
        assert f"irae_after_{drug.target.replace('-', '').lower()}_worst_grade" in found
        assert {one for one in found if one.startswith("prior_includes_")} == {
            "prior_includes_ctla4" if drug.target == "CTLA-4" else "prior_includes_pd1_pdl1"
        }


# Every case there is of a few facts told from the same course, by hand: of what was given and what followed it.
SMALL = range(3)
OF_CAUSES = [
    {"prior_courses": Fact.number(courses), "prior_includes_ctla4": Fact.known(ctla4),
     "prior_includes_pd1_pdl1": Fact.known(pd), "irae_worst_grade": Fact.number(worst),
     "irae_after_ctla4_worst_grade": Fact.number(after_ctla4), "irae_after_pd1_worst_grade": Fact.number(after_pd1),
     "irae_after_combination_worst_grade": Fact.number(after_both), "irae_after_ipilimumab": Fact.known(ipilimumab),
     "irae_after_pembrolizumab": Fact.known(pembrolizumab)}
    for courses, ctla4, pd in product(SMALL, (True, False), (True, False))
    if courses or not (ctla4 or pd)
    for worst, after_ctla4, after_pd1, after_both in product(SMALL, repeat=4)
    if after_both <= after_ctla4 <= worst >= after_pd1
    if (ctla4 or not after_ctla4) and (pd or not (after_pd1 or after_both))
    for ipilimumab, pembrolizumab in product((True, False), repeat=2)
    if (after_ctla4 or not ipilimumab) and (after_pd1 or not pembrolizumab)
]  # fmt: skip
REVIEW = {"PD": "primary", "CR": "acquired", "PR": "acquired"}
TIMINGS = ("none", "on_treatment", "after_stop")
OF_AN_ANSWER = [
    {"prior_courses": Fact.number(0), "progression_timing": NONE, "best_response": NONE, "resistance_review": NONE},
    *(
        {"prior_courses": Fact.number(courses), "progression_timing": Fact.known(timing),
         "best_response": Fact.known(best), "resistance_review":
             Fact.known("none") if timing == "none"
             else Fact.known(REVIEW[best]) if best in REVIEW else Fact.absent(FactState.UNKNOWN)}
        for courses, timing, best in product((1, 2), TIMINGS, ("CR", "PR", "SD", "PD", "NE"))
    ),
]  # fmt: skip
OF_PROGRESSION = [
    {"prior_courses": Fact.number(0), "progression_timing": NONE, "oligoprogression": NONE},
    *(
        {"prior_courses": Fact.number(courses), "progression_timing": Fact.known(timing), "oligoprogression": oligo}
        for courses, timing in product((1, 2), TIMINGS)
        for oligo in ([NONE] if timing == "none" else [YES, NO, NONE])
    ),
]  # fmt: skip


def leaves(world: dict[str, Fact]) -> Any:
    """Comparisons with the facts of a world."""
    return st.sampled_from(sorted(world)).flatmap(_leaves_of)


def _leaves_of(key: str) -> Any:
    spec = FACTS[key]
    values: Any = st.integers(0, 1)
    if spec.kind == "choice":
        values = st.lists(st.sampled_from(spec.codes), min_size=1, max_size=2, unique=True)
    ops: dict[str, Any] = {"flag": st.just("is"), "choice": st.just("in"), "number": ORDER}
    values = st.booleans() if spec.kind == "flag" else values
    known = st.builds(leaf, st.just(key), st.just("known"), st.just(True))
    return st.one_of(st.builds(leaf, st.just(key), ops[spec.kind], values), known)


@pytest.mark.parametrize(
    "worlds", [OF_CAUSES, OF_AN_ANSWER, OF_PROGRESSION], ids=["causes", "answers", "progression"]
)
def test_what_is_refused_is_exactly_what_no_case_meets(worlds: Any) -> None:
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(trees(leaves(worlds[0])))
    def held(data: Any) -> None:
        node = read(data)
        met = any(evaluate(node, world).answer is Answer.TRUE for world in worlds)
        taken = possible(node, True, together=True)
        # What is denied may not apply at all.
        assert taken if met else not taken or '"not"' in json.dumps(data)

    held()
