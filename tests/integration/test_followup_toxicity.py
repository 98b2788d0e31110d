"""Doses not given for toxicity: what shows how it goes on is asked all the same, and somebody is told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acting import acting_as
from cases.models import Case, ICICourse, Section
from cases.services.history import save_irae
from cases.services.lifecycle import move_case
from cases.services.sections import locked_version
from followup.models import MonitoringPlan, Notice
from followup.selectors import irae_since_first_dose
from followup.services import enter_last_dose, hold_plan, skip_dose
from tests.factories.monitored import page
from tests.factories.monitoring import day, make_irae, make_plan, make_watched_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(board, nurse, chair):
    """A plan of a patient without an irAE, first dose 30 days ago, every 21 days."""
    return make_plan(nurse, board, case=make_watched_case(nurse, board, irae=False), dosed=30)


@pytest.fixture
def examined(board, nurse):
    """A plan of a patient once affected in nerve and muscle: what is asked at doses are examinations."""
    case = make_watched_case(nurse, board, irae=False)
    make_irae(nurse, case, "myositis", organ="muscle")
    make_irae(nurse, case, "guillain_barre", organ="nerve")
    return make_plan(nurse, board, case=case, dosed=10)


def told(user):
    with acting_as(user):
        return list(Notice.objects.filter(user=user).values_list("kind", "reason"))


def case_of(plan):
    case = Case.objects.get(pk=plan.case_id)
    return case.state, case.returned_reason


def days(plan, code):
    rows = plan.checks.filter(step__code=code, at_dose=True, offset_days=21)
    return list(rows.exclude(state="cancelled").values_list("due_on", flat=True))


@pytest.mark.parametrize(("reason", "due"), [("toxicity", [day(11)]), ("logistics", [None])])
def test_held_for_toxicity_nerve_and_muscle_are_examined_all_the_same(examined, nurse, reason, due):
    with acting_as(nurse):
        hold_plan(by=nurse, plan=examined, reason=reason)
        assert days(examined, "neuro_exam") == days(examined, "muscle_exam") == due
        assert days(examined, "visit") == [None]


@pytest.mark.parametrize(("reason", "due"), [("toxicity", [day(11)]), ("logistics", [])])
def test_skipped_for_toxicity_nerve_and_muscle_are_examined_all_the_same(
    examined, nurse, reason, due
):
    with acting_as(nurse):
        skip_dose(by=nurse, plan=examined, reason=reason)
        assert days(examined, "neuro_exam") == days(examined, "muscle_exam") == due
        assert days(examined, "visit") == []


@pytest.mark.parametrize("step", [hold_plan, skip_dose])
def test_toxicity_without_an_irae_is_told_to_who_leads_and_said_on_the_page(
    client, plan, nurse, chair, step
):
    assert 'id="toxicity"' not in page(client, nurse, "plan", plan.public_id).content.decode()
    with acting_as(nurse):
        step(by=nurse, plan=plan, reason="toxicity")
        assert case_of(plan) == ("watching", "")
    assert told(chair) == [("toxicity", "")]
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert 'id="toxicity"' in html and f"/plans/{plan.public_id}/irae/" in html
    make_irae(nurse, plan.case, "colitis", organ="colon", worst_grade=1)
    assert 'id="toxicity"' not in page(client, nurse, "plan", plan.public_id).content.decode()


@pytest.mark.parametrize("step", [hold_plan, skip_dose])
def test_another_reason_and_a_toxicity_that_is_an_irae_already_are_not_told(
    plan, nurse, chair, step
):
    if step is hold_plan:
        make_irae(nurse, plan.case, "colitis", organ="colon", worst_grade=1)
    with acting_as(nurse):
        step(by=nurse, plan=plan, reason="toxicity" if step is hold_plan else "logistics")
    assert told(chair) == []


@pytest.mark.parametrize("reason", ["toxicity", "progression"])
def test_a_last_dose_for_toxicity_or_progression_brings_the_case_back_once(
    plan, nurse, chair, reason
):
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-30), reason=reason)
        assert case_of(plan) == ("returned", f"ended_{reason}")
    assert told(chair) == [("returned", f"ended_{reason}")]
    with acting_as(chair):
        move_case(by=chair, case=plan.case, to="watching")
    with acting_as(nurse):
        # The day is corrected: the reason is known already.
        enter_last_dose(by=nurse, plan=plan, on=day(-20), reason=reason, unentered="elsewhere")
        assert case_of(plan) == ("watching", "")
    assert len(told(chair)) == 1


def test_a_last_dose_of_a_completed_course_brings_nothing_back(plan, nurse, chair):
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-30), reason="completed")
        assert case_of(plan) == ("watching", "")
    assert told(chair) == []


def test_a_case_that_is_before_the_board_already_is_told_of(plan, nurse, chair):
    with acting_as(chair):
        case = move_case(by=chair, case=plan.case, to="returned", reason="new_irae")
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-30), reason="progression")
        assert case_of(plan) == ("returned", "new_irae")
    assert told(chair) == [("ended", "ended_progression")]
    assert case.reference


def test_a_closed_case_comes_back_and_its_course_ends(plan, nurse, chair):
    with acting_as(chair):
        move_case(by=chair, case=plan.case, to="closed")
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-30), reason="progression")
        assert case_of(plan) == ("returned", "ended_progression")
        assert ICICourse.objects.get().stop_reason == "progression"
        assert MonitoringPlan.objects.get(pk=plan.pk).last_dose_on == day(-30)


OLD = {"grade_now": 1, "worst_grade": 3, "resolution": "resolved"}


def say(nurse, plan, irae, **values):
    """Save an irAE on the case's page."""
    with acting_as(nurse):
        save_irae(
            by=nurse, case=plan.case, version=locked_version(plan.case, Section.IRAES),
            values=values, public_id=irae.public_id,
        )  # fmt: skip


