"""Plans: opened from a decision, dated from the doses, held, resumed, closed."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import Case
from followup.models import Check, MonitoringPlan, Protocol, ProtocolStep, ProtocolVersion
from followup.policies import PlanIsClosed
from followup.services import (
    close_plan,
    enter_first_dose,
    hold_plan,
    open_plan,
    record_result,
    resume_plan,
)
from followup.services.locking import Outdated
from followup.services.planning import NoProtocol
from followup.services.protocols import load_protocols, read_data
from tests.factories.monitoring import day, make_irae, make_plan, make_watched_case, today
from tests.factories.record import make_case
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


def pinned(plan):
    return {p.version.protocol.code: p for p in plan.pinned.select_related("version__protocol")}


def test_loading_twice_publishes_once_and_a_change_makes_a_new_version():
    content = read_data()
    first = load_protocols(content=content)
    assert len(first.published) == len(content["protocols"]) >= 12
    assert load_protocols(content=content).published == ()
    content["protocols"][0]["steps"][0]["label"] = "Other words"
    assert load_protocols(content=content).published == ("general v2",)
    assert ProtocolVersion.objects.filter(protocol__code="general").count() == 2


def test_a_version_made_here_is_neither_replaced_nor_its_number_taken():
    content = read_data()
    load_protocols(content=content)
    protocol = Protocol.objects.get(code="general")
    ProtocolVersion.objects.create(
        protocol=protocol, number=2, origin="board", source="local", mark="confirmed here"
    )
    assert load_protocols(content=content).published == ()
    content["protocols"][0]["steps"][0]["label"] = "Other words"
    assert load_protocols(content=content).published == ("general v3",)


def test_the_command_says_what_it_published(capsys):
    call_command("load_protocols")
    call_command("load_protocols")
    said = capsys.readouterr().out
    assert "published general v1" in said and "0 published, " in said


def test_every_shipped_protocol_says_that_it_is_to_be_confirmed():
    load_protocols()
    assert all("confirmed locally" in v.mark for v in ProtocolVersion.objects.all())
    organs = {o for p in Protocol.objects.all() for o in p.organs}
    assert {
        "lung",
        "colon",
        "liver",
        "thyroid",
        "kidney",
        "heart",
        "muscle",
        "skin",
        "joint",
    } <= organs


@pytest.mark.parametrize(
    "write",
    [
        lambda v: ProtocolVersion.objects.filter(pk=v.pk).update(mark="proven"),
        lambda v: v.steps.update(every_days=1),
        lambda v: v.steps.all()[0].delete(),
        lambda v: ProtocolStep.objects.create(
            version=v, code="x", label="x", kind="before_first_dose"
        ),
    ],
)
def test_a_published_version_is_frozen_steps_included(write):
    load_protocols()
    version = ProtocolVersion.objects.get(protocol__code="general")
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        write(version)


def test_plan_takes_the_general_protocol_and_those_of_organs_once_affected(board, nurse):
    case = make_watched_case(nurse, board)
    make_irae(nurse, case, "hypothyroidism", organ="thyroid", worst_grade=2)
    plan = make_plan(nurse, board, case=case)
    with acting_as(nurse):
        found = pinned(plan)
    assert set(found) == {"general", "lung", "thyroid"}
    assert (found["lung"].because_entity, found["lung"].because_grade) == ("pneumonitis", 2)
    assert plan.state == "waiting_first_dose"


def test_before_the_first_dose_only_the_checks_before_it_have_dates(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        dated = plan.checks.filter(due_on__isnull=False)
        assert {c.offset_days for c in dated} == {None}
        assert all(today() <= c.due_on <= day(14) for c in dated)
        assert plan.checks.filter(offset_days__isnull=False, due_on__isnull=True).count() > 60


def test_weekly_creatinine_after_nephritis_stays_critical_and_every_day_is_watched(board, nurse):
    case = make_watched_case(nurse, board, irae=False)
    make_irae(nurse, case, "nephritis", organ="kidney")
    plan = make_plan(nurse, board, case=case)
    with acting_as(nurse):
        kept = plan.checks.filter(step__code="kidney_tests", offset_days__lte=42)
        days = {c.offset_days: c.step.critical for c in kept.select_related("step")}
    assert days == {0: False, 7: True, 14: True, 21: True, 28: True, 42: False}


def test_a_call_after_pneumonitis_and_colitis_asks_about_both(board, nurse):
    case = make_watched_case(nurse, board)
    make_irae(nurse, case, "colitis", organ="colon")
    plan = make_plan(nurse, board, case=case)
    with acting_as(nurse):
        call = plan.checks.get(step__code="symptom_call", offset_days=7)
    assert "cough" in call.label and "stools" in call.label


def test_same_decision_opens_one_plan_and_another_decision_supersedes_it(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        again = open_plan(
            by=nurse,
            case=plan.case,
            regimen_label="x",
            decision_ref=plan.decision_ref,
            dose_interval_days=21,
        )
        assert again == plan
        other = open_plan(
            by=nurse,
            case=plan.case,
            regimen_label="x",
            decision_ref=uuid.uuid4(),
            dose_interval_days=21,
        )
        plan.refresh_from_db()
    assert (plan.state, plan.close_reason, other.state) == (
        "closed",
        "superseded",
        "waiting_first_dose",
    )


def test_without_a_published_general_protocol_no_plan_is_made(board, nurse):
    case = make_case(nurse, board)
    with acting_as(nurse), pytest.raises(NoProtocol, match="load_protocols"):
        open_plan(
            by=nurse, case=case, regimen_label="x", decision_ref=uuid.uuid4(), dose_interval_days=21
        )


def test_the_chair_opens_a_plan_and_a_stranger_does_not(board, chair, nurse, stranger):
    load_protocols()
    case = make_watched_case(nurse, board)
    with acting_as(stranger), pytest.raises(PermissionDenied), transaction.atomic():
        open_plan(
            by=stranger,
            case=case,
            regimen_label="x",
            decision_ref=uuid.uuid4(),
            dose_interval_days=21,
        )
    with acting_as(chair):
        assert open_plan(
            by=chair, case=case, regimen_label="x", decision_ref=uuid.uuid4(), dose_interval_days=21
        )
        assert TrailEntry.objects.filter(kind="plan.opened", actor=chair).count() == 1


def test_first_dose_dates_the_checks_and_pulls_what_was_to_come_before_it(board, nurse):
    plan = make_plan(nurse, board, dosed=3)
    with acting_as(nurse):
        assert plan.state == "active"
        for check in plan.checks.all():
            if check.offset_days is None:
                assert check.due_on == day(-3)
            else:
                assert check.due_on == day(-3) + timedelta(days=check.offset_days)


def test_correcting_the_first_dose_moves_what_is_not_done(board, nurse):
    plan = make_plan(nurse, board, dosed=10)
    with acting_as(nurse):
        done = plan.checks.filter(offset_days=7).first()
        Check.objects.filter(pk=done.pk).update(
            state="done", result="normal", measured_on=day(-3), recorded_by=nurse
        )
        enter_first_dose(by=nurse, plan=plan, on=day(-4), version=plan.version)
        done.refresh_from_db()
        assert done.due_on == day(-3)
        other = plan.checks.filter(offset_days=14).first()
        assert other.due_on == day(10)


def test_a_first_dose_is_not_entered_ahead_nor_on_an_old_page(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        with pytest.raises(ValidationError, match="before it is given"):
            enter_first_dose(by=nurse, plan=plan, on=day(1))
        with pytest.raises(ValidationError, match="decision was signed"):
            enter_first_dose(by=nurse, plan=plan, on=day(-400))
        with pytest.raises(Outdated):
            enter_first_dose(by=nurse, plan=plan, on=today(), version=plan.version - 1)
        enter_first_dose(by=nurse, plan=plan, on=today(), version=plan.version)
        # The same day once more is the same entry, whatever version the second click carries.
        assert enter_first_dose(by=nurse, plan=plan, on=today(), version=plan.version).version == 2


def test_held_doses_lose_their_dates_and_resuming_keeps_the_distances(board, nurse):
    plan = make_plan(nurse, board, dosed=30)
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="logistics")
        at_doses = plan.checks.filter(step__kind="at_each_dose", step__code="visit")
        assert set(at_doses.filter(offset_days__gte=42).values_list("due_on", flat=True)) == {None}
        assert plan.checks.filter(step__code="symptom_call", offset_days=42).get().due_on == day(12)
        resume_plan(by=nurse, plan=held, next_dose_on=day(5))
        assert [at_doses.get(offset_days=d).due_on for d in (42, 63)] == [day(5), day(26)]
        assert at_doses.get(offset_days=21).due_on == day(-9)


def test_closing_cancels_what_is_not_done_and_closes_the_record(board, nurse):
    plan = make_plan(nurse, board, dosed=1)
    with acting_as(nurse):
        close_plan(by=nurse, plan=plan, reason="died")
        assert set(plan.checks.values_list("state", flat=True)) == {"cancelled"}
        with pytest.raises(PlanIsClosed):
            hold_plan(by=nurse, plan=plan, reason="other")


def test_the_coordinator_reads_and_does_not_record(board, nurse, coordinator):
    plan = make_plan(nurse, board)
    with acting_as(coordinator):
        assert MonitoringPlan.objects.visible_to(coordinator).get() == plan
        with pytest.raises(PermissionDenied):
            enter_first_dose(by=coordinator, plan=plan, on=today())


def test_another_board_sees_no_plan_by_either_wall(board, nurse, stranger):
    make_plan(nurse, board)
    with acting_as(stranger):
        assert not MonitoringPlan.objects.exists()
        assert not Check.objects.exists()
    with acting_as(nurse):
        assert Check.objects.exists()
        assert not Check.objects.visible_to(stranger).exists()


def test_rows_cannot_be_deleted_by_the_web_role(board, nurse):
    make_plan(nurse, board)
    with (
        acting_as(nurse),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM followup_check")


def test_after_a_hold_every_kind_of_check_at_doses_is_there_on_the_day_of_the_dose(board, nurse):
    case = make_watched_case(nurse, board)
    make_irae(nurse, case, "nephritis", organ="kidney")
    plan = make_plan(nurse, board, case=case, dosed=10)
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="logistics")
        resume_plan(by=nurse, plan=held, next_dose_on=day(5))
        at_doses = plan.checks.filter(at_dose=True, state="waiting")
        codes = set(at_doses.values_list("step__code", flat=True))
        assert "kidney_tests" in codes and "oxygen" in codes
        assert set(at_doses.filter(due_on=day(5)).values_list("step__code", flat=True)) == codes


def test_held_for_toxicity_what_is_measured_keeps_its_day(board, nurse):
    plan = make_plan(nurse, board, dosed=10)
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="toxicity")
        at = {c.step.code: c for c in plan.checks.filter(offset_days=21).select_related("step")}
        assert at["visit"].due_on is None
        assert at["liver_tests"].due_on == at["oxygen"].due_on == day(11)
        resume_plan(by=nurse, plan=held, next_dose_on=day(20))
        days = plan.checks.filter(offset_days=21, at_dose=True).values_list("due_on", flat=True)
        assert set(days) == {day(20)}


def test_the_interval_is_corrected_with_the_first_dose_and_afterwards(board, nurse):
    plan = make_plan(nurse, board)

    def doses():
        visits = plan.checks.filter(step__code="visit", offset_days__lte=84)
        return sorted(visits.exclude(state="cancelled").values_list("offset_days", "due_on"))

    with acting_as(nurse):
        plan = enter_first_dose(by=nurse, plan=plan, on=today(), dose_interval_days=28)
        assert doses() == [(d, day(d)) for d in (0, 28, 56, 84)]
        first = plan.checks.get(step__code="visit", offset_days=0)
        record_result(by=nurse, check=first, result="normal", measured_on=today())
        for interval in (42, 28, 42):
            plan = enter_first_dose(by=nurse, plan=plan, on=today(), dose_interval_days=interval)
        assert doses() == [(d, day(d)) for d in (0, 42, 84)]
        assert plan.checks.get(step__code="visit", offset_days=0).state == "done"
        assert plan.dose_interval_days == 42
        held = hold_plan(by=nurse, plan=plan, reason="other")
        with pytest.raises(ValidationError, match="held"):
            enter_first_dose(by=nurse, plan=held, on=today(), dose_interval_days=14)


def test_what_was_done_at_a_dose_stays_done_when_no_dose_is_given_on_that_day_any_more(
    board, nurse
):
    plan = make_plan(nurse, board, dosed=30, interval=21)
    with acting_as(nurse):
        visits = plan.checks.filter(step__code="visit")
        done = visits.get(offset_days=21)
        record_result(by=nurse, check=done, result="normal", measured_on=day(-9))
        enter_first_dose(by=nurse, plan=plan, on=day(-30), dose_interval_days=28)
        states = dict(
            visits.filter(offset_days__in=[21, 28, 42]).values_list("offset_days", "state")
        )
    assert states == {21: "done", 28: "waiting", 42: "cancelled"}


def test_an_organ_affected_between_signature_and_first_dose_is_watched(board, nurse):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        assert set(pinned(plan)) == {"general", "lung"}
    make_irae(nurse, plan.case, "nephritis", organ="kidney", onset=parse_partial_date("2020"))
    with acting_as(nurse):
        plan = enter_first_dose(by=nurse, plan=plan, on=today())
        assert set(pinned(plan)) == {"general", "lung", "kidney"}
        weekly = plan.checks.filter(step__code="kidney_tests", step__critical=True)
        assert weekly.get(offset_days=7).due_on == day(7)
        assert plan.earlier_entities == ["nephritis", "pneumonitis"]
        case = Case.objects.get(pk=plan.case_id)
    assert (case.state, case.returned_reason) == ("returned", "new_irae")


def test_the_first_of_two_irae_of_an_organ_that_is_worse_gives_the_reason(board, nurse):
    case = make_watched_case(nurse, board)
    make_irae(nurse, case, "pneumonitis", worst_grade=3)
    make_irae(nurse, case, "pneumonitis", worst_grade=1)
    with acting_as(nurse):
        assert pinned(make_plan(nurse, board, case=case))["lung"].because_grade == 3


def test_where_nobody_said_how_many_days_lie_between_doses_no_day_to_go_on_is_odd(board, nurse):
    plan = make_plan(nurse, board, dosed=10)
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="logistics")
        MonitoringPlan.objects.filter(pk=plan.pk).update(dose_interval_days=None)
        held.refresh_from_db()
        assert resume_plan(by=nurse, plan=held, next_dose_on=day(200)).state == "active"
