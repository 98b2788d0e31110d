"""The command that tells whether a signed decision still says what was signed."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from meetings.snapshot import canonical, commitment, sha256
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


def rewrite(superuser, decision, *, entry: bool) -> None:
    """Give a signed decision another rationale, and all that is derived from it, as a superuser can."""
    snapshot = json.loads(decision.snapshot)
    snapshot["texts"]["rationale"] = commitment(decision.salt, "rationale", "other")
    text = canonical(snapshot)
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(
            "UPDATE meetings_decision SET rationale = 'other', snapshot = %s, snapshot_sha256 = %s",
            [text, sha256(text)],
        )
        superuser.execute("UPDATE meetings_chainhead SET sha256 = %s", [sha256(text)])
        if entry:
            superuser.execute(
                "INSERT INTO audit_trailentry"
                " (kind, board_id, patient_id, subject_type, subject_id, request_id, detail)"
                " SELECT kind, board_id, patient_id, subject_type, subject_id, request_id,"
                " jsonb_build_object('number', 1, 'sha256', %s::text)"
                " FROM audit_trailentry WHERE kind = 'decision.signed'",
                [sha256(text)],
            )


@pytest.mark.parametrize("entry", [False, True], ids=["rewritten", "with a new entry"])
def test_a_decision_that_was_rewritten_whole_does_not_fit_the_trail(as_owner, superuser, entry):
    rewrite(superuser, as_owner.decision, entry=entry)
    err = io.StringIO()
    with pytest.raises(CommandError, match="faults were found"):
        call_command("verify_decisions", stderr=err)
    assert "the trail names another hash for this signature" in err.getvalue()
    assert ("more than one signature" in err.getvalue()) is entry


def test_a_second_entry_of_a_signature_is_a_fault_by_itself(as_owner, superuser):
    superuser.execute(
        "INSERT INTO audit_trailentry (kind, subject_type, subject_id, request_id, detail)"
        " SELECT kind, subject_type, subject_id, request_id, detail"
        " FROM audit_trailentry WHERE kind = 'decision.signed'"
    )
    err = io.StringIO()
    with pytest.raises(CommandError, match="faults were found"):
        call_command("verify_decisions", stderr=err)
    assert "more than one signature" in err.getvalue()


def test_a_role_that_does_not_see_every_row_says_so(committed_db):
    with pytest.raises(CommandError, match="RECHALLENGE_DB_ROLE=owner"):
        call_command("verify_decisions")
