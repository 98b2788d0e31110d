"""Commands by which an operator checks what is stored."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import CaseFacts, ICICourse
from cases.services.facts import refresh_patient
from cases.services.steroids import say_steroid_total
from tests.factories.line import make_record
from tests.factories.monitoring import make_irae
from tests.factories.record import add_course, make_case
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


def verify(email, **options):
    out = StringIO()
    call_command("verify_case_facts", "--as", email, stdout=out, **options)
    return out.getvalue()


def test_facts_that_follow_from_the_record_are_found_right(member, board):
    make_record(member, board)
    make_case(member, board)
    assert verify(member.email) == "2 rows compared, 0 rewritten.\n"


def test_a_row_that_was_tampered_with_is_named_and_repaired(member, board):
    case = make_record(member, board)
    with acting_as(member):
        CaseFacts.objects.filter(case=case).update(ecog_low=0, ecog_high=0, ecog_state="known")
    with pytest.raises(CommandError, match=f"1 of 1 rows differ: {case.reference}"):
        verify(member.email)
    assert verify(member.email, repair=True) == "1 rows compared, 1 rewritten.\n"
    assert verify(member.email) == "1 rows compared, 0 rewritten.\n"


def test_a_row_without_the_day_until_which_none_in_all_holds_is_named_and_repaired(member, board):
    case = make_case(member, board)
    with acting_as(member):
        today = timezone.localdate()
        say_steroid_total(by=member, case=case, mg_per_day=Decimal(0), on=today)
        CaseFacts.objects.filter(case=case).update(doses_until=None)
    with pytest.raises(CommandError, match=f"1 of 1 rows differ: {case.reference}"):
        verify(member.email)
    assert verify(member.email, repair=True) == "1 rows compared, 1 rewritten.\n"
    assert verify(member.email) == "1 rows compared, 0 rewritten.\n"


def test_somebody_has_to_be_named(member):
    with pytest.raises(CommandError, match=r"no user nobody@example\.org"):
        verify("nobody@example.org")


def test_courses_from_before_they_went_by_first_dose_are_numbered_anew_at_once(member, board):
    case = make_case(member, board)
    later = add_course(member, case, drugs=["nivolumab"], start=parse_partial_date("2024"))
    first = add_course(member, case, drugs=["pembrolizumab"], start=parse_partial_date("2021"))
    told = parse_partial_date("after cycle 3 of course 1")
    with acting_as(member):
        event = make_irae(member, case, onset=told)
        # As it was once: numbered in the order of entry.
        ICICourse.objects.filter(pk=first.pk).update(number=90)
        ICICourse.objects.filter(pk=later.pk).update(number=1)
        ICICourse.objects.filter(pk=first.pk).update(number=2)
        refresh_patient(patient=case.patient)
    with pytest.raises(CommandError, match=f"not numbered by first dose: {case.reference}"):
        verify(member.email)
    assert f"numbered anew: {case.reference}" in verify(member.email, repair=True)
    with acting_as(member):
        numbers = dict(ICICourse.objects.values_list("pk", "number"))
        event.refresh_from_db()
    assert numbers == {first.pk: 1, later.pk: 2}
    assert event.onset.anchor == "cycle 3 of course 2"  # still of the course that it was told of
    assert verify(member.email) == "1 rows compared, 0 rewritten.\n"
