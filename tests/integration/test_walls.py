"""The two walls around patients' rows, each tried alone and both together."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.models import Case, Patient, PatientAccess, PatientIdentity
from tests.factories.people import make_user
from tests.factories.record import CANARY, make_case, make_patient

pytestmark = pytest.mark.django_db


def test_suite_runs_as_app():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("rechallenge_app", False, False)


def test_each_board_sees_its_own_patients_by_row_security_alone(
    board, other_board, member, stranger
):
    mine, theirs = make_case(member, board), make_case(stranger, other_board)
    for user, case in ((member, mine), (stranger, theirs)):
        with acting_as(user):
            assert list(Case.objects.all()) == [case]
            assert list(Patient.objects.all()) == [case.patient]
            assert PatientIdentity.objects.get().family_name == CANARY


def test_each_board_sees_its_own_patients_by_the_orm_scope_alone(
    board, other_board, member, stranger
):
    """`visible_to` names a user of its own: under another acting user it still narrows."""
    mine = make_case(member, board)
    both = make_user("member", board, other_board)
    theirs = make_case(stranger, other_board)
    with acting_as(both):
        assert set(Case.objects.all()) == {mine, theirs}
        assert list(Case.objects.visible_to(member)) == [mine]


def test_nobody_acting_sees_nothing(board, member):
    make_case(member, board)
    set_acting(None)
    assert not Case.objects.exists()
    assert not PatientAccess.objects.exists()


@pytest.mark.parametrize("role", ["curator", "administrator"])
def test_roles_without_patients_see_none(board, member, role):
    make_case(member, board)
    user = make_user(role, board)
    with acting_as(user):
        assert not Case.objects.exists()
        assert not Case.objects.visible_to(user).exists()


def switch_off(row, *, on: bool = False) -> None:
    """Switch an account or a board off, as its administrator does."""
    type(row).objects.filter(pk=row.pk).update(
        **{"is_active" if hasattr(row, "is_active") else "active": on}
    )


@pytest.mark.parametrize("what", ["account", "board"])
def test_what_is_switched_off_sees_nothing_by_row_security_alone(board, member, what):
    case = make_case(member, board)
    row = member if what == "account" else board
    with acting_as(member):
        assert Case.objects.exists() and PatientAccess.objects.exists()
        assert TrailEntry.objects.filter(patient_id=case.patient_id).exists()
        switch_off(row)
        for model in (Case, Patient, PatientIdentity, PatientAccess):
            assert not model.objects.exists(), model
        assert not TrailEntry.objects.filter(patient_id=case.patient_id).exists()
        assert not found_by_search(case.reference)
        switch_off(row, on=True)
        assert found_by_search(case.reference) == [case.pk]


def found_by_search(words: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rechallenge_search_cases(%s, '{}', '{}')", [words])
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.parametrize("what", ["account", "board"])
def test_nobody_is_registered_by_or_on_what_is_switched_off(board, member, what):
    switch_off(member if what == "account" else board)
    with (
        acting_as(member),
        pytest.raises(ProgrammingError, match="may not register"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT rechallenge_register_patient(%s, gen_random_uuid(), 'invented', '', 'female')",
            [board.pk],
        )


def test_the_trail_of_a_board_that_is_switched_off_is_closed_to_its_chair(board, member, chair):
    make_case(member, board)
    with acting_as(chair):
        assert TrailEntry.objects.filter(board_id=board.pk).exists()
        switch_off(board)
        assert not TrailEntry.objects.exclude(actor=chair).exists()


def test_every_policy_asks_for_boards_and_accounts_that_are_switched_on():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, qual, coalesce(with_check, qual) FROM pg_policies"
            " WHERE policyname = 'patient_scope'"
        )
        rows = cursor.fetchall()
    assert len(rows) > 40
    for table, *conditions in rows:
        for condition in conditions:
            assert "accounts_membership" not in condition, table
            assert "rechallenge_boards_" in condition and "acting_in_force" in condition, table


def test_foreign_patient_cannot_be_written_to(board, other_board, member, stranger):
    patient = make_patient(stranger, other_board)
    with (
        acting_as(member),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Case.objects.create(
            patient=patient, board=board, reference="RC-X", referred_by=member, question="?"
        )


def test_access_cannot_be_granted_by_the_web_role(board, other_board, member, stranger):
    patient = make_patient(stranger, other_board)
    with (
        acting_as(member),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        PatientAccess.objects.create(patient=patient, board=board)


def test_registering_on_a_foreign_board_is_refused_by_the_database(other_board, member):
    with (
        acting_as(member),
        pytest.raises(ProgrammingError, match="may not register"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT rechallenge_register_patient(%s, gen_random_uuid(), 'invented', '', 'female')",
            [other_board.pk],
        )
