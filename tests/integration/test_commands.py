"""Commands by which an operator checks what is stored."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.acting import acting_as
from cases.models import CaseFacts
from tests.factories.line import make_record
from tests.factories.record import make_case

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


def test_somebody_has_to_be_named(member):
    with pytest.raises(CommandError, match=r"no user nobody@example\.org"):
        verify("nobody@example.org")
