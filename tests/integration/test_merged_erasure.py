"""Erasures at the same moment as merges, and as writes under a record that was merged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import transaction

from accounts.acting import set_acting
from cases.models import IrAE, Patient
from meetings.services.erasure import erase_patient
from tests.factories.line import PNEUMONITIS
from tests.factories.meetings import run_sql
from tests.factories.people import make_user
from tests.integration.test_merging_races import alone, merged, two_records, until_waiting
from ui.partial_dates import parse_partial_date


def test_the_database_erases_what_is_written_meanwhile_under_a_merged_record(
    committed_db, superuser
):
    by, member, (kept, other) = two_records()
    with transaction.atomic():
        chair = make_user("chair", kept.board)
        set_acting(by)
        merged(by, kept, other)

    def erasing():
        run_sql("SELECT rechallenge_erase_patient(%s, 'request')", kept.patient_id)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_acting(member)
            onset = parse_partial_date("3 February 2025")
            IrAE.objects.create(patient_id=other.patient_id, onset=onset, **PNEUMONITIS)
            run = pool.submit(alone, chair, erasing)
            until_waiting(superuser, run)
        assert run.result(timeout=60) == "done"
    assert superuser.execute("SELECT onset_text FROM cases_irae").fetchall() == [("",)]
    assert superuser.execute("SELECT count(*) FROM cases_patienterasure").fetchone() == (2,)


def test_an_erasure_that_a_merge_came_before_has_to_be_looked_at_again(committed_db, superuser):
    by, _member, (kept, other) = two_records()
    with transaction.atomic():
        chair = make_user("chair", kept.board)

    def erasing():
        patient = Patient.objects.select_related("board").get(pk=kept.patient_id)
        erase_patient(by=chair, patient=patient, reason="request")

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_acting(by)
            merged(by, kept, other)
            run = pool.submit(alone, chair, erasing)
            until_waiting(superuser, run)
        assert run.result(timeout=60) == "ValidationError"
        erased = "SELECT count(*) FROM cases_patienterasure"
        assert superuser.execute(erased).fetchone() == (0,)
        assert pool.submit(alone, chair, erasing).result(timeout=60) == "done"
    assert superuser.execute(erased).fetchone() == (2,)
    states = "SELECT DISTINCT state FROM cases_case"
    assert superuser.execute(states).fetchall() == [("closed",)]
