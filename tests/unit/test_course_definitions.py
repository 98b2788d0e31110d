"""What is derived of an ICI course under named definitions, against a table worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.derivations import Course, defined
from cases.derivations.deciding import Outcome, days, decide, one_of
from cases.derivations.oligoprogression import oligoprogression
from cases.derivations.resistance import LONGEST_INTERVAL, resistance
from cases.derivations.times import free_until, gap, length, off_at_progression, until_progression
from cases.presenters.derived import answer_words
from evidence.conditions.facts import Fact, FactState

START = date(2024, 1, 1)
UNKNOWN = Fact.absent(FactState.UNKNOWN)
MISSING = Fact.absent(FactState.MISSING)


def day(n: int) -> tuple[date, date]:
    """Return day `n` after the first dose."""
    return START + timedelta(days=n), START + timedelta(days=n)


def days_span(a: int, b: int) -> tuple[date, date]:
    return START + timedelta(days=a), START + timedelta(days=b)


def course(**facts) -> Course:
    """Return a PD-1 course from 1 January 2024; plain values are known."""
    plain = {"number", "targets", "start", "stop", "progressed", "stop_state", "start_state",
             "stop_after_start", "progressed_after_start", "progressed_after_stop", "contributing"}  # fmt: skip
    values = {
        name: value
        if name in plain or isinstance(value, Fact)
        else Fact.known(value)
        if isinstance(value, str | bool)
        else Fact.number(value)
        for name, value in facts.items()
    }
    return Course(**{"number": 1, "targets": frozenset({"PD-1"}), "start": day(0), **values})


ON, AFTER = "on_treatment", "after_stop"
NOT, ASK = "not_applicable", "cannot tell"
# timing, best response, last dose, progression (days from first dose), confirmed -> review, SITC, 24 weeks
BY_HAND = [
    # Best response PD at the first scan: primary by all three.
    (ON, "PD", 63, 63, True, "primary", "primary", "primary"),
    # 30 days of exposure: too short for SITC, primary for the 24-week rule.
    (ON, "PD", 21, 30, True, "primary", NOT, "primary"),
    # SD of five months (150 days): SITC primary; the review gives no length; before 24 weeks.
    (ON, "SD", 140, 150, True, "unknown", "primary", "primary"),
    # SD of 175 days: past 24 weeks (168) and short of six months (183): the definitions part.
    (ON, "SD", 170, 175, True, "unknown", "primary", "acquired"),
    (ON, "SD", 200, 210, True, "unknown", "acquired", "acquired"),
    # Exactly 167 and 168 days, 182 and 183 days.
    (ON, "SD", 160, 167, True, "unknown", "primary", "primary"),
    (ON, "SD", 160, 168, True, "unknown", "primary", "acquired"),
    (ON, "SD", 180, 182, True, "unknown", "primary", "acquired"),
    (ON, "SD", 180, 183, True, "unknown", "acquired", "acquired"),
    # Exposure of 41 and 42 days.
    (ON, "PD", 40, 41, True, "primary", NOT, "primary"),
    (ON, "PD", 40, 42, True, "primary", "primary", "primary"),
    # PR and progression at 300 days; a PR lost at 120 days is neither for SITC.
    (ON, "PR", 290, 300, True, "acquired", "acquired", "acquired"),
    (ON, "PR", 110, 120, True, "acquired", NOT, "primary"),
    # Six weeks after the last dose it may have been on treatment; a day later something told is wrong.
    (ON, "SD", 294, 336, True, "unknown", "acquired", "acquired"),
    (ON, "SD", 294, 337, True, "unknown", ASK, ASK),
    (ON, "PD", 294, 447, True, "primary", ASK, ASK),
    # Not confirmed by a later scan.
    (ON, "PR", 290, 300, False, "acquired", NOT, "acquired"),
    # Stopped after two years: 60 days later, and 84, 85 and 200 days later.
    (AFTER, "PR", 730, 790, True, "acquired", "acquired", NOT),
    (AFTER, "CR", 730, 814, True, "acquired", "acquired", NOT),
    (AFTER, "CR", 730, 815, True, "acquired", "late_relapse", NOT),
    (AFTER, "CR", 730, 930, False, "acquired", "late_relapse", NOT),
    # Stopped after one dose for toxicity, progression 70 days later: no six weeks of exposure.
    (AFTER, "SD", 0, 70, True, "unknown", NOT, NOT),
    (AFTER, "NE", 100, 150, True, "unknown", "unknown", NOT),
    ("none", "CR", 730, None, False, "none", "none", "none"),
]


def said(fact: Fact) -> str:
    if fact.state is FactState.KNOWN:
        return str(fact.value)
    return ASK if fact.state is FactState.MISSING else str(fact.state.value)


@pytest.mark.parametrize(
    ("timing", "best", "last", "progressed", "confirmed", "review", "sitc", "weeks"), BY_HAND
)
def test_resistance_by_hand(timing, best, last, progressed, confirmed, review, sitc, weeks):
    found = resistance(
        course(
            progression_timing=timing,
            best_response=best,
            stop=day(last),
            progressed=day(progressed) if progressed is not None else (None, None),
            confirmed=confirmed,
        )
    )
    assert said(found["resistance_review"].fact) == review
    assert said(found["resistance_sitc"].fact) == sitc
    assert said(found["resistance_24_weeks"].fact) == weeks


def test_an_interval_that_straddles_cannot_tell_and_names_the_date():
    on = course(
        progression_timing=ON, best_response="SD", progressed=days_span(160, 190), confirmed=True
    )
    found = resistance(on)
    assert said(found["resistance_24_weeks"].fact) == ASK
    assert [key for key, _fact in found["resistance_24_weeks"].missing] == ["until_progression"]
    whole = course(
        progression_timing=ON, best_response="SD", progressed=days_span(184, 214), confirmed=True
    )
    assert said(resistance(whole)["resistance_24_weeks"].fact) == "acquired"
    assert said(resistance(whole)["resistance_sitc"].fact) == "acquired"


def test_what_is_missing_is_named_and_what_does_not_matter_is_not():
    late = course(progression_timing=AFTER, stop=day(400), progressed=day(600))
    # Best response and confirmation are not known, and do not matter: it is late whatever they are.
    assert said(resistance(late)["resistance_sitc"].fact) == "late_relapse"
    open_ = resistance(course(progression_timing=ON, best_response="PR", progressed=day(300)))
    assert [key for key, _fact in open_["resistance_sitc"].missing] == ["confirmed"]
    nothing = resistance(course())
    assert {said(d.fact) for d in nothing.values()} == {ASK}
    assert "progression_timing" in [key for key, _fact in nothing["resistance_review"].missing]


def test_unknown_inputs_leave_the_answer_unknown_and_no_course_that_runs_has_resistance():
    asked = course(progression_timing=ON, best_response=UNKNOWN)
    assert resistance(asked)["resistance_review"].fact.state is FactState.UNKNOWN
    running = course(progression_timing=Fact.absent(FactState.NOT_APPLICABLE))
    assert {d.fact.state for d in resistance(running).values()} == {FactState.NOT_APPLICABLE}


def test_24_week_rule_is_about_anti_pd1():
    other = course(targets=frozenset({"CTLA-4"}), progression_timing=ON, progressed=day(300))
    assert said(resistance(other)["resistance_24_weeks"].fact) == NOT
    unnamed = course(targets=None, progression_timing=ON, progressed=day(300))
    assert [k for k, _f in resistance(unnamed)["resistance_24_weeks"].missing] == ["drugs"]


# primary, new, growing, organs, all treatable -> review, at most 3, at most 5
COUNTS_BY_HAND = [
    ("stable", 1, 0, 1, True, True, True, True),
    ("remitting", 2, 0, 2, True, True, True, True),
    ("stable", 3, 0, 3, True, False, True, True),
    ("stable", 2, 2, 3, True, NOT, False, True),
    ("stable", 0, 2, 2, True, NOT, True, True),
    ("stable", 3, 1, 3, True, False, False, True),
    ("stable", 5, 0, 3, True, False, False, True),
    ("stable", 6, 0, 3, True, False, False, False),
    ("stable", 4, 0, 4, True, False, False, False),
    ("stable", 1, 0, 1, False, True, False, False),
    # The primary grows: not covered by the review, one of the lesions for the others.
    ("growing", 0, 0, 1, True, NOT, True, True),
    ("growing", 3, 0, 2, True, False, False, True),
    # An old lesion grows beside a new one: not covered by the review.
    ("stable", 1, 1, 2, True, NOT, True, True),
    ("removed", 1, 0, 1, True, NOT, True, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("primary", "new", "growing", "organs", "treatable", "review", "three", "five"), COUNTS_BY_HAND
)
def test_oligoprogression_by_hand(primary, new, growing, organs, treatable, review, three, five):
    told = course(
        progression_timing=ON,
        primary=primary,
        new_lesions=new,
        growing_lesions=growing,
        organs=organs,
        all_treatable=treatable,
    )
    for definition, expected in (
        ("review", review),
        ("three_lesions", three),
        ("five_lesions", five),
    ):
        found = oligoprogression(told, definition).fact
        assert said(found) == str(expected), definition


def test_growth_and_a_growing_primary_are_said_not_to_be_covered():
    told = course(progression_timing=ON, primary="growing", new_lesions=1, growing_lesions=0)
    assert oligoprogression(told, "review").note == "primary_not_covered"
    told = course(progression_timing=ON, primary="stable", new_lesions=1, growing_lesions=1)
    assert oligoprogression(told, "review").note == "growth_not_covered"
    called = replace(told, called=Fact.known("oligo"))
    assert oligoprogression(called, "review") == oligoprogression(told, "review")
    open_ = course(progression_timing=ON, new_lesions=1, growing_lesions=1)
    found = oligoprogression(open_, "review")
    assert (said(found.fact), found.note) == (NOT, "")
    assert answer_words("oligoprogression", found.fact, found) == "not covered by this definition"
    none = oligoprogression(course(progression_timing="none"), "review")
    assert answer_words("oligoprogression", none.fact, none) == "not applicable"


def test_a_reports_word_alone_is_no_oligoprogression():
    told = course(progression_timing=ON, called="oligo")
    found = oligoprogression(told, "review")
    assert found.fact.state is FactState.MISSING
    assert found.note == "called_so"
    assert {key for key, _f in found.missing} == {"primary", "new_lesions", "growing_lesions"}
    counted = course(
        progression_timing=ON, called="oligo", primary="stable", new_lesions=4, growing_lesions=0
    )
    assert oligoprogression(counted, "review").fact.value is False


def test_without_progression_there_is_no_oligoprogression_to_ask_about():
    assert oligoprogression(course(progression_timing="none"), "review").fact.state is (
        FactState.NOT_APPLICABLE
    )


def test_an_unknown_definition_is_an_error():
    with pytest.raises(KeyError):
        oligoprogression(course(progression_timing=ON), "somebody's own")


def test_times_are_intervals_and_relative_dates_count():
    month = course(stop=days_span(90, 120))
    assert (length(month).low, length(month).high) == (90, 120)
    told = course(start=(None, None), stop_after_start=84, progressed_after_stop=40)
    assert length(told).low == 84
    assert until_progression(told).low == 124
    assert off_at_progression(told).low == 40
    from_start = course(stop=days_span(90, 100), progressed_after_start=130)
    off = off_at_progression(from_start)
    assert (off.low, off.high) == (30, 40)
    assert free_until(course(stop_after_start=10), START + timedelta(days=30)).low == 20
    assert gap(course(stop=day(10)), course(number=2, start=day(50))).low == 40


def test_a_course_that_runs_has_no_length_yet():
    running = course(stop_state=FactState.NOT_APPLICABLE)
    assert length(running).state is FactState.NOT_APPLICABLE
    assert length(course(stop_state=FactState.NOT_YET)).state is FactState.NOT_YET


spans = st.tuples(st.integers(0, 400), st.integers(0, 60)).map(lambda t: (t[0], t[0] + t[1]))
timings = st.sampled_from([ON, AFTER, "none"])
responses = st.sampled_from(["CR", "PR", "SD", "PD", "NE"])


@given(timings, responses, spans, spans, st.booleans(), st.data())
def test_a_gap_filled_or_a_date_made_exact_never_turns_an_answer(
    timing, best, last, progressed, confirmed, data
):
    whole = {
        "progression_timing": timing,
        "best_response": best,
        "stop": day(data.draw(st.integers(*last))),
        "progressed": day(data.draw(st.integers(*progressed))),
        "confirmed": confirmed,
    }
    # The form refuses a progression "after stopping" that lies before the last dose.
    assume(timing != AFTER or whole["progressed"] >= whole["stop"])
    # It asks about one on treatment that came long after it; of such a pair nothing is derived.
    apart = (whole["progressed"][0] - whole["stop"][0]).days
    assume(timing != ON or apart <= LONGEST_INTERVAL)
    vague = {**whole, "stop": days_span(*last), "progressed": days_span(*progressed)}
    for name in data.draw(
        st.sets(st.sampled_from(["best_response", "confirmed", "stop", "progressed"]))
    ):
        del vague[name]
    before, after = resistance(course(**vague)), resistance(course(**whole))
    for key, derived in before.items():
        if derived.fact.state in {FactState.KNOWN, FactState.NOT_APPLICABLE}:
            assert after[key].fact == derived.fact, key
        elif derived.missing:
            assert derived.fact.state is not FactState.KNOWN


counts = st.integers(0, 8)


@given(
    st.sampled_from(["remitting", "stable", "growing", "removed"]), counts, counts, counts,
    st.booleans(), st.sampled_from(["review", "three_lesions", "five_lesions"]), st.data(),
)  # fmt: skip
def test_a_count_that_comes_never_turns_the_flag(
    primary, new, growing, organs, treatable, definition, data
):
    whole = {
        "primary": primary,
        "new_lesions": new,
        "growing_lesions": growing,
        "organs": organs,
        "all_treatable": treatable,
    }
    vague = dict(whole)
    for name in data.draw(st.sets(st.sampled_from(sorted(whole)))):
        del vague[name]
    before = oligoprogression(course(progression_timing=ON, **vague), definition)
    after = oligoprogression(course(progression_timing=ON, **whole), definition)
    settled = {FactState.KNOWN, FactState.NOT_APPLICABLE}
    assert after.fact.state in settled
    if before.fact.state in settled:
        assert before.fact == after.fact
    else:
        assert before.missing


@given(spans, st.sets(st.integers(1, 400), min_size=1, max_size=3))
def test_the_values_tried_of_a_span_answer_for_all_of_it(span, begins):
    """Every value of the span is of one class with a value that is tried, and all tried are of the span."""
    tried = days("d", Fact.between(*span), begins).values
    assert all(span[0] <= value <= span[1] for value in tried)
    classes = {tuple(value >= limit for limit in begins) for value in tried}
    for exact in range(span[0], span[1] + 1):
        assert tuple(exact >= limit for limit in begins) in classes


def test_deciding_names_only_inputs_that_matter():
    a = one_of("a", MISSING, (True, False))
    b = one_of("b", UNKNOWN, (True, False))
    found = decide("both", [a, b], lambda a, b: Outcome(a))
    assert [key for key, _f in found.missing] == ["a"]
    assert found.fact.state is FactState.MISSING
    assert decide("none", [a, b], lambda a, b: Outcome(None, "why")).note == "why"


def test_every_derived_fact_names_its_definition():
    found = defined(course(progression_timing=ON), "three_lesions")
    assert {key: d.definition for key, d in found.items()} == {
        "oligoprogression": "three_lesions",
        "resistance_review": "resistance_review",
        "resistance_sitc": "resistance_sitc",
        "resistance_24_weeks": "resistance_24_weeks",
    }
