"""The trail: added to by everybody, changed by nobody, sealed, and told on when it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.acting import acting_as, set_acting
from audit import sealing
from audit.models import TrailEntry
from audit.services import record
from tests.factories.people import make_user
from tests.factories.record import make_patient

pytestmark = pytest.mark.django_db


def test_nobody_signed_in_can_add_but_not_read(member):
    set_acting(None)
    record("account.sign_in_refused", by=None)
    assert not TrailEntry.objects.exists()


def test_entries_about_a_patient_are_read_by_those_who_may_see_the_patient(
    board, other_board, member, stranger
):
    patient = make_patient(member, board)
    with acting_as(member):
        assert TrailEntry.objects.filter(patient_id=patient.pk).exists()
    with acting_as(stranger):
        assert not TrailEntry.objects.filter(patient_id=patient.pk).exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_trailentry SET kind = 'x'",
        "DELETE FROM audit_trailentry",
        "TRUNCATE audit_trailentry",
        "UPDATE audit_seal SET digest = 'x'",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ],
)
def test_nothing_is_changed_or_removed(member, statement):
    record("account.signed_in", by=member)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', 'audit.TrailEntry', true)")
        cursor.execute(statement)


def test_refusals_outlive_the_request_that_was_rolled_back(client, board):
    curator = make_user("curator", board)
    client.force_login(curator)
    response = client.get("/cases/")
    assert response.status_code == 403
    with acting_as(curator):
        entry = TrailEntry.objects.get(kind="access.refused")
    assert entry.detail == {"view": "cases:list", "ids": {}, "permission": "case.view"}


def test_settled_is_longer_than_a_request():
    assert timedelta(minutes=1) <= sealing.SETTLED_AFTER
