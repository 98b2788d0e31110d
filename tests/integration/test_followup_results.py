"""Results of checks and what follows from them; irAEs under monitoring."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.acting import acting_as
from accounts.policies import NotAllowed
from audit.models import TrailEntry
from cases.models import Case
from followup.models import Check, Notice, Reminder
from followup.presenters.words import abnormal_words, irae_words
from followup.services import assign_check, enter_first_dose, record_result, reopen_check
from followup.services.iraes import record_irae
from followup.services.locking import Outdated
from followup.services.plans import close_plan
from followup.services.results import retry_reminder
from followup.services.triggers import irae_recorded
from tests.factories.monitoring import backdate, day, make_irae, make_plan, today
from tests.factories.people import make_user
from ui.partial_dates import parse_partial_date, render_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(board, nurse, chair, coordinator):
    """A check due tomorrow of a watched case, with the nurse acting from here on."""
    plan = make_plan(nurse, board, dosed=6)
    from accounts.acting import set_acting

    set_acting(nurse)
    return plan.checks.select_related("step").get(step__code="symptom_call", offset_days=7)


def state_of(check):
    return Case.objects.get(pk=check.plan.case_id).state


def told(user):
    with acting_as(user):
        return list(Notice.objects.values_list("kind", "reason"))


def test_a_normal_result_is_recorded_with_values_and_who(check, nurse):
    done = record_result(
        by=nurse,
        check=check,
        result="normal",
        measured_on=today(),
        values={"alt": "32"},
        version=check.version,
    )
    assert (done.state, done.result, done.values, done.recorded_by) == (
        "done", "normal", {"alt": "32"}, nurse,
    )  # fmt: skip
    assert done.version == check.version + 1
    assert state_of(check) == "watching"


def test_a_second_click_changes_nothing_and_another_answer_is_refused(check, nurse, board):
    record_result(
        by=nurse, check=check, result="normal", measured_on=today(), version=check.version
    )
    again = record_result(
        by=nurse, check=check, result="normal", measured_on=today(), version=check.version
    )
    assert again.version == check.version + 1
    other = make_user("nurse", board)
    with acting_as(other), pytest.raises(Outdated):
        record_result(
            by=other, check=check, result="abnormal", measured_on=today(), version=check.version
        )


def test_abnormal_puts_the_case_back_and_tells_coordinator_and_chair_once(
    check, nurse, chair, coordinator
):
    for _ in range(2):
        record_result(
            by=nurse, check=check, result="abnormal", measured_on=today(), version=check.version
        )
    case = Case.objects.get(pk=check.plan.case_id)
    assert (case.state, case.returned_reason) == ("returned", "abnormal_check")
    assert told(chair) == told(coordinator) == [("abnormal", "abnormal_check")]
    assert told(nurse) == []


def test_abnormal_in_a_case_that_is_closed_brings_it_back(check, nurse, chair):
    Case.objects.filter(pk=check.plan.case_id).update(state="closed")
    done = record_result(by=nurse, check=check, result="abnormal", measured_on=today())
    assert state_of(check) == done.plan.case.state == "returned"
    assert len(told(chair)) == 1


def test_abnormal_in_a_case_that_is_listed_is_told_and_said_so(check, nurse, chair):
    Case.objects.filter(pk=check.plan.case_id).update(state="listed")
    done = record_result(by=nurse, check=check, result="abnormal", measured_on=today())
    assert state_of(check) == "listed"
    assert "listed already" in abnormal_words(done)
    assert told(chair) == [("abnormal", "abnormal_check")]


def test_an_irae_opens_a_closed_case_whose_plan_runs(check, nurse, chair):
    case = check.plan.case
    Case.objects.filter(pk=case.pk).update(state="closed")
    version = case.sections.get(key="iraes").version
    _irae, reason = record_irae(
        by=nurse, plan=check.plan, version=version, entity="rash", ctcae_version="5.0", grade=1
    )
    assert (reason, state_of(check)) == ("new_irae", "returned")
    assert told(chair) == [("returned", "new_irae")]


def test_a_second_graver_irae_is_told_and_its_reason_shown(check, nurse, chair):
    case = check.plan.case
    rash = make_irae(nurse, case, "rash", organ="skin", worst_grade=2, grade_now=2)
    irae_recorded(by=nurse, case=case, irae=rash)
    lung = make_irae(nurse, case, "pneumonitis", worst_grade=4, grade_now=4)
    assert irae_recorded(by=nurse, case=case, irae=lung) == "irae_again"
    heart = make_irae(nurse, case, "myocarditis", organ="heart", worst_grade=3, grade_now=3)
    irae_recorded(by=nurse, case=case, irae=heart)
    found = Case.objects.get(pk=case.pk)
    assert (found.state, found.returned_reason) == ("returned", "irae_again")
    assert sorted(told(chair)) == [
        ("irae", "irae_again"), ("irae", "new_irae"), ("returned", "new_irae"),
    ]  # fmt: skip


def seen(check, nurse, entity="diarrhoea", onset=-1):
    """Return an irAE recorded from the plan's page."""
    case = check.plan.case
    irae, _reason = record_irae(
        by=nurse, plan=check.plan, version=case.sections.get(key="iraes").version, entity=entity,
        ctcae_version="5.0", grade=1, onset=on(onset) if onset is not None else None,
    )  # fmt: skip
    return irae


