"""What is told twice, or of the wrong course or person, is questioned once, and kept where it is right."""

from __future__ import annotations

import re

import pytest

from accounts.acting import acting_as
from cases.models import Background, Case, CaseSection, ICICourse, IrAE, Patient, PatientIdentity
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_iraes import TYPED, at
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date as day

pytestmark = pytest.mark.django_db
TWIN = "First dose: course 1 was of the same agents, "
MALE = "Pregnancy: the patient is recorded as male. Is it right?"


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def send(client, case, section, place, **typed):
    version = CaseSection.objects.get(case=case, key=section).version
    return client.post(at(case, place), {"version": version, **typed})


def kept_at_last(client, case, section, place, words, **typed) -> bool:
    """Send a form, be asked `words` with what was typed kept, and say that it is right."""
    asked = send(client, case, section, place, **typed)
    html = asked.content.decode()
    assert asked.status_code == 422 and words in html
    sign = re.search(r'name="right" value="([0-9a-f]{16})"', html)[1]
    return send(client, case, section, place, **typed, right=sign).status_code == 302


@pytest.mark.parametrize(
    ("start", "stop", "asked"),
    [
        ("1 June 2024", "1 August 2024", True),
        ("1 January 2024", "2 March 2024", True),
        ("1 January 2024", "not applicable", True),
        ("1 December 2024", "", True),
        ("1 March 2024", "unknown", True),
        ("December 2024", "", False),
        ("1 January 2024", "1 March 2024", True),
        ("1 January 2024", "29 February 2024", False),
        ("1 January 2024", "day 60 after ICI start", True),
        ("1 January 2024", "day 59 after ICI start", False),
        ("2 December 2024", "1 March 2025", False),
        ("2024", "", False),
        ("", "1 August 2024", True),
    ],
)
def test_a_course_of_the_same_agents_at_the_same_time_is_questioned(
    client, member, case, start, stop, asked
):
    first = add_course(
        member,
        case,
        drugs=["pembrolizumab"],
        start=day("1 March 2024"),
        stop=day("1 December 2024"),
    )
    sign_in(client, member)
    typed = {"drug_1": "pembrolizumab", "start": start, "stop": stop, "after": "1"}
    if not start or start in ("2024", "December 2024"):
        typed["after"] = "0" if start == "2024" else "1"
    if "January" in start:
        typed["after"] = ""
    answer = send(client, case, "courses", "courses/add", **typed)
    assert (TWIN in answer.content.decode()) is asked
    assert (answer.status_code == 302) is not asked
    if asked:
        assert kept_at_last(client, case, "courses", "courses/add", TWIN, **typed)
    assert ICICourse.objects.exclude(pk=first.pk).count() == 1


def test_other_agents_or_the_course_itself_are_no_twin(client, member, case):
    row = add_course(member, case, drugs=["pembrolizumab"], start=day("March 2024"))
    sign_in(client, member)
    both = {"drug_1": "pembrolizumab", "drug_2": "ipilimumab", "after": "1"}
    typed = {"start": "March 2024", "stop": ""}
    assert send(client, case, "courses", "courses/add", **both, **typed).status_code == 302
    place = f"courses/{row.public_id}"
    same = {"drug_1": "pembrolizumab", "after": "0", **typed}
    assert send(client, case, "courses", place, **same).status_code == 302
    # One first dose as far as it is told, though it is told to the month.
    alike = {"drug_1": "pembrolizumab", "after": "1", **typed}
    assert TWIN in send(client, case, "courses", "courses/add", **alike).content.decode()


def test_a_running_course_and_one_that_begins_beside_it_are_alike(client, member, case):
    add_course(
        member, case, drugs=["nivolumab"], start=day("2023"), stop=None, stop_state="not_applicable"
    )
    sign_in(client, member)
    typed = {"drug_1": "nivolumab", "start": "1 May 2025", "after": ""}
    assert kept_at_last(client, case, "courses", "courses/add", TWIN, **typed)


def test_agents_that_the_course_did_not_have_are_questioned(client, member, case):
    first = add_course(member, case, drugs=["pembrolizumab"], start=day("1 March 2024"))
    both = add_course(member, case, drugs=["nivolumab", "ipilimumab"], start=day("1 February 2025"))
    hidden = add_course(member, case, drugs=["pd1_unnamed"], start=day("1 May 2025"))
    sign_in(client, member)
    words = "Agents it followed: ipilimumab was not given in course 1, pembrolizumab. Is it right?"
    typed = {**TYPED, "onset": "1 May 2025", "resolved": "July 2025", "drugs": ["ipilimumab"]}
    del typed["version"]
    add = ("iraes", "iraes/add")
    for course in ("", str(both.public_id)):
        answer = send(client, case, *add, **typed, course=course)
        assert answer.status_code == 302
    # An agent of the course of which the class alone is known may be this one.
    fits = {**typed, "drugs": ["nivolumab"], "course": str(hidden.public_id)}
    assert send(client, case, *add, **fits).status_code == 302
    assert kept_at_last(client, case, *add, words, **typed, course=str(first.public_id))
    assert IrAE.objects.filter(course=first, drugs=["ipilimumab"]).count() == 1
    # The other way round: the course is put right, and leaves out what an event followed.
    place = f"courses/{both.public_id}"
    left_out = "is said to have followed ipilimumab. Is it right?"
    changed = {"drug_1": "nivolumab", "start": "1 February 2025", "after": ""}
    assert kept_at_last(client, case, "courses", place, left_out, **changed)


def test_a_pregnancy_of_a_man_is_questioned_from_both_sides(client, member, case):
    sign_in(client, member)
    place = ("fitness", "parts/background")
    assert send(client, case, *place, pregnancy="yes").status_code == 302
    row = PatientIdentity.objects.get(patient=case.patient)
    names = ("hospital_number", "family_name", "given_name")
    told = {**{name: getattr(row, name) for name in names}, "sex": "male"}
    assert kept_at_last(client, case, "patient", "sections/patient", MALE, **told)
    assert Patient.objects.get(pk=case.patient_id).sex == "male"
    assert send(client, case, *place, pregnancy="no").status_code == 302
    assert kept_at_last(client, case, *place, MALE, pregnancy="yes")
    with acting_as(member):
        assert Background.objects.get(patient=case.patient).pregnancy is True
    Patient.objects.update(sex="female")
    assert send(client, case, *place, pregnancy="yes").status_code == 302


def test_an_event_of_one_agent_of_a_combination_says_what_guidance_goes_by(client, member, case):
    both = add_course(member, case, drugs=["nivolumab", "ipilimumab"], start=day("1 February 2025"))
    sign_in(client, member)
    typed = {**TYPED, "course": str(both.public_id), "drugs": ["ipilimumab"]}
    typed.pop("version")
    assert send(client, case, "iraes", "iraes/add", **typed).status_code == 302
    words = "attributed to ipilimumab (guidance goes by all agents of the course)"
    assert words in client.get(at(case, "")).content.decode()
    # The stricter reading: what was given together counts for both classes.
    facts = Case.objects.get(pk=case.pk).facts
    assert (facts.irae_after_pd1_worst_grade_low, facts.irae_after_ctla4_worst_grade_low) == (3, 3)
    assert facts.irae_after_nivolumab is True
    # All of them, chosen one by one, is the whole course.
    row = IrAE.objects.get()
    place = f"iraes/{row.public_id}"
    whole = {**typed, "drugs": ["nivolumab", "ipilimumab"]}
    assert send(client, case, "iraes", place, **whole).status_code == 302
    assert "attributed to" not in client.get(at(case, "")).content.decode()
