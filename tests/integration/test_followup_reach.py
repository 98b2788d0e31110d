"""How far monitoring reaches: as long as doses are given, then after the last; agents; what the first dose needs."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.acting import acting_as
from followup.models import MonitoringPlan
from followup.presenters.plan import plan_page
from followup.selectors import plan_for_page
from followup.services import (
    enter_first_dose,
    enter_last_dose,
    give_dose,
    open_plan,
    plan_first_dose,
    record_result,
)
from followup.services.protocols import load_protocols, read_data
from followup.timing import merge, reach
from tests.factories.monitoring import backdate, day, make_plan, make_watched_case, today
from tests.unit.test_followup_timing import FakeStep

pytestmark = pytest.mark.django_db


def offsets(plan, code, **more):
    rows = plan.checks.filter(step__code=code, **more).exclude(state="cancelled")
    return sorted(rows.filter(offset_days__isnull=False).values_list("offset_days", flat=True))


def days(plan, code, **more):
    rows = plan.checks.filter(step__code=code, state__in=["waiting", "due"], **more)
    return sorted((due - today()).days for due in rows.values_list("due_on", flat=True) if due)


def fresh(plan):
    return MonitoringPlan.objects.get(pk=plan.pk)


@pytest.mark.parametrize(
    ("latest", "until"), [(0, 364), (182, 364), (300, 482), (546, 728), (600, 728), (700, 784)]
)
def test_checks_reach_half_a_year_ahead_to_24_months_and_beyond_while_doses_are_given(
    latest, until
):
    assert reach(latest) == until


def test_a_dose_late_in_the_first_year_makes_what_is_asked_further_on(board, nurse):
    plan = make_plan(nurse, board, dosed=336, interval=84)
    with acting_as(nurse):
        assert max(offsets(plan, "visit")) == max(offsets(plan, "liver_tests")) == 336
        for n in (252, 168, 84):
            give_dose(by=nurse, plan=fresh(plan), on=day(-n))
        give_dose(by=nurse, plan=fresh(plan), on=day(-2), confirmed=True)
        assert offsets(plan, "visit")[-3:] == [336, 420, 504]
        # At doses they follow the dose, by the calendar they stay; what has an end of its own has ended.
        assert days(plan, "visit")[-2:] == [82, 166]
        assert max(days(plan, "thyroid")) == 504 - 336
        assert max(offsets(plan, "symptom_call")) == 84
        labels = set(plan.checks.filter(step__code="oxygen").values_list("label", flat=True))
        assert labels == {"SpO₂ at rest and on exertion"}


def test_a_visit_recorded_carries_the_checks_on_where_nobody_enters_doses(board, nurse):
    plan = make_plan(nurse, board, dosed=336, interval=84)
    with acting_as(nurse):
        visit = plan.checks.get(step__code="visit", offset_days=336)
        record_result(by=nurse, check=visit, result="normal", measured_on=today())
        assert max(offsets(plan, "visit")) == 504
        # Once more, and nothing is made twice.
        other = plan.checks.get(step__code="blood_count", offset_days=336)
        record_result(by=nurse, check=other, result="normal", measured_on=today())
        assert offsets(plan, "visit").count(504) == 1


def test_after_the_last_dose_what_takes_over_counts_from_it(board, nurse):
    plan = make_plan(nurse, board, dosed=63)
    with acting_as(nurse):
        assert not plan.checks.filter(after_last_dose=True).exclude(step__code="late_contact")
        for n in (42, 21, 0):
            give_dose(by=nurse, plan=fresh(plan), on=day(-n))
        enter_last_dose(by=nurse, plan=fresh(plan), on=today(), reason="completed")
        assert days(plan, "thyroid", due_on__gt=today()) == [42, 84, 126, 168, 252, 336]
        assert days(plan, "tumour_imaging", due_on__gt=today()) == [84, 168, 252, 336]
        assert days(plan, "late_contact") == [90, 180, 270, 365]
        assert days(plan, "visit", due_on__gt=today()) == []
        # A call that ends in week 12 by itself goes on to it.
        assert max(days(plan, "symptom_call")) == 21


def test_a_last_dose_that_is_corrected_to_a_later_day_asks_again_for_what_ended(board, nurse):
    plan = make_plan(nurse, board, dosed=100)
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-100), reason="other")
        assert offsets(plan, "thyroid", after_last_dose=False) == []
        enter_last_dose(
            by=nurse, plan=fresh(plan), on=day(0), reason="other", unentered="elsewhere"
        )
        assert offsets(plan, "thyroid", after_last_dose=False) == [42, 84]
        assert days(plan, "thyroid", after_last_dose=True) == [42, 84, 126, 168, 252, 336]


def test_a_plan_of_an_earlier_version_keeps_its_end(board, nurse):
    content = read_data()
    for protocol in content["protocols"]:
        for step in protocol["steps"]:
            if step.pop("while_dosed", False):
                step["until_day"] = 364
    load_protocols(content=content)
    case = make_watched_case(nurse, board)
    with acting_as(nurse):
        plan = open_plan(
            by=nurse, case=case, regimen_label="x", decision_ref=uuid.uuid4(), dose_interval_days=84
        )
    load_protocols()
    with acting_as(nurse):
        backdate(plan, 400)
        enter_first_dose(by=nurse, plan=plan, on=day(-336))
        for n in (252, 168, 84, 0):
            give_dose(by=nurse, plan=fresh(plan), on=day(-n))
        assert max(offsets(plan, "visit")) == 336


GENERAL = next(p for p in read_data()["protocols"] if p.get("general"))


def test_the_general_protocol_has_the_baselines_of_every_rechallenge():
    before = {s["code"]: s for s in GENERAL["steps"] if s["kind"] == "before_first_dose"}
    assert {"oxygen", "troponin_ecg", "hepatitis_serology", "urinalysis"} <= set(before)
    measured = {m["code"] for m in before["troponin_ecg"]["measures"]}
    assert "ECG" in before["troponin_ecg"]["label"] and {"troponin", "ck", "ntprobnp"} == measured
    at_doses = {s["code"] for s in GENERAL["steps"] if s["kind"] == "at_each_dose"}
    assert {"oxygen", "stool_count"} <= at_doses


def test_no_step_that_is_tied_to_doses_ends_in_week_52():
    for protocol in read_data()["protocols"]:
        for step in protocol["steps"]:
            assert step.get("until_day", 0) < 364, (protocol["code"], step["code"])


def plan_with(nurse, board, drugs):
    load_protocols()
    with acting_as(nurse):
        return open_plan(
            by=nurse,
            case=make_watched_case(nurse, board),
            regimen_label=", ".join(drugs),
            decision_ref=uuid.uuid4(),
            dose_interval_days=21,
            drugs=drugs,
        )


def test_a_combination_with_anti_ctla4_is_watched_more_closely(board, nurse):
    plan = plan_with(nurse, board, ["nivolumab", "ipilimumab"])
    with acting_as(nurse):
        pinned = set(plan.pinned.values_list("version__protocol__code", flat=True))
        assert pinned == {"general", "lung", "combination", "anti-ctla4"}
        weekly = plan.checks.filter(step__code="troponin_ecg", step__critical=True)
        assert sorted(weekly.values_list("offset_days", flat=True)) == [7, 14, 21, 28, 35, 42]
        assert plan.checks.filter(step__code="echo", offset_days=None).exists()
        assert {28, 56, 84} <= set(offsets(plan, "cortisol"))
        shown = plan_page(plan_for_page(nurse).get(pk=plan.pk), today())
    because = {p.name: p.because for p in shown.protocols}
    assert (
        because["combination v1"] == because["anti-ctla4 v1"] == "Because of the drugs decided on."
    )


def test_one_agent_against_pd1_asks_for_nothing_more(board, nurse):
    plan = plan_with(nurse, board, ["pembrolizumab"])
    with acting_as(nurse):
        assert plan.agents == []
        assert offsets(plan, "troponin_ecg") == []
        assert plan.pinned.count() == 2


def test_merging_takes_the_horizon_it_is_given():
    step = FakeStep(kind="at_each_dose", from_day=0, until_day=None, while_dosed=True)
    assert [p.day for p in merge([step], 84, 200)] == [0, 84, 168]
    assert max(p.day for p in merge([step], 84)) == 336


def test_who_may_not_record_plans_no_dose(board, nurse, coordinator):
    plan = make_plan(nurse, board)
    with acting_as(coordinator), pytest.raises(PermissionDenied):
        plan_first_dose(by=coordinator, plan=plan, on=day(7))
    with acting_as(nurse), pytest.raises(ValidationError, match="over"):
        plan_first_dose(by=nurse, plan=plan, on=day(-1))
