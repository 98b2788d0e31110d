"""Every table about a patient is behind row-level security, has a history, and is closed to the workers."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models

from cases.access import PatientOwned
from cases.models import CaseFacts, Patient, PatientAccess, PatientIdentity
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.django_db

# Tables about patients without a history of their own, and why.
WITHOUT_HISTORY = {
    "cases.CaseFacts": "derived: it follows from tables that have one",
    "followup.Reminder": "deliveries are facts of their own, on the trail",
    "meetings.Letter": "never changes",
    "meetings.Erasure": "never changes",
    "cases.PatientErasure": "never changes",
    "cases.PatientMerge": "never changes",
}


# Tables whose rows come in once and in great numbers: what is inserted is the row itself.
WITHOUT_INSERTS = {"cases.LabResult"}


def patient_models() -> list[type[models.Model]]:
    """Return every model whose rows tell something about one patient."""
    owned = [m for m in apps.get_models() if issubclass(m, PatientOwned)]
    return [Patient, PatientIdentity, PatientAccess, *owned]


def event_models() -> list[type[models.Model]]:
    """Return the history tables of those models."""
    tracked = set(patient_models())
    return [m for m in apps.get_models() if getattr(m, "pgh_tracked_model", None) in tracked]


def security() -> dict[str, tuple[bool, bool]]:
    """Return for each table whether row-level security is on, and forced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r'"
        )
        return {name: (on, forced) for name, on, forced in cursor.fetchall()}


def test_row_level_security_is_forced_on_every_patient_table_and_its_history():
    found = security()
    models_ = [*patient_models(), *event_models()]
    assert len(models_) > 20
    open_ = [m._meta.db_table for m in models_ if found[m._meta.db_table] != (True, True)]
    assert not open_


def test_a_table_without_row_level_security_is_seen():
    assert security()["accounts_board"] == (False, False)


def test_any_model_with_a_key_to_a_patient_is_counted_as_a_patients():
    """A new model cannot slip past: whatever points at a patient or a case extends PatientOwned."""
    known = set(patient_models()) | set(event_models())
    pointing = [
        m._meta.label
        for m in apps.get_models()
        if any(
            f.related_model in {Patient, *patient_models()}
            for f in m._meta.get_fields()
            if f.concrete
        )
        and m not in known
    ]
    # Notices are shown to their one recipient (a policy of their own); a join table holds two ids.
    assert set(pointing) <= {"followup.Notice"}


def test_every_clinical_table_has_a_history_of_inserts_updates_and_deletes():
    tracked = {m.pgh_tracked_model for m in event_models()}
    bare = {m._meta.label for m in patient_models() if m not in tracked}
    assert bare <= set(WITHOUT_HISTORY)
    for model in tracked:
        triggers = {t.operation.__str__() for t in model._meta.triggers}
        expected = 2 if model._meta.label in WITHOUT_INSERTS else 3
        assert len(triggers) == expected, model


def test_workers_cannot_read_identities():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('rechallenge_worker', 'cases_patientidentity', 'SELECT')"
        )
        assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT has_table_privilege('rechallenge_app', 'cases_patientidentity', 'SELECT')"
        )
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("role", ["rechallenge_owner", "rechallenge_app", "rechallenge_worker"])
def test_no_login_role_walks_past_row_security(role):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        assert cursor.fetchone() == (False, False)


def test_facts_of_the_vocabulary_have_their_columns():
    from evidence.conditions.vocabulary import FACTS

    names = {f.name for f in CaseFacts._meta.get_fields()}
    for key, spec in FACTS.items():
        values = {f"{key}_low", f"{key}_high"} if spec.kind in {"number", "date"} else {key}
        assert values | {f"{key}_state"} <= names


