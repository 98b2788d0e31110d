"""A death or a birth that is entered is held against the dates that the record has already."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from cases.lived import DATED, dates_after, dates_before
from cases.models import CaseSection, ICICourse, IrAE, PatientIdentity
from followup.lived import DATED as UNDER_MONITORING
from followup.models import Check, Dose, MonitoringPlan
from followup.services import skip_dose
from tests.factories.monitoring import day, fresh, make_dosed
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    made = make_case(member, board)
    with acting_as(member):
        for number, (start, stop) in enumerate(
            (("3 March 2020", "May 2021"), ("2022", "")), start=1
        ):
            row = ICICourse(
                patient=made.patient, number=number, drugs=["nivolumab"], drugs_state="known"
            )
            for name, text in (("start", start), ("stop", stop)):
                if text:
                    setattr(row, name, parse_partial_date(text))
                    setattr(row, f"{name}_state", "known")
            row.save()
        IrAE.objects.create(patient=made.patient, entity="colitis",
            ctcae_version="5.0", now_on=date(2021, 6, 1), grade_now=1,
                            grade_now_state="known", organ="gastrointestinal")  # fmt: skip
    return made


def send(client, case, **typed):
    """Send the form of who the patient is, with what it shows and with `typed`."""
    with acting_as(case.referred_by):
        row = PatientIdentity.objects.get(patient=case.patient)
    sent = {
        "family_name": row.family_name,
        "given_name": row.given_name,
        "sex": "unknown",
        "hospital_number": row.hospital_number,
        "birth_date": f"{row.birth_date:%Y-%m-%d}" if row.birth_date else "",
        "died": str(row.died or ""),
        "version": CaseSection.objects.get(case=case, key="patient").version,
    }
    return client.post(
        reverse("cases:section", args=[case.public_id, "patient"]), {**sent, **typed}
    )


def test_a_death_before_what_is_recorded_is_questioned_once(client, member, case):
    sign_in(client, member)
    asked = send(client, case, died="June 2020")
    html = asked.content.decode()
    assert asked.status_code == 422
    words = "the record has 2 dates after it (first: last dose of an ICI, May 2021). Is it right?"
    assert words in html
    sign = re.search(r'name="right" value="([0-9a-f]{16})"', html)[1]
    # The tick is for what was asked: another day is asked about anew.
    assert send(client, case, died="July 2020", right=sign).status_code == 422
    assert send(client, case, died="June 2020", right=sign).status_code == 302
    # Once it is there nothing is asked again, whatever else is changed.
    assert send(client, case, given_name="Ann").status_code == 302
    one = send(client, case, died="31 December 2021").content.decode()
    assert "the record has 1 date after it (first dose of an ICI, 2022)" in one
    assert send(client, case, died="2022").status_code == 302


def test_a_birth_after_what_is_recorded_is_refused(client, member, case):
    sign_in(client, member)
    refused = send(client, case, birth_date="1 June 2021", right="x")
    assert refused.status_code == 422
    words = "the record has 2 dates before it (first: first dose of an ICI, 3 March 2020)"
    assert words in refused.content.decode()
    assert send(client, case, birth_date="3 March 2020").status_code == 302
    assert send(client, case, given_name="Ann").status_code == 302


def test_every_date_of_a_record_is_looked_at(member, case, django_assert_num_queries):
    models = {one.model for one in DATED}
    with acting_as(member), django_assert_num_queries(1):
        assert dates_after(case.patient, date(2030, 1, 1)) is None
    with acting_as(member):
        found = dates_before(case.patient, date(2021, 6, 2))
    assert (found.n, str(found.day)) == (3, "3 March 2020")
    for model in models:
        spans = {
            f.name.removesuffix("_earliest")
            for f in model._meta.fields
            if f.name.endswith("_earliest")
        }
        assert spans == {one.field for one in DATED if one.model is model and one.span}, model


def test_what_monitoring_holds_is_held_against_too(client, nurse, board, member):
    plan = make_dosed(nurse, board, 50, 29, 8)
    with acting_as(nurse):
        skip_dose(by=nurse, plan=fresh(plan, nurse), reason="logistics")
        check = plan.checks.exclude(due_on=None).order_by("due_on").first()
        Check.objects.filter(pk=check.pk).update(measured_on=day(-20))
    patient = plan.case.patient
    with acting_as(nurse):
        # The record's course ends with no day; the doses of the plan after the first are its own.
        found = dates_after(patient, day(-30))
        assert (found.n, found.label, found.day) == (3, "dose under monitoring", day(-29))
        assert dates_after(patient, day(-10)).n == 1
        assert dates_after(patient, day(-7)) is None
        begins = dates_before(patient, day(-28))
        assert (begins.label, begins.n) == ("first dose of an ICI", 2)
        # Without a course the plan alone knows of its first dose.
        MonitoringPlan.objects.filter(pk=plan.pk).update(course=None)
        ICICourse.objects.filter(patient=patient).delete()
        begins = dates_before(patient, day(-28))
        assert (begins.label, begins.n) == ("first dose under monitoring", 2)
    sign_in(client, member)
    asked = send(client, plan.case, died=day(-30).isoformat())
    assert asked.status_code == 422
    assert "first: dose under monitoring" in asked.content.decode()


def test_every_day_of_a_dose_or_check_is_looked_at():
    assert {(one.model, one.field) for one in UNDER_MONITORING} == {
        (MonitoringPlan, "first_dose_on"), (MonitoringPlan, "last_dose_on"), (Dose, "on"),
        (Check, "measured_on"),
    }  # fmt: skip
    assert not {one.model for one in UNDER_MONITORING} & {one.model for one in DATED}
