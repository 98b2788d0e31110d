"""What the irAEs followed, and whether the proposal gives it again. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.derivations import MISSING, Course, Event, Record, derive
from cases.derivations.causes import CAUSE_KEYS, cause_facts
from cases.derivations.record import ALL_ORGANS
from cases.lapsing import LAPSING, unasked
from cases.vocabulary import drug_targets
from evidence.conditions.cause_facts import CAUSES
from evidence.conditions.facts import Fact, FactState
from tests.unit.test_derivations import TODAY

YES, NO, NOT_APPLICABLE = Fact.known(True), Fact.known(False), Fact.absent(FactState.NOT_APPLICABLE)
ALONE, CHEMO = Fact.known("monotherapy"), Fact.known("chemotherapy")


def course(number, targets, drugs=None, kind=MISSING, **more):
    return Course(number, frozenset(targets.split()) if targets else None,
                  drugs=frozenset(drugs.split()) if drugs else None, kind=kind, **more)  # fmt: skip


IPI = course(1, "CTLA-4", "ipilimumab", ALONE)
PEMBRO = course(2, "PD-1", "pembrolizumab", CHEMO)
BOTH = course(1, "PD-1 CTLA-4", "nivolumab ipilimumab", Fact.known("dual"))
KN046 = course(1, "PD-L1 CTLA-4", "kn046", ALONE, bispecific=True)
NO_DRUGS = course(1, "")


def colitis(grade=3, course=None, **more):
    known = MISSING if grade is None else Fact.number(grade)
    return Event("colitis", "colon", "5.0", known, course=course, **more)


def record(courses, *events, complete=True, asked=ALL_ORGANS, **more):
    return Record(courses=tuple(courses), courses_complete=complete, iraes=events,
                  organs_asked=frozenset(asked), **more)  # fmt: skip


def told(key, *args, **more):
    return cause_facts(record(*args, **more))[key]


def test_a_grade_belongs_to_the_class_that_its_own_irae_followed():
    events = colitis(1, course=2), colitis(3, course=1)
    found = cause_facts(record([IPI, PEMBRO], *events))
    assert found["colitis_after_ctla4_worst_grade"] == Fact.number(3)
    assert found["colitis_after_pd1_pdl1_worst_grade"] == Fact.number(1)
    assert found["irae_after_ctla4_worst_grade"] == Fact.number(3)
    assert found["irae_after_pd1_worst_grade"] == Fact.number(1)
    assert found["irae_after_pdl1_worst_grade"] == Fact.number(0)
    assert found["pneumonitis_after_ctla4_worst_grade"] == Fact.number(0)
    assert found["irae_after_combination_worst_grade"] == Fact.number(0)
    assert (found["irae_after_ipilimumab"], found["irae_after_nivolumab"]) == (YES, NO)
    assert (found["irae_after_ici_alone"], found["irae_after_chemotherapy"]) == (YES, YES)
    assert found["irae_after_antiangiogenic"] == NO


@pytest.mark.parametrize(
    ("given", "combination", "bispecific"), [(BOTH, 3, 0), (KN046, 0, 3), (IPI, 0, 0)]
)
def test_a_bispecific_antibody_is_no_combination_of_two(given, combination, bispecific):
    found = cause_facts(record([given], colitis(3, course=1)))
    assert found["irae_after_combination_worst_grade"] == Fact.number(combination)
    assert found["irae_after_bispecific_worst_grade"] == Fact.number(bispecific)
    assert found["irae_after_ctla4_worst_grade"] == Fact.number(3)


@pytest.mark.parametrize(
    ("courses", "events", "more", "expected"),
    [
        # Nobody said which course it followed: told is what is so of every course of a complete list.
        ([IPI], [colitis(3)], {}, Fact.number(3)),
        ([IPI, replace(BOTH, number=2)], [colitis(3)], {}, Fact.number(3)),
        ([PEMBRO], [colitis(3)], {}, Fact.number(0)),
        ([IPI, PEMBRO], [colitis(3)], {}, Fact.between(0, 3)),
        ([IPI], [colitis(3)], {"complete": False}, Fact.between(0, 3)),
        ([IPI, PEMBRO], [colitis(3), colitis(2, 1)], {}, Fact.between(2, 3)),
        ([NO_DRUGS], [colitis(2, 1)], {}, Fact.between(0, 2)),
        # A course that is not in the list.
        ([IPI], [colitis(2, 7)], {}, Fact.between(0, 2)),
        # A grade that is not known is one of 1 or more, of an irAE that followed the class.
        ([IPI], [colitis(None, 1)], {}, Fact.between(1, 5)),
        ([IPI, PEMBRO], [colitis(None)], {}, MISSING),
        ([IPI], [colitis(0, 1)], {}, Fact.number(1)),
        ([IPI], [colitis(3, 1)], {"asked": ()}, Fact.between(3, 5)),
        ([IPI], [], {"asked": ()}, MISSING),
        ([IPI], [], {}, Fact.number(0)),
    ],
)
def test_worst_colitis_after_a_ctla4_agent(courses, events, more, expected):
    assert told("colitis_after_ctla4_worst_grade", courses, *events, **more) == expected


@pytest.mark.parametrize(
    ("courses", "events", "more", "expected"),
    [
        ([IPI, PEMBRO], [colitis(3, 2)], {}, YES),
        ([IPI, PEMBRO], [colitis(3, 1)], {}, NO),
        ([IPI, PEMBRO], [colitis(3)], {}, MISSING),
        ([IPI, PEMBRO], [colitis(3, 1)], {"asked": ()}, MISSING),
        ([NO_DRUGS], [colitis(3, 1)], {}, MISSING),
        ([], [], {}, NO),
    ],
)
def test_any_irae_after_an_agent(courses, events, more, expected):
    assert told("irae_after_pembrolizumab", courses, *events, **more) == expected


def test_a_regimen_that_nobody_said_leaves_what_it_was_given_with_open():
    silent = replace(IPI, kind=MISSING)
    assert told("irae_after_ici_alone", [silent], colitis(3, 1)) == MISSING
    assert told("irae_after_bispecific_worst_grade", [NO_DRUGS], colitis(3, 1)) == Fact.between(
        0, 3
    )
    assert told("irae_after_combination_worst_grade", [NO_DRUGS], colitis(5, 1)) == MISSING


def proposing(drugs="", targets="", regimen=None, **more):
    return {"proposed_drugs": frozenset(drugs.split()), "proposed_targets": frozenset(targets.split()),
            **({"proposed_regimen": Fact.known(regimen)} if regimen else {}), **more}  # fmt: skip


NIVO = {"drugs": "nivolumab", "targets": "PD-1"}


@pytest.mark.parametrize(
    ("course_of_irae", "proposal", "agent", "target"),
    [
        (1, proposing(**NIVO), NO, NO),
        (2, proposing(**NIVO), NO, YES),
        (2, proposing("pembrolizumab", "PD-1"), YES, YES),
        (1, proposing("ipilimumab nivolumab", "CTLA-4 PD-1"), YES, YES),
        # An agent that the list of drugs does not have: nobody can tell what it is against.
        (1, proposing(**NIVO, proposed_unlisted=True), MISSING, MISSING),
        (2, proposing(regimen="same_agent"), YES, YES),
        (1, proposing(regimen="same_agent"), NO, NO),
        (1, proposing(regimen="pd_ctla4_combination"), MISSING, YES),
        (2, proposing(regimen="pd_ctla4_combination"), MISSING, MISSING),
        (1, proposing(regimen="other"), MISSING, MISSING),
        (1, proposing(), MISSING, MISSING),
    ],
)
def test_what_is_proposed_against_what_an_irae_followed(course_of_irae, proposal, agent, target):
    found = cause_facts(record([IPI, PEMBRO], colitis(3, course_of_irae), **proposal))
    assert (found["irae_agent_again"], found["irae_class_again"]) == (agent, target)


def test_without_an_irae_nothing_is_given_again():
    for key in ("irae_agent_again", "irae_class_again"):
        assert told(key, [IPI], **proposing(**NIVO)) == NOT_APPLICABLE
        assert told(key, [IPI], asked=(), **proposing(**NIVO)) == MISSING
        assert told(key, [NO_DRUGS], colitis(3, 1), **proposing(**NIVO)) == MISSING


def test_one_irae_of_several_is_enough_and_one_open_leaves_no_no():
    events = colitis(3, 1), colitis(2, 2)
    assert told("irae_class_again", [IPI, PEMBRO], *events, **proposing(**NIVO)) == YES
    events = colitis(3, 1), colitis(2)
    assert told("irae_class_again", [IPI, PEMBRO], *events, **proposing(**NIVO)) == MISSING


def after(days, grade=3):
    return colitis(grade, 1, onset_after_start_days=days)


START = replace(IPI, start=(TODAY, TODAY))


@pytest.mark.parametrize(
    ("events", "more", "expected"),
    [
        ([after(9, 1), after(40, 3)], {}, Fact.number(40)),
        ([after(9, 3), after(40, 3)], {}, Fact.between(9, 40)),
        ([after(9, None), after(40, 3)], {}, Fact.between(9, 40)),
        ([colitis(3, 1)], {}, MISSING),
        ([colitis(3, 1, onset=(TODAY - timedelta(3), TODAY - timedelta(2)))], {}, MISSING),
        ([after(9, 3)], {"asked": ()}, MISSING),
        ([], {}, NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_days_to_the_worst_irae(events, more, expected):
    assert told("worst_irae_days", [START], *events, **more) == expected


def test_days_to_the_worst_irae_have_no_end_where_its_course_is_not_dated():
    second = replace(PEMBRO, start=(None, None))
    found = told("worst_irae_days", [START, second], colitis(3, 2, onset_after_start_days=9))
    assert found in (MISSING, Fact.between(9, None))


def test_every_fact_of_causes_is_derived():
    assert set(cause_facts(Record())) == CAUSE_KEYS == {spec.key for spec in CAUSES}


COURSES = st.lists(
    st.sampled_from([IPI, PEMBRO, BOTH, KN046, NO_DRUGS]), max_size=3
).map(lambda found: [replace(c, number=n) for n, c in enumerate(found, start=1)])  # fmt: skip
GIVEN = {"start": (TODAY, TODAY), "stop_state": FactState.NOT_APPLICABLE}
EVENTS = st.lists(
    st.builds(
        lambda grade, course, term, days: Event(
            *term, "5.0" if grade else "", Fact.number(grade) if grade else MISSING, course=course,
            onset_after_start_days=days,
        ),
        st.none() | st.integers(1, 5),
        st.none() | st.integers(1, 3),
        st.sampled_from([("colitis", "colon"), ("pneumonitis", "lung"), ("rash", "skin")]),
        st.none() | st.integers(1, 60),
    ),
    max_size=3,
)  # fmt: skip
PROPOSALS = st.sampled_from(
    [proposing(**NIVO), proposing(regimen="same_agent"), proposing("ipilimumab", "CTLA-4"), proposing()]
)  # fmt: skip
ORGANS = st.sampled_from([ALL_ORGANS, frozenset({"colon", "lung"}), frozenset()])


@given(COURSES, EVENTS, st.booleans(), ORGANS, PROPOSALS)
def test_causes_lapse_as_a_derivation_of_the_next_day_has_them(
    courses, events, full, organs, proposal
):
    under_way = [replace(c, **GIVEN) for c in courses] or [replace(IPI, **GIVEN)]
    asked_on = dict.fromkeys(organs, TODAY)
    found = record(under_way, *events, complete=full, asked=organs, asked_on=asked_on, **proposal)
    today, tomorrow = derive(found, as_of=TODAY), derive(found, as_of=TODAY + timedelta(days=1))
    carried = unasked(today)
    assert CAUSE_KEYS <= LAPSING
    for key in CAUSE_KEYS:
        assert carried[key] == tomorrow[key], key


def narrower(after, before):
    """Whether a fact says what it said, or less was open."""
    if before.state is not FactState.KNOWN:
        return before.state is not FactState.NOT_APPLICABLE or after == before
    if before.value is not None:
        return after == before
    low, high = before.low or 0, before.high if before.high is not None else 10**6
    top = after.high if after.high is not None else 10**6
    return after.low is not None and low <= after.low and top <= high


@given(COURSES, EVENTS, st.booleans(), PROPOSALS, st.integers(1, 3), st.integers(1, 5))
def test_a_gap_that_is_filled_never_turns_an_answer(courses, events, full, proposal, number, grade):
    """Whatever course is named and whatever grade is told of an irAE that had none, what was said stays said."""
    before = record(courses, *events, complete=full, **proposal)
    number = min(number, max(len(courses), 1)) if full else number
    filled = [
        replace(e, course=e.course or number,
                worst_grade=e.worst_grade if e.ctcae_version else Fact.number(grade),
                ctcae_version="5.0")
        for e in events
    ]  # fmt: skip
    after = cause_facts(replace(before, iraes=tuple(filled)))
    for key, fact in cause_facts(before).items():
        assert narrower(after[key], fact), (key, fact, after[key])


UNNAMED, CHEMOTHERAPY = Fact.known("bispecific"), Fact.known("ici_chemotherapy")


@pytest.mark.parametrize(
    ("proposal", "expected"),
    [
        ({"proposed_targets": frozenset({"PD-1", "VEGF"}), "proposed_unlisted": True}, YES),
        ({"proposed_targets": frozenset({"CTLA-4"})}, NO),
        ({"proposed_targets": frozenset({"CTLA-4"}), "proposed_unlisted": True}, MISSING),
        ({"proposed_regimen": Fact.known("pd_ctla4_combination")}, YES),
        ({"proposed_regimen": Fact.known("switch_pd1_pdl1")}, YES),
        ({"proposed_regimen": UNNAMED}, MISSING),
        ({"proposed_regimen": CHEMOTHERAPY}, MISSING),
        ({"proposed_regimen": Fact.known("same_agent"), "courses": (IPI,)}, NO),
        ({"proposed_regimen": Fact.known("same_agent"), "courses": (PEMBRO,)}, YES),
        ({"proposed_regimen": Fact.known("same_agent"), "courses": (NO_DRUGS,)}, MISSING),
        ({"proposed_regimen": Fact.known("same_agent")}, MISSING),
        ({}, MISSING),
    ],
)
def test_whether_pd1_or_pdl1_is_proposed(proposal, expected):
    assert derive(Record(**proposal), as_of=TODAY)["proposed_includes_pd1_pdl1"] == expected


PD1 = course(1, "PD-1", "pd1_unnamed", ALONE)


def test_of_an_agent_without_a_name_the_class_is_known_and_the_agent_is_not():
    found = cause_facts(record([PD1], colitis(3, course=1)))
    assert found["irae_after_pd1_worst_grade"] == Fact.number(3)
    assert found["irae_after_ctla4_worst_grade"] == Fact.number(0)
    for drug in ("pembrolizumab", "nivolumab", "cemiplimab"):
        assert found[f"irae_after_{drug}"] == MISSING
    assert found["irae_after_ipilimumab"] == found["irae_after_atezolizumab"] == NO


@pytest.mark.parametrize(
    ("courses", "proposal", "agent"),
    [
        # The agent asked about is given again, whichever it is.
        ((PD1,), {"proposed_regimen": Fact.known("same_agent")}, YES),
        ((PD1,), {"proposed_drugs": frozenset({"nivolumab"})}, MISSING),
        ((PD1,), {"proposed_drugs": frozenset({"ipilimumab"})}, NO),
        ((PD1,), {"proposed_drugs": frozenset({"kn046"})}, NO),
        # The irAE followed another course of an agent without a name: it may have been another agent.
        (
            (PD1, replace(PD1, number=2)),
            {"proposed_regimen": Fact.known("same_agent"), "asked_course": 2},
            MISSING,
        ),
    ],
)
def test_whether_an_agent_without_a_name_comes_again(courses, proposal, agent):
    targets = drug_targets([*proposal.get("proposed_drugs", ())])
    of_case = record(courses, colitis(3, course=1), proposed_targets=frozenset(targets), **proposal)
    assert cause_facts(of_case)["irae_agent_again"] == agent
