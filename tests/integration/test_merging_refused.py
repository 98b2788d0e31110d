"""What stands in the way of a merge, who may not, and what comes of it for numbers, deaths and erasures."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.models import (
    Case,
    CaseSection,
    ICICourse,
    Patient,
    PatientErasure,
    PatientIdentity,
    PatientMerge,
    Provenance,
)
from cases.selectors import case_for_page, other_cases
from cases.services.history import save_course
from cases.services.identity import save_identity
from cases.services.lifecycle import move_case
from cases.services.merging import RecordsChanged, state_of
from cases.states import CaseState
from followup.models import MonitoringPlan
from meetings.services.erasure import erase_patient
from tests.factories.meetings import run_sql
from tests.factories.monitoring import make_plan
from tests.factories.people import make_user
from tests.factories.record import add_course, make_case, make_patient
from tests.integration.test_merging import again, both, contents, merge, two
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
__all__ = ["both", "two"]
MERGE = "SELECT rechallenge_merge_patients(%s, %s, '{}', '[]')"


def test_a_second_press_changes_nothing(two, both):
    kept, other = two
    first = merge(both, kept.patient_id, other.patient_id)
    before = contents(), TrailEntry.objects.count()
    assert merge(both, kept.patient_id, other.patient_id) == first
    assert (contents(), TrailEntry.objects.count()) == before


def test_a_page_that_is_out_of_date_does_nothing(two, both, stranger):
    kept, other = two
    seen = state_of(kept.patient, other.patient)
    with acting_as(stranger):
        save_identity(by=stranger, case=other, version=1, values={"given_name": "Changed"})
    with pytest.raises(RecordsChanged):
        merge(both, kept.patient_id, other.patient_id, seen=seen)
    assert not PatientMerge.objects.exists()


def test_one_board_is_not_enough(two, board, other_board, both):
    kept, other = two
    people = make_user("coordinator", board), make_user("chair", board, other_board)
    for person in people:
        with acting_as(person), pytest.raises((PermissionDenied, Patient.DoesNotExist)):
            merge(person, kept.patient_id, other.patient_id)
        with (
            acting_as(person),
            pytest.raises(DatabaseError, match="may not merge"),
            transaction.atomic(),
        ):
            run_sql(MERGE, kept.patient_id, other.patient_id)


def test_the_application_alone_cannot_say_that_a_record_is_merged(two, both):
    kept, other = two
    with pytest.raises(DatabaseError, match="alone"), transaction.atomic():
        Patient.objects.filter(pk=other.patient_id).update(merged_into=kept.patient_id)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        PatientMerge.objects.create(patient=kept.patient, absorbed=other.patient, by=both)


def test_not_itself_not_twice_not_in_a_circle(two, both, member, board):
    kept, other = two
    third = make_case(member, board)
    set_acting(both)
    with pytest.raises(ValidationError, match="one record already"):
        merge(both, kept.patient_id, kept.patient_id)
    merge(both, kept.patient_id, other.patient_id)
    with pytest.raises(ValidationError, match="already"):
        merge(both, other.patient_id, kept.patient_id)
    with pytest.raises(ValidationError, match="already"):
        merge(both, third.patient_id, other.patient_id)
    with pytest.raises(ValidationError, match="Keep that one instead"):
        merge(both, third.patient_id, kept.patient_id)
    with pytest.raises(DatabaseError, match="took one in"), transaction.atomic():
        run_sql(MERGE, third.patient_id, kept.patient_id)


def test_a_record_takes_two_in(two, both, member, board):
    kept, other = two
    third = make_case(member, board)
    set_acting(both)
    for case in (other, third):
        merge(both, kept.patient_id, case.patient_id)
    assert {c.pk for c in other_cases(both, again(kept))} == {other.pk, third.pk}


@pytest.mark.parametrize("change", ["moved = '{}'", "absorbed_id = patient_id", "at = now()"])
def test_what_a_merge_says_never_changes(two, both, change):
    row = merge(both, *(case.patient_id for case in two))
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        run_sql(f"UPDATE cases_patientmerge SET {change} WHERE id = %s", row.pk)


@pytest.mark.parametrize(
    ("kept", "other", "words"),
    [
        ({"national_number": "9434765919"}, {"national_number": "4857773456"}, "two people"),
        ({}, {"died": "March 2025"}, "died"),
        ({"died": "March 2025"}, {"died": "April 2025"}, "different days"),
    ],
)
def test_people_settle_what_speaks_against_one_person(two, both, kept, other, words):
    for case, values in zip(two, (kept, other), strict=True):
        values = dict(values)
        if "died" in values:
            values["died"] = parse_partial_date(values["died"])
        if "national_number" in values:
            values["national_scheme"] = "nhs"
        with acting_as(case.referred_by):
            save_identity(by=case.referred_by, case=case, version=1, values=values)
    set_acting(both)
    with pytest.raises(ValidationError, match=words):
        merge(both, *(case.patient_id for case in two))


def test_a_real_patient_is_not_merged_with_an_invented_one(two, both, member, board):
    kept, _other = two
    patient = make_patient(member, board, provenance=Provenance.REAL)
    real = make_case(member, board, patient=patient)
    set_acting(both)
    with pytest.raises(ValidationError, match="One is a real patient, the other is not"):
        merge(both, kept.patient_id, real.patient_id)


@pytest.mark.parametrize("free", [True, False])
def test_the_kept_record_holds_its_number_unless_a_third_one_does(two, both, member, board, free):
    kept, other = two
    third = make_case(member, board)
    set_acting(both)
    number = PatientIdentity.objects.get(patient=third.patient_id).hospital_number
    mine = PatientIdentity.objects.filter(patient=kept.patient_id)
    # As records of one number were before a number was one patient's.
    mine.update(hospital_number="N 77" if free else number, holds_number=False)
    merge(both, kept.patient_id, other.patient_id)
    assert mine.get().holds_number is free
    assert PatientIdentity.objects.get(patient=third.patient_id).holds_number


def test_a_death_entered_from_either_case_ends_the_monitoring_of_both(board, other_board, both):
    nurse, member = make_user("nurse", other_board), make_user("member", board)
    plan = make_plan(nurse, other_board)
    with acting_as(member):
        kept = make_case(member, board, patient=make_patient(member, board))
    set_acting(both)
    merge(both, kept.patient_id, plan.patient_id)
    set_acting(member)
    version = CaseSection.objects.get(case=kept, key="patient").version
    save_identity(
        by=member, case=kept, version=version, values={"died": parse_partial_date("1 March 2026")}
    )
    assert MonitoringPlan.objects.get(pk=plan.pk).close_reason == "died"


def test_nobody_is_merged_who_was_erased(two, both, board):
    kept, _other = two
    chair = make_user("chair", board)
    third = make_case(kept.referred_by, board)
    with acting_as(chair):
        erase_patient(by=chair, patient=third.patient, reason="request")
    set_acting(both)
    with pytest.raises(ValidationError, match="erased"):
        merge(both, kept.patient_id, third.patient_id)


def test_erasing_the_patient_reaches_every_record(two, both, board):
    kept, other = two
    merge(both, kept.patient_id, other.patient_id)
    chair, chair_there = make_user("chair", board), make_user("chair", other.board)
    set_acting(chair)
    with pytest.raises(ValidationError, match="that board has to close it"):
        erase_patient(by=chair, patient=again(kept).patient, reason="request")
    with acting_as(chair_there):
        move_case(by=chair_there, case=other, to=CaseState.CLOSED)
    set_acting(chair)
    erase_patient(by=chair, patient=again(kept).patient, reason="request")
    assert PatientErasure.objects.count() == 2
    told = TrailEntry.objects.filter(kind="patient.erased").values_list("patient_id", flat=True)
    assert set(told) == {kept.patient_id, other.patient_id}
    with connection.cursor() as cursor:
        for table in ("cases_patientidentity", "cases_patientidentityevent"):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE family_name <> ''")
            assert cursor.fetchone() == (0,)
    assert Case.objects.get(pk=other.pk).patient.identity.is_erased


def test_one_hospital_number_at_a_time(member, board):
    coordinator = make_user("coordinator", board)
    with acting_as(member):
        cases = [make_case(member, board, patient=make_patient(member, board)) for _n in range(2)]
    set_acting(coordinator)
    kept, other = (case.patient_id for case in cases)
    numbers = dict(PatientIdentity.objects.values_list("patient", "hospital_number"))
    merge(coordinator, kept, other, "number")
    held = PatientIdentity.objects.filter(holds_number=True)
    assert list(held.values_list("patient", "hospital_number")) == [(kept, numbers[other])]


def test_the_course_numbers_of_both_are_one_series(two, both, member):
    kept, other = two
    for case, days in ((kept, ("2024", "2025")), (other, ("2023",))):
        for on in days:
            add_course(case.referred_by, case, start=parse_partial_date(on))
    merge(both, kept.patient_id, other.patient_id)
    assert sorted(ICICourse.objects.values_list("number", flat=True)) == [1, 2, 3]
    with acting_as(member):
        version = CaseSection.objects.get(case=kept, key="courses").version
        save_course(by=member, case=kept, version=version, values={"drugs": []})


def test_the_page_of_a_merged_case_takes_no_query_more(two, both):
    kept, other = two
    merge(both, kept.patient_id, other.patient_id)
    case = case_for_page(both).get(pk=other.pk)
    with connection.execute_wrapper(_refuse):
        patient = case.patient
        assert patient.pk == kept.patient_id
        assert patient.identity.family_name == "Sample"
        assert patient.tumour.patient_id == kept.patient_id
        assert (
            patient.background.patient_id
            == patient.performance_status.patient_id
            == kept.patient_id
        )


def _refuse(_execute, sql, *_rest):
    raise AssertionError(sql)
