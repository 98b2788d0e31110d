"""Laboratory results on the case page: entered, questioned, shown, changed, removed; who may, and what it costs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.changelog import saves_of, since_version
from cases.models import Background, Draft, LabResult, PatientIdentity
from cases.presenters.sparklines import sparkline
from cases.services.labs import ResultRefused, remove_result, save_result, save_results
from cases.services.sections import StaleSection
from cases.services.steroids import save_steroid
from evidence.conditions.facts import Fact, FactState
from tests.factories.labs import (
    DAY,
    analytes,
    facts_of,
    make_many,
    make_sample,
    post_sample,
    typed,
    version_of,
)
from tests.factories.record import make_case
from tests.integration.test_cases_editing import at
from tests.integration.test_cases_pages import HTMX, sign_in
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    analytes()
    return make_case(member, board)


def test_a_sample_is_entered_with_its_units_and_the_ratio_follows(client, member, case):
    answer = post_sample(
        sign_in(client, member),
        case,
        value_neutrophils="6,0", unit_neutrophils="10^9/L",
        value_lymphocytes="1 500", unit_lymphocytes="/uL", reference_lymphocytes="1000-4000",
        value_crp="<4", unit_crp="mg/L",
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    rows = {r.analyte.code: r for r in LabResult.objects.select_related("analyte")}
    assert set(rows) == {"neutrophils", "lymphocytes", "crp"}
    lymphocytes = rows["lymphocytes"]
    assert (lymphocytes.value_entered, lymphocytes.unit_entered) == ("1 500", "/uL")
    assert (lymphocytes.value, lymphocytes.taken_on) == (Decimal("1.5000"), DAY)
    assert (lymphocytes.reference_low, lymphocytes.reference_high) == (Decimal(1), Decimal(4))
    assert (rows["crp"].comparator, rows["crp"].value) == ("<", Decimal(4))
    assert lymphocytes.entered_by == member
    assert facts_of(case)["nlr"] == Fact.number(Decimal("4.00"))
    html = client.get(at(case, "")).content.decode()
    for shown in (
        "1 500 /µL",
        "= 1.5 10⁹/L",
        "ref. 1000-4000",
        "&lt;4",
        "neutrophils ÷ lymphocytes",
    ):
        assert shown in html, shown
    assert "no cut-off of any of them is validated" in html
    assert "not entered: leukocytes, LDH" in html


@pytest.mark.parametrize(("value", "unit", "asked"), [
    ("6.5", "/uL", True), ("7", "/uL", True), ("1200.5", "/uL", True),
    ("0", "/uL", False), ("6500", "/uL", False), ("<5", "/uL", False), ("6.5", "10^9/L", False),
])  # fmt: skip
def test_a_count_that_is_a_thousand_times_too_low_is_questioned(
    client, member, case, value, unit, asked
):
    sign_in(client, member)
    fields = {"value_leukocytes": value, "unit_leukocytes": unit}
    answer = post_sample(client, case, **fields)
    html = answer.content.decode()
    assert answer.status_code == (422 if asked else 302)
    assert ("is hardly a count" in html) is asked
    if asked:
        assert "Did you mean 10⁹/L?" in html
        kept = post_sample(client, case, **fields, keep_leukocytes=f"{value} {unit}")
        assert kept.status_code == 302


def test_a_thousand_times_too_many_lymphocytes_are_questioned_and_kept_on_confirmation(
    client, member, case
):
    sign_in(client, member)
    fields = {"value_lymphocytes": "1500", "unit_lymphocytes": "10^9/L"}
    answer = post_sample(client, case, **fields)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert not LabResult.objects.exists()
    assert "1\N{NO-BREAK SPACE}000 times too high?" in html
    assert "Did you mean /µL? That would be 1.5 10⁹/L." in html
    assert 'value="1500"' in html
    # A confirmation counts for what was questioned and for nothing else.
    other = {**fields, "value_lymphocytes": "15000", "keep_lymphocytes": "1500 10^9/L"}
    assert post_sample(client, case, **other).status_code == 422
    kept = {**fields, "keep_lymphocytes": "1500 10^9/L"}
    assert post_sample(client, case, **kept).status_code == 302
    assert LabResult.objects.get().value == 1500
    assert "doubtful, kept as typed" in client.get(at(case, "")).content.decode()


def test_a_value_too_low_for_its_unit_is_questioned(client, member, case):
    fields = {"value_platelets": "250", "unit_platelets": "/uL"}
    answer = post_sample(sign_in(client, member), case, **fields)
    assert "1\N{NO-BREAK SPACE}000 times too low?" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value_ldh": "abc", "unit_ldh": "U/L"}, "Enter a number such as 4.2"),
        ({"value_ldh": "1,500", "unit_ldh": "U/L"}, "Write 1500, or 1.5"),
        ({"value_leukocytes": "1.500", "unit_leukocytes": "/uL"}, "Write 1500, or 1.5"),
        ({"value_ldh": "-3", "unit_ldh": "U/L"}, "cannot be negative"),
        ({"value_ldh": "300", "unit_ldh": ""}, "Choose the unit"),
        ({"value_ldh": "300", "unit_ldh": "U/L", "reference_ldh": "250-135"}, "The lower end comes first"),
        ({"value_ldh": "300", "unit_ldh": "U/L", "reference_ldh": "high"}, "Enter a range such as"),
        ({"reference_ldh": "135-250", "unit_ldh": "U/L"}, "clear its reference range"),
        ({"unit_ldh": "U/L"}, "Enter at least one result"),
        ({"value_ldh": "300", "unit_ldh": "g/L"}, "Select a valid choice"),
        ({"day": "March 2026", "value_ldh": "300", "unit_ldh": "U/L"}, "only results of one day belong"),
        ({"day": "", "value_ldh": "300", "unit_ldh": "U/L"}, "Enter: day of the sample"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words_with_what_was_typed_kept(
    client, member, case, fields, words
):
    answer = post_sample(sign_in(client, member), case, **fields)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert not LabResult.objects.exists()
    assert fields.get("value_ldh", "") in html


def test_a_sample_is_neither_in_the_future_nor_before_birth(client, member, case):
    PatientIdentity.objects.filter(patient=case.patient).update(birth_date=date(1960, 5, 1))
    sign_in(client, member)
    tomorrow = timezone.localdate() + timedelta(days=1)
    for day, words in (
        (f"{tomorrow:%d/%m/%Y}", "lies in the future"),
        ("30 April 1960", "before the patient&#39;s date of birth"),
    ):
        answer = post_sample(client, case, day=day, value_ldh="300", unit_ldh="U/L")
        assert answer.status_code == 422, day
        assert words in answer.content.decode()
    ldh = {"analyte": analytes()["ldh"], "value_entered": "3", "unit_entered": "U/L", "value": 3}
    for day in (tomorrow, date(1960, 4, 30)):
        with pytest.raises(ResultRefused):
            save_results(by=member, case=case, version=1, results=[{**ldh, "taken_on": day}])


def test_a_second_result_of_one_day_and_source_is_refused_and_of_another_source_is_not(
    client, member, case
):
    fields = {"value_ldh": "300", "unit_ldh": "U/L"}
    assert post_sample(sign_in(client, member), case, **fields).status_code == 302
    again = {**typed(2, **fields), "source": " central  LABORATORY "}
    answer = client.post(at(case, "labs/add"), again)
    assert answer.status_code == 422
    assert "is recorded already: 300 U/L" in answer.content.decode()
    columns = {"taken_on": DAY, "source": "central laboratory", "analyte": analytes()["ldh"]}
    with pytest.raises(ResultRefused, match="recorded already"):
        save_results(by=member, case=case, version=2, results=[{**columns, "value": 3}])
    other = {**typed(2, **fields), "source": "GP"}
    assert client.post(at(case, "labs/add"), other).status_code == 302
    html = client.get(at(case, "")).content.decode()
    assert "GP" in html


def test_one_result_is_added_with_the_units_of_its_analyte(client, member, case):
    sign_in(client, member)
    url = at(case, "labs/add-one")
    start = {**typed(), "analyte": "creatinine", "value": "1.2", "reshape": "1"}
    html = client.post(url, start, headers=HTMX).content.decode()
    assert "mg/dL" in html
    assert 'value="1.2"' in html
    assert "10⁹/L" not in html.split('name="unit"')[1].split("</select>")[0]
    assert client.post(url, {**typed(), "analyte": "creatinine", "value": "1.2"}).status_code == 422
    saved = {
        **typed(),
        "analyte": "creatinine",
        "value": "1.2",
        "unit": "mg/dL",
        "reference": "<1.1",
    }
    assert client.post(url, saved).status_code == 302
    row = LabResult.objects.get()
    assert (row.value, row.reference_high) == (Decimal("106.08"), Decimal("97.24"))
    html = client.get(at(case, "")).content.decode()
    assert "= 106.08 µmol/L" in html
    assert "above its reference range" in html


def test_a_result_is_changed_and_its_history_says_what_it_was(client, member, chair, case):
    (row, *_rest) = make_sample(member, case, DAY, {"ldh": ("300", "U/L", "<250")})
    url = at(case, f"labs/{row.public_id}")
    html = sign_in(client, member).get(url, headers=HTMX).content.decode()
    for shown in ('value="300"', 'value="&lt;250"', 'value="3 March 2026"', "Remove"):
        assert shown in html, shown
    changed = {**typed(2), "analyte": "ldh", "value": "330", "unit": "U/L", "reference": "<250"}
    with acting_as(chair):
        assert sign_in(client, chair).post(url, changed).status_code == 302
    row.refresh_from_db()
    assert (row.value, row.source, row.entered_by) == (330, "Central laboratory", chair)
    told = [
        (c.subject, c.label, c.old, c.new)
        for save in saves_of(case)[0]
        for c in save.changes
        if c.section == "Laboratory results"
    ]
    assert ("LDH", "Result", "300 U/L", "330 U/L") in told
    assert any(label == "Added" and "300 U/L" in new for _s, label, _old, new in told)


def test_a_result_is_removed_after_a_question_and_its_history_stays(client, member, case):
    (row, *_rest) = make_sample(member, case, DAY, {"ldh": ("300", "U/L", "")})
    url = at(case, f"labs/{row.public_id}/remove")
    assert "LDH of 3 March 2026" in sign_in(client, member).get(url).content.decode()
    assert client.post(url, {"version": 1}).status_code == 409
    assert client.post(url, {"version": 2}).status_code == 302
    assert not LabResult.objects.exists()
    labels = [c.label for save in saves_of(case)[0] for c in save.changes if c.subject == "LDH"]
    assert sorted(labels) == ["Added", "Removed"]
    assert client.get(at(case, "changes")).status_code == 200


def test_a_result_entered_twice_meanwhile_is_told_with_what_changed(client, member, chair, case):
    with acting_as(chair):
        make_sample(chair, case, DAY, {"ldh": ("300", "U/L", "")})
    answer = post_sample(sign_in(client, member), case, value_crp="7", unit_crp="mg/L")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "300 U/L" in html
    assert 'value="7"' in html
    (save,) = since_version(case, "labs", 1)
    assert save.who == chair.name


def test_every_write_of_a_result_is_under_the_lock_of_its_section(member, case):
    (row, *_rest) = make_sample(member, case, DAY)
    version = version_of(case)
    with pytest.raises(StaleSection):
        save_results(by=member, case=case, version=version - 1, results=[])
    with pytest.raises(StaleSection):
        save_result(by=member, case=case, version=1, values={}, public_id=row.public_id)
    with pytest.raises(StaleSection):
        remove_result(by=member, case=case, version=1, public_id=row.public_id)


def test_facts_follow_a_change_and_a_removal(member, case):
    rows = make_sample(member, case, DAY)
    assert facts_of(case)["nlr"] == Fact.number(Decimal("4.00"))
    lymphocytes = next(r for r in rows if r.analyte.code == "lymphocytes")
    lock = {"by": member, "case": case, "public_id": lymphocytes.public_id}
    save_result(**lock, version=2, values={"value": 0, "value_entered": "0"})
    assert facts_of(case)["nlr"].state is FactState.UNKNOWN
    remove_result(**lock, version=3)
    assert facts_of(case)["nlr"].state is FactState.MISSING
    assert facts_of(case)["dnlr"] == Fact.number(Decimal("3.00"))


def test_a_draft_of_a_sample_is_kept_and_offered(client, member, case):
    key = f"section:{case.public_id}:labs:sample"
    sign_in(client, member)
    fields = typed(value_ldh="33", unit_ldh="ukat/L", day="3 Mar")
    assert client.post(reverse("cases:draft", args=[key]), fields).status_code == 204
    html = client.get(at(case, "labs/add"), headers=HTMX).content.decode()
    assert 'value="33"' in html
    assert "not yet in the record" in html
    assert (
        client.post(at(case, "labs/add"), {**fields, "taken_on": "3 March 2026"}).status_code == 302
    )
    assert not Draft.objects.exists()


def test_the_unit_used_last_is_offered_first(client, member, case):
    make_sample(member, case, DAY - timedelta(days=9), {"neutrophils": ("6.0", "10^9/L", "")})
    make_sample(member, case, DAY, {"neutrophils": ("6000", "/uL", "")})
    html = sign_in(client, member).get(at(case, "labs/add"), headers=HTMX).content.decode()
    chosen = html.split('name="unit_neutrophils"')[1].split("</select>")[0]
    assert '<option value="/uL" selected>' in chosen
    assert (
        '<option value="10^9/L" selected>'
        in html.split('name="unit_ldh"')[0]
        .split('name="unit_lymphocytes"')[1]
        .split("</select>")[0]
    )


def test_only_the_newest_days_are_on_the_page_and_all_on_their_own(client, member, case):
    make_many(member, case, 70)
    sign_in(client, member)
    html = client.get(at(case, "")).content.decode()
    assert "70 results, the newest of 3 March 2026" in html
    assert "35 older results" in html
    assert "<polyline" in html
    first = client.get(at(case, "labs")).content.decode()
    assert first.count("Laboratory</td>") == 50
    assert "after=" in first
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(older).content.decode().count("Laboratory</td>") == 20


def test_weight_and_height_give_the_body_mass_index_and_ali(client, member, case):
    make_sample(member, case, DAY)
    sign_in(client, member)
    form = {"version": 1, "weight_kg": "70", "weighed": "20 February 2026", "height_cm": "170"}
    assert client.post(at(case, "sections/fitness"), form).status_code == 302
    row = Background.objects.get(patient=case.patient)
    assert (row.weight_kg, row.height_cm) == (Decimal("70.0"), Decimal("170.0"))
    # 70/1.7^2 = 24.2214; x 3.8 g/dL / 4 = 23.01
    assert facts_of(case)["ali"] == Fact.number(Decimal("23.0"))
    html = client.get(at(case, "")).content.decode()
    assert "24.2 kg/m²" in html
    assert "weighed within 30 days of the sample" in html
    unknown = {
        "version": 2,
        "weight_kg": "70",
        "weighed": "20 February 2026",
        "height_cm": "unknown",
    }
    assert client.post(at(case, "sections/fitness"), unknown).status_code == 302
    assert facts_of(case)["ali"].state is FactState.UNKNOWN
    labels = [c.label for save in saves_of(case)[0] for c in save.changes]
    assert "Height, cm" in labels


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("weight_kg", "700", "between 20 and 350"),
        ("height_cm", "1.70", "between 90 and 250"),
        ("weighed", "3 March 2199", "is in the future"),
    ],
)
def test_weight_and_height_that_cannot_be_are_refused(client, member, case, field, value, words):
    form = {"version": 1, field: value}
    answer = sign_in(client, member).post(at(case, "sections/fitness"), form)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_sample_of_a_day_on_steroids_is_marked(client, member, case):
    make_sample(member, case, DAY)
    html = sign_in(client, member).get(at(case, "")).content.decode()
    assert "steroids that day: cannot tell" in html
    save_steroid(
        by=member,
        case=case,
        version=1,
        values={
            "drug": "prednisolone",
            "drug_state": "known",
            "start": parse_partial_date("1 March 2026"),
            "stop": parse_partial_date("31 March 2026"),
        },
    )
    assert "on systemic steroids that day" in client.get(at(case, "")).content.decode()


def test_a_trend_leaves_out_what_is_doubtful_and_draws_bounds_hollow(member, case):
    def row(day: int, value: str, sign: str = "=") -> LabResult:
        return LabResult(
            pk=day,
            analyte=analytes()["lymphocytes"],
            taken_on=date(2026, 3, day),
            value=Decimal(value),
            comparator=sign,
            reference_low=Decimal(1),
        )

    assert sparkline([row(1, "1.5")]) is None
    assert sparkline([row(1, "1500"), row(2, "1.5")]) is None
    found = sparkline([row(11, "3"), row(1, "1"), row(6, "0.5", "<"), row(8, "1500")])
    assert [mark.is_bound for mark in found.marks] == [False, True, False]
    assert [mark.x for mark in found.marks] == [4.0, 52.0, 100.0]
    assert [mark.y for mark in found.marks] == [18.4, 22.0, 4.0]
    assert found.points == "4.0,18.4 100.0,4.0"
    assert found.band == (0.0, 18.4)
