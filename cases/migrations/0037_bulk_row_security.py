"""Imports and exports are seen by their owner alone; workers see their age; an erasure takes the files along."""

from django.db import migrations

from accounts.rowsecurity import APP, OWNER, WORKER
from accounts.samepatient import SHORT_WAIT

TABLES = ("cases_bulkjob", "cases_bulkproblem")
WALLS = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON {table} TO {APP} USING (user_id = rechallenge_acting_user())
    WITH CHECK (user_id = rechallenge_acting_user());
CREATE POLICY owner_with_reason ON {table} TO {OWNER}
    USING (coalesce(current_setting('app.owner_reason', true), '') <> '')
    WITH CHECK (coalesce(current_setting('app.owner_reason', true), '') <> '');
CREATE POLICY worker_sees_age ON {table} FOR SELECT TO {WORKER} USING (true);
"""
    for table in TABLES
)
# What the workers of the sweeps may: see which wait, and remove what is old, without reading a word of it.
SWEEP = f"""
CREATE POLICY worker_forgets ON cases_bulkjob FOR DELETE TO {WORKER}
    USING (created_at < now() - interval '1 day');
CREATE POLICY worker_forgets ON cases_bulkproblem FOR DELETE TO {WORKER}
    USING (EXISTS (SELECT 1 FROM cases_bulkjob j
                   WHERE j.id = job_id AND j.created_at < now() - interval '1 day'));
GRANT SELECT (id, public_id, user_id, state, created_at, alive_at), DELETE ON cases_bulkjob TO {WORKER};
GRANT SELECT (id, job_id), DELETE ON cases_bulkproblem TO {WORKER};
"""
WALLS_UNDO = "".join(
    f"""
DROP POLICY own_rows ON {table}; DROP POLICY owner_with_reason ON {table};
DROP POLICY worker_sees_age ON {table}; DROP POLICY worker_forgets ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON {table} FROM {WORKER};
"""
    for table in TABLES
)

# Nobody can tell from bytes whom a file is about: every file of everybody who may see the patient goes.
ERASE = """
CREATE FUNCTION begin_erasing_bulk() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    people bigint[] := ARRAY(
        SELECT m.user_id FROM accounts_membership m
            JOIN cases_patientaccess a ON a.board_id = m.board_id WHERE a.patient_id = NEW.patient_id
        UNION SELECT a.user_id FROM cases_patientaccess a
            WHERE a.patient_id = NEW.patient_id AND a.user_id IS NOT NULL);
BEGIN
    -- The jobs first: who writes errors at this moment holds its job, and what is waited for is then there to go.
    UPDATE cases_bulkjob SET content = '', told = '[]',
        state = CASE WHEN content <> '' OR state IN ('waiting', 'running', 'faulty') THEN 'expired' ELSE state END
        WHERE user_id = ANY (people);
    DELETE FROM cases_bulkproblem WHERE user_id = ANY (people);
    RETURN NULL;
END $$;
CREATE TRIGGER begin_erasing_bulk AFTER INSERT ON cases_patienterasure
    FOR EACH ROW EXECUTE FUNCTION begin_erasing_bulk();
"""
ERASE_UNDO = "DROP TRIGGER begin_erasing_bulk ON cases_patienterasure; DROP FUNCTION begin_erasing_bulk();"

# An import has to say of every number at once whether it is free, as a form learns it of one: nothing of whose.
NUMBERS = f"""
CREATE FUNCTION rechallenge_numbers_taken(of_board bigint, numbers text[])
RETURNS TABLE (number text) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE at text;
BEGIN
    IF NOT of_board = ANY (rechallenge_boards_with_patients()) THEN
        RAISE EXCEPTION 'The acting user has no patients on this board.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('app.owner_reason', 'numbers_taken', true);
    SELECT b.hospital INTO at FROM accounts_board b WHERE b.id = of_board;
    RETURN QUERY
        SELECT n FROM unnest(numbers) n
        WHERE EXISTS (SELECT 1 FROM cases_patientidentity i
                      WHERE i.hospital_number <> '' AND i.hospital <> ''
                        AND lower(i.hospital) = lower(at)
                        AND upper(replace(i.hospital_number, ' ', '')) = n);
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_numbers_taken(bigint, text[]) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_numbers_taken(bigint, text[]) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0036_bulk"), ("accounts", "0005_in_force")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(WALLS + SWEEP, WALLS_UNDO),
        migrations.RunSQL(ERASE, ERASE_UNDO),
        migrations.RunSQL(
            NUMBERS, "DROP FUNCTION rechallenge_numbers_taken(bigint, text[]);"
        ),
    ]
