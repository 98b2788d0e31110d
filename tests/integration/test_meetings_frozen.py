"""A signed decision and everything it pins: nobody changes it, by no way; the owner's change is found."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.acting import set_acting
from followup.models import MonitoringPlan
from followup.services.protocols import load_protocols
from meetings.models import (
    Decision,
    DecisionCondition,
    DecisionStatement,
    Dissent,
    Erasure,
    Letter,
)
from meetings.services.decisions import add_condition, note_dissent
from meetings.services.erasure import erase_patient
from meetings.services.signing import sign_decision
from meetings.verification import faults
from tests.conftest import superuser_url
from tests.factories.meetings import make_draft, make_item, make_meeting, make_version, run_sql
from tests.factories.people import make_board, make_user


def whole_decision(chair, board, *, sign: bool) -> Decision:
    """Return a decision with a condition, a dissent and a statement."""
    set_acting(chair)
    load_protocols()
    item = make_item(chair, make_meeting(chair, board))
    decision = make_draft(chair, item, statements={make_version().public_id: ""})
    soon = timezone.localdate() + dt.timedelta(days=30)
    add_condition(by=chair, decision=decision, text="Low dose", expires_on=soon)
    note_dissent(by=chair, decision=decision, user=chair, reason="Not sure")
    decision.refresh_from_db()
    if sign:
        sign_decision(by=chair, decision=decision, version=decision.version)
    return Decision.objects.get(pk=decision.pk)


TABLES = {
    "meetings_decision": "rationale = 'other'",
    "meetings_decisioncondition": "text = 'other'",
    "meetings_dissent": "reason = 'other'",
    "meetings_decisionstatement": "deviation_reason = 'other'",
    "meetings_letter": "sha256 = 'other'",
}
MODELS = (Decision, DecisionCondition, Dissent, DecisionStatement, Letter)
IGNORING = "SELECT set_config('pgtrigger.ignore', %s, true)"


@pytest.mark.django_db
@pytest.mark.parametrize("ignoring", [False, True])
@pytest.mark.parametrize("table", TABLES)
def test_raw_sql_cannot_change_what_is_signed(chair, board, table, ignoring):
    whole_decision(chair, board, sign=True)
    if ignoring:
        run_sql(IGNORING, f"{{{table}:freeze_{table}_row,{table}:freeze_{table}_table}}")
    for sql in (
        f"UPDATE {table} SET {TABLES[table]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(DatabaseError, match=r"frozen|permission denied"), transaction.atomic():
            run_sql(sql)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_the_orm_cannot_change_what_is_signed(chair, board, model):
    whole_decision(chair, board, sign=True)
    row = model.objects.get()
    refusals = "frozen|permission denied|protected foreign keys"
    for change in (row.save, row.delete):
        with pytest.raises(DatabaseError, match=refusals), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["meetings_decision", *list(TABLES)[1:4]])
def test_a_draft_can_be_changed_by_the_same_sql(chair, board, table):
    """The control: what is refused above is refused because of the signature."""
    whole_decision(chair, board, sign=False)
    assert run_sql(f"UPDATE {table} SET {TABLES[table]}") == 1
    if table != "meetings_decision":
        assert run_sql(f"DELETE FROM {table}") == 1


@pytest.mark.django_db
def test_nothing_is_added_to_a_signed_decision(chair, board):
    decision = whole_decision(chair, board, sign=True)
    common = {"patient_id": decision.patient_id, "decision": decision}
    for add in (
        lambda: DecisionCondition.objects.create(
            **common, text="late", expires_on=timezone.localdate()
        ),
        lambda: Dissent.objects.create(
            **common, user=make_user("member", board), reason="late", recorded_by=chair
        ),
        lambda: DecisionStatement.objects.create(**common, statement_version=make_version()),
    ):
        with pytest.raises(DatabaseError, match="signed decision"), transaction.atomic():
            add()


@pytest.mark.django_db
def test_a_part_cannot_name_another_patient_to_slip_in(chair, board):
    signed = whole_decision(chair, board, sign=True)
    draft = whole_decision(chair, board, sign=False)
    with pytest.raises(DatabaseError, match="signed decision"), transaction.atomic():
        DecisionCondition.objects.create(
            patient_id=draft.patient_id,
            decision=signed,
            text="late",
            expires_on=timezone.localdate(),
        )


@pytest.mark.django_db
def test_history_of_decisions_cannot_be_rewritten(chair, board):
    whole_decision(chair, board, sign=True)
    for sql in (
        "UPDATE meetings_decisionevent SET rationale = 'x'",
        "DELETE FROM meetings_decisionevent",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run_sql(sql)


@pytest.mark.django_db
def test_the_texts_go_only_with_an_erasure_and_the_chain_stays_whole(chair, board):
    decision = whole_decision(chair, board, sign=True)
    erase = (
        "UPDATE meetings_decision SET rationale = NULL, patient_preference = NULL, salt = NULL"
        " WHERE id = %s"
    )
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        run_sql(erase, decision.pk)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Erasure.objects.create(patient_id=decision.patient_id, decision=decision, by=chair)
    MonitoringPlan.objects.update(state="closed", close_reason="other")
    erase_patient(by=chair, patient=decision.case.patient, reason="request")
    assert faults() == []
    for table, change in TABLES.items():
        with pytest.raises(DatabaseError, match=r"frozen|permission|erased"), transaction.atomic():
            run_sql(f"UPDATE {table} SET {change}")
    for sql in ("DELETE FROM meetings_erasure", erase.replace("SET", "SET outcome = 'defer',")):
        with pytest.raises(DatabaseError, match=r"frozen|permission"), transaction.atomic():
            run_sql(sql.replace("%s", str(decision.pk)))


@pytest.mark.django_db
def test_untouched_decisions_are_whole(chair, board):
    whole_decision(chair, board, sign=True)
    whole_decision(chair, board, sign=True)
    whole_decision(chair, board, sign=False)
    assert faults() == []


TAMPERING = {
    "UPDATE meetings_decision SET rationale = 'other' WHERE number = 1": "texts differ",
    "UPDATE meetings_decision SET outcome = 'combination' WHERE number = 1": "rows differ",
    "UPDATE meetings_decision SET snapshot = replace(snapshot, 'same_agent', 'combination'),"
    " outcome = 'combination' WHERE number = 1": "not the one that was hashed",
    "UPDATE meetings_decision SET snapshot = '{', snapshot_sha256 = encode(sha256('{'), 'hex')"
    " WHERE number = 1": "cannot be read",
    "UPDATE meetings_decision SET salt = NULL WHERE number = 1": "without an erasure",
    "UPDATE meetings_decisioncondition SET expires_on = '2099-01-01'": "rows differ",
    "UPDATE meetings_decisioncondition SET text = 'other'": "texts differ",
    "UPDATE meetings_dissent SET reason = 'other'": "texts differ",
    "DELETE FROM meetings_dissent": "rows differ",
    "UPDATE meetings_decisionstatement SET deviation_reason = 'other'": "rows differ",
    "UPDATE meetings_letter SET pdf = 'other'": "letter's bytes",
    "UPDATE meetings_letter SET sha256 = 'other'": "letter is not the one",
    "UPDATE meetings_decision SET number = 7 WHERE number = 2": "one is missing",
    "DELETE FROM meetings_letter WHERE decision_id IN"
    " (SELECT id FROM meetings_decision WHERE number = 2);"
    "DELETE FROM meetings_decisioncondition WHERE decision_id IN"
    " (SELECT id FROM meetings_decision WHERE number = 2);"
    "DELETE FROM meetings_decision WHERE number = 2": "end of the chain",
    "UPDATE audit_trailentry SET detail = '{}' WHERE kind = 'decision.signed'": "another hash",
    "DELETE FROM audit_trailentry WHERE kind = 'decision.signed'": "knows no signature",
}


def test_a_change_by_the_superuser_is_found(committed_db, superuser):
    with transaction.atomic():
        board = make_board()
        chair = make_user("chair", board)
        for _ in range(2):
            whole_decision(chair, board, sign=True)
    verify = [sys.executable, "manage.py", "verify_decisions"]
    whole = subprocess.run(verify, env=owner(), capture_output=True, text=True, check=False)
    assert whole.returncode == 0, whole.stderr
    assert whole.stdout.startswith("2 signed decisions")
    with superuser_connection():
        assert faults() == []
        for change, expected in TAMPERING.items():
            with transaction.atomic():
                run_sql("SET LOCAL session_replication_role = replica")
                run_sql(change)
                found = [fault.what for fault in faults()]
                transaction.set_rollback(True)
            assert any(expected in what for what in found), (change, found)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE meetings_decision SET rationale = 'other' WHERE number = 1")
    superuser.execute("SET session_replication_role = DEFAULT")
    broken = subprocess.run(verify, env=owner(), capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert "texts differ" in broken.stderr and "other" not in broken.stderr


def test_two_signatures_at_once_are_one(committed_db):
    with transaction.atomic():
        board = make_board()
        chair = make_user("chair", board)
        decision = whole_decision(chair, board, sign=False)
    ready = threading.Barrier(2)

    def sign(_n: int) -> bool:
        try:
            ready.wait(timeout=20)
            with transaction.atomic():
                set_acting(chair)
                return sign_decision(by=chair, decision=decision, version=decision.version).already
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, range(2))) == [False, True]
    with transaction.atomic():
        set_acting(chair)
        assert Letter.objects.count() == MonitoringPlan.objects.count() == 1
        assert faults() == []


def test_a_condition_added_while_the_chair_signs_is_in_or_refused(committed_db):
    with transaction.atomic():
        board = make_board()
        chair = make_user("chair", board)
        decision = whole_decision(chair, board, sign=False)
    ready = threading.Barrier(2)

    def sign() -> str:
        with transaction.atomic():
            set_acting(chair)
            ready.wait(timeout=20)
            sign_decision(by=chair, decision=decision, version=decision.version)
        return "signed"

    def slip_in() -> str:
        # Past the services, as raw SQL would: the trigger alone has to hold.
        with transaction.atomic():
            set_acting(chair)
            ready.wait(timeout=20)
            time.sleep(0.05)
            DecisionCondition.objects.create(
                patient_id=decision.patient_id,
                decision=decision,
                text="late",
                expires_on=timezone.localdate(),
            )
        return "added"

    def outcome(work: Callable[[], str]) -> str:
        try:
            return work()
        except DatabaseError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(outcome, [sign, slip_in]))
    assert outcomes[0] == "signed"
    with transaction.atomic():
        set_acting(chair)
        assert faults() == []


def test_the_verifier_refuses_a_role_that_sees_less(committed_db):
    app = {**owner(), "RECHALLENGE_DB_ROLE": "app"}
    verify = [sys.executable, "manage.py", "verify_decisions"]
    refused = subprocess.run(verify, env=app, capture_output=True, text=True, check=False)
    assert refused.returncode == 1 and "RECHALLENGE_DB_ROLE=owner" in refused.stderr


@contextmanager
def superuser_connection() -> Iterator[None]:
    """Let Django's connection be the superuser's, past every policy, trigger and missing right."""
    parts = urlsplit(superuser_url())
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({"USER": parts.username, "PASSWORD": parts.password or ""})
    yield
    connection.close()
    connection.settings_dict.update(before)


def owner() -> dict[str, str]:
    """Return an environment whose processes use the test database as its owner."""
    name = connection.settings_dict["NAME"]
    urls = {
        variable: os.environ[variable].rsplit("/", 1)[0] + f"/{name}"
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")
        if variable in os.environ
    }
    return {**os.environ, **urls, "RECHALLENGE_DB_ROLE": "owner"}
