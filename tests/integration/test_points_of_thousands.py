"""A point before three figures may part thousands: a dose and a result of which both can be are asked about."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest

from cases.forms.dossier import MeasureField
from cases.lab_entry import Typed, check
from cases.loading import load as load_record_data
from cases.models import DossierEntry, DossierItem, LabResult, SteroidCourse
from tests.factories.labs import analytes, post_sample
from tests.factories.record import make_case
from tests.factories.spreadsheets import LAB, WHOLE, file_of, imported, told
from tests.integration.bulk.test_entering import by
from tests.integration.test_cases_iraes import at
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import URL as REFER
from tests.integration.test_cases_refer import typed as referral
from tests.integration.test_doubts import add, kept_at_last
from tests.integration.test_results_in_dossiers import event

pytestmark = pytest.mark.django_db
__all__ = ["by"]
DOSES = ("now_mg_per_day", "peak_mg_per_day", "dose_mg_1")


@pytest.fixture
def case(member, board):
    analytes()
    return make_case(member, board)


@pytest.mark.parametrize("field", DOSES)
@pytest.mark.parametrize(
    ("typed", "read", "whole"), [("1.000", "1", "1000"), ("12.500", "12.5", "12500")]
)
def test_a_dose_is_asked_about_and_kept_in_one_click(
    client, member, case, field, typed, read, whole
):
    sign_in(client, member)
    sent = {"drug": "methylprednisolone", field: typed}
    if field == "dose_mg_1":
        sent["dose_from_1"] = "2 March 2025"
    words = f"“{typed}” is read as {read} mg/day, not as {whole}. Is it right?"
    assert kept_at_last(client, case, "steroids", words, **sent)
    row = SteroidCourse.objects.get()
    kept = row.doses.get().mg_per_day if field == "dose_mg_1" else getattr(row, field)
    assert kept == Decimal(read)


def test_what_was_typed_stays_in_its_field(client, member, case):
    sign_in(client, member)
    html = add(client, case, "steroids", drug="methylprednisolone", now_mg_per_day="1.000")
    assert 'value="1.000"' in html.content.decode()
    assert not SteroidCourse.objects.exists()


@pytest.mark.parametrize("typed", ["1.00", "1", "1000", "12.5", "0.500"])
def test_a_dose_that_is_plain_is_not_asked_about(client, member, case, typed):
    sign_in(client, member)
    sent = {"drug": "methylprednisolone", "peak_mg_per_day": typed}
    assert add(client, case, "steroids", **sent).status_code == 302


def test_what_cannot_be_a_dose_is_refused_as_before(client, member, case):
    sign_in(client, member)
    html = add(
        client, case, "steroids", dose_from_1="2 March 2025", dose_mg_1="1.005"
    ).content.decode()
    assert "Enter at most 2 figures after the point" in html and "is read as" not in html


@pytest.mark.parametrize(
    ("code", "typed", "unit", "read"),
    [
        ("alt", "1.250", "U/L", "1.25 U/L, not as 1250"), ("ck", "12.500", "U/L", "12.5 U/L, not as 12500"),
        ("troponin_t", "1.250", "ng/L", "1.25 ng/L, not as 1250"), ("ck", ">1.250", "U/L", "1.25 U/L, not as 1250"),
        # Far too low for it, so that the thousand is meant: it is named rather than another unit.
        ("ck", "1.250", "U/L", "1.25 U/L, not as 1250"),
        # Twenty thousand and no more: up to the end of what can be.
        ("alt", "20.000", "U/L", "20 U/L, not as 20000"), ("alt", "20.001", "U/L", ""),
        ("crp", "1.250", "mg/L", ""), ("tsh", "1.250", "mIU/L", ""), ("creatinine", "1.000", "mg/dL", ""),
        ("alt", "0.950", "ukat/L", ""),
    ],
)  # fmt: skip
def test_a_result_is_asked_about_where_a_thousandfold_can_be(code, typed, unit, read):
    analyte = analytes()[code]
    found = check(analyte, Typed(typed, unit))
    if not read:
        assert (found.doubt, found.errors) == ("", {})
        return
    assert found.errors == {"value": f"“{typed.lstrip('>')}” is read as {read}. Is it right?"}
    assert not check(analyte, Typed(typed, unit, keep=found.doubt)).errors


def test_a_result_is_kept_as_typed_in_one_click(client, member, case):
    sign_in(client, member)
    fields = {"value_alt": "1.250", "unit_alt": "U/L"}
    html = post_sample(client, case, **fields).content.decode()
    assert (
        "“1.250” is read as 1.25 U/L, not as 1250. Is it right?" in html and 'value="1.250"' in html
    )
    sign = re.search(r'name="keep_alt" value="([^"]+)"', html)[1]
    assert post_sample(client, case, **fields, keep_alt=sign).status_code == 302
    row = LabResult.objects.get()
    assert (row.value, row.value_entered) == (Decimal("1.25"), "1.250")


@pytest.mark.parametrize("field", ["steroid", "steroid_peak"])
def test_a_referral_asks_alike(client, member, board, field):
    sign_in(client, member)
    told = {"steroid": "1", "steroid_state": "known", "steroid_drug": "methylprednisolone"}
    sent = referral(board, **{**told, "steroid_peak": "", field: "1.000"})
    html = client.post(REFER, sent).content.decode()
    assert "“1.000” is read as 1 mg/day, not as 1000. Is it right?" in html
    assert 'value="1.000"' in html and not SteroidCourse.objects.exists()
    sign = re.search(r'name="right" value="([0-9a-f]{16})"', html)[1]
    assert client.post(REFER, {**sent, "right": sign}).status_code == 302
    assert SteroidCourse.objects.get().now_mg_per_day == 1


def test_a_file_asks_by_row_and_column_and_takes_its_word(by, board):
    analytes()
    lab = LAB | {"Analyte": "alt", "Unit": "U/L", "Value": "1.250", "Reference range": ""}
    ((sheet, row, heading, words),) = told(imported(by, board, file_of(**WHOLE | {"labs": [lab]})))
    assert (sheet, row, heading) == ("labs", 2, "Value")
    assert words == "“1.250” is read as 1.25 U/L, not as 1250. Is it right?"
    assert not LabResult.objects.exists()
    kept = file_of(**WHOLE | {"labs": [lab | {"Keep as typed": "yes"}]})
    assert told(imported(by, board, kept)) == []
    assert LabResult.objects.get().value == Decimal("1.25")
    assert told(imported(by, board, file_of(**WHOLE | {"labs": [lab]}))) == []


@pytest.mark.parametrize(
    ("code", "unit", "value", "typed", "read"),
    [
        ("ck", "U/L", "90", "<1.250", "“1.250” is read as 1.25 U/L, not as 1250"),
        ("ck", "U/L", "90", "0.5-1.250", "“1.250” is read as 1.25 U/L, not as 1250"),
        ("alt", "U/L", "90", ">12.500", "“12.500” is read as 12.5 U/L, not as 12500"),
        # Twenty thousand and no more: up to the end of what can be.
        ("alt", "U/L", "90", "<20.001", ""), ("creatinine", "mg/dL", "1.2", "0.500-1.250", ""),
        ("tsh", "mIU/L", "1.2", "0.270-4.200", ""), ("ck", "U/L", "90", "<1250", ""),
    ],
)  # fmt: skip
def test_a_range_is_asked_about_where_a_thousandfold_can_be(code, unit, value, typed, read):
    analyte = analytes()[code]
    found = check(analyte, Typed(value, unit, typed))
    if not read:
        assert (found.doubt, found.errors) == ("", {})
        return
    assert found.errors == {"reference": f"{read}. Is it right?"}
    assert found.kept == f"{value} ({typed})"
    assert not check(analyte, Typed(value, unit, typed, keep=found.doubt)).errors
    # It stands for this range alone, and not for one that is typed later.
    other = check(analyte, Typed(value, unit, "<2.250", keep=found.doubt))
    assert set(other.errors) == {"reference"}
    # Nor does what was said of the value alone.
    assert check(analyte, Typed(value, unit, typed, keep=f"{value} {unit}")).errors


def test_a_value_and_its_range_are_kept_together():
    found = check(analytes()["ck"], Typed("1.250", "U/L", "<1.100"))
    assert set(found.errors) == {"value", "reference"}
    assert not check(analytes()["ck"], Typed("1.250", "U/L", "<1.100", keep=found.doubt)).errors


def test_a_range_is_kept_as_typed_in_one_click(client, member, case):
    sign_in(client, member)
    fields = {"value_alt": "90", "unit_alt": "U/L", "reference_alt": "<1.250"}
    html = post_sample(client, case, **fields).content.decode()
    assert "“1.250” is read as 1.25 U/L, not as 1250. Is it right?" in html
    assert "It is right: keep 90 (&lt;1.250) as typed" in html
    sign = re.search(r'name="keep_alt" value="([^"]+)"', html)[1].replace("&lt;", "<")
    assert post_sample(client, case, **fields, keep_alt=sign).status_code == 302
    assert LabResult.objects.get().reference_high == Decimal("1.25")


def test_a_file_asks_about_a_range_and_what_is_there_is_not_asked_about(by, board):
    analytes()
    lab = LAB | {"Analyte": "ck", "Unit": "U/L", "Value": "90", "Reference range": "<1.250"}
    ((_sheet, _row, heading, words),) = told(
        imported(by, board, file_of(**WHOLE | {"labs": [lab]}))
    )
    assert (heading, words[:30]) == ("Reference range", "“1.250” is read as 1.25 U/L, n")
    kept = file_of(**WHOLE | {"labs": [lab | {"Keep as typed": "yes"}]})
    assert told(imported(by, board, kept)) == []
    assert LabResult.objects.get().reference_high == Decimal("1.25")
    assert told(imported(by, board, file_of(labs=[lab]))) == []


@pytest.fixture
def dossier(client, member, board):
    """Return the address of the dossier of a colitis, whose calprotectin may be 30 000."""
    load_record_data()
    made = make_case(member, board)
    irae = event(member, made, "colitis", "colon")
    sign_in(client, member)
    return at(made, f"iraes/{irae.public_id}/dossier")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.250", "“1.250” is read as 1.25 ug/g, not as 1250"), ("<1.250", "“1.250” is read as 1.25 ug/g"),
        ("0.5-12.500", "“12.500” is read as 12.5 ug/g"), ("1.250 ug/g", "“1.250” is read as 1.25 ug/g"),
        ("at least 1.250", "“1.250” is read as 1.25 ug/g"), ("30.000", "“30.000” is read as 30 ug/g"),
    ],
)  # fmt: skip
def test_a_number_of_a_dossier_is_asked_about_once(client, dossier, typed, read):
    sent = {"version": 2, "colon_calprotectin": typed}
    refused = client.post(dossier, sent)
    html = unescape(refused.content.decode())
    assert refused.status_code == 422 and f"{read}" in html and f'value="{typed}"' in html
    assert not DossierEntry.objects.exists()
    sign = re.search(r'name="right" value="([0-9a-f]{16})"', html)[1]
    assert client.post(dossier, {**sent, "right": sign}).status_code == 302
    entry = DossierEntry.objects.get()
    assert Decimal("1.25") in (entry.low, entry.high) or entry.high in (Decimal("12.5"), 30)
    # What stands there is not asked about again when something else is entered.
    assert (
        client.post(
            dossier, {"version": 3, "colon_calprotectin": entry.answer, "colon_stools": "4"}
        ).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("colon_calprotectin", "1250"), ("colon_calprotectin", "1.25"), ("colon_calprotectin", "unknown"),
        ("colon_calprotectin", "0.5-1.25"),
        # As a thousand it cannot be: 60 stools a day at the most, and 30 000 µg/g.
        ("colon_stools", "1.250"), ("colon_calprotectin", "30.001"),
    ],
)  # fmt: skip
def test_a_number_of_a_dossier_that_is_plain_is_not_asked_about(client, dossier, name, typed):
    assert client.post(dossier, {"version": 2, name: typed}).status_code == 302


def test_a_comma_in_a_dossier_is_refused_as_everywhere(client, dossier):
    html = client.post(dossier, {"version": 2, "colon_calprotectin": "1,250"}).content.decode()
    assert "“1,250” can be read in two ways. Write 1250, or 1.25" in html


def test_the_lowest_that_can_be_bounds_the_question_too():
    item = DossierItem(
        code="x", label="X", kind="number", lowest=Decimal(2000), highest=Decimal(9000)
    )
    field = MeasureField(item)
    assert (field.parted("1.250"), field.parted("2.000"), field.parted("9.001")) == (
        "",
        "2.000",
        "",
    )