@pytest.fixture
def known(board, nurse):
    """A plan with a first dose 30 days ago, and the irAE that the board knew."""
    case = make_watched_case(nurse, board, irae=False)
    old = make_irae(nurse, case, "colitis", organ="colon", **OLD)
    return make_plan(nurse, board, case=case, dosed=30), old


@pytest.mark.parametrize(
    "said",
    [
        {"now_on": day(0), "resolution": "resolved", "resolution_state": "known"},
        {"grade_now": 0, "grade_now_state": "known", "now_on": day(-1)},
        {"worst_grade": 2, "worst_grade_state": "known"},
    ],
)
def test_what_is_said_again_of_an_old_irae_is_no_irae_since(client, known, nurse, chair, said):
    plan, old = known
    say(nurse, plan, old, **said)
    with acting_as(nurse):
        hold_plan(by=nurse, plan=plan, reason="toxicity")
    assert told(chair) == [("toxicity", "")]
    assert 'id="toxicity"' in page(client, nurse, "plan", plan.public_id).content.decode()


@pytest.mark.parametrize(
    "said",
    [
        {"worst_grade": 4, "worst_grade_state": "known"},
        {"grade_now": 2, "grade_now_state": "known"},
        {"resolution": "ongoing", "resolution_state": "known"},
        {"entity": "hepatitis", "organ": "liver"},
    ],
)
def test_an_old_irae_that_got_worse_since_is_one(client, known, nurse, chair, said):
    plan, old = known
    say(nurse, plan, old, **said)
    with acting_as(nurse):
        hold_plan(by=nurse, plan=plan, reason="toxicity")
    assert told(chair) == []
    assert 'id="toxicity"' not in page(client, nurse, "plan", plan.public_id).content.decode()


def test_however_often_an_old_irae_was_said_again_the_question_costs_the_same(known, nurse):
    plan, old = known
    for on in range(-4, 0):
        say(nurse, plan, old, now_on=day(on))
    with acting_as(nurse), CaptureQueriesContext(connection) as caught:
        assert not irae_since_first_dose(
            MonitoringPlan.objects.select_related("case__patient", "case__board").get()
        )
    assert len([q for q in caught if "SAVEPOINT" not in q["sql"]]) == 3
