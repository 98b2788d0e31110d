"""What fills the benchmark's database: whole records, each a patient of its own; and what reads all of a table."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.models import F

from accounts.acting import acting_as
from bench import cases, database
from bench.figures import NotMeasured
from bench.plans import Explaining
from bench.scale import FIRST, Scale, copy_patient
from cases.models import Case, CaseFacts, ICICourse, IrAE, LabResult, Patient, PatientIdentity
from tests.factories.line import make_record
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case

PATIENTS, SECONDS = 12, 8


@pytest.fixture
def copied(committed_db, monkeypatch):
    """A record of two cases, and twelve copies of it on two boards, eight of them with the second case."""
    monkeypatch.setattr(database, "NAME", connection.settings_dict["NAME"])
    with transaction.atomic():
        boards = [make_board("One"), make_board("Two")]
        member = make_user("member", *boards)
        case = make_record(member, boards[0])
        second = make_case(member, boards[0], patient=case.patient)
    copy_patient(
        case.patient_id,
        patients=PATIENTS,
        second=second,
        seconds=SECONDS,
        boards=[board.pk for board in boards],
    )
    return member, case, boards


def test_each_copy_is_a_patient_with_the_whole_record(copied):
    member, case, boards = copied
    with transaction.atomic(), acting_as(member):
        patients = Patient.objects.filter(pk__gte=FIRST)
        assert patients.count() == PATIENTS
        assert Case.objects.filter(pk__gte=FIRST).count() == PATIENTS + SECONDS
        for model in (ICICourse, IrAE, LabResult, PatientIdentity):
            of_original = model.objects.filter(patient=case.patient_id).count()
            assert of_original
            assert model.objects.filter(pk__gte=FIRST).count() == PATIENTS * of_original
        # Nothing of a copy hangs on the original.
        for model, key in (
            (Case, "patient"),
            (IrAE, "course"),
            (CaseFacts, "case"),
            (CaseFacts, "patient"),
        ):
            told = model.objects.filter(pk__gte=FIRST).exclude(**{f"{key}_id": None})
            assert not told.filter(**{f"{key}_id__lt": FIRST}).exists()
        facts = CaseFacts.objects.filter(pk__gte=FIRST)
        assert not facts.exclude(case__patient_id=F("patient_id")).exists()
        assert (
            Case.objects.filter(pk__gte=FIRST, board=boards[1]).count() == (PATIENTS + SECONDS) / 2
        )
        names = PatientIdentity.objects.filter(pk__gte=FIRST).values_list(
            "family_name", "hospital_number"
        )
        assert len(set(names)) == PATIENTS


def test_a_scale_keeps_the_measure_of_a_million_cases(monkeypatch):
    assert Scale(1_000_000).patients == 600_000
    monkeypatch.setenv("BENCH_CASES", "5000")
    assert cases.size(quick=False) == Scale(5000)
    monkeypatch.setenv("BENCH_CASES", "many")
    with pytest.raises(NotMeasured, match="BENCH_CASES is 'many'"):
        cases.size(quick=False)
    monkeypatch.delenv("BENCH_CASES")
    assert (cases.size(quick=True).cases, cases.size(quick=False).cases) == (10_000, 1_000_000)


def test_a_table_that_is_read_from_one_end_to_the_other_is_noticed(copied):
    member, case, _boards = copied
    with transaction.atomic(), acting_as(member):
        explaining = Explaining(connection)
        with connection.execute_wrapper(explaining):
            assert Case.objects.filter(question__contains="again").count()
        assert "cases_case" in explaining.scanned and explaining.asked == 1
        by_key = Explaining(connection)
        with connection.execute_wrapper(by_key), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            assert Case.objects.filter(pk=case.pk).exists()
        assert not by_key.scanned and by_key.asked == 1
