"""A list that was complete as of a day says how many entries came since, and concludes no "none" from before them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import CaseFacts, Section
from cases.services.history import set_complete
from cases.services.sections import locked_version
from cases.services.tumour import save_metastases
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
SAID = parse_partial_date("3 March 2026")


def page(client, case) -> str:
    return client.get(reverse("cases:detail", args=[case.public_id])).content.decode()


def call_complete(member, case, on=SAID) -> None:
    with acting_as(member):
        version = locked_version(case, Section.COURSES)
        set_complete(
            by=member, case=case, version=version, key=Section.COURSES, complete=True, on=on
        )


def test_a_course_after_the_day_leaves_open_whether_there_were_others(client, member, board):
    case = make_case(member, board)
    start = parse_partial_date("5 January 2025")
    add_course(member, case, drugs=["pembrolizumab"], start=start)
    call_complete(member, case)
    html = page(sign_in(client, member), case)
    assert "This list is complete as of 3 March 2026." in html
    facts = CaseFacts.objects.get(case=case)
    assert (facts.prior_courses_high, facts.prior_includes_ctla4) == (1, False)
    add_course(member, case, drugs=["nivolumab"], start=parse_partial_date("10 May 2026"))
    facts.refresh_from_db()
    assert (facts.prior_courses_low, facts.prior_courses_high) == (2, None)
    assert facts.prior_includes_ctla4_state == "missing"
    assert "prior_courses" not in facts.said or facts.said["prior_courses"][0] == "2026-03-03"
    html = page(client, case)
    assert "This list is complete as of 3 March 2026; entries since then: 1." in html
    # One press says it anew.
    url = reverse("cases:complete", args=[case.public_id, "courses"])
    version = locked_version(case, Section.COURSES)
    client.post(url, {"version": version, "complete": "yes", "as_of": "1 June 2026"})
    facts.refresh_from_db()
    assert (facts.prior_courses_high, facts.prior_includes_ctla4) == (2, False)
    assert "This list is complete as of 1 June 2026." in page(client, case)


def test_sites_told_after_the_list_are_counted_beside_it(client, member, board):
    case = make_case(member, board)
    none = {"present": False, "present_state": "known", "detail": ""}
    for complete, day, sites in (
        (True, "3 March 2026", {"bone": none}),
        (None, "10 May 2026", {"liver": {**none, "present": True}}),
    ):
        with acting_as(member):
            version = locked_version(case, Section.TUMOUR)
            save_metastases(
                by=member, case=case, version=version, sites=sites, complete=complete,
                on=parse_partial_date(day),
            )  # fmt: skip
        words = "no site beyond these" + ("." if complete else " then; sites told since then: 1.")
        assert f"Complete as of 3 March 2026: {words}" in page(sign_in(client, member), case)
    said = CaseFacts.objects.get(case=case).said
    assert said["brain_metastases"] == [date(2026, 3, 3).isoformat()] * 2
    assert said["liver_metastases"] == [date(2026, 5, 10).isoformat()] * 2
