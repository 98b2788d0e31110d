"""Merging two records of a patient: who may, who sees it then, and what an erasure reaches.

Rows of the history are moved by `cases.services.merging`, as the acting user. Here stands what the application
itself may not write: into which record another was merged, and who may see them.
"""

from importlib import import_module

from django.db import migrations

from accounts.rowsecurity import APP, OWNER, WORKER, EnableRowSecurity, Freeze, Revoke
from accounts.samepatient import SHORT_WAIT

# Cases first, then the patients, as an edit locks them (`cases.holding`).
MAY = """
    PERFORM 1 FROM cases_case c JOIN cases_patient p ON p.id = c.patient_id
        WHERE keep IN (p.id, p.merged_into_id) OR absorb IN (p.id, p.merged_into_id)
        ORDER BY c.id FOR NO KEY UPDATE OF c;
    PERFORM 1 FROM cases_patient p
        WHERE keep IN (p.id, p.merged_into_id) OR absorb IN (p.id, p.merged_into_id)
        ORDER BY p.id FOR UPDATE;
    IF (SELECT count(*) FROM cases_patient p WHERE p.id IN (keep, absorb)
          AND p.board_id = ANY (rechallenge_boards_in_force(ARRAY['coordinator']))) <> 2 THEN
        RAISE EXCEPTION 'The acting user may not merge these records.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM cases_patienterasure e WHERE e.patient_id IN (keep, absorb)) THEN
        RAISE EXCEPTION 'a record that was erased stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
"""

# Whoever may see one of the records may see each of them, as long as they might before; nobody else.
ACCESS = """
    FOR one IN
        SELECT DISTINCT ON (r.id, a.board_id, a.user_id) r.id AS of_record, a.board_id, a.user_id, a.until, a.reason
        FROM cases_patientaccess a
        JOIN cases_patient q ON q.id = a.patient_id AND (q.id IN (keep, absorb) OR q.merged_into_id = keep)
        JOIN cases_patient r ON r.id IN (keep, absorb) OR r.merged_into_id = keep
        WHERE a.until IS NULL OR a.until > now()
        ORDER BY r.id, a.board_id, a.user_id, a.until DESC NULLS FIRST
    LOOP
        SELECT h.id, h.until INTO held FROM cases_patientaccess h
            WHERE h.patient_id = one.of_record AND h.board_id IS NOT DISTINCT FROM one.board_id
              AND h.user_id IS NOT DISTINCT FROM one.user_id
            ORDER BY h.until DESC NULLS FIRST LIMIT 1;
        IF NOT FOUND THEN
            INSERT INTO cases_patientaccess (patient_id, board_id, user_id, until, reason, created_at)
                VALUES (one.of_record, one.board_id, one.user_id, one.until,
                        CASE WHEN one.reason = 'owning' THEN 'shared' ELSE one.reason END, now());
        ELSIF held.until IS NOT NULL AND (one.until IS NULL OR one.until > held.until) THEN
            UPDATE cases_patientaccess SET until = one.until WHERE id = held.id;
        END IF;
    END LOOP;
"""

MERGE = f"""
CREATE FUNCTION rechallenge_merge_patients(keep bigint, absorb bigint, moved jsonb, swapped jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one record; held record; made bigint;
BEGIN
    PERFORM set_config('app.owner_reason', 'merge_patients', true);
    {MAY}
    IF EXISTS (SELECT 1 FROM cases_patient p
               WHERE p.id IN (keep, absorb) AND p.merged_into_id IS NOT NULL OR p.merged_into_id = absorb) THEN
        RAISE EXCEPTION 'a record that is merged, or that took one in, is not merged into another'
            USING ERRCODE = 'restrict_violation';
    END IF;
    {ACCESS}
    UPDATE cases_patient SET merged_into_id = keep WHERE id = absorb;
    INSERT INTO cases_patientmerge (patient_id, absorbed_id, by_id, moved, swapped)
        VALUES (keep, absorb, rechallenge_acting_user(), moved, swapped) RETURNING id INTO made;
    PERFORM set_config('app.owner_reason', '', true);
    RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_merge_patients(bigint, bigint, jsonb, jsonb) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_merge_patients(bigint, bigint, jsonb, jsonb) TO {APP};
"""
MERGE_UNDO = "DROP FUNCTION rechallenge_merge_patients(bigint, bigint, jsonb, jsonb);"

