"""What is written while a patient is being erased, and an erasure that somebody makes up."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.acting import acting_as, set_acting
from cases.models import (
    IrAE,
)
from cases.services.tumour import save_tumour
from followup.services.protocols import load_protocols
from meetings.services.erasure import erase_patient
from meetings.verification import faults
from tests.factories.line import PNEUMONITIS
from tests.factories.marked import Marked, a_day, make_marked
from tests.factories.meetings import make_draft, make_item, make_meeting, run_sql
from tests.factories.people import make_board
from tests.integration.test_meetings_frozen import superuser_connection


@pytest.fixture
def marked(board) -> Marked:
    """A patient about whom nothing is open; the chair acts."""
    found = make_marked(board)
    set_acting(found.people["chair"])
    return found


def erase(marked: Marked, by: str = "chair") -> bool:
    return erase_patient(by=marked.people[by], patient=marked.patient, reason="request")


def test_what_is_written_at_the_same_moment_is_erased_or_refused(committed_db):
    with transaction.atomic():
        marked = make_marked(make_board())
    chair, member = marked.people["chair"], marked.people["member"]
    ready = threading.Barrier(2)

    def erasing() -> str:
        with transaction.atomic():
            set_acting(chair)
            ready.wait(timeout=20)
            time.sleep(0.05)
            erase(marked)
        return "erased"

    def add() -> None:
        IrAE.objects.create(patient=marked.patient, onset=a_day(date(2025, 2, 3)), **PNEUMONITIS)

    def writing() -> str:
        # Past the services, as raw SQL would: the trigger alone has to hold. The erasure comes in the middle.
        with transaction.atomic():
            set_acting(member)
            add()
            ready.wait(timeout=20)
            time.sleep(0.3)
        with transaction.atomic():
            set_acting(member)
            add()
        return "written"

    def outcome(work) -> str:
        try:
            return work()
        except DatabaseError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        erased, written = pool.map(outcome, [erasing, writing])
    assert erased == "erased"
    assert "was erased" in written or written == "written"
    with transaction.atomic():
        set_acting(member)
        assert IrAE.objects.count() > 1
        assert {irae.onset_text for irae in IrAE.objects.all()} == {""}


@pytest.mark.django_db
def test_a_section_that_was_open_is_not_saved_after_the_erasure(marked):
    member = marked.people["member"]
    erase(marked)
    with acting_as(member), pytest.raises(PermissionDenied):
        save_tumour(by=member, case=marked.case, version=2, values={"stage_text": "Smith"})


@pytest.mark.django_db
def test_a_decision_in_the_middle_of_being_recorded_stands_in_the_way(chair, board):
    load_protocols()
    item = make_item(chair, make_meeting(chair, board))
    make_draft(chair, item)
    with acting_as(chair), pytest.raises(ValidationError):
        erase_patient(by=chair, patient=item.case.patient, reason="mistake")


def test_an_erasure_that_was_made_up_is_found(committed_db):
    with transaction.atomic():
        marked = make_marked(make_board())
        set_acting(marked.people["chair"])
        erase(marked)
    changes = {
        "UPDATE meetings_decision SET rationale = 'other' WHERE state = 'signed'": "says something",
        "UPDATE meetings_dissent SET reason = 'other'": "says something",
        "DELETE FROM meetings_erasure": "without an erasure",
        "DELETE FROM audit_trailentry WHERE kind = 'patient.erased'": "knows of no erasure",
    }
    with superuser_connection():
        assert faults() == []
        for change, expected in changes.items():
            with transaction.atomic():
                run_sql("SET LOCAL session_replication_role = replica")
                run_sql(change)
                found = [fault.what for fault in faults()]
                transaction.set_rollback(True)
            assert any(expected in what for what in found), (change, found)