# Every function that runs with the owner's rights, and who may call it.
CROSSING = {
    "rechallenge_register_patient": {"rechallenge_app"},
    "rechallenge_search_cases": {"rechallenge_app"},
    "rechallenge_search_together": {"rechallenge_app"},
    "rechallenge_words_meant": {"rechallenge_app"},
    "rechallenge_alike": {"rechallenge_app"},
    "rechallenge_next_reference": {"rechallenge_app"},
    "rechallenge_merge_patients": {"rechallenge_app"},
    "rechallenge_drafts_follow": {"rechallenge_app"},
    "rechallenge_erase_patient": {"rechallenge_app"},
    "rechallenge_numbers_taken": {"rechallenge_app"},
    "rechallenge_stray_files": {"rechallenge_app"},
    "rechallenge_guidance_reach": {"rechallenge_app"},
    "rechallenge_answers_elsewhere": {"rechallenge_app"},
    "rechallenge_return_case": {"rechallenge_worker"},
    "rechallenge_follow_limits": {"rechallenge_worker"},
    "rechallenge_reminder_health": {"rechallenge_app", "rechallenge_worker"},
    # Triggers, which nobody calls.
    "rechallenge_open_board": set(),
    "rechallenge_open_board_follows": set(),
}


def test_functions_that_cross_boards_are_these_and_each_is_for_its_roles_alone():
    roles = ("rechallenge_app", "rechallenge_worker")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, array(SELECT r FROM unnest(%s::text[]) r"
            " WHERE has_function_privilege(r, oid, 'EXECUTE')),"
            " EXISTS (SELECT 1 FROM aclexplode(proacl) WHERE grantee = 0) OR proacl IS NULL"
            " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace",
            [list(roles)],
        )
        found = cursor.fetchall()
    assert {name: set(who) for name, who, _everybody in found} == CROSSING
    assert len(found) == len(CROSSING)
    assert [name for name, _who, everybody in found if everybody] == []
    told = (ROOT / "docs" / "adr" / "0001-two-walls-around-rows.md").read_text()
    assert {name for name in CROSSING if f"`{name}`" not in told} == set()


def test_every_function_of_ours_has_a_fixed_search_path():
    """A temporary table of the caller must never be found before the real one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'public' AND proconfig IS NULL AND probin IS NULL"
            " AND proname !~ '^_?(pgtrigger|pgh)_' AND proname <> 'rechallenge_searchable'"
            # One whose names were looked up when it was made asks for no path.
            " AND prosqlbody IS NULL"
        )
        assert cursor.fetchall() == []


def test_nobody_can_make_temporary_tables():
    with connection.cursor() as cursor:
        for role in ("rechallenge_app", "rechallenge_worker"):
            cursor.execute(
                "SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')", [role]
            )
            assert cursor.fetchone() == (False,)


def test_history_is_added_to_and_never_changed():
    tables = [m._meta.db_table for m in apps.get_models() if hasattr(m, "pgh_tracked_model")]
    assert len(tables) > 20
    with connection.cursor() as cursor:
        for table in tables:
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute(
                    "SELECT has_table_privilege('rechallenge_app', %s, %s)", [table, right]
                )
                assert cursor.fetchone() == (False,), (table, right)


def test_every_history_is_guarded_against_what_no_trigger_writes():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname = 'by_triggers_alone' AND tgenabled = 'O'"
        )
        guarded = {name for (name,) in cursor.fetchall()}
    tables = {m._meta.db_table for m in apps.get_models() if hasattr(m, "pgh_tracked_model")}
    assert guarded == tables


def test_the_context_of_a_history_is_never_removed():
    with connection.cursor() as cursor:
        for role in ("rechallenge_app", "rechallenge_worker"):
            for right in ("DELETE", "TRUNCATE"):
                cursor.execute(
                    "SELECT has_table_privilege(%s, 'pghistory_context', %s)", [role, right]
                )
                assert cursor.fetchone() == (False,), (role, right)


def test_workers_cannot_read_passwords():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_column_privilege('rechallenge_worker', 'accounts_user', 'password', 'SELECT')"
        )
        assert cursor.fetchone() == (False,)


def test_what_an_erasure_does_to_it_is_on_record_for_every_table_about_a_patient():
    told = (ROOT / "docs" / "adr" / "0014-what-erasure-reaches.md").read_text()
    tables = {m._meta.db_table for m in patient_models()}
    assert len(tables) > 20
    assert {table for table in tables if f"`{table}`" not in told} == set()
