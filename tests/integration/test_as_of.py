"""A complete list, and a site of metastases, are as old as what they were told from, not as the typing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.changelog import saves_of
from cases.models import Case, CaseSection, Metastasis, Patient
from cases.rules import readiness_of, with_rules
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import render_day, spanning

pytestmark = pytest.mark.django_db
BOTH = {"liver_metastases", "brain_metastases"}
LISTS = {
    "courses": "courses", "treatment": "treatments", "responses": "responses",
    "steroids": "steroids", "immunosuppressants": "second_line",
}  # fmt: skip
SECTION = {"immunosuppressants": "steroids"}


@pytest.fixture
def case(member, board):
    return make_case(member, board)


@pytest.fixture
def desk(client, member):
    return sign_in(client, member)


def at(case, place: str = "") -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def version(case, key: str) -> int:
    return CaseSection.objects.get(case=case, key=key).version


def open_facts(case) -> set[str]:
    return set(readiness_of(with_rules(Case.objects.all()).get(pk=case.pk)).open)


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def sites(desk, case, **typed):
    return desk.post(
        at(case, "parts/metastases"), {"version": version(case, "tumour"), **typed}
    )  # fmt: skip


def test_metastases_are_as_old_as_their_imaging(desk, case):
    form = desk.get(at(case, "parts/metastases")).content.decode()
    assert "Imaging of" in form and "empty: today" in form
    for day, stale in ((ago(90), False), (ago(91), True)):
        told = {"liver": "no", "complete": "on", "imaged": render_day(day)}
        assert sites(desk, case, **told).status_code == 302
        assert bool(BOTH & open_facts(case)) is stale
        html = desk.get(at(case)).content.decode()
        assert f"Complete as of {render_day(day)}: no site beyond these." in html
        assert set(Metastasis.objects.values_list("said_on", flat=True)) == {day}
    again = desk.get(at(case, "parts/metastases")).content.decode()
    assert f'value="{render_day(ago(91))}"' in again, "saved again it keeps its day"
    assert sites(desk, case, liver="no", complete="on").status_code == 302
    assert not BOTH & open_facts(case), "empty: today"


def test_a_year_alone_may_be_too_old_and_counts_as_open(desk, case):
    year = f"{timezone.localdate():%Y}"
    sites(desk, case, liver="no", complete="on", imaged=year)
    patient = Patient.objects.get(pk=case.patient_id)
    assert patient.metastases_complete_as_of == date(int(year), 1, 1)
    assert patient.metastases_complete_latest == date(int(year), 12, 31)
    html = desk.get(at(case)).content.decode()
    assert f"Complete as of {year}: no site beyond these." in html
    span_is_long = (timezone.localdate() - date(int(year), 1, 1)).days > 90
    assert open_facts(case) >= BOTH or not span_is_long
    labels = {change.label for save in saves_of(case)[0] for change in save.changes}
    assert "List of sites complete, at the latest" in labels


def test_a_site_of_newer_imaging_keeps_its_day_in_an_older_list(desk, case):
    sites(desk, case, brain="no", imaged=render_day(ago(2)))
    sites(desk, case, brain="no", liver="no", complete="on", imaged=render_day(ago(100)))
    found = dict(Metastasis.objects.values_list("site", "said_on"))
    assert found == {"brain": ago(2), "liver": ago(100)}
    assert BOTH & open_facts(case) == {"liver_metastases"}


@pytest.mark.parametrize(
    "typed", ["unknown", "until March 2025", "31 February 2026", "3 March 2090", "day 3 after ICI start", "03/04/2026"]
)  # fmt: skip
def test_what_is_no_day_is_refused_and_never_taken_for_today(desk, case, typed):
    refused = sites(desk, case, liver="no", complete="on", imaged=typed)
    assert refused.status_code == 422 and typed in refused.content.decode()
    url = at(case, "courses/complete")
    said = desk.post(
        url, {"version": version(case, "courses"), "complete": "yes", "as_of": typed},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert "Not saved: " in said.content.decode() and typed in said.content.decode()
    patient = Patient.objects.get(pk=case.patient_id)
    assert patient.courses_complete_as_of is patient.metastases_complete_as_of is None


@pytest.mark.parametrize("key", LISTS)
def test_a_list_is_complete_as_of_the_day_that_is_told(desk, case, key):
    html = desk.get(at(case)).content.decode()
    assert html.count('placeholder="empty: today"') == len(LISTS)
    name, section = LISTS[key], SECTION.get(key, key)

    def say(**typed) -> tuple[date | None, date | None]:
        sent = {"version": version(case, section), **typed}
        assert desk.post(at(case, f"{key}/complete"), sent).status_code == 302
        row = Patient.objects.get(pk=case.patient_id)
        columns = ("as_of", "latest")
        return tuple(getattr(row, f"{name}_complete_{column}") for column in columns)

    first = date(ago(40).year, ago(40).month, 1)
    month = spanning(
        first, date.fromordinal((first + timedelta(32)).replace(day=1).toordinal() - 1)
    )
    assert say(complete="yes", as_of=str(month)) == (month.earliest, month.latest)
    assert f"This list is complete as of {month}." in desk.get(at(case)).content.decode()
    assert say(complete="yes", as_of=render_day(ago(3))) == (ago(3), None)
    assert say(complete="yes") == (ago(0), None)
    assert say(complete="no", as_of="nonsense") == (None, None)
