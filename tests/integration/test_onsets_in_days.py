"""An onset told in days from a dose is the day that follows: for the organs asked about before, and for days since."""

from __future__ import annotations

import pytest

from cases.loading import load as load_record_data
from cases.models import Case, ICICourse, IrAE
from cases.vocabulary import Organ
from evidence.conditions.facts import FactState
from tests.factories.record import make_case
from tests.integration.test_cases_iraes import at
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_courses_said_over import call_complete
from tests.integration.test_doubts import add
from tests.integration.test_results_in_dossiers import beside

pytestmark = pytest.mark.django_db
EVENT = {"entity": "pneumonitis", "ctcae_version": "5.0", "worst_grade": "2"}
GIVEN = {"drug_1": "nivolumab", "start": "1 January 2024", "stop": "1 February 2024"}


def facts_of(case):
    return Case.objects.get(pk=case.pk).facts.as_facts()


@pytest.fixture
def case(client, member, board):
    load_record_data()
    made = make_case(member, board)
    sign_in(client, member)
    assert add(client, made, "courses", **GIVEN, stop_reason="patient_choice").status_code == 302
    version = made.sections.get(key="iraes").version
    sent = {"version": version, "asked": list(Organ.values), "asked_on": "15 February 2024"}
    assert client.post(at(made, "organs"), sent).status_code == 302
    assert facts_of(made)["myocarditis_any"].value is False
    return made


# All of them are 1 April 2024, or no earlier than that.
@pytest.mark.parametrize("chosen", [True, False])
@pytest.mark.parametrize(
    ("onset", "days"),
    [
        ("1 April 2024", (0, 91)),
        ("day 91 after ICI start", (0, 91)),
        ("60 days after last dose", (0, 91)),
        ("60 days after ICI stop", (0, 91)),
        ("day 91 after cycle 1", (0, 122)),
    ],
)
def test_it_opens_an_older_review_of_organs(client, case, onset, days, chosen):
    course = str(ICICourse.objects.get().public_id) if chosen else ""
    assert add(client, case, "iraes", **EVENT, onset=onset, course=course).status_code == 302
    facts = facts_of(case)
    for key in ("organs_asked", "myocarditis_any", "hepatitis_worst_grade"):
        assert facts[key].state is FactState.MISSING, key
    assert (facts["irae_worst_grade"].low, facts["irae_worst_grade"].high) == (2, 5)
    assert (facts["first_irae_days"].low, facts["first_irae_days"].high) == days
    assert "Asked before an irAE began" in client.get(at(case, "")).content.decode()


@pytest.mark.parametrize("onset", ["day 45 after ICI start", "14 days after last dose"])
def test_one_of_the_day_of_the_review_leaves_it_standing(client, case, onset):
    assert add(client, case, "iraes", **EVENT, onset=onset).status_code == 302
    facts = facts_of(case)
    assert facts["organs_asked"].value is True and facts["myocarditis_any"].value is False
    assert facts["first_irae_days"].low == facts["first_irae_days"].high == 45


def test_a_first_dose_known_to_the_year_has_no_certain_baseline(client, member, board):
    load_record_data()
    case = make_case(member, board)
    sign_in(client, member)
    given = {"drug_1": "nivolumab", "start": "2021", "stop": "June 2022", "stop_reason": "irae"}
    assert add(client, case, "courses", **given).status_code == 302
    call_complete(member, case)
    nephritis = EVENT | {"entity": "nephritis", "onset": "1 September 2022"}
    assert add(client, case, "iraes", **nephritis).status_code == 302
    lab = {"analyte": "creatinine", "unit": "umol/L", "source": "lab"}
    for day, value in (
        ("5 January 2020", "60"),
        ("1 June 2021", "120"),
        ("3 November 2022", "180"),
    ):
        version = case.sections.get(key="labs").version
        sent = {**lab, "version": version, "taken_on": day, "value": value}
        assert client.post(at(case, "labs/add-one"), sent).status_code == 302
    assert facts_of(case)["creatinine_now_x_baseline"].state is FactState.MISSING
    words = "the first dose of all is known only in part, and which result it is depends on its day"
    told = beside(client, case, IrAE.objects.get())
    [told_beside] = [said for said in told if "baseline" in said]
    assert told_beside.endswith(f"no baseline: {words}")
