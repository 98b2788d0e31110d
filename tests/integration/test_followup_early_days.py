"""A day before the dose that a check follows, and one too long before the first, are asked about."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from audit.models import TrailEntry
from followup.models import Check
from followup.services import enter_last_dose, plan_first_dose, record_result
from tests.factories.monitored import post
from tests.factories.monitoring import day, make_irae, make_plan, make_watched_case, today

pytestmark = pytest.mark.django_db
TROPONIN = {
    "values": {"troponin": "5", "ck": "90", "ntprobnp": "60"},
    "upper_limits": {"troponin": "14", "ck": "190", "ntprobnp": "125"},
}


@pytest.fixture
def case(board, nurse):
    """A case after pneumonitis and myocarditis: a critical CT on day 35, a critical troponin before the first dose."""
    case = make_watched_case(nurse, board)
    make_irae(nurse, case, "myocarditis", organ="heart")
    return case


def found(plan, code, offset):
    rows = plan.checks.select_related("step", "plan").exclude(state="cancelled")
    return rows.filter(step__code=code, offset_days=offset).order_by("-pk").first()


def record(nurse, check, on, **more):
    values = TROPONIN if check.step.code == "troponin_ecg" else {}
    return record_result(
        by=nurse, check=check, result=more.pop("result", "normal"), measured_on=on, **values, **more
    )


def asked(nurse, check, on, **more):
    """Return what is asked about the day; nothing is saved."""
    with pytest.raises(ValidationError) as refused:
        record(nurse, check, on, **more)
    assert Check.objects.get(pk=check.pk).result == ""
    (words,) = refused.value.message_dict["measured_on"]
    return words


@pytest.mark.parametrize("result", ["normal", "abnormal"])
def test_a_later_check_with_a_day_before_the_first_dose_is_asked_about(board, nurse, case, result):
    plan = make_plan(nurse, board, case=case, dosed=40)
    with acting_as(nurse):
        scan = found(plan, "ct_chest", 35)
        assert scan.step.critical
        assert "before the first dose" in asked(nurse, scan, day(-41), result=result)
        done = record(nurse, scan, day(-41), result=result, early=True)
        assert (done.state, done.measured_on) == ("done", day(-41))
        assert TrailEntry.objects.get(kind="check.recorded").detail["kept"] == ["measured_on"]


def test_a_day_from_the_first_dose_on_is_not_asked_about(board, nurse, case):
    plan = make_plan(nurse, board, case=case, dosed=40)
    with acting_as(nurse):
        record(nurse, found(plan, "ct_chest", 35), day(-40))
        assert "kept" not in TrailEntry.objects.get(kind="check.recorded").detail


def test_what_is_asked_for_at_the_first_dose_may_be_measured_in_the_week_before(board, nurse, case):
    plan = make_plan(nurse, board, case=case, dosed=40)
    with acting_as(nurse):
        assert "before the first dose" in asked(nurse, found(plan, "visit", 0), day(-48))
        record(nurse, found(plan, "visit", 0), day(-47))
        assert "before the first dose" in asked(nurse, found(plan, "visit", 21), day(-41))


def test_a_later_check_is_asked_about_where_no_dose_is_entered(board, nurse, case):
    plan = make_plan(nurse, board, case=case)
    with acting_as(nurse):
        assert "No dose is entered yet" in asked(nurse, found(plan, "ct_chest", 35), today())
        # What belongs to the first dose itself may come on its day, or just before it.
        record(nurse, found(plan, "visit", 0), today())


def test_a_late_contact_with_a_day_before_the_last_dose_is_asked_about(board, nurse, case):
    plan = make_plan(nurse, board, case=case, dosed=100)
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-95), reason="completed", unentered="enter")
        contact = found(plan, "late_contact", 90)
        assert "before the last dose" in asked(nurse, contact, day(-96))
        record(nurse, contact, day(-95))


def test_a_critical_baseline_too_old_for_the_planned_dose_is_asked_about_and_asked_for_again(
    board, nurse, case
):
    plan = make_plan(nurse, board, case=case)
    with acting_as(nurse):
        plan = plan_first_dose(by=nurse, plan=plan, on=day(3))
        troponin = found(plan, "troponin_ecg", None)
        assert troponin.step.critical
        assert "more than 3 days before the first dose" in asked(nurse, troponin, day(-30))
        assert record(nurse, troponin, day(-30), early=True).state == "done"
        again = found(plan, "troponin_ecg", None)
        assert (again.pk != troponin.pk, again.state) == (True, "waiting")
        assert again.due_on <= day(3)
        detail = TrailEntry.objects.get(kind="check.recorded").detail
        assert (detail["kept"], detail["asked_again"]) == (["measured_on"], ["troponin_ecg"])
        # The one that was asked for again is recent enough: it is asked for no more.
        record(nurse, again, today())
        undone = plan.checks.filter(step__code="troponin_ecg", offset_days=None)
        assert not undone.exclude(state="done").exists()


@pytest.mark.parametrize(("code", "planned"), [("troponin_ecg", None), ("baseline_exam", 3)])
def test_without_a_planned_dose_or_where_it_is_not_critical_nothing_is_asked(
    board, nurse, case, code, planned
):
    plan = make_plan(nurse, board, case=case)
    with acting_as(nurse):
        if planned:
            plan = plan_first_dose(by=nurse, plan=plan, on=day(planned))
        check = found(plan, code, None)
        record(nurse, check, day(-30))
        assert found(plan, code, None).pk == check.pk


def test_the_page_asks_beside_the_day_and_takes_the_confirmation(client, board, nurse, case):
    plan = make_plan(nurse, board, case=case, dosed=40)
    with acting_as(nurse):
        scan = found(plan, "ct_chest", 35)
    data = {"version": scan.version, "result": "normal", "measured_on": day(-41).isoformat()}
    answer = post(client, nurse, "check", scan.public_id, data=data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "before the first dose" in html and 'href="#id_measured_on"' in html
    assert 'name="early"' in html and 'name="kept"' not in html
    again = post(client, nurse, "check", scan.public_id, data={**data, "early": "on"})
    assert again.status_code in {200, 302}
    with acting_as(nurse):
        assert Check.objects.get(pk=scan.pk).measured_on == day(-41)


def test_a_future_day_is_refused_and_not_asked_about(client, board, nurse, case):
    plan = make_plan(nurse, board, case=case, dosed=40)
    with acting_as(nurse):
        scan = found(plan, "ct_chest", 35)
    data = {"version": scan.version, "result": "normal", "measured_on": day(2).isoformat()}
    answer = post(client, nurse, "check", scan.public_id, data=data)
    assert answer.status_code == 422
    assert 'name="early"' not in answer.content.decode()
