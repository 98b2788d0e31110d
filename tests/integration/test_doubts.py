"""What can hardly be true is asked about once, and what was before the birth is refused."""

from __future__ import annotations

import re
from datetime import date

import pytest

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import CaseSection, ICICourse, IrAE, OtherTreatment, PatientIdentity
from cases.services import history
from tests.factories.record import make_case
from tests.integration.test_cases_iraes import TYPED, at
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    made = make_case(member, board)
    with acting_as(member):
        row = PatientIdentity.objects.get(patient=made.patient)
        row.birth_date = date(1977, 7, 27)
        row.save()
    return made


def add(client, case, key, **typed):
    version = CaseSection.objects.get(case=case, key=key).version
    return client.post(at(case, f"{key}/add"), {"version": version, **typed})


def kept_at_last(client, case, key, words, **typed) -> bool:
    """Send a form, be asked `words`, say that it is right, and be asked anew about another value."""
    asked = add(client, case, key, **typed)
    html = asked.content.decode()
    assert asked.status_code == 422 and words in html
    sign = re.search(r'name="right" value="([0-9a-f]{16})"', html)[1]
    assert add(client, case, key, **typed, right="not the sign").status_code == 422
    return add(client, case, key, **typed, right=sign).status_code == 302


def test_a_day_before_the_birth_is_refused(client, member, case):
    sign_in(client, member)
    answer = add(client, case, "courses", drug_1="nivolumab", start="March 1950", right="x")
    assert answer.status_code == 422
    assert "First dose: the date is before the birth, 27 July 1977" in answer.content.decode()
    assert not ICICourse.objects.exists()
    # The year of the birth may be after it.
    assert add(client, case, "courses", drug_1="nivolumab", start="1977").status_code == 302


def test_a_day_after_the_death_is_questioned(client, member, case):
    with acting_as(member):
        row = PatientIdentity.objects.get(patient=case.patient)
        row.died = parse_partial_date("March 2020")
        row.save()
    sign_in(client, member)
    words = "First dose: the date is after the death, March 2020"
    assert kept_at_last(client, case, "courses", words, drug_1="nivolumab", start="May 2024")
    assert add(client, case, "courses", drug_1="nivolumab", start="May 2019").status_code == 302


def test_a_fatal_event_asks_for_the_death_and_has_no_lower_grade_now(client, member, case):
    sign_in(client, member)
    fatal = {**TYPED, "worst_grade": "5", "resolution": "fatal", "resolved": ""}
    fatal.pop("version")
    refused = add(client, case, "iraes", **{**fatal, "grade_now": "0"})
    assert "Grade now: the worst grade is 5, fatal" in refused.content.decode()
    words = "no death is entered under Patient"
    assert kept_at_last(client, case, "iraes", words, **{**fatal, "grade_now": "5"})
    assert IrAE.objects.get().worst_grade == 5


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"dose_gy": "60", "fractions": "1"}, "60 Gy in 1 is 60 Gy per fraction"),
        ({"dose_gy": "4", "fractions": "8"}, "0.5 Gy per fraction"),
        ({"dose_gy": "120", "fractions": "60"}, "120 Gy in all"),
        ({"dose_gy": "120"}, "120 Gy in all"),
    ],
)
def test_a_dose_of_radiotherapy_that_is_seldom_given_is_questioned(
    client, member, case, typed, words
):
    sign_in(client, member)
    assert kept_at_last(client, case, "treatment", words, kind="radiotherapy", **typed)
    usual = {"dose_gy": "60", "fractions": "30"}
    assert add(client, case, "treatment", kind="radiotherapy", **usual).status_code == 302
    assert OtherTreatment.objects.count() == 2


