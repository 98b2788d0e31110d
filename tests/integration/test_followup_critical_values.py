"""A critical check is normal only with its values or with why there are none; values have a yardstick."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import LabResult
from followup.models import Check
from followup.presenters.words import limit_rows, measured_rows, value_words
from followup.services import enter_first_dose, record_result, reopen_check
from followup.yardsticks import yardstick_of
from tests.factories.labs import analytes
from tests.factories.monitored import page, post
from tests.factories.monitoring import day, make_irae, make_plan, make_watched_case, today
from ui import formatting

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(board, nurse):
    """A plan after myositis and hepatitis, its first dose given ten days ago."""
    case = make_watched_case(nurse, board, irae=False)
    make_irae(nurse, case, "myositis", organ="muscle")
    make_irae(nurse, case, "hepatitis", organ="liver")
    return make_plan(nurse, board, case=case, dosed=10)


def found(plan, code, offset):
    return plan.checks.select_related("step__version__protocol", "plan").get(
        step__code=code, offset_days=offset
    )


def record(nurse, check, values=None, **more):
    more = {"result": "normal", "measured_on": today(), **more}
    return record_result(by=nurse, check=check, values=values or {}, **more)


def test_normal_without_its_values_is_refused_beside_each_field(plan, nurse):
    with acting_as(nurse):
        check = found(plan, "troponin_ecg", 7)
        assert check.step.critical
        with pytest.raises(ValidationError) as refused:
            record(nurse, check, {"ck": "90"}, upper_limits={"ck": "190"})
        assert list(refused.value.message_dict) == ["value-troponin"]
        assert "why it was not measured" in refused.value.message_dict["value-troponin"][0]
        assert Check.objects.get(pk=check.pk).result == ""


def test_why_a_value_is_lacking_is_kept_shown_and_on_the_trail(plan, nurse):
    with acting_as(nurse):
        check = found(plan, "troponin_ecg", 7)
        done = record(
            nurse, check, {"ck": "90"}, upper_limits={"ck": "190"}, unmeasured="not_available"
        )
        assert (done.result, done.unmeasured) == ("normal", "not_available")
        assert ("Not measured", "Troponin: test not available here") in measured_rows(done)
        assert TrailEntry.objects.get(kind="check.recorded").detail["unmeasured"] == "not_available"
        again = reopen_check(by=nurse, check=done)
        assert (again.unmeasured, again.upper_limits) == ("", {})


def test_abnormal_needs_no_value_and_neither_does_a_check_that_is_not_critical(plan, nurse):
    with acting_as(nurse):
        other = found(plan, "thyroid", None)
        assert record(nurse, other, unmeasured="sample").unmeasured == ""
        check = found(plan, "troponin_ecg", 7)
        assert record(nurse, check, result="abnormal").result == "abnormal"


def test_the_form_refuses_empty_boxes_and_loses_nothing(client, plan, nurse):
    with acting_as(nurse):
        check = found(plan, "troponin_ecg", 7)
    data = {
        "version": check.version, "result": "normal", "measured_on": today().isoformat(),
        "value-ck": "91", "upper-ck": "187",
    }  # fmt: skip
    answer = post(client, nurse, "check", check.public_id, data=data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_value-troponin-error"' in html and 'value="91"' in html and 'value="187"' in html
    assert 'name="unmeasured"' in html and 'name="kept"' not in html
    data |= {"unmeasured": "not_available"}
    assert post(client, nurse, "check", check.public_id, data=data).status_code == 302
    with acting_as(nurse):
        done = Check.objects.get(pk=check.pk)
    assert (done.values, done.upper_limits, done.unmeasured) == (
        {"ck": "91"}, {"ck": "187"}, "not_available",
    )  # fmt: skip


def test_a_value_without_the_laboratorys_limit_asks_for_it_or_for_a_verdict(client, plan, nurse):
    with acting_as(nurse):
        check = found(plan, "troponin_ecg", 7)
        both = {"ck": "90", "troponin": "12"}
        with pytest.raises(ValidationError, match="without the laboratory’s upper limit"):
            record(nurse, check, both)
        done = record(nurse, check, both, kept=True)
        assert TrailEntry.objects.get(kind="check.recorded").detail["kept"] == ["ck", "troponin"]
        assert done.values == both
    html = page(client, nurse, "check", found_id(nurse, plan)).content.decode()
    assert "laboratory’s upper limit" in html


def found_id(nurse, plan):
    with acting_as(nurse):
        return found(plan, "troponin_ecg", 14).public_id


@pytest.mark.parametrize("limit", ["0", "<40", "abc"])
def test_a_limit_that_is_no_number_is_refused_beside_its_field(client, plan, nurse, limit):
    with acting_as(nurse):
        check = found(plan, "troponin_ecg", 7)
    data = {"version": check.version, "result": "normal", "measured_on": today().isoformat()}
    data |= {"value-ck": "91", "value-troponin": "5", "upper-ck": limit}
    answer = post(client, nurse, "check", check.public_id, data=data)
    assert answer.status_code == 422 and 'id="id_upper-ck-error"' in answer.content.decode()


def test_once_an_organ_was_affected_a_mild_rise_is_questioned(plan, nurse):
    limits = {"alt": "40", "ast": "40", "bilirubin": "20"}
    values = {"alt": "70", "ast": "30", "alp": "80", "bilirubin": "9"}
    with acting_as(nurse):
        check = found(plan, "liver_tests", 7)
        with pytest.raises(ValidationError, match="above 40"):
            record(nurse, check, values, upper_limits=limits)
        done = record(nurse, check, values, upper_limits=limits, kept=True)
        assert "above 40" in value_words(done) and "irAE (liver)" in value_words(done)
        thyroid = limit_rows(found(plan, "thyroid", None))
        assert thyroid[1][0] == "Free T4" and "below 9" in thyroid[1][1]


def test_creatinine_is_held_against_the_value_before_the_first_dose(plan, nurse):
    with acting_as(nurse):
        before = {"creatinine": "60", "sodium": "140", "potassium": "4.2"}
        first = found(plan, "kidney_tests", None)
        record(nurse, first, before, kept=True, measured_on=day(-10))
        later = found(plan, "kidney_tests", 21)
        with pytest.raises(ValidationError, match="above 90"):
            record(nurse, later, {**before, "creatinine": "95"})
        with pytest.raises(ValidationError, match="without the laboratory’s upper limit"):
            record(nurse, later, {**before, "creatinine": "85"})
        limits = {"creatinine": "104"}
        values = {**before, "creatinine": "85"}
        assert record(nurse, later, values, upper_limits=limits).result == "normal"


@pytest.mark.parametrize(
    ("result", "measured", "counts"),
    [("normal", -10, True), ("normal", -9, False), ("abnormal", -12, False)],
)
def test_a_baseline_is_normal_and_not_from_after_the_first_dose(
    plan, nurse, result, measured, counts
):
    values = {"creatinine": "60", "sodium": "140", "potassium": "4.2"}
    with acting_as(nurse):
        first = found(plan, "kidney_tests", None)
        record(nurse, first, values, result=result, kept=True, measured_on=day(measured))
        later = found(plan, "kidney_tests", 21)
        known = yardstick_of(later, {"creatinine": "104"}).baseline
        assert ("creatinine" in known) is counts


@pytest.mark.parametrize("why", ["not_ordered", "sample", "not_available", "not_needed"])
def test_a_critical_check_without_any_value_is_never_normal(client, plan, nurse, why):
    with acting_as(nurse):
        check = found(plan, "liver_tests", 7)
        with pytest.raises(ValidationError) as refused:
            record(nurse, check, unmeasured=why)
        assert "Choose not done" in refused.value.message_dict["unmeasured"][0]
        assert record(nurse, check, result="not_done", reason="sample").state == "missed"


@pytest.mark.parametrize("why", ["not_ordered", "sample"])
def test_what_can_still_be_measured_is_no_reason_to_call_a_critical_check_normal(
    client, plan, nurse, why
):
    with acting_as(nurse):
        check = found(plan, "troponin_ecg", 7)
        with pytest.raises(ValidationError) as refused:
            record(nurse, check, {"ck": "90"}, upper_limits={"ck": "190"}, unmeasured=why)
        assert "Leave the check open" in refused.value.message_dict["unmeasured"][0]
    html = page(client, nurse, "check", check.public_id).content.decode()
    why_lacking = html.split('name="unmeasured"')[1].split("</select>")[0]
    assert f'value="{why}"' not in why_lacking and 'value="not_available"' in why_lacking


def test_the_limit_entered_last_is_offered_again_and_else_that_of_the_record(client, plan, nurse):
    ck = analytes()["ck"]
    with acting_as(nurse):
        for days, high in ((-40, "171"), (-3, "188.5")):
            LabResult.objects.create(
                patient=plan.case.patient, analyte=ck, taken_on=day(days),
                value_entered="90", unit_entered="U/L", value=90, reference_high=high, entered_by=nurse,
            )  # fmt: skip
        check = found(plan, "troponin_ecg", 7)
    html = page(client, nurse, "check", check.public_id).content.decode()
    assert 'value="188.5"' in html and 'name="upper-troponin"' in html
    assert f"188.5 is the limit of {formatting.date(day(-3))}" in html
    with acting_as(nurse):
        limits = {"ck": "201", "troponin": "14"}
        record(nurse, check, {"ck": "90", "troponin": "5"}, upper_limits=limits)
    html = page(client, nurse, "check", found_id(nurse, plan)).content.decode()
    assert 'value="201"' in html and "188.5" not in html
    assert f"201 is the limit of {formatting.date(today())}" in html
    # Troponin T and I are not comparable: none is held against the limit of the other.
    assert 'value="14"' not in html and "limits of other assays" in html


def test_a_limit_far_above_the_usual_one_is_asked_about(client, plan, nurse):
    with acting_as(nurse):
        check = found(plan, "liver_tests", 7)
    data = {
        "version": check.version, "result": "normal", "measured_on": today().isoformat(),
        "value-alt": "300", "value-ast": "20", "value-alp": "80", "value-bilirubin": "9",
        "upper-alt": "400", "upper-ast": "40", "upper-alp": "130", "upper-bilirubin": "20",
    }  # fmt: skip
    answer = post(client, nurse, "check", check.public_id, data=data)
    html = answer.content.decode()
    assert answer.status_code == 422 and 'id="id_upper-alt-error"' in html
    assert "more than twice the usual 40" in html and 'name="kept"' in html
    data["kept"] = "on"
    assert post(client, nurse, "check", check.public_id, data=data).status_code == 302
    with acting_as(nurse):
        assert TrailEntry.objects.get(kind="check.recorded").detail["kept"] == ["upper-alt"]


@pytest.mark.parametrize(("before", "entered", "asked"), [("14", "34", True), ("14", "20", False)])
def test_without_an_assumed_limit_the_earlier_one_is_the_usual(plan, nurse, before, entered, asked):
    values = {"ck": "90", "troponin": "5"}
    with acting_as(nurse):
        record(
            nurse,
            found(plan, "troponin_ecg", 7),
            values,
            upper_limits={"ck": "190", "troponin": before},
        )
        later = found(plan, "troponin_ecg", 14)
        limits = {"ck": "190", "troponin": entered}
        if asked:
            with pytest.raises(ValidationError) as refused:
                record(nurse, later, values, upper_limits=limits)
            assert list(refused.value.message_dict) == ["upper-troponin"]
        else:
            assert record(nurse, later, values, upper_limits=limits).result == "normal"


def test_a_bound_of_exactly_the_limit_is_questioned(plan, nurse):
    with acting_as(nurse):
        check = found(plan, "glucose", 0)
        with pytest.raises(ValidationError, match=r"is above 13\.9"):
            record(nurse, check, {"glucose": ">13.9"})
        with pytest.raises(ValidationError, match=r"may be above 13\.9"):
            record(nurse, check, {"glucose": "<20"})


def test_entering_the_dose_again_changes_no_value(plan, nurse):
    with acting_as(nurse):
        check = record(
            nurse,
            found(plan, "troponin_ecg", 7),
            {"ck": "90", "troponin": "5"},
            upper_limits={"ck": "190", "troponin": "14"},
        )
        enter_first_dose(by=nurse, plan=plan, on=day(-9), version=plan.version)
        assert Check.objects.get(pk=check.pk).upper_limits == {"ck": "190", "troponin": "14"}
