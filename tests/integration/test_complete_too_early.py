"""A list is not called complete as of a day before one of its entries began."""

from __future__ import annotations

import pytest

from accounts.acting import acting_as
from cases.models import CaseSection, Patient
from cases.services import history
from cases.services.steroids import save_immunosuppressant, save_steroid
from cases.services.treatment import save_response, save_treatment
from tests.factories.record import make_case
from tests.integration.test_cases_iraes import at
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
MARCH = parse_partial_date("15 March 2024")
START = {"start": MARCH, "start_state": "known"}
# List -> what saves an entry, the section, what it says, how it is called, the column that says "complete".
LISTS = {
    "courses": (history.save_course, "courses", {**START, "drugs": ["nivolumab"], "drugs_state": "known"},
                "Nivolumab", "courses_complete_as_of"),
    "treatment": (save_treatment, "treatment", {**START, "kind": "chemotherapy", "name": "Carboplatin"},
                  "Carboplatin", "treatments_complete_as_of"),
    "responses": (save_response, "responses",
                  {"assessed": MARCH, "assessed_state": "known", "response": "PR", "response_state": "known"},
                  "PR", "responses_complete_as_of"),
    "steroids": (save_steroid, "steroids", {**START, "drug": "prednisone", "drug_state": "known"},
                 "Prednisone", "steroids_complete_as_of"),
    "immunosuppressants": (save_immunosuppressant, "steroids", {**START, "drug": "infliximab"},
                           "nfliximab", "second_line_complete_as_of"),
}  # fmt: skip


def version(case, key):
    return CaseSection.objects.get(case=case, key=key).version


@pytest.mark.parametrize("key", LISTS)
def test_a_day_before_the_newest_entry_is_refused_in_words_with_it(client, member, board, key):
    save, section, values, name, column = LISTS[key]
    case = make_case(member, board)
    with acting_as(member):
        save(by=member, case=case, version=version(case, section), values=values)
    sign_in(client, member)

    def press(day):
        typed = {"version": version(case, section), "complete": "yes", "as_of": day}
        html = client.post(at(case, f"{key}/complete"), typed, follow=True).content.decode()
        return html, getattr(Patient.objects.get(), column)

    for early in ("2023", "February 2024", "14 March 2024"):
        html, told = press(early)
        assert told is None
        assert "Not saved: Complete as of: this is before an entry of the list" in html
        assert f"{name} (15 March 2024)" in html
    for since in ("15 March 2024", "March 2024", ""):
        html, told = press(since)
        assert told is not None and "This list is complete" in html


def test_an_entry_without_a_day_refuses_none(client, member, board):
    case = make_case(member, board)
    with acting_as(member):
        for values in ({}, {"start": parse_partial_date("until 2030"), "start_state": "known"}):
            history.save_course(
                by=member, case=case, version=version(case, "courses"),
                values={"drugs": ["nivolumab"], "drugs_state": "known", **values},
            )  # fmt: skip
    typed = {"version": version(case, "courses"), "complete": "yes", "as_of": "2019"}
    sign_in(client, member).post(at(case, "courses/complete"), typed)
    assert Patient.objects.get().courses_complete_as_of is not None
