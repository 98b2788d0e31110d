"""What is not made again: held, left out with a dose, or done while the last dose is entered."""

from __future__ import annotations

import pytest

from accounts.acting import acting_as
from followup.models import Check
from followup.services import (
    enter_last_dose,
    give_dose,
    hold_plan,
    reaching,
    record_result,
    resume_plan,
    skip_dose,
    take_back_dose,
)
from tests.factories.monitoring import day, make_irae, make_plan, make_watched_case, today
from tests.integration.test_followup_reach import days, fresh, offsets

pytestmark = pytest.mark.django_db


def entered(nurse, plan, first, *doses):
    """Enter doses on these days after the first, which was given `first` days ago."""
    for on in doses:
        give_dose(by=nurse, plan=fresh(plan), on=day(on - first), confirmed=True)


def test_a_result_is_saved_while_doses_are_held_and_nothing_is_dated_into_the_hold(board, nurse):
    plan = make_plan(nurse, board, dosed=250)
    with acting_as(nurse):
        hold_plan(by=nurse, plan=plan, reason="other")
        stood = offsets(plan, "visit")
        assert days(plan, "visit")[-1] < 0
        visit = plan.checks.get(step__code="visit", offset_days=231)
        done = record_result(by=nurse, check=visit, result="normal", measured_on=today())
        assert done.state == "done"
        assert offsets(plan, "visit") == stood
        assert days(plan, "visit")[-1] < 0
        # Once doses go on, so does what is asked at them.
        resume_plan(by=nurse, plan=fresh(plan), next_dose_on=today())
        give_dose(by=nurse, plan=fresh(plan), on=today())
        assert offsets(plan, "visit") == [*stood, *range(stood[-1] + 21, 421, 21)]


def test_after_a_long_hold_what_is_asked_at_doses_starts_at_the_dose(board, nurse):
    plan = make_plan(nurse, board, dosed=600, interval=84)
    with acting_as(nurse):
        entered(nurse, plan, 600, 84, 168, 252, 336)
        assert days(plan, "visit")[-1] == 504 - 600
        hold_plan(by=nurse, plan=fresh(plan), reason="toxicity")
        resume_plan(by=nurse, plan=fresh(plan), next_dose_on=today())
        give_dose(by=nurse, plan=fresh(plan), on=today())
        for code in ("visit", "liver_tests"):
            assert days(plan, code)[-3:] == [504 - 600, 0, 84], code


def test_a_critical_check_left_out_with_its_dose_is_not_asked_again_by_a_later_one(board, nurse):
    case = make_watched_case(nurse, board, irae=False)
    make_irae(nurse, case, "myositis", organ="muscle")
    plan = make_plan(nurse, board, case=case, dosed=189)
    with acting_as(nurse):
        entered(nurse, plan, 189, 21, 42, 63)
        assert plan.checks.get(step__code="ck", offset_days=84).step.critical
        skip_dose(by=nurse, plan=fresh(plan), reason="patient_wish")
        entered(nurse, plan, 189, 189)
        assert offsets(plan, "ck")[-1] == 63
        assert offsets(plan, "visit", offset_days__lte=105) == [0, 21, 42, 63, 105]
        # Both entries are taken back, and what was left out is asked again, once.
        take_back_dose(by=nurse, plan=fresh(plan))
        take_back_dose(by=nurse, plan=fresh(plan))
        assert offsets(plan, "ck") == [0, 21, 42, 63, 84]


def test_a_dose_left_out_beyond_24_months_stays_out_and_the_next_is_asked_about(board, nurse):
    plan = make_plan(nurse, board, dosed=784, interval=56)
    with acting_as(nurse):
        entered(nurse, plan, 784, *range(56, 729, 56))
        assert offsets(plan, "visit")[-2:] == [728, 784]
        dose = skip_dose(by=nurse, plan=fresh(plan), reason="patient_wish")
        assert Check.objects.filter(pk__in=dose.left_out, step__code="visit").exists()
        assert offsets(plan, "visit")[-2:] == [728, 840]
        assert days(plan, "visit")[-2:] == [-56, 56]
        take_back_dose(by=nurse, plan=fresh(plan))
        assert offsets(plan, "visit")[-3:] == [728, 784, 840]


def test_a_last_dose_that_was_none_is_followed_by_what_is_asked_at_the_dose_after_it(board, nurse):
    plan = make_plan(nurse, board, dosed=250)
    with acting_as(nurse):
        entered(nurse, plan, 250, *range(21, 211, 21))
        enter_last_dose(by=nurse, plan=fresh(plan), on=day(-40), reason="other")
        assert days(plan, "visit")[-1] == -40
        enter_last_dose(
            by=nurse, plan=fresh(plan), on=today(), reason="completed", unentered="enter"
        )
        assert days(plan, "visit")[-2:] == [-40, 0]


def test_what_is_recorded_while_the_last_dose_is_entered_stays_done(board, nurse, monkeypatch):
    plan = make_plan(nurse, board, dosed=100)
    make_check = reaching.make_check

    def recorded_meanwhile(*args):
        # After the rows were read, before those that end are cancelled.
        check = plan.checks.get(step__code="thyroid", offset_days=84, after_last_dose=False)
        record_result(by=nurse, check=check, result="normal", measured_on=day(-16))
        return make_check(*args)

    monkeypatch.setattr(reaching, "make_check", recorded_meanwhile)
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-100), reason="other")
        thyroid = plan.checks.filter(step__code="thyroid", after_last_dose=False)
        states = dict(thyroid.filter(offset_days__in=[42, 84]).values_list("offset_days", "state"))
    assert states == {42: "cancelled", 84: "done"}
