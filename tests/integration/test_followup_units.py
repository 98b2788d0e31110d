"""A value typed in another unit than that of its box is asked about, whatever its limit says."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.models import Analyte
from followup.models import Check
from followup.services import record_result
from tests.factories.labs import analytes
from tests.factories.monitored import post
from tests.factories.monitoring import make_irae, make_plan, make_watched_case, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(board, nurse):
    """A plan after myositis and nephritis, its first dose given ten days ago."""
    analytes()
    case = make_watched_case(nurse, board, irae=False)
    make_irae(nurse, case, "myositis", organ="muscle")
    make_irae(nurse, case, "nephritis", organ="kidney")
    return make_plan(nurse, board, case=case, dosed=10)


def measuring(plan, code):
    rows = plan.checks.select_related("step", "plan").filter(offset_days__isnull=False)
    check = rows.filter(measures__contains=[{"code": code}]).order_by("offset_days").first()
    assert check is not None
    return check


def record(nurse, check, code, value, upper=None, **more):
    why = {"unmeasured": "not_available"} if check.step.critical else {}
    return record_result(
        by=nurse, check=check, result=more.pop("result", "normal"), measured_on=today(),
        values={code: value}, upper_limits={code: upper} if upper else {}, **why, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "upper", "words"),
    [
        ("creatinine", "2.5", "104", "In mg/dL it would be 221 µmol/L"),
        ("troponin", "0.4", "14", "In µg/L it would be 400 ng/L"),
        ("bilirubin", "3.5", "21", "In mg/dL it would be 59.85 µmol/L"),
        ("potassium", "0.4", None, "results lie between 1 and 10 mmol/L"),
    ],
)
def test_a_unit_mistaken_is_asked_about_and_kept_where_it_is_right(
    plan, nurse, code, value, upper, words
):
    with acting_as(nurse):
        check = measuring(plan, code)
        with pytest.raises(ValidationError) as refused:
            record(nurse, check, code, value, upper)
        assert words in refused.value.message_dict[f"value-{code}"][0]
        assert Check.objects.get(pk=check.pk).result == ""
        assert record(nurse, check, code, value, upper, kept=True).result == "normal"
        assert TrailEntry.objects.get(kind="check.recorded").detail["kept"] == [code]


@pytest.mark.parametrize(
    ("code", "value", "upper"),
    [("creatinine", "62", "104"), ("troponin", "3", "14"), ("bilirubin", "5", "21")],
)
def test_a_usual_value_is_not_asked_about(plan, nurse, code, value, upper):
    with acting_as(nurse):
        record(nurse, measuring(plan, code), code, value, upper)
        assert "kept" not in TrailEntry.objects.get(kind="check.recorded").detail


def test_what_can_be_is_what_the_records_analytes_say(plan, nurse):
    with acting_as(nurse):
        Analyte.objects.filter(code="potassium").update(plausible_low="4")
        with pytest.raises(ValidationError, match="between 4 and 10"):
            record(nurse, measuring(plan, "potassium"), "potassium", "3.9")


def test_an_abnormal_result_is_not_held_up(plan, nurse):
    with acting_as(nurse):
        record(nurse, measuring(plan, "creatinine"), "creatinine", "2.5", "104", result="abnormal")


def test_the_page_asks_beside_the_box_and_keeps_what_was_typed(client, plan, nurse):
    with acting_as(nurse):
        check = measuring(plan, "creatinine")
    data = {
        "version": check.version, "result": "normal", "measured_on": today().isoformat(),
        "value-creatinine": "2,5", "upper-creatinine": "104",
    }  # fmt: skip
    answer = post(client, nurse, "check", check.public_id, data=data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "In mg/dL it would be" in html and 'href="#id_value-creatinine"' in html
    assert 'value="2,5"' in html and 'value="104"' in html and 'name="kept"' in html
    again = post(client, nurse, "check", check.public_id, data={**data, "kept": "on"})
    assert again.status_code in {200, 302}
    with acting_as(nurse):
        assert Check.objects.get(pk=check.pk).values == {"creatinine": "2.5"}


READ = "“1.250” is read as 1.25 {}, not as 1250. Is it right?"


@pytest.mark.parametrize("result", ["normal", "abnormal"])
@pytest.mark.parametrize(
    ("code", "value", "upper", "box", "unit"),
    [
        ("ck", "1.250", "200", "value-ck", "U/L"),
        ("ck", ">1.250", "200", "value-ck", "U/L"),
        ("ck", "90", "1.250", "upper-ck", "U/L"),
        # Of what the record knows no range, all is asked about.
        ("protein", "1.250", None, "value-protein", "mg/mmol"),
    ],
)
def test_a_point_that_may_part_thousands_is_asked_about(
    plan, nurse, code, value, upper, box, unit, result
):
    with acting_as(nurse):
        check = measuring(plan, code)
        with pytest.raises(ValidationError) as refused:
            record(nurse, check, code, value, upper, result=result, kept=True)
        assert refused.value.message_dict[box] == [READ.format(unit)]
        assert Check.objects.get(pk=check.pk).result == ""
        done = record(nurse, check, code, value, upper, result=result, kept=True, as_read=True)
        assert (done.values | {f"upper-{c}": n for c, n in done.upper_limits.items()})[
            box.removeprefix("value-")
        ] == (value if box.startswith("value") else upper)
        kept = TrailEntry.objects.get(kind="check.recorded").detail["kept"]
        assert kept.count(box.removeprefix("value-")) == 1


@pytest.mark.parametrize(
    ("code", "value", "upper"),
    [
        ("creatinine", "62", "104"),
        ("potassium", "4.125", None),
        ("ck", "90.5", "200"),
        ("spo2_rest", "96.125", None),
    ],
)
def test_a_point_that_parts_no_thousands_is_not_asked_about(plan, nurse, code, value, upper):
    with acting_as(nurse):
        record(nurse, measuring(plan, code), code, value, upper)
        assert "kept" not in TrailEntry.objects.get(kind="check.recorded").detail


def test_the_page_asks_how_it_is_meant_and_a_correction_does_not_ask_again(client, plan, nurse):
    with acting_as(nurse):
        check = measuring(plan, "alt")
        first, *_others = [m["code"] for m in check.measures]
    data = {
        "version": check.version, "result": "normal", "measured_on": today().isoformat(),
        **{f"value-{m['code']}": "20" for m in check.measures}, "value-alt": "1.250", "upper-alt": "40",
    }  # fmt: skip
    html = post(client, nurse, "check", check.public_id, data=data).content.decode()
    assert READ.format("U/L") in html and 'name="as_read"' in html and 'value="1.250"' in html
    told = {**data, "as_read": "on", "kept": "on"}
    assert post(client, nurse, "check", check.public_id, data=told).status_code in {200, 302}
    with acting_as(nurse):
        done = Check.objects.get(pk=check.pk)
        assert done.values["alt"] == "1.250"
        again = dict(done.values) | {first: "21"} if first != "alt" else dict(done.values)
        record_result(
            by=nurse, check=done, result="normal", measured_on=today(), values=again,
            upper_limits={**done.upper_limits, "alt": "41"}, kept=True, correcting=True,
            unmeasured=done.unmeasured,
        )  # fmt: skip
        assert Check.objects.get(pk=check.pk).upper_limits["alt"] == "41"
