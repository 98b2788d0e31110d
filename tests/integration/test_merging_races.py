"""Merges at the same moment as other things, and accesses that end: seen across committed transactions."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.acting import set_acting
from cases.models import CaseFacts, CaseSection, IrAE, Patient, PatientAccess, PatientMerge
from cases.services.history import save_course, save_irae
from cases.services.merging import RecordsChanged, merge_patients, state_of
from cases.services.sections import StaleSection
from tests.factories.line import PNEUMONITIS
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case


def two_records():
    """Return a coordinator and two cases of two records on one board, committed."""
    with transaction.atomic():
        board = make_board()
        member, coordinator = make_user("member", board), make_user("coordinator", board)
        set_acting(member)
        cases = [make_case(member, board) for _n in range(2)]
    return coordinator, member, cases


def merging(by, keep, absorb, ready, *, seen):
    """Merge as a request of its own; return what came of it in a word."""
    try:
        with transaction.atomic():
            set_acting(by)
            rows = {row.pk: row for row in Patient.objects.select_related("board")}
            ready.wait(timeout=20)
            merge_patients(by=by, keep=rows[keep], absorb=rows[absorb], taken=(), seen=seen)
    except (ValidationError, RecordsChanged) as refused:
        return type(refused).__name__
    finally:
        connection.close()
    return "merged"


def until_waiting(server, run):
    """Return once `run` waits for a lock, or is done."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while not run.done() and server.execute(waiting).fetchone() == (0,):
        time.sleep(0.02)


def alone(by, work):
    """Do `work` as a request of `by`; return what came of it in a word."""
    try:
        with transaction.atomic():
            set_acting(by)
            work()
    except (ValidationError, StaleSection) as refused:
        return type(refused).__name__
    finally:
        connection.close()
    return "done"


def merged(by, kept, other):
    """Merge, within the transaction of the caller."""
    rows = {row.pk: row for row in Patient.objects.select_related("board")}
    keep, absorb = rows[kept.patient_id], rows[other.patient_id]
    merge_patients(by=by, keep=keep, absorb=absorb, taken=(), seen=state_of(keep, absorb))


def token(by, keep, absorb):
    with transaction.atomic():
        set_acting(by)
        return state_of(Patient.objects.get(pk=keep), Patient.objects.get(pk=absorb))


def test_two_merges_the_two_ways_round_make_one(committed_db):
    by, _member, cases = two_records()
    one, other = (case.patient_id for case in cases)
    ready = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(merging, by, a, b, ready, seen=token(by, a, b))
            for a, b in ((one, other), (other, one))
        ]
        assert sorted(run.result(timeout=60) for run in runs) == ["ValidationError", "merged"]
    with transaction.atomic():
        set_acting(by)
        assert PatientMerge.objects.count() == 1
        assert Patient.objects.exclude(merged_into=None).count() == 1


def test_what_is_saved_at_the_same_moment_is_in_the_merged_record_or_refused(committed_db):
    by, member, cases = two_records()
    one, other = (case.patient_id for case in cases)
    ready = threading.Barrier(2)

    def saving():
        try:
            with transaction.atomic():
                set_acting(member)
                version = CaseSection.objects.get(case=cases[1], key="iraes").version
                ready.wait(timeout=20)
                save_irae(by=member, case=cases[1], version=version, values=dict(PNEUMONITIS))
        except StaleSection:
            return "stale"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        merge = pool.submit(merging, by, one, other, ready, seen=token(by, one, other))
        save = pool.submit(saving)
        outcome = merge.result(timeout=60), save.result(timeout=60)
    assert outcome in {("merged", "stale"), ("RecordsChanged", "saved")}
    with transaction.atomic():
        set_acting(member)
        rows = IrAE.objects.count()
        assert rows == (1 if outcome[1] == "saved" else 0)
        grades = set(CaseFacts.objects.values_list("pneumonitis_worst_grade_low", flat=True))
        assert (2 in grades) == (rows == 1)


def test_an_access_that_ends_lasts_as_long_as_that_of_the_other_record(committed_db, superuser):
    by, _member, cases = two_records()
    one, other = (case.patient_id for case in cases)
    superuser.execute(
        "UPDATE cases_patientaccess SET until = now() + interval '1 day' WHERE patient_id = %s",
        [one],
    )
    with transaction.atomic():
        set_acting(by)
        rows = {row.pk: row for row in Patient.objects.select_related("board")}
        keep, absorb = rows[one], rows[other]
        merge_patients(by=by, keep=keep, absorb=absorb, taken=(), seen=state_of(keep, absorb))
        assert PatientAccess.objects.get(patient=one).until is None


def test_facts_are_derived_from_what_is_saved_at_the_same_moment_in_another_case(
    committed_db, superuser
):
    _by, member, (one, _other) = two_records()
    with transaction.atomic():
        set_acting(member)
        second = make_case(member, one.board, patient=one.patient)

    def saving():
        values = {"drugs": ["nivolumab"], "drugs_state": "known"}
        save_course(by=member, case=second, version=1, values=values)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_acting(member)
            save_irae(by=member, case=one, version=1, values=dict(PNEUMONITIS))
            run = pool.submit(alone, member, saving)
            until_waiting(superuser, run)
        assert run.result(timeout=60) == "done"
    with transaction.atomic():
        set_acting(member)
        for case in (one, second):
            facts = CaseFacts.objects.get(case=case)
            assert facts.pneumonitis_worst_grade_low == 2
            assert facts.prior_courses_low == 1


def test_a_form_of_a_record_merged_before_is_out_of_date_after_another_merge(
    committed_db, superuser
):
    by, member, (kept, other) = two_records()
    with transaction.atomic():
        set_acting(member)
        third = make_case(member, kept.board)
    with transaction.atomic():
        set_acting(by)
        merged(by, kept, other)
        version = CaseSection.objects.get(case=other, key="iraes").version

    def saving():
        save_irae(by=member, case=other, version=version, values=dict(PNEUMONITIS))

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_acting(by)
            merged(by, kept, third)
            run = pool.submit(alone, member, saving)
            until_waiting(superuser, run)
        assert run.result(timeout=60) == "StaleSection"
