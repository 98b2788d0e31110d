"""What is entered as a laboratory result is not asked for again in the dossier, and is shown beside it."""

from __future__ import annotations

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
from ui.formatting import date as date_words

pytestmark = pytest.mark.django_db


def event(member, case, entity, organ):
    values = {"entity": entity, "organ": organ, "ctcae_version": "5.0"}
    values |= {"worst_grade": 2, "worst_grade_state": "known"}
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
    irae = event(member, case, "colitis", "colon")

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
    assert len(found) <= 6 + 4, "the session and its user, and six of the fragment"


def test_a_multiple_is_of_the_limit_that_came_with_the_result(client, member, board):
    load_record_data()
    case = make_case(member, board)
    irae = event(member, case, "hepatitis", "liver")
    sign_in(client, member)
    send(client, case, "alt", "80", "U/L", "<40")
    send(client, case, "ast", "80", "U/L")
    html = client.get(at(case, f"iraes/{irae.public_id}/dossier")).content.decode()
    assert "2 x its upper limit" in html and "without its upper limit" in html
    facts = with_rules(Case.objects.all()).get(pk=case.pk).facts.as_facts()
    assert facts["alt_ast_peak_x_uln"].state == "missing", "a value of a day is no peak"
