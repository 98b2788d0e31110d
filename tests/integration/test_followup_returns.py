"""What the sweep returns: irAEs put right, closed cases whose plan runs, conditions that ran out."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.acting import acting_as
from cases.models import Case, IrAE
from followup.models import MonitoringPlan, Notice
from followup.services.sweep import open_due_checks
from followup.services.triggers import return_by_sweep
from tests.factories.monitoring import (
    as_worker,
    day,
    make_irae,
    make_plan,
    make_watched_case,
    today,
)
from tests.factories.people import make_board, make_user
from tests.integration.test_followup_sweep import World

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def world():
    return World()


def test_a_resolution_put_right_on_the_case_page_is_judged_by_the_sweep():
    with transaction.atomic():
        board = make_board("North Thoracic Board")
        nurse = make_user("nurse", board)
        case = make_watched_case(nurse, board)
        make_irae(
            nurse, case, "hypothyroidism", organ="thyroid", grade_now=2, resolution="on_replacement"
        )
        plan = make_plan(nurse, board, case=case)
    with as_worker():
        assert open_due_checks().returned == 0
    with transaction.atomic(), acting_as(nurse):
        IrAE.objects.filter(entity="hypothyroidism").update(resolution="ongoing")
    with as_worker():
        assert open_due_checks().returned == 1
    with transaction.atomic(), acting_as(nurse):
        assert Case.objects.get(pk=plan.case_id).returned_reason == "irae_again"


def test_a_closed_case_whose_plan_runs_comes_back_and_takes_the_graver_reason(world):
    with transaction.atomic(), acting_as(world.nurse):
        Case.objects.update(state="closed")
    for reason, back, shown in (
        ("missed_check", True, "missed_check"),
        ("irae_again", False, "irae_again"),
        ("new_irae", False, "irae_again"),
    ):
        with as_worker(), transaction.atomic():
            assert return_by_sweep(plan=world.plan, reason=reason) is back
        assert world.case_state == ("returned", shown)
    told = world.seen(world.chair, Notice.objects.order_by("id").values_list("kind", "reason"))
    assert told == [("returned", "missed_check"), ("irae", "irae_again"), ("irae", "new_irae")]


def test_a_condition_that_ran_out_before_the_first_dose_returns_the_case_once():
    with transaction.atomic():
        board = make_board("North Thoracic Board")
        nurse, chair = make_user("nurse", board), make_user("chair", board)
        plan = make_plan(nurse, board)
    condition = {"text": "x", "condition": None, "expires_on": today().isoformat()}
    for expires, returned, state in ((0, 0, "watching"), (-1, 1, "returned"), (-1, 0, "watching")):
        condition["expires_on"] = day(expires).isoformat()
        with transaction.atomic(), acting_as(nurse):
            MonitoringPlan.objects.filter(pk=plan.pk).update(conditions=[condition])
            # The board sends it on as decided: once told is enough.
            Case.objects.update(state="watching", returned_reason="")
        with as_worker():
            assert open_due_checks().returned == returned
        with transaction.atomic(), acting_as(nurse):
            assert Case.objects.get().state == state
    with transaction.atomic(), acting_as(chair):
        assert list(Notice.objects.values_list("kind", flat=True)) == ["returned"]
