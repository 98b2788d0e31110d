"""What was found at a first dose that was taken back: it stays, stands in nobody's way, and is no baseline check."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from followup.models import Check, MonitoringPlan
from followup.services import enter_first_dose, record_result, reopen_check, take_back_first_dose
from followup.states import CHECK_TRANSITIONS, CheckState
from followup.yardsticks import yardstick_of
from tests.factories.monitoring import backdate, day, make_irae, make_plan, make_watched_case, today

pytestmark = pytest.mark.django_db
BLOOD = {"hb": "130", "neutrophils": "4", "lymphocytes": "1.5", "platelets": "250"}
LIVER = {"alt": "31", "ast": "30", "alp": "80", "bilirubin": "9"}


def fresh(plan):
    return MonitoringPlan.objects.get(pk=plan.pk)


@pytest.fixture
def plan(board, nurse):
    """A plan after pneumonitis and hepatitis, decided 20 days ago; its first dose is entered for 10 days ago."""
    case = make_watched_case(nurse, board)
    make_irae(nurse, case, "hepatitis", organ="liver")
    plan = make_plan(nurse, board, case=case)
    with acting_as(nurse):
        backdate(plan, 20)
        return enter_first_dose(by=nurse, plan=plan, on=day(-10))


def found(plan, code, offset):
    rows = plan.checks.select_related("step", "plan").exclude(state="cancelled")
    return rows.get(step__code=code, offset_days=offset)


def normal(nurse, check, on=-10, values=None, **more):
    return record_result(
        by=nurse, check=check, result="normal", measured_on=day(on), values=values or {}, **more
    )


def before_first(plan, code):
    rows = plan.checks.filter(step__code=code, offset_days=None).exclude(state="cancelled")
    return list(rows.order_by("pk").values_list("step__kind", "state"))


def test_the_dose_that_was_given_can_be_entered_though_its_result_is_taken_back_too(plan, nurse):
    with acting_as(nurse):
        count = normal(nurse, found(plan, "blood_count", 0), values=BLOOD)
        take_back_first_dose(by=nurse, plan=plan)
        assert reopen_check(by=nurse, check=count).state == "cancelled"
        # It is asked for once at the dose to come, and once before it.
        assert found(plan, "blood_count", 0).state == "waiting"
        enter_first_dose(by=nurse, plan=fresh(plan), on=today())
        assert before_first(plan, "blood_count") == [("before_first_dose", "waiting")]
        assert found(plan, "blood_count", 0).due_on == today()


@pytest.mark.parametrize("state", ["done", "due"])
def test_it_takes_no_baselines_place(plan, nurse, state):
    """As `due` it was left where it was taken back before such results were cancelled."""
    with acting_as(nurse):
        count = normal(nurse, found(plan, "blood_count", 0), values=BLOOD)
        take_back_first_dose(by=nurse, plan=plan)
        if state == "due":
            Check.objects.filter(pk=count.pk).update(
                state="due", result="", measured_on=None, recorded_by=None
            )
        enter_first_dose(by=nurse, plan=fresh(plan), on=today())
        kept = [("at_each_dose", "done")] if state == "done" else []
        rows = before_first(plan, "blood_count")
        assert rows == [("before_first_dose", "waiting"), *kept]


def test_other_results_can_still_be_taken_back(plan, nurse):
    with acting_as(nurse):
        before = normal(nurse, found(plan, "blood_count", None), on=-11, values=BLOOD)
        first = normal(nurse, found(plan, "blood_count", 0), values=BLOOD)
        second = normal(nurse, found(plan, "blood_count", 21), on=-9, values=BLOOD)
        take_back_first_dose(by=nurse, plan=plan)
        for done, state in ((first, "cancelled"), (before, "due"), (second, "cancelled")):
            assert reopen_check(by=nurse, check=done).state == state


def test_what_took_the_place_of_an_older_baseline_still_keeps_it(plan, nurse):
    with acting_as(nurse):
        old = normal(nurse, found(plan, "liver_tests", None), on=-11, values=LIVER)
        assert old.step.critical
        take_back_first_dose(by=nurse, plan=plan)
        # 11 days old at the dose that is given: asked for anew.
        enter_first_dose(by=nurse, plan=fresh(plan), on=today())
        with pytest.raises(ValidationError, match="asked for again"):
            reopen_check(by=nurse, check=old)


def test_a_critical_baseline_is_owed_though_it_was_measured_at_that_dose(plan, nurse):
    with acting_as(nurse):
        normal(nurse, found(plan, "liver_tests", 0), on=-3, values=LIVER)
        take_back_first_dose(by=nurse, plan=plan)
        enter_first_dose(by=nurse, plan=fresh(plan), on=today())
        rows = plan.checks.filter(step__code="liver_tests", step__kind="before_first_dose")
        assert [(c.state, c.offset_days) for c in rows] == [("waiting", None)]


def test_its_values_are_the_patients_own_from_before_the_ici(plan, nurse):
    with acting_as(nurse):
        normal(nurse, found(plan, "liver_tests", None), on=-11, values=LIVER)
        normal(nurse, found(plan, "liver_tests", 0), values={**LIVER, "alt": "38"})
        take_back_first_dose(by=nurse, plan=plan)
        for first, alt in ((-9, "38"), (-10, "38"), (-11, "31")):
            given = enter_first_dose(by=nurse, plan=fresh(plan), on=day(first))
            check = found(given, "liver_tests", 7)
            assert str(yardstick_of(check, {}).baseline["alt"]) == alt


def test_put_right_nothing_is_said_to_be_asked_for_again(plan, nurse):
    with acting_as(nurse):
        call = normal(nurse, found(plan, "symptom_call", 7), on=-3)
        assert call.step.critical
        take_back_first_dose(by=nurse, plan=plan)
        enter_first_dose(by=nurse, plan=fresh(plan), on=today())
        call = Check.objects.select_related("step", "plan").get(pk=call.pk)
        # Eight days before the dose that was given, which a baseline could not be.
        again = normal(nurse, call, on=-8, correcting=True)
        assert (again.state, again.measured_on) == ("done", day(-8))


def test_every_step_that_a_check_took_is_in_the_table(plan, nurse):
    with acting_as(nurse):
        plan.checks.filter(offset_days=0).update(state="due", opened_on=day(-10))
        plan.checks.filter(step__code="visit", offset_days=0).update(state="missed")
        take_back_first_dose(by=nurse, plan=plan)
        states: dict[int, str] = {}
        taken = set()
        history = Check.pgh_event_model.objects.filter(plan_id=plan.pk).order_by("pgh_id")
        for pk, state in history.values_list("pgh_obj_id", "state"):
            taken.add((states.get(pk, state), state))
            states[pk] = state
    steps = {(before, after) for before, after in taken if before != after}
    assert ("missed", "waiting") in steps
    assert all(after in CHECK_TRANSITIONS[CheckState(before)] for before, after in steps)