def was(nurse, case, entity="colitis", organ="colon", resolved=None, now_on=None, **grades):
    """Return an earlier irAE, grade 2, resolved on `resolved` or said on `now_on` to be so."""
    irae = make_irae(nurse, case, entity, organ=organ, **grades)
    irae.resolved, irae.now_on = resolved, now_on
    with acting_as(nurse):
        irae.save()
    return irae


def on(days):
    return parse_partial_date(render_day(day(days)))


def test_the_same_disease_by_another_term_is_linked_to_the_earlier_one(check, nurse):
    colitis = was(nurse, check.plan.case, resolved=on(-20))
    assert seen(check, nurse).recurrence_of_id == colitis.pk


def test_the_day_on_which_it_was_said_to_be_over_will_do(check, nurse):
    colitis = was(nurse, check.plan.case, now_on=day(-20))
    assert seen(check, nurse).recurrence_of_id == colitis.pk


@pytest.mark.parametrize(
    ("earlier", "onset"),
    [
        ({"resolution": "ongoing", "grade_now": 2}, -1), ({"resolution": None, "grade_now": None}, -1),
        ({"resolved": -1}, -1), ({"resolved": -20}, None), ({}, -1),
    ],
)  # fmt: skip
def test_what_is_not_known_to_have_been_over_before_is_not_said_to_have_come_back(
    check, nurse, earlier, onset
):
    dates = {"resolved": on(earlier["resolved"])} if "resolved" in earlier else {}
    was(nurse, check.plan.case, **{**earlier, **dates})
    assert seen(check, nurse, onset=onset).recurrence_of is None


def test_a_sequel_is_not_said_to_have_come_back(check, nurse):
    was(nurse, check.plan.case, "hyperthyroidism", "thyroid", resolved=on(-20))
    assert seen(check, nurse, "hypothyroidism").recurrence_of is None


@pytest.mark.parametrize(("critical", "state"), [(True, "returned"), (False, "watching")])
def test_not_done_needs_a_reason_and_returns_the_case_when_critical(check, nurse, critical, state):
    code = "symptom_call" if critical else "tumour_imaging"
    chosen = check.plan.checks.filter(step__code=code, step__critical=critical).first()
    with pytest.raises(ValidationError, match="why"):
        record_result(by=nurse, check=chosen, result="not_done")
    missed = record_result(by=nurse, check=chosen, result="not_done", reason="not_reached")
    assert (missed.state, missed.reason) == ("missed", "not_reached")
    assert state_of(check) == state


def test_a_missed_check_gets_its_reason_or_is_made_up_for(check, nurse):
    Check.objects.filter(pk=check.pk).update(state="missed")
    check.refresh_from_db()
    record_result(by=nurse, check=check, result="not_done", reason="not_reached")
    done = record_result(by=nurse, check=check, result="normal", measured_on=today())
    assert (done.state, done.reason) == ("done", "")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"result": "fine"}, "Choose"),
        ({"result": "normal"}, "day of the measurement"),
        ({"result": "normal", "measured_on": day(1)}, "future"),
    ],
)
def test_what_cannot_be_is_refused(check, nurse, values, words):
    with pytest.raises(ValidationError, match=words):
        record_result(by=nurse, check=check, **values)


def test_a_normal_result_can_be_taken_back_and_an_abnormal_one_not(check, nurse):
    record_result(by=nurse, check=check, result="normal", measured_on=today())
    again = reopen_check(by=nurse, check=check, version=check.version + 1)
    assert (again.state, again.result, again.version) == ("waiting", "", check.version + 2)
    assert (
        reopen_check(by=nurse, check=check, version=check.version + 1).version == check.version + 2
    )
    record_result(by=nurse, check=check, result="abnormal", measured_on=today())
    with pytest.raises(ValidationError, match="cannot be taken back"):
        reopen_check(by=nurse, check=check)


def test_only_who_may_record_records(check, coordinator, stranger):
    for user in (coordinator, stranger):
        with acting_as(user), pytest.raises((PermissionDenied, Check.DoesNotExist)):
            record_result(by=user, check=check, result="normal", measured_on=today())


def test_a_check_is_passed_on_and_its_new_owner_reminded_once(check, coordinator, board, stranger):
    other = make_user("nurse", board)
    with acting_as(coordinator):
        for _ in range(2):
            assign_check(by=coordinator, check=check, to=other)
        assert Reminder.objects.filter(recipient=other, kind="reassigned").count() == 1
        with pytest.raises(NotAllowed):
            assign_check(by=coordinator, check=check, to=stranger)


