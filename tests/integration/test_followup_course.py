"""The rechallenge becomes a course of the record from the doses entered under the plan, and nothing is typed twice."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from accounts.acting import acting_as
from cases.models import Case, ICICourse, Section
from cases.services.history import save_course
from cases.timeline.build import history_of
from cases.whole_record import ensure_record
from followup.models import MonitoringPlan
from followup.services import (
    enter_first_dose,
    enter_last_dose,
    give_dose,
    open_plan,
    take_back_dose,
)
from followup.services.protocols import load_protocols
from tests.factories.monitoring import backdate, day, make_watched_case, today
from ui.partial_dates import parse_partial_date, render_day

pytestmark = pytest.mark.django_db


def opened(nurse, board, regimen="pembrolizumab"):
    load_protocols()
    case = make_watched_case(nurse, board)
    with acting_as(nurse):
        plan = open_plan(
            by=nurse, case=case, regimen_label=regimen, decision_ref=uuid.uuid4(),
            dose_interval_days=21,
        )  # fmt: skip
        backdate(plan, 60)
    return plan


def facts(plan):
    return Case.objects.select_related("facts").get(pk=plan.case_id).facts.as_facts()


def fresh(plan):
    return MonitoringPlan.objects.select_related("case__board").get(pk=plan.pk)


def save_by_hand(nurse, plan, **values):
    version = plan.case.sections.get(key=Section.COURSES).version
    return save_course(by=nurse, case=plan.case, version=version, values=values)


def test_the_first_dose_begins_a_course_of_the_decisions_drugs(board, nurse):
    plan = opened(nurse, board)
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        course = ICICourse.objects.get(patient_id=plan.patient_id)
        assert (course.drugs, course.start.exact, course.stop_state) == (
            ["pembrolizumab"], day(-42), "not_applicable",
        )  # fmt: skip
        assert fresh(plan).course == course
        assert facts(plan)["prior_courses"].low == 1
        assert facts(plan)["prior_includes_pd1_pdl1"].value is True


def test_doses_count_and_the_last_one_ends_it(board, nurse):
    plan = opened(nurse, board)
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        give_dose(by=nurse, plan=plan, on=day(-21))
        give_dose(by=nurse, plan=plan, on=day(-1))
        take_back_dose(by=nurse, plan=plan)
        assert ICICourse.objects.get().cycles_low == 2
        enter_last_dose(by=nurse, plan=plan, on=day(-21), reason="progression")
        course = ICICourse.objects.get()
        assert (course.stop.exact, course.stop_reason, course.cycles_high) == (
            day(-21), "progression", 2,
        )  # fmt: skip
        found = facts(plan)
        assert (found["ici_free_days"].low, found["ici_free_days"].high) == (21, 21)
        assert found["stop_reason"].value == "progression"


def test_a_corrected_first_dose_corrects_the_course(board, nurse):
    plan = opened(nurse, board)
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        enter_first_dose(by=nurse, plan=plan, on=day(-40))
        assert ICICourse.objects.get().start.exact == day(-40)


def test_a_course_entered_by_hand_is_taken_and_keeps_what_it_says(board, nurse):
    plan = opened(nurse, board)
    with acting_as(nurse):
        start = parse_partial_date(f"since {render_day(day(-45))}")
        by_hand = save_by_hand(nurse, plan, drugs=["nivolumab"], drugs_state="known", start=start)
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        course = ICICourse.objects.get()
        assert course == by_hand and fresh(plan).course == by_hand
        assert (course.drugs, course.start.exact) == (["nivolumab"], day(-42))


def test_an_earlier_course_is_not_taken_for_it(board, nurse):
    plan = opened(nurse, board)
    with acting_as(nurse):
        save_by_hand(
            nurse, plan, drugs=["nivolumab"], drugs_state="known",
            start=parse_partial_date(render_day(day(-400))), stop=parse_partial_date(render_day(day(-300))),
        )  # fmt: skip
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        assert [c.drugs for c in ICICourse.objects.all()] == [["nivolumab"], ["pembrolizumab"]]


def test_drugs_that_the_list_does_not_know_are_still_to_be_entered(board, nurse):
    plan = opened(nurse, board, regimen="pembrolizumab, something new")
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        assert ICICourse.objects.get().drugs_state == "not_yet"


@pytest.mark.parametrize(("irae", "why"), [(True, "irae"), (False, None)])
def test_toxicity_is_an_irae_where_one_is_recorded_since(board, nurse, irae, why):
    plan = opened(nurse, board)
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        if irae:
            row = plan.case.patient.iraes.get()
            row.onset = parse_partial_date(render_day(day(-3)))
            row.save()
        enter_last_dose(by=nurse, plan=plan, on=day(-42), reason="toxicity")
        course = ICICourse.objects.get()
        assert (course.stop_reason, course.stop_reason_state) == (
            why, "known" if why else "not_yet",
        )  # fmt: skip


def test_a_closed_case_takes_no_course_until_it_is_open_again(board, nurse):
    plan = opened(nurse, board)
    with acting_as(nurse):
        Case.objects.filter(pk=plan.case_id).update(state="closed")
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        assert not ICICourse.objects.exists()
        Case.objects.filter(pk=plan.case_id).update(state="watching")
        give_dose(by=nurse, plan=plan, on=day(-21))
        assert ICICourse.objects.get().start.exact == day(-42)


def test_what_was_proposed_is_not_drawn_once_it_is_given(board, nurse):
    plan = opened(nurse, board)
    with acting_as(nurse):
        Case.objects.filter(pk=plan.case_id).update(
            proposed_regimen="same_agent", proposed_regimen_state="known"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_case SET referred_at = referred_at - interval '90 days' WHERE id = %s",
                [plan.case_id],
            )

        def proposed():
            case = Case.objects.get(pk=plan.case_id)
            ensure_record(case.patient)
            return history_of(case, today()).proposed

        assert proposed() == "proposed: same agent"
        enter_first_dose(by=nurse, plan=plan, on=day(-42))
        assert proposed() == ""
