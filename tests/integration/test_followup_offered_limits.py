"""Which upper limits of the laboratory a check's form offers: the board's own, in as many decimals as it takes."""

from __future__ import annotations

import pytest

from accounts.acting import acting_as
from cases.models import Case, LabResult
from followup.limits import _rows
from followup.services import record_result
from followup.yardsticks import ANALYTES, upper_limits_known
from tests.factories.labs import analytes
from tests.factories.merging import merge_records
from tests.factories.monitoring import day, make_irae, make_plan, make_watched_case, today
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def after_myositis(nurse, board):
    """A plan whose first dose was given ten days ago, and its check of CK of day 7."""
    case = make_watched_case(nurse, board, irae=False)
    make_irae(nurse, case, "myositis", organ="muscle")
    plan = make_plan(nurse, board, case=case, dosed=10)
    with acting_as(nurse):
        found = plan.checks.select_related("step__version__protocol", "plan__case__patient")
        return plan, found.get(step__code="troponin_ecg", offset_days=7)


def offered(nurse, check):
    with acting_as(nurse):
        return {code: known.value for code, known in upper_limits_known(check).items()}


def test_no_limit_of_another_boards_laboratory_is_offered(board, nurse, other_board):
    plan, check = after_myositis(nurse, board)
    elsewhere = make_user("nurse", other_board)
    other, there = after_myositis(elsewhere, other_board)
    merge_records(make_user("coordinator", board, other_board), plan.case, other.case)
    values = {"measured_on": today(), "values": {"ck": "90", "troponin": "5"}, "kept": True}
    limits = {"ck": "177", "troponin": "14"}
    with acting_as(elsewhere):
        record_result(by=elsewhere, check=there, result="normal", upper_limits=limits, **values)
    assert offered(elsewhere, there) == {"ck": "177"}
    assert offered(nurse, check) == {}


def test_the_records_limit_is_offered_as_the_box_takes_it_also_to_a_merged_record(
    board, nurse, other_board
):
    _plan, check = after_myositis(nurse, board)
    elsewhere = make_user("nurse", other_board)
    kept = make_watched_case(elsewhere, other_board)
    merge_records(make_user("coordinator", board, other_board), kept, check.plan.case)
    with acting_as(elsewhere):
        LabResult.objects.create(
            patient=Case.objects.get(pk=kept.pk).patient, analyte=analytes()["ck"],
            taken_on=day(-3), value_entered="90", unit_entered="U/L", value=90,
            reference_high="125.1636", entered_by=elsewhere,
        )  # fmt: skip
    with acting_as(nurse):
        again = type(check).objects.select_related("plan__case__patient", "step").get(pk=check.pk)
    assert offered(nurse, again) == {"ck": "125.164"}


def test_every_measure_held_against_an_upper_limit_has_its_analytes():
    assert {code for code, row in _rows().items() if "times_upper" in row} <= set(ANALYTES)
