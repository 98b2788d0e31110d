"""Where a row names a patient and points at another row about a patient, the database holds the two together."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db

# Every key of one column between two tables that both have a patient_id ...
POINTING = """
    SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text
    FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND cardinality(k.conkey) = 1
      AND EXISTS (SELECT 1 FROM pg_attribute p
                  WHERE p.attrelid = k.conrelid AND p.attname = 'patient_id' AND NOT p.attisdropped)
      AND EXISTS (SELECT 1 FROM pg_attribute p
                  WHERE p.attrelid = k.confrelid AND p.attname = 'patient_id' AND NOT p.attisdropped)
"""
# ... and every key by which (column, patient_id) points at (id, patient_id), proven for all rows.
HELD = """
    SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text
    FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    JOIN pg_attribute p ON p.attrelid = k.conrelid AND p.attnum = k.conkey[2]
    JOIN pg_attribute i ON i.attrelid = k.confrelid AND i.attnum = k.confkey[1]
    JOIN pg_attribute q ON q.attrelid = k.confrelid AND q.attnum = k.confkey[2]
    WHERE k.contype = 'f' AND cardinality(k.conkey) = 2 AND k.convalidated AND NOT k.condeferred
      AND p.attname = 'patient_id' AND i.attname = 'id' AND q.attname = 'patient_id'
"""


# A plan, and a case, stays with its record when that is merged into another; its course may be of the kept one.
# Triggers hold them: `followup/0013`, `cases/0053`; tests/integration/test_merging.py, test_course_asked_about.py.
BY_TRIGGER = {
    ("followup_monitoringplan", "course_id", "cases_icicourse"),
    ("cases_case", "course_id", "cases_icicourse"),
}


def unheld(cursor: Any) -> set[tuple[str, str, str]]:
    """Return the table, the column and the target of every pair that nothing holds together."""
    pointing = set(cursor.execute(POINTING).fetchall())
    assert ("cases_irae", "course_id", "cases_icicourse") in pointing
    return pointing - set(cursor.execute(HELD).fetchall()) - BY_TRIGGER


def test_what_a_row_points_at_is_about_the_same_patient(superuser):
    assert unheld(superuser) == set()


@pytest.mark.parametrize("again", ["", "NOT VALID", "DEFERRABLE INITIALLY DEFERRED"])
def test_a_key_that_is_missing_not_compared_or_put_off_is_seen(superuser, again):
    key = "cases_facttask_case_same_patient"
    with superuser.transaction(force_rollback=True):
        superuser.execute(f"ALTER TABLE cases_facttask DROP CONSTRAINT {key}")
        if again:
            superuser.execute(
                f"ALTER TABLE cases_facttask ADD CONSTRAINT {key} FOREIGN KEY (case_id, patient_id)"
                f" REFERENCES cases_case (id, patient_id) {again}"
            )
        assert unheld(superuser) == {("cases_facttask", "case_id", "cases_case")}