# Only those functions say that a record is merged; and such a record takes no new case.
HELD = f"""
CREATE FUNCTION cases_merged_by_function_alone() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user <> '{OWNER}' THEN
        RAISE EXCEPTION 'records are merged by rechallenge_merge_patients alone'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merged_by_function_alone BEFORE UPDATE OF merged_into_id ON cases_patient FOR EACH ROW
    WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
    EXECUTE FUNCTION cases_merged_by_function_alone();
CREATE FUNCTION cases_merged_takes_no_case() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM cases_patient p WHERE p.id = NEW.patient_id FOR KEY SHARE;
    IF EXISTS (SELECT 1 FROM cases_patient p WHERE p.id = NEW.patient_id AND p.merged_into_id IS NOT NULL) THEN
        RAISE EXCEPTION 'the record was merged into another, which takes the case'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merged_takes_no_case BEFORE INSERT ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_merged_takes_no_case();
"""
HELD_UNDO = """
DROP TRIGGER merged_takes_no_case ON cases_case; DROP FUNCTION cases_merged_takes_no_case();
DROP TRIGGER merged_by_function_alone ON cases_patient; DROP FUNCTION cases_merged_by_function_alone();
"""

# Erasing one record of a patient erases them all.
ERASED = """
CREATE FUNCTION erase_merged_records() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO cases_patienterasure (patient_id, by_id, reason)
        SELECT p.id, NEW.by_id, NEW.reason FROM cases_patient p
        WHERE p.merged_into_id = NEW.patient_id
           OR p.id = (SELECT q.merged_into_id FROM cases_patient q WHERE q.id = NEW.patient_id)
        ORDER BY p.id
        ON CONFLICT (patient_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER erase_merged_records AFTER INSERT ON cases_patienterasure
    FOR EACH ROW EXECUTE FUNCTION erase_merged_records();
"""
# The erasure holds every record of the patient: what is written meanwhile under any of them is erased, or waits
# for the end and is refused. A merge that was under way may have brought another record: then once more.
HOLD_ONE = """
    PERFORM 1 FROM cases_case c WHERE c.patient_id = erased ORDER BY c.id FOR UPDATE;
    PERFORM 1 FROM cases_patient p WHERE p.id = erased FOR UPDATE;
"""
HOLD_ALL = """
    LOOP
        records := ARRAY(SELECT r.id FROM cases_patient p
            JOIN cases_patient r ON coalesce(p.merged_into_id, p.id) IN (r.id, r.merged_into_id)
            WHERE p.id = erased);
        EXIT WHEN records <@ held;
        PERFORM 1 FROM cases_case c WHERE c.patient_id = ANY (records) ORDER BY c.id FOR NO KEY UPDATE;
        PERFORM 1 FROM cases_patient p WHERE p.id = ANY (records) ORDER BY p.id FOR UPDATE;
        held := held || records;
    END LOOP;
"""
ERASE_BEFORE = import_module("cases.migrations.0011_erasure").ERASE.replace(
    "CREATE FUNCTION rechallenge_erase", "CREATE OR REPLACE FUNCTION rechallenge_erase"
)
assert HOLD_ONE in ERASE_BEFORE
ERASE = ERASE_BEFORE.replace(HOLD_ONE, HOLD_ALL).replace(
    "    fresh boolean;\n", "    fresh boolean; records bigint[]; held bigint[] := '{}';\n"
)
ERASED_UNDO = """
DROP TRIGGER erase_merged_records ON cases_patienterasure; DROP FUNCTION erase_merged_records();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0034_patient_merge"), ("accounts", "0005_in_force")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        EnableRowSecurity("cases_patientmerge"),
        Freeze("cases_patientmerge"),
        Revoke("cases_patientmerge", "INSERT, UPDATE, DELETE, TRUNCATE"),
        migrations.RunSQL(MERGE, MERGE_UNDO),
        migrations.RunSQL(HELD, HELD_UNDO),
        migrations.RunSQL(ERASED, ERASED_UNDO),
        migrations.RunSQL(ERASE, ERASE_BEFORE),
    ]