def test_a_failed_reminder_is_sent_again_by_the_coordinator_alone(check, nurse, coordinator):
    reminder = Reminder.objects.create(
        patient=check.patient, safety_check=check, recipient=nurse, kind="due", due_on=check.due_on,
        due_at="2026-01-01T00:00Z", next_attempt_at="2026-01-01T00:00Z", state="failed", attempts=6,
        last_error="refused_550",
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        retry_reminder(by=nurse, reminder=reminder)
    with acting_as(coordinator):
        retried = retry_reminder(by=coordinator, reminder=reminder)
    assert (retried.state, retried.attempts, retried.last_error) == ("pending", 0, "")


@pytest.mark.parametrize("state", ["pending", "cancelled"])
def test_a_reminder_that_did_not_fail_is_left_as_it_is(check, nurse, coordinator, state):
    reminder = Reminder.objects.create(
        patient=check.patient, safety_check=check, recipient=nurse, kind="due", due_on=check.due_on,
        due_at="2026-01-01T00:00Z", next_attempt_at="2026-01-01T00:00Z", state=state, attempts=2,
        last_error="refused_450",
    )  # fmt: skip
    with acting_as(coordinator):
        left = retry_reminder(by=coordinator, reminder=reminder)
        assert not TrailEntry.objects.filter(kind="reminder.retried").exists()
    assert (left.state, left.attempts, left.last_error) == (state, 2, "refused_450")


def test_an_irae_of_a_patient_whose_plan_is_closed_is_judged_by_nobody(check, nurse, chair):
    close_plan(by=nurse, plan=check.plan, reason="other")
    irae = make_irae(nurse, check.plan.case, "colitis", organ="colon", worst_grade=4, grade_now=4)
    assert irae_recorded(by=nurse, case=check.plan.case, irae=irae) is None
    assert (state_of(check), told(chair)) == ("watching", [])


@pytest.mark.parametrize(
    ("entity", "organ", "grade", "reason"),
    [
        ("pneumonitis", "lung", 1, "irae_again"),
        ("colitis", "colon", 2, "new_irae"),
        ("colitis", "colon", 1, None),
        ("myocarditis", "heart", 1, "new_irae"),
    ],
)
def test_an_irae_under_monitoring_returns_the_case(
    check, nurse, chair, entity, organ, grade, reason
):
    case = check.plan.case
    irae = make_irae(nurse, case, entity, organ=organ, worst_grade=grade, grade_now=grade)
    assert irae_recorded(by=nurse, case=case, irae=irae) == reason
    assert state_of(check) == ("returned" if reason else "watching")
    assert irae_recorded(by=nurse, case=case, irae=irae) is None
    assert told(chair) == ([("returned", reason)] if reason else [])


def test_an_irae_between_signature_and_first_dose_is_judged(board, nurse):
    plan = make_plan(nurse, board)
    irae = make_irae(nurse, plan.case, "colitis", organ="colon", worst_grade=3)
    with acting_as(nurse):
        assert irae_recorded(by=nurse, case=plan.case, irae=irae) == "new_irae"
        assert Case.objects.get(pk=plan.case_id).state == "returned"
        assert "No dose has been given yet" in irae_words(plan, "new_irae")


def test_the_first_dose_does_not_make_an_irae_known_that_nobody_judged(board, nurse):
    plan = make_plan(nurse, board)
    irae = make_irae(nurse, plan.case, "colitis", organ="colon", worst_grade=3, grade_now=3)
    with acting_as(nurse):
        backdate(plan, 2)
        plan = enter_first_dose(by=nurse, plan=plan, on=day(-2))
        assert Case.objects.get(pk=plan.case_id).returned_reason == "new_irae"
        assert plan.earlier_entities == ["pneumonitis"]
        assert str(irae.pk) in plan.known_iraes


def test_what_cannot_be_taken_back_passed_on_or_is_unknown_is_refused(check, nurse, board):
    with pytest.raises(Outdated):
        reopen_check(by=nurse, check=check)
    with pytest.raises(ValidationError, match="Choose"):
        record_result(by=nurse, check=check, result="")
    assign_check(by=nurse, check=check, to=nurse)
    assert assign_check(by=nurse, check=check, to=nurse).assignee == nurse
    record_result(by=nurse, check=check, result="normal", measured_on=today())
    with pytest.raises(ValidationError, match="dated and not done"):
        assign_check(by=nurse, check=check, to=make_user("nurse", board))


def test_a_check_without_a_date_takes_that_of_its_measurement(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        undated = plan.checks.filter(due_on__isnull=True, measures=[]).first()
        done = record_result(
            by=nurse, check=undated, result="normal", measured_on=day(-1), early=True
        )
    assert done.due_on == day(-1)
