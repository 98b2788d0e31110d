"""Days of checks and the merging of protocols."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.services.protocols import read_data
from followup.timing import AFTER_LAST, days_of, merge, unite_labels, unite_measures


@dataclass(frozen=True)
class FakeStep:
    code: str = "alt"
    kind: str = "every_n_days"
    offsets: list[int] = field(default_factory=list)
    every_days: int | None = 7
    from_day: int = 7
    until_day: int | None = 56
    while_dosed: bool = False
    critical: bool = False
    grace_days: int = 3
    measures: list[dict[str, str]] = field(default_factory=list)
    label: str = ""


def test_every_n_days_runs_from_first_to_last_day_included():
    assert days_of(FakeStep(), 21) == [7, 14, 21, 28, 35, 42, 49, 56]


@pytest.mark.parametrize("assumed", [None, 21])
def test_at_each_dose_follows_the_decisions_interval_whatever_the_step_assumes(assumed):
    step = FakeStep(kind="at_each_dose", every_days=assumed, from_day=0, until_day=84)
    assert days_of(step, 42) == [0, 42, 84]


def test_no_shipped_protocol_assumes_an_interval_of_doses():
    steps = [s for p in read_data()["protocols"] for s in p["steps"]]
    assert not [s["code"] for s in steps if s["kind"] == "at_each_dose" and "every_days" in s]


def test_the_plans_interval_does_not_touch_calendar_steps():
    assert days_of(FakeStep(every_days=28, from_day=28, until_day=84), 14) == [28, 56, 84]


def test_named_days_are_sorted_and_single():
    step = FakeStep(kind="days_after_first_dose", offsets=[84, 35, 35])
    assert days_of(step, 21) == [35, 84]


@pytest.mark.parametrize("broken", [{"every_days": 0}, {"every_days": None}, {"until_day": None}])
def test_a_step_without_interval_or_end_is_refused(broken):
    with pytest.raises(ValueError, match="no interval or no end"):
        days_of(FakeStep(**broken), 21)


def test_every_day_that_any_protocol_asks_for_is_kept_and_the_critical_step_rules():
    general = FakeStep(kind="at_each_dose", every_days=21, from_day=0, until_day=126)
    kidney = FakeStep(until_day=28, critical=True)
    planned = merge([general, kidney], 21)
    assert sorted(p.day for p in planned if p.step is kidney) == [7, 14, 21, 28]
    assert sorted(p.day for p in planned if p.step is general) == [0, 42, 63, 84, 105, 126]
    assert next(p for p in planned if p.day == 21).also == (general,)


def shipped(*codes):
    return [
        FakeStep(
            **{name: step[name] for name in ("code", "kind", "critical", "grace_days", "measures", "label")},
            offsets=step.get("offsets", []),
            every_days=step.get("every_days"),
            from_day=step.get("from_day", 0),
            until_day=step.get("until_day"),
            while_dosed=step.get("while_dosed", False),
        )
        for protocol in read_data()["protocols"]
        if protocol["code"] in codes
        for step in protocol["steps"]
    ]  # fmt: skip


ORGANS = [p["code"] for p in read_data()["protocols"] if not p.get("general")]


@pytest.mark.parametrize("interval", [7, 14, 21, 28, 42])
@pytest.mark.parametrize("organ", ORGANS)
def test_no_shipped_protocol_loses_a_day_and_none_that_is_critical(organ, interval):
    steps = shipped(organ, "general")
    planned = {(p.step.code, p.day, p.after_last_dose): p for p in merge(steps, interval)}
    for step in steps:
        for day in days_of(step, interval):
            kept = planned[step.code, day, step.kind == AFTER_LAST]
            assert step in kept.steps
            assert kept.step.critical or not step.critical


def test_pneumonitis_and_colitis_are_both_asked_about_in_one_call():
    calls = [
        p for p in merge(shipped("lung", "colon", "general"), 21) if p.step.code == "symptom_call"
    ]
    assert len(calls) == 12
    assert {unite_labels([s.label for s in p.steps]) for p in calls} == {
        "Telephone: symptoms by organ, breathlessness and cough; stools and abdominal pain"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "united"),
    [
        (["Liver tests", "Liver tests"], "Liver tests"),
        (["Morning cortisol", "Morning cortisol and ACTH"], "Morning cortisol and ACTH"),
        (["Lipase", "CT chest"], "Lipase; CT chest"),
    ],
)
def test_labels_are_united_without_saying_a_thing_twice(labels, united):
    assert unite_labels(labels) == united


def test_measures_are_united_by_code():
    one, two = (
        {"code": "k", "label": "K", "unit": "mmol/L"},
        {"code": "na", "label": "Na", "unit": ""},
    )
    assert unite_measures([[one], [one, two]]) == [one, two]


def test_before_the_first_dose_a_code_is_asked_for_once_and_the_first_wins():
    one, two = (FakeStep(kind="before_first_dose", every_days=n) for n in (1, 2))
    assert [(p.step, p.day, p.also) for p in merge([one, two], 21)] == [(one, None, (two,))]


def test_different_codes_are_left_alone():
    steps = [FakeStep(code="alt"), FakeStep(code="tsh")]
    assert len(merge(steps, 21)) == 16


steps_of_one_code = st.lists(
    st.builds(
        lambda every, start, length, kind: FakeStep(
            kind=kind, every_days=every, from_day=start, until_day=start + length
        ),
        st.integers(1, 60),
        st.integers(0, 60),
        st.integers(0, 365),
        st.sampled_from(["every_n_days", "at_each_dose"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(steps_of_one_code, st.integers(7, 84))
def test_merging_never_doubles_nor_loses_a_day(steps, interval):
    days = [p.day for p in merge(steps, interval)]
    assert len(days) == len(set(days))
    asked = [day for s in steps for day in days_of(s, interval)]
    assert set(days) == set(asked)
