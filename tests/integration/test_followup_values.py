"""A value that can hardly be normal is questioned, kept where it is right, and told to the record."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.changewords import facets_of
from cases.models import Case, CaseSection, SteroidCourse
from cases.presenters.patient import patient_bar_of
from cases.services.steroids import save_steroid, say_steroid_total
from followup.conditions import Standing
from followup.models import Check, MonitoringPlan
from followup.presenters.conditions import conditions_of
from followup.presenters.words import value_words
from followup.selectors import plan_for_page
from followup.services import enter_first_dose, open_plan, record_result, reopen_check
from followup.services.protocols import load_protocols
from tests.factories.monitored import post
from tests.factories.monitoring import backdate, day, make_irae, make_watched_case, today
from ui import formatting

pytestmark = pytest.mark.django_db
AT_MOST_10 = {
    "text": "Steroid at most 10 mg/day",
    "condition": {"fact": "steroid_now", "op": "<=", "value": 10},
    "expires_on": None,
}


@pytest.fixture
def plan(board, nurse):
    load_protocols()
    case = make_watched_case(nurse, board)
    make_irae(nurse, case, "colitis", organ="colon")
    with acting_as(nurse):
        plan = open_plan(
            by=nurse, case=case, regimen_label="pembrolizumab", decision_ref=uuid.uuid4(),
            dose_interval_days=21, conditions=[AT_MOST_10],
        )  # fmt: skip
        backdate(plan, 30)
        SteroidCourse.objects.create(
            patient=case.patient, drug="prednisone", drug_state="known",
            now_mg_per_day=5, now_mg_per_day_state="known", now_on=day(-1),
        )  # fmt: skip
    return plan


def found(plan, code):
    return plan.checks.select_related("step").get(step__code=code, offset_days=None)


def steroid(plan):
    return Case.objects.select_related("facts").get(pk=plan.case_id).facts.as_facts()["steroid_now"]


def record(nurse, check, code, value, **more):
    return record_result(
        by=nurse, check=check, result="normal", measured_on=today(), values={code: value}, **more
    )


@pytest.mark.parametrize(
    ("step", "code", "value", "why"),
    [
        ("steroid_dose", "prednisone", "40", "breaks the condition “Steroid at most 10 mg/day”"),
        ("calprotectin", "calprotectin", "1850", "1850 µg/g is above 116, after an irAE (bowel)"),
    ],
)
def test_a_value_that_is_hardly_normal_is_questioned_and_kept_where_it_is_right(
    plan, nurse, step, code, value, why
):
    with acting_as(nurse):
        check = found(plan, step)
        with pytest.raises(ValidationError) as refused:
            record(nurse, check, code, value)
        assert why in refused.value.message_dict[f"value-{code}"][0]
        assert Check.objects.get(pk=check.pk).result == ""
        done = record(nurse, check, code, value, kept=True)
        assert done.result == "normal"
        assert TrailEntry.objects.get(kind="check.recorded").detail["kept"] == [code]


def test_a_usual_value_is_not_questioned(plan, nurse):
    with acting_as(nurse):
        record(nurse, found(plan, "steroid_dose"), "prednisone", "10")
        assert "kept" not in TrailEntry.objects.get(kind="check.recorded").detail


def test_the_value_is_marked_where_it_is_shown(plan, nurse):
    with acting_as(nurse):
        done = record(nurse, found(plan, "calprotectin"), "calprotectin", "1850", kept=True)
        assert "1850 µg/g (above 116, after an irAE (bowel))" in value_words(done)


def test_the_page_asks_beside_the_field_and_takes_the_confirmation(client, plan, nurse):
    with acting_as(nurse):
        check = found(plan, "steroid_dose")
    data = {
        "version": check.version, "result": "normal", "measured_on": today().isoformat(),
        "value-prednisone": "40",
    }  # fmt: skip
    answer = post(client, nurse, "check", check.public_id, data=data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "breaks the condition" in html and 'href="#id_value-prednisone"' in html
    assert 'name="kept"' in html
    assert post(client, nurse, "check", check.public_id, data={**data, "kept": "on"}).status_code in {
        200, 302,
    }  # fmt: skip
    with acting_as(nurse):
        assert Check.objects.get(pk=check.pk).values == {"prednisone": "40"}


def test_the_dose_found_is_a_fact_of_that_day_in_bar_and_condition(plan, nurse):
    with acting_as(nurse):
        record(nurse, found(plan, "steroid_dose"), "prednisone", "40", kept=True)
        assert (steroid(plan).low, steroid(plan).high) == (40, 40)
        shown = plan_for_page(nurse).get(pk=plan.pk)
        assert [c.standing for c in conditions_of(shown)] == [Standing.NOT_MET]
        bar = patient_bar_of(shown.case, today())
        assert (
            "40" in dict(bar.items)["Steroid now"] and "least" not in dict(bar.items)["Steroid now"]
        )


def test_what_the_record_says_later_counts_again(plan, nurse):
    with acting_as(nurse):
        check = found(plan, "steroid_dose")
        SteroidCourse.objects.update(indication="irae", indication_state="known")
        record_result(
            by=nurse, check=check, result="normal", measured_on=day(-3), values={"prednisone": "8"}
        )
        # The record was told a dose two days after.
        assert steroid(plan).low == Decimal(5)


def test_taken_back_it_is_no_fact_any_more(plan, nurse):
    with acting_as(nurse):
        check = record(nurse, found(plan, "steroid_dose"), "prednisone", "9")
        assert steroid(plan).high == 9
        reopen_check(by=nurse, check=check)
        assert steroid(plan).high is None


def none_given(by, plan, on):
    """Say, as a referral does, that no steroid is given on a day."""
    say_steroid_total(by=by, case=plan.case, mg_per_day=Decimal(0), on=on)


def test_a_check_of_an_earlier_day_leaves_what_a_referral_said_since(plan, nurse):
    with acting_as(nurse):
        check = found(plan, "steroid_dose")
        SteroidCourse.objects.all().delete()
        none_given(nurse, plan, today())
        told = {"by": nurse, "check": check, "result": "normal", "values": {"prednisone": "8"}}
        record_result(**told, measured_on=day(-3))
        assert steroid(plan).high == 0
        reopen_check(by=nurse, check=check)
        assert steroid(plan).high == 0
        # Of the same day the check is what was measured.
        record_result(**told, measured_on=today())
        assert (steroid(plan).low, steroid(plan).high) == (8, 8)
        record_result(**told, measured_on=day(-3), correcting=True)
        assert (steroid(plan).low, steroid(plan).high) == (8, 8)
        assert plan.case.patient.background.__class__.objects.get(
            patient=plan.patient_id
        ).steroid_total_on == day(-3)


def test_a_bound_is_questioned_but_is_no_dose(plan, nurse):
    with acting_as(nurse):
        check = found(plan, "steroid_dose")
        with pytest.raises(ValidationError, match="breaks the condition"):
            record(nurse, check, "prednisone", ">20")
        record(nurse, check, "prednisone", "<5")
        assert steroid(plan).high is None


def test_a_closed_case_takes_no_dose(plan, nurse):
    with acting_as(nurse):
        Case.objects.filter(pk=plan.case_id).update(state="closed")
        record(nurse, found(plan, "steroid_dose"), "prednisone", "9")
        assert plan.case.patient.background.steroid_total_mg is None


def test_what_was_judged_with_the_first_dose_stays(plan, nurse):
    with acting_as(nurse):
        record(nurse, found(plan, "steroid_dose"), "prednisone", "9")
        enter_first_dose(by=nurse, plan=plan, on=today())
        stored = MonitoringPlan.objects.get(pk=plan.pk).conditions
        assert stored[0]["judged"] == "met"
        plan.case.patient.background.__class__.objects.filter(patient=plan.patient_id).update(
            steroid_total_mg=40
        )
        shown = plan_for_page(nurse).get(pk=plan.pk)
        assert [c.standing for c in conditions_of(shown)] == [Standing.MET]


def test_the_changes_of_the_record_name_it(plan, nurse):
    with acting_as(nurse):
        record(nurse, found(plan, "steroid_dose"), "prednisone", "9")
        row = plan.case.patient.background
        row.refresh_from_db()
        facets = {f.label: f.words(row) for f in facets_of("Background").all()}
    assert facets["Steroids in all without replacement, as of"] == formatting.date(today())
    assert "9" in facets["Steroids in all without replacement, mg/day of prednisone"]


def test_a_dose_that_is_corrected_is_older_than_a_course_that_was_told_meanwhile(plan, nurse):
    with acting_as(nurse):
        SteroidCourse.objects.all().delete()
        check = record(nurse, found(plan, "steroid_dose"), "prednisone", "5")
        assert (steroid(plan).low, steroid(plan).high) == (5, 5)
        case, values = plan.case, {"drug": "prednisone", "drug_state": "known"}
        version = CaseSection.objects.get(case=case, key="steroids").version
        save_steroid(by=nurse, case=case, version=version, values=values)
        assert (steroid(plan).low, steroid(plan).high) == (5, None)
        record(nurse, check, "prednisone", "6", correcting=True)
        assert (steroid(plan).low, steroid(plan).high) == (6, None)
        reopen_check(by=nurse, check=check, version=Check.objects.get(pk=check.pk).version)
        record(nurse, found(plan, "steroid_dose"), "prednisone", "6")
        assert (steroid(plan).low, steroid(plan).high) == (6, 6)
