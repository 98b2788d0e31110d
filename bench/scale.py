"""Copies one case many times by SQL, as a superuser and without triggers: rows for queries, not for pages."""

from __future__ import annotations

import os

import psycopg

from bench import database

FIRST = 1_000_000  # ids of copies begin above those of everything else

# Per table the column that finds the original, and what each copy has of its own.
COPIES = {
    "cases_patient": ("id", "'id', k, 'public_id', gen_random_uuid()"),
    "cases_patientidentity": (
        "patient_id",
        "'id', k, 'patient_id', k, 'hospital_number', 'BENCH' || k",
    ),
    "cases_patientaccess": ("patient_id", "'id', k, 'patient_id', k"),
    "cases_case": (
        "patient_id",
        "'id', k, 'patient_id', k, 'public_id', gen_random_uuid(), 'reference', 'BENCH-' || k",
    ),
    "cases_casefacts": (
        "patient_id",
        "'id', k, 'patient_id', k, 'case_id', k, 'stop_reason_state', 'known', 'stop_reason',"
        " (ARRAY['irae', 'progression', 'completed'])[1 + k %% 3], 'irae_any_state', 'known',"
        " 'irae_any', k %% 2 = 0, 'irae_worst_grade_state', 'known', 'irae_worst_grade_low', k %% 5,"
        " 'irae_worst_grade_high', k %% 5, 'steroid_now_state', 'known', 'steroid_now_low', k %% 20,"
        " 'steroid_now_high', k %% 20, 'ici_free_days_state', 'known', 'ici_free_days_low', k %% 400,"
        " 'ici_free_days_high', k %% 400 + 30",
    ),
}


def multiply_case(patient_id: int, count: int) -> None:
    """Give the database `count` more cases like that of `patient_id`, each of another patient, facts varied."""
    url = database.named(os.environ["DATABASE_SUPERUSER_URL"], database.NAME)
    with psycopg.connect(url, autocommit=True) as server:
        with server.transaction():
            server.execute("SET LOCAL session_replication_role = replica")
            for table, (key, own) in COPIES.items():
                server.execute(
                    f"INSERT INTO {table} SELECT r.* FROM {table} s"  # noqa: S608 - constants of this module
                    f" CROSS JOIN generate_series({FIRST}, {FIRST + count - 1}) k"
                    f" CROSS JOIN LATERAL jsonb_populate_record(s, jsonb_build_object({own})) r"
                    f" WHERE s.{key} = %s",
                    [patient_id],
                )
        server.execute(f"ANALYZE {', '.join(COPIES)}")
