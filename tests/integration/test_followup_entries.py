"""Entries that are questioned or refused under a plan: days of doses, the onset of an irAE, a second press."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import ICICourse, IrAE
from followup.models import Dose
from followup.services import (
    enter_first_dose,
    enter_last_dose,
    give_dose,
    hold_plan,
    record_result,
    skip_dose,
)
from followup.services.locking import Outdated
from tests.factories.monitored import page, post
from tests.factories.monitoring import backdate, day, fresh, make_dosed, make_irae, make_plan, today
from tests.factories.people import make_user
from ui.partial_dates import parse_partial_date, render_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(board, nurse):
    """A plan decided 60 days ago, with doses 42 and 21 days ago, to be given every 21 days."""
    return make_dosed(nurse, board, 42, 21)


def test_a_first_dose_before_the_decision_is_refused_beside_its_field(client, board, nurse):
    plan = make_plan(nurse, board)
    backdate_words = "The decision was signed on"
    with acting_as(nurse):
        backdate(plan, 5)
        with pytest.raises(ValidationError) as refused:
            enter_first_dose(by=nurse, plan=plan, on=day(-6))
        assert backdate_words in refused.value.message_dict["on"][0]
    html = post(
        client, nurse, "first_dose", plan.public_id,
        data={"version": plan.version, "on": day(-6).isoformat(), "dose_interval": "21"},
    ).content.decode()  # fmt: skip
    assert re.search(r'href="#id_on[^"]*"', html) and backdate_words in html
    with acting_as(nurse):
        assert enter_first_dose(by=nurse, plan=plan, on=day(-5)).first_dose_on == day(-5)


def test_a_corrected_first_dose_takes_what_comes_before_it_along(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        backdate(plan, 5)
        before = plan.checks.filter(offset_days=None)
        days = {c.pk: (c.due_on - today()).days - 5 for c in before}
        for first in (-4, -1):
            plan = enter_first_dose(by=nurse, plan=plan, on=day(first))
            found = {c.pk: (c.due_on, c.state) for c in before.all()}
            assert found == {pk: (day(min(n, first)), "waiting") for pk, n in days.items()}
        assert len(set(days.values())) > 1 and max(days.values()) > -4


def test_what_is_due_with_the_first_dose_moves_later_with_it(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        backdate(plan, 4)
        plan = enter_first_dose(by=nurse, plan=plan, on=day(-4))
        check = plan.checks.filter(offset_days=None, step__within_days__gte=3).first()
        assert check.due_on == day(-4)
        enter_first_dose(by=nurse, plan=plan, on=day(-1))
        check.refresh_from_db()
        assert check.due_on == day(-1)


def test_a_dose_far_from_its_day_is_asked_about_and_the_answer_kept(plan, nurse):
    with acting_as(nurse):
        with pytest.raises(ValidationError) as asked:
            give_dose(by=nurse, plan=plan, on=day(-19))
        assert "is far from it" in asked.value.message_dict["on"][0]
        dose = give_dose(by=nurse, plan=plan, on=day(-19), confirmed=True)
        assert Dose.objects.get(pk=dose.pk).confirmed
        entry = TrailEntry.objects.filter(kind="plan.dose_given").latest("pk")
        assert entry.detail["expected"] == today().isoformat()


def test_a_dose_about_its_day_is_not_asked_about(plan, nurse):
    with acting_as(nurse):
        assert not give_dose(by=nurse, plan=plan, on=day(-6), confirmed=True).confirmed


def test_the_page_asks_about_the_day_beside_it(client, plan, nurse):
    data = {"version": fresh(plan, nurse).version, "on": day(-19).isoformat(), "state": "given"}
    answer = post(client, nurse, "dose", plan.public_id, data=data)
    html = answer.content.decode()
    assert answer.status_code == 422 and 'name="confirmed"' in html and 'href="#dose-on"' in html
    assert 'name="confirmed"' not in page(client, nurse, "plan", plan.public_id).content.decode()
    post(client, nurse, "dose", plan.public_id, data={**data, "confirmed": "on"})
    with acting_as(nurse):
        assert Dose.objects.filter(on=day(-19)).exists()


def test_a_last_dose_that_is_no_dose_entered_is_asked_about(plan, nurse):
    with acting_as(nurse), pytest.raises(ValidationError) as asked:
        enter_last_dose(by=nurse, plan=plan, on=day(-10), reason="completed")
    assert "unentered" in asked.value.message_dict


def test_it_is_entered_as_the_next_one_where_that_is_the_answer(plan, nurse):
    with acting_as(nurse):
        enter_last_dose(
            by=nurse, plan=plan, on=day(-10), reason="completed", unentered="enter",
            version=fresh(plan, nurse).version,
        )  # fmt: skip
        assert list(Dose.objects.values_list("number", "on")) == [(2, day(-21)), (3, day(-10))]
        now = fresh(plan, nurse)
        assert (now.last_dose_on, now.next_dose_on) == (day(-10), None)
        assert ICICourse.objects.get().cycles_high == 3


def test_a_last_dose_corrected_to_a_later_one_can_be_entered_with_it(plan, nurse):
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-21), reason="other")
        enter_last_dose(by=nurse, plan=plan, on=day(-2), reason="completed", unentered="enter")
        now = fresh(plan, nurse)
        assert (now.last_dose_on, now.end_reason) == (day(-2), "completed")
        assert Dose.objects.latest("number").on == day(-2)


def test_or_it_is_kept_that_doses_are_not_entered(plan, nurse):
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-10), reason="completed", unentered="elsewhere")
        assert Dose.objects.count() == 1
        assert TrailEntry.objects.get(kind="plan.last_dose").detail["unentered"] == "elsewhere"
        course = ICICourse.objects.get()
        assert (course.cycles_low, course.cycles_high) == (2, None)


def test_no_dose_is_entered_while_doses_are_held(plan, nurse):
    with acting_as(nurse):
        hold_plan(by=nurse, plan=plan, reason="toxicity")
        with pytest.raises(ValidationError, match="held"):
            enter_last_dose(by=nurse, plan=plan, on=day(-10), reason="completed", unentered="enter")


def test_the_question_stands_on_the_page_only_where_it_is_asked(client, plan, nurse):
    assert (
        'name="unentered"' not in page(client, nurse, "last_dose", plan.public_id).content.decode()
    )
    data = {
        "version": fresh(plan, nurse).version,
        "on": day(-10).isoformat(),
        "reason": "completed",
    }
    answer = post(client, nurse, "last_dose", plan.public_id, data=data)
    assert answer.status_code == 422 and 'name="unentered"' in answer.content.decode()


def test_a_second_press_of_given_or_skipped_is_the_same_entry(plan, nurse, board):
    with acting_as(nurse):
        version = fresh(plan, nurse).version
        first = give_dose(by=nurse, plan=plan, on=day(-1), version=version)
        assert give_dose(by=nurse, plan=plan, on=day(-1), version=version) == first
        with pytest.raises(Outdated):
            give_dose(by=nurse, plan=plan, on=today(), version=version)
    other = make_user("nurse", board)
    with acting_as(other), pytest.raises(Outdated):
        give_dose(by=other, plan=plan, on=day(-1), version=version)
    with acting_as(nurse):
        version = fresh(plan, nurse).version
        left = skip_dose(by=nurse, plan=plan, reason="logistics", version=version)
        assert skip_dose(by=nurse, plan=plan, reason="logistics", version=version) == left
        assert Dose.objects.count() == 3


def test_a_second_press_says_that_the_dose_is_entered(client, plan, nurse):
    data = {"version": fresh(plan, nurse).version, "on": day(-1).isoformat(), "state": "given"}
    for _press in range(2):
        assert post(client, nurse, "dose", plan.public_id, data=data).status_code == 302
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert "Dose 3 is entered" in html and "Somebody else has changed" not in html


def sent(client, nurse, plan, onset, **more):
    with acting_as(nurse):
        version = plan.case.sections.get(key="iraes").version
    data = {
        "version": version, "entity": "colitis", "grade": "1", "ctcae_version": "5.0",
        "onset": onset, **more,
    }  # fmt: skip
    return post(client, nurse, "irae", plan.public_id, data=data)


def test_an_onset_before_any_ici_is_questioned_beside_its_field(client, plan, nurse):
    onset = render_day(day(-300))
    answer = sent(client, nurse, plan, onset)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "before the first dose" in html and 'name="early_onset"' in html
    assert sent(client, nurse, plan, onset, early_onset="on").status_code == 302


def test_an_onset_before_the_first_of_its_kind_is_questioned_and_came_back_from_none(
    client, plan, nurse
):
    first = make_irae(nurse, plan.case, "colitis", organ="colon")
    with acting_as(nurse):
        first.onset = parse_partial_date(render_day(day(-10)))
        first.save()
    onset = render_day(day(-20))
    answer = sent(client, nurse, plan, onset)
    assert answer.status_code == 422 and "did not come back" in answer.content.decode()
    assert sent(client, nurse, plan, onset, early_onset="on").status_code == 302
    with acting_as(nurse):
        assert IrAE.objects.latest("pk").recurrence_of is None


def test_an_onset_ahead_is_refused_and_a_usual_one_taken(client, plan, nurse):
    assert sent(client, nurse, plan, render_day(day(2)), early_onset="on").status_code == 422
    assert sent(client, nurse, plan, render_day(day(-2))).status_code == 302
    with acting_as(nurse):
        assert IrAE.objects.latest("pk").course == fresh(plan, nurse).course


def test_one_press_opens_the_form_where_something_is_measured(client, plan, nurse):
    with acting_as(nurse):
        check = plan.checks.get(step__code="liver_tests", offset_days=0)
        visit = plan.checks.get(step__code="visit", offset_days=0)
    answer = post(client, nurse, "normal", check.public_id, data={"version": check.version})
    assert answer.url.endswith("?result=normal")
    post(client, nurse, "normal", visit.public_id, data={"version": visit.version})
    with acting_as(nurse):
        check.refresh_from_db()
        visit.refresh_from_db()
        assert (check.result, visit.result) == ("", "normal")


def test_the_check_shows_each_value_with_its_unit_and_day(client, plan, nurse):
    with acting_as(nurse):
        check = plan.checks.get(step__code="liver_tests", offset_days=None)
        record_result(
            by=nurse, check=check, result="normal", measured_on=day(-1), values={"alt": "31"}
        )
    html = page(client, nurse, "check", check.public_id).content.decode()
    assert "31 U/L, measured on" in html and "after the first dose" in html
