"""Plan, check, case: in this order everybody holds them, so that nobody waits for whom they keep waiting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.acting import acting_as, set_acting
from cases.models import Case, CaseSection, IrAE
from cases.services.identity import save_identity
from cases.services.lifecycle import move_case
from followup.models import Check, MonitoringPlan
from followup.services import close_plan, open_plan, record_result
from followup.services.iraes import record_irae
from followup.services.locking import locked_check, locked_plan
from followup.services.protocols import load_protocols
from meetings.services.signing import sign_decision
from tests.factories.meetings import make_draft, make_item, make_meeting, make_signed
from tests.factories.monitoring import today
from tests.factories.people import make_board, make_user
from tests.factories.world import World
from tests.integration.test_merging_races import alone, until_waiting
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.usefixtures("committed_db")


def test_an_irae_is_saved_beside_an_abnormal_result_at_a_dose(superuser):
    world = World(dosed=30)
    nurse, plan = world.nurse, world.plan

    def saving():
        version = CaseSection.objects.get(case=plan.case_id, key="iraes").version
        record_irae(
            by=nurse,
            plan=plan,
            version=version,
            entity="pneumonitis",
            ctcae_version="5.0",
            grade=1,
        )

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_acting(nurse)
            # As a result at a dose does that lets the checks go on.
            locked_plan(plan)
            run = pool.submit(alone, nurse, saving)
            until_waiting(superuser, run)
            visit = Check.objects.get(plan=plan, step__code="visit", offset_days=21)
            record_result(by=nurse, check=visit, result="abnormal", measured_on=today())
        assert run.result(timeout=60) == "done"
    assert world.case_state == ("returned", "irae_again")
    assert len(world.seen(nurse, IrAE.objects.all())) == 2


def test_a_decision_is_signed_beside_an_abnormal_result_under_the_earlier_one(superuser):
    with transaction.atomic():
        board = make_board()
        chair, nurse = make_user("chair", board), make_user("nurse", board)
        load_protocols()
        earlier = make_signed(chair, make_item(chair, make_meeting(chair, board)))
        with acting_as(chair):
            case = move_case(by=chair, case=earlier.case, to="returned", reason="missed_check")
        item = make_item(chair, make_meeting(chair, board, in_days=14), case)
        draft = make_draft(chair, item)

    def signing():
        sign_decision(by=chair, decision=draft, version=draft.version)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_acting(nurse)
            check = locked_check(Check.objects.get(step__code="baseline_exam", offset_days=None))
            run = pool.submit(alone, chair, signing)
            until_waiting(superuser, run)
            record_result(by=nurse, check=check, result="abnormal", measured_on=today())
        assert run.result(timeout=60) == "done"
    with transaction.atomic(), acting_as(nurse):
        states = MonitoringPlan.objects.order_by("id").values_list("state", "close_reason")
        assert list(states) == [("closed", "superseded"), ("waiting_first_dose", "")]
        assert Check.objects.get(pk=check.pk).result == "abnormal"
        assert Case.objects.get(pk=case.pk).state == "watching"


def test_a_death_is_entered_beside_an_abnormal_result(superuser):
    world = World(dosed=30)
    nurse, plan = world.nurse, world.plan
    who = world.coordinator

    def entering():
        version = CaseSection.objects.get(case=plan.case_id, key="patient").version
        died = {"died": parse_partial_date(today().isoformat())}
        save_identity(by=who, case=plan.case, version=version, values=died)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_acting(nurse)
            locked_plan(plan)
            run = pool.submit(alone, who, entering)
            until_waiting(superuser, run)
            visit = Check.objects.get(plan=plan, step__code="visit", offset_days=21)
            record_result(by=nurse, check=visit, result="abnormal", measured_on=today())
        assert run.result(timeout=60) == "done"
    plans = MonitoringPlan.objects.values_list("state", "close_reason")
    assert world.seen(nurse, plans) == [("closed", "died")]


def test_the_newer_of_two_plans_is_closed_beside_a_death(superuser):
    world = World(dosed=30)
    nurse, earlier = world.nurse, world.plan
    with transaction.atomic(), acting_as(world.chair):
        newer = open_plan(
            by=world.chair,
            case=earlier.case,
            regimen_label="durvalumab",
            decision_ref=uuid4(),
            dose_interval_days=28,
        )
        assert MonitoringPlan.objects.get(pk=earlier.pk).succeeded

    def closing():
        close_plan(by=nurse, plan=newer, reason="completed")

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_acting(nurse)
            # As a death does, which ends one plan after the other.
            locked_plan(earlier)
            run = pool.submit(alone, nurse, closing)
            until_waiting(superuser, run)
            locked_plan(newer)
        assert run.result(timeout=60) == "done"
    states = MonitoringPlan.objects.order_by("id").values_list("state", flat=True)
    assert world.seen(nurse, states)[1] == "closed"
