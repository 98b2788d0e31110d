"""How long a grade of now holds is read from the rules of readiness in force, and lapses without a save."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import Case, CaseFacts, IrAE, OrganReview, ReadinessVersion
from cases.services.facts import refresh_facts
from cases.vocabulary import Organ
from evidence.conditions import Fact
from tests.factories.monitoring import make_irae
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    """A case with an irAE that goes on at grade 1, said today, every organ asked about."""
    load_record_data()
    today, found = timezone.localdate(), make_case(member, board)
    irae = make_irae(member, found, grade_now=1, resolution="ongoing")
    with acting_as(member):
        IrAE.objects.filter(pk=irae.pk).update(now_on=today)
        for organ in Organ.values:
            OrganReview.objects.create(
                patient=found.patient, organ=organ, asked_on=today, asked_by=member
            )
    return found


def until(member, case) -> int:
    """Return for how many days the grade holds, once the facts are written anew."""
    with acting_as(member):
        row = refresh_facts(case=Case.objects.get(pk=case.pk))
    return (row.grades_until - timezone.localdate()).days


@pytest.mark.parametrize(("limit", "days"), [(10, 10), (60, 60), (None, 28)])
def test_the_limit_is_that_of_the_rules_in_force(member, case, limit, days):
    assert until(member, case) == 28
    rule = {"fact": "irae_grade_now", "when": None, "age_limit_days": limit}
    ReadinessVersion.objects.create(
        number=9, rules=[rule], published_at=timezone.now(), vocabulary_version=2
    )
    assert until(member, case) == days


def test_it_lapses_without_a_save_and_said_anew_it_holds(member, case):
    days = until(member, case)
    row, today = CaseFacts.objects.get(case=case), timezone.localdate()
    for later, grade in ((days, Fact.number(1)), (days + 1, Fact.between(1, 5))):
        assert row.as_facts(today + timedelta(days=later))["irae_grade_now"] == grade


def test_rows_written_before_grades_grew_old_are_found_and_repaired(member, case):
    until(member, case)
    CaseFacts.objects.filter(case=case).update(grades_until=None)
    with pytest.raises(CommandError, match=case.reference):
        call_command("verify_case_facts", "--as", member.email, stdout=StringIO())
    call_command("verify_case_facts", "--as", member.email, "--repair", stdout=StringIO())
    assert CaseFacts.objects.get(case=case).grades_until is not None