def test_a_daily_dose_that_is_no_pulse_is_questioned(client, member, case):
    sign_in(client, member)
    words = "1500 mg of prednisolone a day: is it right?"
    assert kept_at_last(client, case, "steroids", words, drug="prednisolone", now_mg_per_day="1500")
    pulse = {"drug": "methylprednisolone", "peak_mg_per_day": "1000", "now_mg_per_day": "40"}
    assert add(client, case, "steroids", **pulse).status_code == 302


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"stage_group": "I", "t_category": "T4", "n_category": "N3"}, "T4 N3 makes stage III"),
        ({"stage_group": "III", "t_category": "T2", "n_category": "N0"}, "T2 N0 makes stage I/II"),
        ({"stage_group": "I", "n_category": "N1"}, "N1 makes stage II/III"),
        ({"stage_group": "II", "t_category": "T1b", "n_category": "N2", "tnm_edition": "8"},
         "T1b N2 makes stage III"),
        ({"stage_group": "II", "t_category": "T1b", "n_category": "N2a", "tnm_edition": "9"}, ""),
        ({"stage_group": "II", "t_category": "T2b"}, ""),
        ({"stage_group": "III", "t_category": "TX"}, ""),
        ({"stage_group": "IV", "t_category": "T1a", "n_category": "N0"}, ""),
    ],
)  # fmt: skip
def test_a_stage_that_t_and_n_do_not_make_is_questioned(client, member, case, typed, asked):
    sign_in(client, member)
    version = CaseSection.objects.get(case=case, key="tumour").version
    answer = client.post(at(case, "sections/tumour"), {"version": version, **typed})
    assert answer.status_code == (422 if asked else 302)
    assert asked in answer.content.decode()


def test_a_tick_is_for_the_value_that_was_questioned_and_no_other(client, member, case):
    sign_in(client, member)
    signs = set()
    for mg in ("1500", "1600"):
        typed = {"drug": "prednisolone", "now_mg_per_day": mg}
        html = add(client, case, "steroids", **typed).content.decode()
        signs.add(re.search(r'name="right" value="([0-9a-f]{16})"', html)[1])
    # Also where the question itself is word for word the same.
    for start in ("May 2024", "June 2024"):
        with acting_as(member):
            row = PatientIdentity.objects.get(patient=case.patient)
            row.died = parse_partial_date("March 2020")
            row.save()
        html = add(client, case, "courses", drug_1="nivolumab", start=start).content.decode()
        sign = re.search(r'name="right" value="([0-9a-f]{16})"', html)[1]
        signs.add(sign)
    assert len(signs) == 4
    refused = add(client, case, "courses", drug_1="nivolumab", start="May 2024", right=sign)
    assert refused.status_code == 422 and not ICICourse.objects.exists()


def test_a_date_with_two_readings_says_how_it_was_read(client, member, case):
    sign_in(client, member)
    words = "First dose: read as 3 April 2024, with the day first"
    assert kept_at_last(client, case, "courses", words, drug_1="nivolumab", start="3/4/2024")
    assert ICICourse.objects.get().start.exact == date(2024, 4, 3)
    for plain in ("13/4/2024", "4.4.2024", "2024-04-03"):
        assert add(client, case, "responses", response="PR", assessed=plain).status_code == 302


def test_a_finding_before_its_event_is_questioned_beside_its_day(client, member, case):
    load_record_data()
    sign_in(client, member)
    with acting_as(member):
        values = {
            "organ": "heart", "entity": "myocarditis", "ctcae_version": "5.0",
            "onset": parse_partial_date("May 2026"),
        }  # fmt: skip
        irae = history.save_irae(by=member, case=case, version=1, values=values)
    url = at(case, f"iraes/{irae.public_id}/dossier")

    def send(day: str, right: str = ""):
        version = CaseSection.objects.get(case=case, key="iraes").version
        typed = {"heart_lvef_now": "60", "heart_lvef_now_on": day, "right": right}
        return client.post(url, {"version": version, **typed})

    asked = send("March 2020")
    html = asked.content.decode()
    assert asked.status_code == 422
    assert "LVEF now, found on: the date is before the onset, May 2026. Is it right?" in html
    sign = re.search(r'name="right" value="([0-9a-f]{16})"', html)[1]
    assert send("March 2020", sign).status_code == 302
    assert send("May 2026").status_code == 302, "it may be of the day of the onset"
