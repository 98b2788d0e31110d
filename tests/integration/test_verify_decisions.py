"""The command that tells whether a signed decision still says what was signed."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.factories.line import make_line
from tests.factories.monitoring import use_role
from tests.factories.people import make_board


@pytest.fixture
def as_owner(committed_db):
    """One signed decision, and the connection as the owner's login role, as `app` again afterwards."""
    with transaction.atomic():
        line = make_line(make_board())
    use_role("owner")
    yield line
    use_role("app")


def test_it_says_how_many_are_as_they_were_signed(as_owner):
    out = io.StringIO()
    call_command("verify_decisions", stdout=out)
    assert "1 signed decisions are as they were signed." in out.getvalue()


def test_it_names_what_was_changed(as_owner, superuser):
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("UPDATE meetings_decision SET snapshot = snapshot || ' '")
    err = io.StringIO()
    with pytest.raises(CommandError, match="faults were found"):
        call_command("verify_decisions", stderr=err)
    assert (
        str(as_owner.decision.public_id) in err.getvalue()
        or as_owner.case.reference in err.getvalue()
    )


def test_a_role_that_does_not_see_every_row_says_so(committed_db):
    with pytest.raises(CommandError, match="RECHALLENGE_DB_ROLE=owner"):
        call_command("verify_decisions")
