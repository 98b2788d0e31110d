"""A last dose that was none is taken back: the visits, the watch, the hold and the course stand as before it."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import ICICourse
from followup.dosing import next_dose
from followup.models import MonitoringPlan
from followup.services import (
    assign_check,
    enter_first_dose,
    enter_last_dose,
    give_dose,
    hold_plan,
    plan_first_dose,
    resume_plan,
    skip_dose,
    take_back_last_dose,
)
from followup.services.locking import Outdated
from followup.states import StepNotPossible
from tests.factories.monitored import page, post
from tests.factories.monitoring import backdate, day, fresh, make_dosed, make_plan, today
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(board, nurse):
    """A plan with doses 42 and 20 days ago, to be given every 21 days: the next is expected tomorrow."""
    return make_dosed(nurse, board, 42, 20)


def asked(plan):
    """Return what the plan asks for: each check that is not cancelled, its day and who does it."""
    rows = plan.checks.exclude(state="cancelled").order_by("step__code", "offset_days", "pk")
    columns = ("step__code", "offset_days", "after_last_dose", "state", "due_on", "assignee")
    return sorted(rows.values_list(*columns), key=str)


def ended(nurse, plan, on=-20, reason="completed", **more):
    return enter_last_dose(by=nurse, plan=plan, on=day(on), reason=reason, **more)


def test_doses_checks_and_course_stand_as_before_it(plan, nurse):
    with acting_as(nurse):
        visit = plan.checks.get(step__code="visit", offset_days=42)
        assign_check(by=nurse, check=visit, to=nurse)
        before, following = asked(plan), next_dose(plan)
        last = ended(nurse, plan)
        assert asked(plan) != before and next_dose(last) is None
        assert ICICourse.objects.get().stop.exact == day(-20)
        again = take_back_last_dose(by=nurse, plan=plan, version=last.version)
        assert asked(plan) == before
        assert (again.state, again.end_reason, next_dose(again)) == ("active", "", following)
        assert plan.checks.get(step__code="visit", due_on=day(1), state="waiting").assignee == nurse
        course = ICICourse.objects.get()
        assert (course.stop, course.stop_state, course.stop_reason_state) == (
            None, "not_applicable", "not_applicable",
        )  # fmt: skip
        entry = TrailEntry.objects.filter(kind__startswith="plan.").latest("pk")
        assert entry.kind == "plan.last_dose_taken_back"
        assert entry.detail == {"on": day(-20).isoformat(), "reason": "completed"}


def test_a_hold_stands_again(plan, nurse):
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="patient_wish")
        before = asked(plan)
        ended(nurse, held, reason="other")
        again = take_back_last_dose(by=nurse, plan=plan)
        assert (again.state, again.hold_reason, again.held_on) == ("held", "patient_wish", today())
        assert asked(plan) == before
        resume_plan(by=nurse, plan=again, next_dose_on=day(5))
        assert plan.checks.filter(step__code="visit", due_on=day(5), state="waiting").exists()


def test_the_day_on_which_doses_were_to_go_on_is_expected_again(plan, nurse):
    with acting_as(nurse):
        resumed = resume_plan(
            by=nurse, plan=hold_plan(by=nurse, plan=plan, reason="other"), next_dose_on=day(9)
        )
        before = asked(plan)
        ended(nurse, resumed, reason="other")
        again = take_back_last_dose(by=nurse, plan=plan)
        assert next_dose(again).expected_on == day(9) and asked(plan) == before


def test_that_day_follows_a_first_dose_that_was_corrected_meanwhile(board, nurse):
    plan = make_dosed(nurse, board, 20)
    backdate(plan, 30)
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="other")
        resume_plan(by=nurse, plan=held, next_dose_on=day(9))
        ended(nurse, plan, reason="other")
        enter_first_dose(by=nurse, plan=plan, on=day(-22))
        again = take_back_last_dose(by=nurse, plan=plan)
        assert next_dose(again).expected_on == day(7)


def test_what_was_left_out_with_a_skipped_dose_stays_out(plan, nurse):
    with acting_as(nurse):
        skip_dose(by=nurse, plan=plan, reason="logistics")
        before = asked(plan)
        ended(nurse, fresh(plan, nurse))
        take_back_last_dose(by=nurse, plan=plan)
        assert asked(plan) == before


def test_corrected_to_another_day_it_is_taken_back_as_one(plan, nurse):
    with acting_as(nurse):
        before = asked(plan)
        ended(nurse, plan)
        ended(nurse, fresh(plan, nurse), on=-10, unentered="elsewhere")
        take_back_last_dose(by=nurse, plan=plan)
        assert asked(plan) == before


def test_far_in_the_second_year_what_was_made_with_the_doses_is_asked_for_again(board, nurse):
    plan = make_plan(nurse, board, dosed=336, interval=84)
    with acting_as(nurse):
        for n in (252, 168, 84):
            give_dose(by=nurse, plan=fresh(plan, nurse), on=day(-n))
        give_dose(by=nurse, plan=fresh(plan, nurse), on=day(-2), confirmed=True)
        before = asked(plan)
        assert max(offset or 0 for _code, offset, *_rest in before) > 364
        ended(nurse, fresh(plan, nurse), on=-2)
        take_back_last_dose(by=nurse, plan=plan)
        assert asked(plan) == before


def test_a_last_dose_corrected_to_one_given_after_it_is_owed_what_is_asked_at_it(board, nurse):
    """After pneumonitis oxygen at a dose is critical: it may not get lost with the entry that is corrected."""
    plan = make_dosed(nurse, board, 42, 21)
    with acting_as(nurse):
        ended(nurse, plan, on=-21)
        last = ended(nurse, fresh(plan, nurse), on=0, unentered="enter")
        assert last.last_dose_on == today()
        oxygen = plan.checks.get(step__code="oxygen", due_on=today())
        assert (oxygen.state, oxygen.offset_days, oxygen.step.critical) == ("waiting", 42, True)
        after = plan.checks.filter(at_dose=True, due_on__gt=today())
        assert not after.exclude(state="cancelled").exists()


def test_so_it_is_where_doses_were_held_before_it(board, nurse):
    plan = make_dosed(nurse, board, 42, 21)
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="patient_wish")
        ended(nurse, held, on=-21)
        last = ended(nurse, fresh(plan, nurse), on=-2, unentered="enter")
        assert (last.state, last.held_on, last.last_dose_on) == ("active", None, day(-2))
        visit = plan.checks.get(step__code="visit", offset_days=42)
        assert (visit.state, visit.due_on) == ("waiting", day(-2))


def test_on_the_day_on_which_doses_were_to_go_on(board, nurse):
    plan = make_dosed(nurse, board, 42, 21)
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="other")
        resume_plan(by=nurse, plan=held, next_dose_on=day(9))
        ended(nurse, fresh(plan, nurse), on=-21)
        ended(nurse, fresh(plan, nurse), on=0, unentered="enter")
        assert plan.checks.get(step__code="visit", offset_days=42).due_on == today()


def test_where_its_day_was_corrected_what_came_between_is_asked_for_again(board, nurse):
    plan = make_plan(nurse, board, dosed=63)
    with acting_as(nurse):
        give_dose(by=nurse, plan=plan, on=day(-42))
        before = asked(plan)
        ended(nurse, plan, on=-42)
        ended(nurse, fresh(plan, nurse), on=-10, unentered="elsewhere")
        take_back_last_dose(by=nurse, plan=plan)
        assert asked(plan) == before


@pytest.mark.parametrize("second", [None, -20])
def test_days_follow_a_first_dose_that_was_corrected_meanwhile(board, nurse, second):
    """As they would have, had no last dose been entered."""
    plan = make_plan(nurse, board, dosed=40)
    first = -40 if second is None else second
    with acting_as(nurse):
        if second is not None:
            give_dose(by=nurse, plan=plan, on=day(second))
        backdate(plan, 60)
        enter_first_dose(by=nurse, plan=fresh(plan, nurse), on=day(-43))
        moved = asked(plan)
        enter_first_dose(by=nurse, plan=fresh(plan, nurse), on=day(-40))
        assert asked(plan) != moved
        ended(nurse, fresh(plan, nurse), on=first)
        enter_first_dose(by=nurse, plan=fresh(plan, nurse), on=day(-43))
        take_back_last_dose(by=nurse, plan=fresh(plan, nurse))
        assert asked(plan) == moved


def test_what_is_asked_for_otherwise_now_is_made_anew(plan, nurse):
    with acting_as(nurse):
        visit = plan.checks.get(step__code="visit", offset_days=42)
        assign_check(by=nurse, check=visit, to=nurse)
        ended(nurse, plan)
        plan.checks.filter(pk=visit.pk).update(label="As it was asked before")
        take_back_last_dose(by=nurse, plan=plan)
        again = plan.checks.exclude(state="cancelled").get(step__code="visit", offset_days=42)
        assert again.pk != visit.pk and again.label != "As it was asked before"
        assert (again.due_on, again.assignee) == (visit.due_on, nurse)


def test_what_is_not_there_or_is_not_theirs_is_not_taken_back(plan, nurse, coordinator):
    with acting_as(nurse), pytest.raises(StepNotPossible, match="no last dose"):
        take_back_last_dose(by=nurse, plan=plan)
    with acting_as(nurse):
        last = ended(nurse, plan)
        with pytest.raises(Outdated):
            take_back_last_dose(by=nurse, plan=plan, version=last.version - 1)
        MonitoringPlan.objects.filter(pk=plan.pk).update(end_reason="board")
        with pytest.raises(StepNotPossible, match="no last dose"):
            take_back_last_dose(by=nurse, plan=plan)


def test_it_is_taken_back_by_a_button_beside_it(client, plan, nurse, coordinator, other_board):
    def shown():
        return page(client, nurse, "plan", plan.public_id).content.decode()

    assert "Doses go on after all" not in shown()
    with acting_as(nurse):
        last = ended(nurse, plan)
    assert "Doses go on after all" in shown()
    data = {"version": last.version}
    for user, status in ((coordinator, 403), (make_user("nurse", other_board), 404)):
        answer = post(client, user, "take_back_last_dose", plan.public_id, data=data)
        assert answer.status_code == status
    for _press in range(2):
        answer = post(client, nurse, "take_back_last_dose", plan.public_id, data=data)
        assert answer.status_code == 302
    html = shown()
    assert "Doses go on after all" not in html and "Dose 3, expected" in html
    assert "The last dose is taken back" in html and "Somebody else has changed" in html


# The day of a first dose that is far off.


def test_a_planned_day_that_is_far_off_is_asked_about_and_the_answer_kept(client, board, nurse):
    plan = make_plan(nurse, board)
    year = today().year + 36
    far = date(year, 5, 3).isoformat()
    data = {"version": plan.version, "on": far}
    answer = post(client, nurse, "planned_first", plan.public_id, data=data)
    html = answer.content.decode()
    assert answer.status_code == 422 and "Until shortly before it nothing is asked for" in html
    assert 'name="confirmed"' in html and f'value="{far}"' in html
    with acting_as(nurse):
        assert MonitoringPlan.objects.get(pk=plan.pk).planned_first_on is None
    answer = post(client, nurse, "planned_first", plan.public_id, data={**data, "confirmed": "on"})
    assert answer.status_code == 302
    with acting_as(nurse):
        assert MonitoringPlan.objects.get(pk=plan.pk).planned_first_on.isoformat() == far
        entry = TrailEntry.objects.filter(kind="plan.first_dose_planned").latest("pk")
        assert entry.detail["confirmed"] is True


def test_a_day_within_some_weeks_is_not_asked_about(client, board, nurse):
    plan = make_plan(nurse, board)
    html = page(client, nurse, "planned_first", plan.public_id).content.decode()
    assert 'name="confirmed"' not in html
    with acting_as(nurse):
        plan = plan_first_dose(by=nurse, plan=plan, on=day(28 + 21))
        entry = TrailEntry.objects.filter(kind="plan.first_dose_planned").latest("pk")
        assert plan.planned_first_on == day(49) and "confirmed" not in entry.detail
