"""What a later decision, or none yet, means for a plan: no dose is awaited against the board, none given unawares."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import Case, ICICourse
from followup.dosing import next_dose
from followup.models import Notice, Reminder
from followup.services import (
    enter_first_dose,
    enter_last_dose,
    give_dose,
    hold_plan,
    record_result,
    take_back_first_dose,
)
from followup.services.delivery import drain
from followup.services.sweep import open_due_checks
from tests.factories.decided import NO, bring_back, decide, defer, fresh, make_rechallenge
from tests.factories.monitored import page, post
from tests.factories.monitoring import as_worker, day, today
from tests.factories.people import make_board, make_user
from tests.factories.world import make_due


@pytest.fixture
def plan(db, chair, board):
    return make_rechallenge(chair, board)


@pytest.mark.usefixtures("committed_db")
def test_no_rechallenge_closes_the_plan_that_waits_and_nothing_of_it_is_sent():
    with transaction.atomic():
        board = make_board()
        chair, nurse = make_user("chair", board), make_user("nurse", board)
        plan = make_rechallenge(chair, board)
        with acting_as(nurse):
            troponin = plan.checks.get(step__code="troponin_ecg", offset_days=None)
            record_result(
                by=nurse, check=troponin, result="abnormal", measured_on=today(),
                values={"troponin": "90"}, upper_limits={"troponin": "14"},
            )  # fmt: skip
            plan.checks.filter(state="waiting", due_on__isnull=False).update(due_on=today())
    with as_worker():
        assert open_due_checks().reminders > 0
    with transaction.atomic():
        decide(chair, plan, **NO)
    make_due()
    with as_worker():
        drain()
        assert open_due_checks().reminders == 0
    assert mail.outbox == []
    with transaction.atomic(), acting_as(nurse):
        closed = fresh(plan)
        assert (closed.state, closed.close_reason) == ("closed", "decided_against")
        assert not closed.checks.filter(state__in=["waiting", "due"]).exists()
        assert not Reminder.objects.filter(state="pending").exists()
        assert Notice.objects.filter(user=nurse, kind="against").count() == 1
        assert Case.objects.get(pk=plan.case_id).state == "decided"
        entry = TrailEntry.objects.get(kind="plan.closed")
        assert (entry.actor_id, entry.detail["reason"]) == (chair.pk, "decided_against")


def test_no_rechallenge_expects_no_dose_of_an_active_plan_and_watches_on(plan, chair, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-30))
        give_dose(by=nurse, plan=plan, on=day(-9))
    decide(chair, plan, **NO)
    with acting_as(nurse):
        ended = fresh(plan)
        assert (ended.state, ended.last_dose_on, ended.end_reason) == ("active", day(-9), "board")
        assert next_dose(ended) is None
        undone = ended.checks.filter(state__in=["waiting", "due"])
        assert not undone.filter(at_dose=True, due_on__gt=day(-9)).exists()
        assert undone.filter(after_last_dose=True, due_on__gt=today()).count() > 3
        course = ICICourse.objects.get()
        # When it ended is known; why, in the board's words, is not a reason of the list.
        assert (course.stop.exact, course.stop_reason_state) == (day(-9), "not_yet")
        assert list(Notice.objects.filter(user=nurse).values_list("kind", flat=True)) == ["against"]


def test_a_first_dose_taken_back_after_the_board_decided_against_it_closes_the_plan(
    plan, chair, nurse
):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=today())
    decide(chair, plan, **NO)
    with acting_as(nurse):
        assert fresh(plan).end_reason == "board"
        taken = take_back_first_dose(by=nurse, plan=plan)
        assert (taken.state, taken.close_reason) == ("closed", "decided_against")
        assert not taken.checks.filter(state__in=["waiting", "due"]).exists()
        assert not ICICourse.objects.exists()


def test_a_hold_ends_with_the_decision_and_a_watch_after_the_last_dose_is_left_alone(
    plan, chair, nurse
):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-30))
        hold_plan(by=nurse, plan=plan, reason="other")
    decide(chair, plan, **NO)
    with acting_as(nurse):
        ended = fresh(plan)
        assert (ended.state, ended.hold_reason, ended.last_dose_on) == ("active", "", day(-30))
    decide(chair, plan, **NO)
    with acting_as(nurse):
        assert fresh(plan).version == ended.version
        assert Notice.objects.filter(kind="against").count() == 1


def test_a_first_dose_without_a_decision_that_stands_is_known_kept_and_told(plan, chair, nurse):
    decide(chair, plan, **defer(nurse))
    with acting_as(nurse):
        assert fresh(plan).state == "waiting_first_dose"
        with pytest.raises(ValidationError) as refused, transaction.atomic():
            enter_first_dose(by=nurse, plan=plan, on=today())
        assert "no decision to give this dose stands" in refused.value.message_dict["undecided"][0]
        assert fresh(plan).first_dose_on is None
        enter_first_dose(by=nurse, plan=plan, on=today(), undecided=True)
        entry = TrailEntry.objects.get(kind="plan.undecided_acknowledged")
        assert entry.detail == {
            "number": 1, "on": today().isoformat(), "state": "ready", "reason": "",
        }  # fmt: skip
    with acting_as(chair):
        assert Notice.objects.filter(user=chair, kind="undecided").count() == 1


def test_while_the_case_is_back_the_next_dose_asks_as_well_and_a_skipped_one_does_not(
    plan, chair, nurse
):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        assert not TrailEntry.objects.filter(kind="plan.undecided_acknowledged").exists()
    bring_back(chair, plan)
    with acting_as(nurse):
        with pytest.raises(ValidationError, match="ask the board first"), transaction.atomic():
            give_dose(by=nurse, plan=plan, on=day(-21))
        give_dose(by=nurse, plan=plan, on=day(-21), undecided=True)
        entry = TrailEntry.objects.get(kind="plan.undecided_acknowledged")
        assert (entry.detail["number"], entry.detail["reason"]) == (2, "abnormal_check")
        with pytest.raises(ValidationError, match="ask the board first"), transaction.atomic():
            enter_last_dose(by=nurse, plan=plan, on=today(), reason="completed", unentered="enter")
        enter_last_dose(
            by=nurse, plan=plan, on=today(), reason="completed", unentered="enter", undecided=True
        )
        assert TrailEntry.objects.filter(kind="plan.undecided_acknowledged").count() == 2


def test_the_page_of_a_closed_plan_names_the_decision_that_closed_it(client, plan, chair, nurse):
    later = decide(chair, plan, **NO)
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert "Decided since, on" in html and "No rechallenge" in html
    assert f"/decisions/{later.public_id}/" in html
    assert "Enter first dose" not in html


def test_the_page_of_a_plan_says_that_the_case_is_before_the_board_and_its_form_asks(
    client, plan, chair, nurse
):
    before = page(client, nurse, "plan", plan.public_id).content.decode()
    assert 'id="board"' not in before
    bring_back(chair, plan)
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert "The case is before the board: returned" in html
    form = page(client, nurse, "first_dose", plan.public_id).content.decode()
    assert 'id="board"' in form and 'name="undecided"' in form
    sent = {"version": plan.version, "on": today().isoformat(), "dose_interval": "21"}
    refused = post(client, nurse, "first_dose", plan.public_id, data=sent)
    assert refused.status_code == 422
    taken = post(client, nurse, "first_dose", plan.public_id, data={**sent, "undecided": "on"})
    assert taken.status_code == 302


def test_the_form_of_the_next_dose_asks_while_the_case_is_back(client, plan, chair, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-21))
    assert 'name="undecided"' not in page(client, nurse, "plan", plan.public_id).content.decode()
    bring_back(chair, plan)
    assert 'name="undecided"' in page(client, nurse, "plan", plan.public_id).content.decode()
    with acting_as(nurse):
        sent = {"version": fresh(plan).version, "on": today().isoformat(), "state": "given"}
    assert post(client, nurse, "dose", plan.public_id, data=sent).status_code == 422
    sent["undecided"] = "on"
    assert post(client, nurse, "dose", plan.public_id, data=sent).status_code == 302
    with acting_as(nurse):
        assert fresh(plan).doses.count() == 1


def test_nobody_chooses_what_only_a_signature_says(client, plan, chair, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-21))
    for name, word in (("close", "decided_against"), ("last_dose", 'value="board"')):
        assert word not in page(client, nurse, name, plan.public_id).content.decode()
    decide(chair, plan, **NO)
    # Where its day is corrected, the reason that stands may stay.
    assert 'value="board"' in page(client, nurse, "last_dose", plan.public_id).content.decode()
