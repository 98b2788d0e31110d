"""Ratios and indices of the blood, against a table worked out by hand. No database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.derivations.blood import (
    INDICES,
    Problem,
    Steroids,
    blood_facts,
    indices_of,
    newest_days,
    on_steroids,
    rounded,
)
from cases.derivations.measured import Interval, interval, read_value
from cases.derivations.samples import Blood, Body, Sample, SteroidSpan
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.vocabulary import FACTS

D = Decimal
DAY = date(2026, 3, 3)
# As the rules of readiness are delivered.
WEIGHED = 30
BODY = Body(Fact.number(D(70)), (DAY, DAY), Fact.number(D(170)))


def sample(code: str, typed: str, day: date = DAY, upper: str | None = None) -> Sample:
    reading = read_value(typed)
    value = interval(reading.comparator, reading.number)
    return Sample(code, day, value, None if upper is None else D(upper))


def blood(body: Body = BODY, day: date = DAY, **typed: str) -> Blood:
    """Results of one day; LDH has an upper limit of 250."""
    return Blood(
        tuple(
            sample(code, value, day, "250" if code == "ldh" else None)
            for code, value in typed.items()
        ),
        body=body,
    )


def one(key: str, found: Blood):
    return next(index for index in indices_of(found) if index.key == key)


# By hand: NLR 6/1.5; LMR 1.5/0.5; PLR 300/1.5; dNLR 6/(8-6); LIPI: dNLR 3 is not above 3, LDH 300 is above 250;
# BMI 70/1.7^2 = 24.2214..., ALI 24.2214 x 4.0 / 4 = 24.2214.
FULL = {
    "neutrophils": "6.0", "lymphocytes": "1.5", "monocytes": "0.5", "platelets": "300", "leukocytes": "8.0",
    "ldh": "300", "albumin": "40",
}  # fmt: skip
BY_HAND = [
    # what differs from FULL, index, its lower and upper end
    ({}, "nlr", "4.00", "4.00"),
    ({}, "lmr", "3.00", "3.00"),
    ({}, "plr", "200.00", "200.00"),
    ({}, "dnlr", "3.00", "3.00"),
    ({}, "lipi", "1", "1"),
    ({}, "ali", "24.2", "24.2"),
    # one third: 1/3 and 2/3, rounded once at the end
    ({"neutrophils": "0.5"}, "nlr", "0.33", "0.33"),
    ({"neutrophils": "1.0"}, "nlr", "0.67", "0.67"),
    # half a hundredth goes to the even one: 0.8025/0.5 = 1.605, 0.8075/0.5 = 1.615
    ({"neutrophils": "0.8025", "lymphocytes": "0.5"}, "nlr", "1.60", "1.60"),
    ({"neutrophils": "0.8075", "lymphocytes": "0.5"}, "nlr", "1.62", "1.62"),
    # "<0.5": 6/0.5 = 12 and more; 0.5/0.5 = 1 and less
    ({"lymphocytes": "<0.5"}, "nlr", "12.00", None),
    ({"lymphocytes": "<0.5"}, "lmr", "0.00", "1.00"),
    ({"lymphocytes": "<0.5"}, "plr", "600.00", None),
    ({"neutrophils": "<0.3"}, "nlr", "0.00", "0.20"),
    ({"platelets": ">1000"}, "plr", "666.66", None),
    # dNLR: 7/(10-7) = 2.3333; W "<10" leaves the denominator between nothing and 4
    ({"leukocytes": "10.0", "neutrophils": "7.0"}, "dnlr", "2.33", "2.33"),
    ({"leukocytes": "<10.0"}, "dnlr", "1.50", None),
    ({"leukocytes": ">10.0"}, "dnlr", "0.00", "1.50"),
    # dNLR 7/1 = 7 above 3; LDH at its limit is not above it
    ({"neutrophils": "7.0", "ldh": "250"}, "lipi", "1", "1"),
    ({"neutrophils": "7.0", "ldh": "251"}, "lipi", "2", "2"),
    ({"neutrophils": "5.0", "ldh": "200"}, "lipi", "0", "0"),
    ({"neutrophils": "5.0", "ldh": ">240"}, "lipi", "0", "1"),
    ({"neutrophils": "5.0", "ldh": ">260"}, "lipi", "1", "1"),
    # 24.2214 x 3.5 / 4 = 21.19; albumin "<40": nothing to 24.2214, the end goes outwards
    ({"albumin": "35"}, "ali", "21.2", "21.2"),
    ({"albumin": "<40"}, "ali", "0.0", "24.3"),
    ({"lymphocytes": "<0.5"}, "ali", "0.0", "8.1"),
]


@pytest.mark.parametrize(("changed", "key", "low", "high"), BY_HAND)
def test_table_worked_out_by_hand(changed, key, low, high):
    found = one(key, blood(**{**FULL, **changed}))
    assert found.problem is None
    assert rounded(key, found.value) == (D(low), None if high is None else D(high))
    assert found.day == DAY


@pytest.mark.parametrize(
    ("changed", "key", "problem"),
    [
        ({"lymphocytes": "0"}, "nlr", Problem.UNDEFINED),
        ({"lymphocytes": "0"}, "plr", Problem.UNDEFINED),
        ({"lymphocytes": "0"}, "ali", Problem.UNDEFINED),
        ({"neutrophils": "0"}, "ali", Problem.UNDEFINED),
        ({"monocytes": "0"}, "lmr", Problem.UNDEFINED),
        ({"leukocytes": "6.0"}, "dnlr", Problem.UNDEFINED),
        ({"leukocytes": "6.0"}, "lipi", Problem.UNDEFINED),
        ({"leukocytes": "5.0"}, "dnlr", Problem.IMPOSSIBLE),
        ({"leukocytes": "<5.0"}, "lipi", Problem.IMPOSSIBLE),
    ],
)
def test_what_cannot_be_divided_is_undefined_and_unknown_to_conditions(changed, key, problem):
    found = blood(**{**FULL, **changed})
    assert one(key, found).problem is problem
    assert blood_facts(found)[key].state is FactState.UNKNOWN


def test_zero_over_something_is_zero():
    assert one("nlr", blood(**{**FULL, "neutrophils": "0"})).value == Interval(D(0), D(0))


def test_results_of_different_days_are_never_put_together():
    found = Blood(
        (sample("neutrophils", "6"), sample("lymphocytes", "1.5", DAY - timedelta(days=1)))
    )
    nlr = one("nlr", found)
    assert (nlr.value, nlr.problem) == (None, Problem.OTHER_DAYS)
    assert blood_facts(found)["nlr"].state is FactState.MISSING


def test_what_was_never_entered_is_named():
    found = one("lipi", blood(neutrophils="6"))
    assert (found.problem, found.lacking) == (Problem.MISSING, ("leukocytes", "ldh"))


def test_the_newest_day_that_has_all_inputs_is_taken():
    older, newer = DAY - timedelta(days=20), DAY
    found = Blood(
        (
            sample("neutrophils", "3", older), sample("lymphocytes", "1", older),
            sample("neutrophils", "9", newer),
            sample("neutrophils", "5", DAY - timedelta(days=40)),
            sample("lymphocytes", "1", DAY - timedelta(days=40)),
        )
    )  # fmt: skip
    nlr = one("nlr", found)
    assert (nlr.day, nlr.value) == (older, Interval(D(3), D(3)))


def test_an_undefined_newest_day_does_not_fall_back_on_an_older_one():
    older = DAY - timedelta(days=20)
    found = Blood(
        (
            sample("neutrophils", "3", older), sample("lymphocytes", "1", older),
            sample("neutrophils", "9"), sample("lymphocytes", "0"),
        )
    )  # fmt: skip
    assert one("nlr", found).problem is Problem.UNDEFINED


def test_two_results_of_one_day_give_the_range_that_covers_both():
    two = Blood(
        (sample("neutrophils", "6"), sample("lymphocytes", "1.5"), sample("lymphocytes", "2"))
    )
    assert one("nlr", two).value == Interval(D(3), D(4))


def test_ldh_without_its_upper_limit_gives_no_lipi():
    bare = tuple(
        Sample(s.analyte, s.day, s.value) if s.analyte == "ldh" else s
        for s in blood(**FULL).samples
    )
    assert one("lipi", Blood(bare)).problem is Problem.NO_LIMIT


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        (0, None), (WEIGHED, None), (-WEIGHED, None),
        (WEIGHED + 1, Problem.OLD_WEIGHT), (-WEIGHED - 1, Problem.OLD_WEIGHT),
    ],
)  # fmt: skip
def test_the_weight_has_an_age_limit(days, problem):
    weighed = DAY + timedelta(days=days)
    body = Body(BODY.weight, (weighed, weighed), BODY.height)
    assert one("ali", blood(body, **FULL)).problem is problem


def test_a_weight_known_to_the_month_counts_if_all_of_it_is_near_enough():
    march = (date(2026, 3, 1), date(2026, 3, 31))
    body = Body(BODY.weight, march, BODY.height)
    assert one("ali", blood(body, **FULL)).problem is None
    assert one("ali", blood(body, date(2026, 4, 10), **FULL)).problem is Problem.OLD_WEIGHT


def test_ali_takes_the_newest_day_near_the_weight():
    near, later = DAY, DAY + timedelta(days=90)
    found = Blood(blood(**FULL).samples + blood(BODY, later, **FULL).samples, body=BODY)
    assert one("ali", found).day == near
    assert one("nlr", found).day == later


@pytest.mark.parametrize(
    ("body", "problem", "state"),
    [
        (Body(), Problem.NO_WEIGHT, FactState.MISSING),
        (Body(Fact.absent(FactState.NOT_YET)), Problem.NO_WEIGHT, FactState.MISSING),
        (Body(BODY.weight, BODY.weighed, Fact.absent(FactState.NOT_YET)), Problem.NO_HEIGHT, FactState.NOT_YET),
        (Body(BODY.weight, BODY.weighed, Fact.absent(FactState.NOT_APPLICABLE)), Problem.NO_HEIGHT, FactState.UNKNOWN),
    ],
)  # fmt: skip
def test_ali_without_weight_or_height_says_how_far_they_are_open(body, problem, state):
    found = blood(body, **FULL)
    assert one("ali", found).problem is problem
    assert blood_facts(found)["ali"].state is state


def test_more_than_the_vocabulary_knows_is_at_least_that():
    found = blood(**{**FULL, "neutrophils": "50", "lymphocytes": "0.0001"})
    assert blood_facts(found)["nlr"] == Fact.between(D("1000.00"), None)


def span(start=None, stop=None, goes_on=False) -> SteroidSpan:
    first = (start, start) if not isinstance(start, tuple) else start
    last = (stop, stop) if not isinstance(stop, tuple) else stop
    return SteroidSpan(first, last, goes_on)


BEFORE, AFTER = DAY - timedelta(days=10), DAY + timedelta(days=10)
MONTH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("courses", "complete", "answer"),
    [
        ((), None, Steroids.CANNOT_TELL),
        ((), DAY, Steroids.NO),
        ((), DAY - timedelta(days=1), Steroids.CANNOT_TELL),
        ((span(BEFORE, AFTER),), None, Steroids.YES),
        ((span(DAY, DAY),), None, Steroids.YES),
        ((span(BEFORE, goes_on=True),), None, Steroids.YES),
        ((span(BEFORE),), DAY, Steroids.CANNOT_TELL),
        ((span(MONTH, AFTER),), DAY, Steroids.CANNOT_TELL),
        ((span(BEFORE, MONTH),), DAY, Steroids.CANNOT_TELL),
        ((span(AFTER, goes_on=True),), AFTER, Steroids.NO),
        ((span(BEFORE - timedelta(days=10), BEFORE),), DAY, Steroids.NO),
        ((span(BEFORE - timedelta(days=10), BEFORE),), None, Steroids.CANNOT_TELL),
        ((span(), span(BEFORE, AFTER)), None, Steroids.YES),
    ],
)
def test_whether_the_patient_was_on_steroids_that_day(courses, complete, answer):
    found = Blood(steroids=courses, steroids_complete_on=complete)
    assert on_steroids(found, DAY) is answer
    marked = Blood(blood(**FULL).samples, courses, complete, BODY)
    assert {index.steroids for index in indices_of(marked)} == {answer}


def test_nothing_entered_is_missing_and_every_index_is_a_fact():
    found = blood_facts(Blood())
    assert {fact.state for fact in found.values()} == {FactState.MISSING}
    assert set(found) == {index.key for index in INDICES} <= set(FACTS)


counts = st.decimals(min_value=D("0.01"), max_value=200, places=2)


@given(counts, counts, counts)
def test_a_bound_holds_every_value_it_stands_for(neutrophils, low, high):
    """With lymphocytes "<x", the interval holds the ratio of every count up to x."""
    true, bound = sorted((low, high))
    wide = one("nlr", blood(neutrophils=f"{neutrophils}", lymphocytes=f"<{bound}")).value
    exact = one("nlr", blood(neutrophils=f"{neutrophils}", lymphocytes=f"{true}")).value
    assert wide.low <= exact.low
    assert wide.high is None or wide.high >= exact.low


@given(counts, counts, counts)
def test_dnlr_of_bounds_holds_the_true_one(neutrophils, rest, room):
    """With leukocytes "<W", the interval holds the ratio of every smaller W."""
    total = neutrophils + rest
    exact = one("dnlr", blood(neutrophils=f"{neutrophils}", leukocytes=f"{total}")).value
    wide = one("dnlr", blood(neutrophils=f"{neutrophils}", leukocytes=f"<{total + room}")).value
    assert wide.low <= exact.low
    assert wide.high is None or wide.high >= exact.high
    assert abs(exact.low * rest - neutrophils) < D("1e-20")


@given(st.sampled_from([index.key for index in INDICES]), counts, counts)
def test_rounding_an_interval_goes_outwards(key, one_end, other_end):
    low, high = sorted((one_end / 7, other_end / 7))
    shown_low, shown_high = rounded(key, Interval(low, high))
    if low != high:
        assert shown_low <= low
        assert shown_high is None or shown_high >= high


@given(counts, counts, counts, counts)
def test_ratios_do_not_depend_on_the_unit(neutrophils, lymphocytes, monocytes, platelets):
    def of(factor: D):
        typed = {
            "neutrophils": neutrophils, "lymphocytes": lymphocytes, "monocytes": monocytes, "platelets": platelets,
        }  # fmt: skip
        found = blood(**{code: f"{value * factor:f}" for code, value in typed.items()})
        return {k: blood_facts(found)[k] for k in ("nlr", "lmr", "plr")}

    assert of(D(1)) == of(D(1000))


def test_the_newest_result_of_each_is_a_fact_with_its_day():
    old, new = DAY - timedelta(days=40), DAY
    rows = (
        sample("platelets", "90", old), sample("platelets", "150", new), sample("platelets", "160", new),
        sample("creatinine", "<40", old),
    )  # fmt: skip
    found = blood_facts(Blood(rows))
    assert found["platelets_now"] == Fact.between(D(150), D(160))
    assert found["creatinine_now"] == Fact.between(D(0), D(40))
    assert "haemoglobin_now" not in found
    assert newest_days(Blood(rows)) == {"platelets_now": new, "creatinine_now": old}
