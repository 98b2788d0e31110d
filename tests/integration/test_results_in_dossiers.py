"""What is entered as a laboratory result is not asked for again in the dossier, and is shown beside it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import Case, CaseSection
from cases.rules import readiness_of, with_rules
from cases.services import history
from tests.factories.record import make_case
from tests.integration.test_cases_iraes import at
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_courses_said_over import call_complete
from ui.formatting import date as date_words
from ui.partial_dates import parse_partial_date, spanning

pytestmark = pytest.mark.django_db


def before(days):
    return spanning(timezone.localdate() - timedelta(days=days))


def event(member, case, entity, organ, onset=None, **more):
    values = {"entity": entity, "organ": organ, "ctcae_version": "5.0", **more}
    values |= {"worst_grade": 2, "worst_grade_state": "known"}
    values |= {"onset": onset, "onset_state": "known"} if onset else {}
    version = CaseSection.objects.get(case=case, key="iraes").version
    with acting_as(member):
        return history.save_irae(by=member, case=case, version=version, values=values)


def send(client, case, code, value, unit, reference="", ago=5):
    day = timezone.localdate() - timedelta(days=ago)
    version = CaseSection.objects.get(case=case, key="labs").version
    typed = {
        "version": version, "taken_on": date_words(day), "analyte": code, "value": value, "unit": unit,
        "reference": reference, "source": "Central lab",
    }  # fmt: skip
    answer = client.post(at(case, "labs/add-one"), typed)
    assert answer.status_code == 302
    return day


def test_a_calprotectin_of_the_laboratory_is_entered_once(client, member, board):
    load_record_data()
    case = make_case(member, board)
    irae = event(member, case, "colitis", "colon", before(40))

    def open_facts():
        return readiness_of(with_rules(Case.objects.all()).get(pk=case.pk)).open

    sign_in(client, member)
    assert "calprotectin_now" in open_facts()
    send(client, case, "calprotectin", "900", "ug/g", ago=29)
    assert "calprotectin_now" in open_facts(), "too old"
    day = send(client, case, "calprotectin", "60", "ug/g", ago=28)
    assert "calprotectin_now" not in open_facts()
    html = client.get(at(case, "")).content.decode()
    assert f"newest result: Faecal calprotectin 60 µg/g, {date_words(day)}, Central lab" in html
    form = at(case, f"iraes/{irae.public_id}/dossier")
    with CaptureQueriesContext(connection) as found:
        words = client.get(form, headers={"HX-Request": "true"}).content.decode()
    assert f"laboratory: Faecal calprotectin 60 µg/g, {date_words(day)}, Central lab" in words
    assert f"highest since the onset ({date_words(day - timedelta(days=12))}): Faecal" in words
    assert len(found) <= 6 + 4, "the session and its user, and six of the fragment"


def test_a_multiple_is_of_the_limit_that_came_with_the_result(client, member, board):
    load_record_data()
    case = make_case(member, board)
    irae = event(member, case, "hepatitis", "liver", before(9))
    sign_in(client, member)
    send(client, case, "alt", "80", "U/L", "<40")
    send(client, case, "ast", "80", "U/L")
    html = client.get(at(case, f"iraes/{irae.public_id}/dossier")).content.decode()
    assert "2 x its upper limit" in html and "without its upper limit" in html
    facts = with_rules(Case.objects.all()).get(pk=case.pk).facts.as_facts()
    assert facts["alt_ast_peak_x_uln"].state == "missing", "a value of a day is no peak"


def beside(client, case, irae):
    html = client.get(at(case, f"iraes/{irae.public_id}/dossier")).content.decode()
    return [" ".join(words.split()) for words in re.findall(r"laboratory[^<]*", html)]


def test_beside_a_peak_stands_the_highest_result_since_the_onset(client, member, board):
    load_record_data()
    case = make_case(member, board)
    irae = event(member, case, "hepatitis", "liver", before(20))
    sign_in(client, member)
    send(client, case, "alt", "900", "U/L", "<40", ago=21)
    send(client, case, "alt", "210", "U/L", "<50", ago=14)
    highest = send(client, case, "alt", "201", "U/L", "<40", ago=12)
    send(client, case, "alt", "90", "U/L", "<40", ago=2)
    onset = date_words(timezone.localdate() - timedelta(days=20))
    (words,) = beside(client, case, irae)
    told = f"ALT 201 U/L, {date_words(highest)}, Central lab, 5.03 x its upper limit"
    assert words == f"laboratory, highest since the onset ({onset}): {told}"
    # A higher value of which nobody knows the limit may be the higher multiple.
    send(client, case, "alt", "300", "U/L", ago=11)
    send(client, case, "alt", "100", "U/L", ago=10)
    found = beside(client, case, irae)
    assert len(found) == 1 and "ALT 201" in found[0] and "ALT 300" in found[0], found
    assert "without its upper limit" in found[0] and "ALT 100" not in found[0]


def test_without_an_onset_no_result_is_a_peak(client, member, board):
    load_record_data()
    case = make_case(member, board)
    sign_in(client, member)
    send(client, case, "alt", "900", "U/L", "<40", ago=2)
    for onset in (None, parse_partial_date("day 5 after ICI start")):
        irae = event(member, case, "hepatitis", "liver", onset)
        assert beside(client, case, irae) == []


@pytest.mark.parametrize(("ago", "shown"), [(14, True), (16, False)])
def test_an_onset_in_days_is_counted_from_the_first_dose(client, member, board, ago, shown):
    load_record_data()
    case = make_case(member, board)
    with acting_as(member):
        version = CaseSection.objects.get(case=case, key="courses").version
        values = {"drugs": ["nivolumab"], "drugs_state": "known", "start": before(20)}
        course = history.save_course(
            by=member, case=case, version=version, values={**values, "start_state": "known"}
        )
    onset = parse_partial_date("day 5 after ICI start")
    irae = event(member, case, "hepatitis", "liver", onset, course=course)
    sign_in(client, member)
    send(client, case, "alt", "900", "U/L", "<40", ago=ago)
    assert bool(beside(client, case, irae)) is shown


def test_a_creatinine_of_the_laboratory_is_entered_once(client, member, board):
    load_record_data()
    case = make_case(member, board)
    with acting_as(member):
        version = CaseSection.objects.get(case=case, key="courses").version
        values = {"drugs": ["nivolumab"], "drugs_state": "known", "start": before(100)}
        history.save_course(
            by=member, case=case, version=version, values={**values, "start_state": "known"}
        )
    irae = event(member, case, "nephritis", "kidney", before(40))

    def open_facts():
        return readiness_of(with_rules(Case.objects.all()).get(pk=case.pk)).open

    sign_in(client, member)
    day = send(client, case, "creatinine", "120", "umol/L", ago=20)
    assert "creatinine_now_x_baseline" in open_facts(), "there is no baseline"
    (beside_it,) = [told for told in beside(client, case, irae) if "baseline" in told]
    assert beside_it.endswith(
        "no baseline: the first dose of all is not known, or the courses are not all told"
    )
    call_complete(member, case)
    (beside_it,) = [told for told in beside(client, case, irae) if "baseline" in told]
    none_of_then = (
        "no result of the year before the first dose of all, of a day before the event began"
    )
    assert beside_it.endswith(f"no baseline: {none_of_then}")
    first = send(client, case, "creatinine", "0.905", "mg/dL", ago=101)
    assert "creatinine_now_x_baseline" not in open_facts()
    facts = with_rules(Case.objects.all()).get(pk=case.pk).facts.as_facts()
    assert float(facts["creatinine_now_x_baseline"].low) == 1.5
    told = (
        f"Creatinine 120 µmol/L, {date_words(day)}, Central lab; "
        f"baseline: Creatinine 0.905 mg/dL, {date_words(first)}, Central lab"
    )
    html = client.get(at(case, "")).content.decode()
    assert f"newest result: {told}" in html
    form = client.get(at(case, f"iraes/{irae.public_id}/dossier"), headers={"HX-Request": "true"})
    assert f"laboratory: {told}" in form.content.decode()
