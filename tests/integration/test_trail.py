"""The trail: added to by everybody, changed by nobody, sealed, and told on when it was."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction
from gunicorn.config import Config

from accounts.acting import acting_as, set_acting
from audit import sealing
from audit.models import TrailEntry
from audit.services import record
from tests.factories.monitoring import use_role
from tests.factories.people import make_user
from tests.factories.record import make_patient
from tests.integration.test_deployment_files import instructions


@pytest.mark.django_db
def test_nobody_signed_in_can_add_but_not_read(member):
    set_acting(None)
    record("account.sign_in_refused", by=None)
    assert not TrailEntry.objects.exists()


@pytest.mark.django_db
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
@pytest.mark.django_db
def test_nothing_is_changed_or_removed(member, statement):
    record("account.signed_in", by=member)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', 'audit.TrailEntry', true)")
        cursor.execute(statement)


def add(kind: str, actor: int | None, patient: int | None = None) -> None:
    """Append an entry by plain SQL, as the web's role."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_trailentry"
            " (kind, actor_id, patient_id, subject_type, subject_id, request_id, detail)"
            " VALUES (%s, %s, %s, '', NULL, '', '{}')",
            [kind, actor, patient],
        )


REFUSED = pytest.raises(DatabaseError, match="row-level security")


@pytest.mark.parametrize(
    "kind", ["decision.signed", "case.read", "plan.closed", "membership.given"]
)
@pytest.mark.django_db
def test_nobody_is_named_who_is_not_acting(member, chair, kind):
    set_acting(chair)
    add(kind, chair.pk)
    with REFUSED:
        add(kind, member.pk)


@pytest.mark.parametrize("kind", ["decision.signed", "case.read", "plan.closed", "trail.read"])
@pytest.mark.django_db
def test_while_nobody_is_acting_nobody_is_named(chair, kind):
    set_acting(None)
    with REFUSED:
        add(kind, chair.pk)


@pytest.mark.parametrize("kind", ["account.signed_in", "account.password_set", "access.refused"])
@pytest.mark.django_db
def test_who_signs_in_is_named_and_no_patient_with_them(board, member, kind):
    patient = make_patient(member, board)
    set_acting(None)
    add(kind, member.pk)
    with REFUSED:
        add(kind, member.pk, patient.pk)


@pytest.mark.parametrize("kind", ["decision.signed", "patient.erased"])
@pytest.mark.parametrize("role", ["app", "worker"])
def test_a_signature_and_an_erasure_are_somebodys(committed_db, role, kind):
    use_role(role)
    try:
        add("check.missed", None)
        with REFUSED:
            add(kind, None)
    finally:
        use_role("app")


def test_workers_name_nobody(committed_db):
    user = make_user("nurse")
    use_role("worker")
    try:
        with REFUSED:
            add("account.signed_in", user.pk)
    finally:
        use_role("app")


def test_what_an_anonymous_visitor_does_not_find_is_not_entered(committed_db, client, superuser):
    for _ in range(3):
        assert client.get("/accounts/email/").status_code == 404
    assert superuser.execute("SELECT count(*) FROM audit_trailentry").fetchone() == (0,)


@pytest.mark.django_db
def test_what_a_user_does_not_find_is_entered(client, board, member):
    client.force_login(member)
    assert client.get("/accounts/email/").status_code == 404
    with acting_as(member):
        assert TrailEntry.objects.get(kind="access.not_found").actor == member


@pytest.mark.django_db
def test_refusals_outlive_the_request_that_was_rolled_back(client, board):
    curator = make_user("curator", board)
    client.force_login(curator)
    response = client.get("/cases/")
    assert response.status_code == 403
    with acting_as(curator):
        entry = TrailEntry.objects.get(kind="access.refused")
    assert entry.detail == {"view": "cases:list", "ids": {}, "permission": "case.view"}


def test_no_request_that_could_still_add_an_earlier_entry_lives_until_entries_are_sealed():
    """gunicorn ends a worker whose request takes longer; its transaction and its entries go with it."""
    command = json.loads(instructions("CMD")[-1])
    config = Config()
    for name, value in vars(config.parser().parse_args(command[1:])).items():
        if value is not None and name in config.settings:
            config.set(name, value)
    assert config.worker_class_str == "sync", "a request has a worker, and its time, to itself"
    assert 0 < 2 * config.timeout <= sealing.SETTLED_AFTER.total_seconds()
