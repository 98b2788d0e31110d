"""Merging two records of one patient: one function that checks who asks and moves what can be moved."""

from django.db import migrations

from accounts.rowsecurity import APP, OWNER, WORKER, EnableRowSecurity, Freeze, Revoke

# A frozen row may change its patient, and nothing else, in the transaction that merges its patient into that one.
IS_MERGING = f"""
CREATE FUNCTION rechallenge_is_merging(before jsonb, after jsonb) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT current_user = '{OWNER}'
       AND before - 'patient_id' = after - 'patient_id'
       AND EXISTS (SELECT 1 FROM cases_patientmerge m
                   WHERE m.absorbed_id = (before ->> 'patient_id')::bigint
                     AND m.patient_id = (after ->> 'patient_id')::bigint
                     AND m.at = transaction_timestamp()) $$;
"""

# A record that was merged takes no case any more; who writes at the same moment waits for the merge.
NO_NEW_CASE = """
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
CREATE TRIGGER merged_takes_no_case BEFORE INSERT OR UPDATE OF patient_id ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_merged_takes_no_case();
"""
NO_NEW_CASE_UNDO = """
DROP TRIGGER merged_takes_no_case ON cases_case; DROP FUNCTION cases_merged_takes_no_case();
"""

# Rows that the two records would have under one key: `swapped` exchanges what they say and so keeps the
# absorbed record's; the other stays where it is, with the absorbed record. Nothing is deleted.
MOVE = """
CREATE FUNCTION rechallenge_move_rows(of_table regclass, keep bigint, absorb bigint, swapped boolean)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one record;
    same text;
    clash text := 'false';
    columns text;
BEGIN
    -- One condition for each unique key that holds the patient: the rest of the key is the same.
    FOR one IN
        SELECT coalesce(string_agg(format(
                   CASE WHEN i.indnullsnotdistinct THEN 'a.%1$I IS NOT DISTINCT FROM b.%1$I'
                        ELSE 'a.%1$I = b.%1$I' END, c.attname), ' AND ')
                   FILTER (WHERE c.attname <> 'patient_id'), 'true') AS same
        FROM pg_index i
        JOIN pg_attribute c ON c.attrelid = i.indrelid AND c.attnum = ANY (i.indkey)
        WHERE i.indrelid = of_table AND i.indisunique AND NOT i.indisprimary AND NOT (0 = ANY (i.indkey::int[]))
        GROUP BY i.indexrelid
        HAVING bool_or(c.attname = 'patient_id') AND NOT bool_or(c.attname = 'id')
    LOOP
        same := one.same;
        clash := clash || ' OR (' || same || ')';
    END LOOP;
    IF swapped AND same IS NOT NULL THEN
        SELECT string_agg(format('%I', c.attname), ', ' ORDER BY c.attnum) INTO columns
        FROM pg_attribute c
        WHERE c.attrelid = of_table AND c.attnum > 0 AND NOT c.attisdropped
          AND c.attname NOT IN ('id', 'patient_id', 'public_id', 'holds_number');
        EXECUTE format(
            'UPDATE %1$s a SET (%2$s) = ROW(%3$s) FROM %1$s b'
            ' WHERE (a.patient_id, b.patient_id) IN (($1, $2), ($2, $1)) AND (%4$s)',
            of_table, columns, 'b.' || replace(columns, ', ', ', b.'), clash)
        USING keep, absorb;
    END IF;
    EXECUTE format(
        'UPDATE %1$s a SET patient_id = $1 WHERE a.patient_id = $2'
        ' AND NOT EXISTS (SELECT 1 FROM %1$s b WHERE b.patient_id = $1 AND (%2$s))', of_table, clash)
    USING keep, absorb;
END $$;
"""

# Courses are numbered by time; one whose start is not known follows the one before it in its own record.
COURSES = """
    IF EXISTS (SELECT 1 FROM cases_icicourse c WHERE c.patient_id = absorb) THEN
        WITH dated AS (
            SELECT c.id, c.patient_id = absorb AS taken_in, c.number, max(coalesce(c.start_earliest, c.start_latest))
                OVER (PARTITION BY c.patient_id ORDER BY c.number) AS since
            FROM cases_icicourse c WHERE c.patient_id IN (keep, absorb)),
        placed AS (
            SELECT d.id, row_number() OVER (ORDER BY d.since NULLS FIRST, d.taken_in, d.number) AS place
            FROM dated d)
        UPDATE cases_icicourse c SET patient_id = keep, number = 10000 + p.place FROM placed p WHERE p.id = c.id;
        UPDATE cases_icicourse c SET number = number - 10000 WHERE c.patient_id = keep;
    END IF;
"""

# A death, a number or a birth date that only one record knows is not lost by choosing the other's name.
IDENTITY = """
    UPDATE cases_patientidentity i SET holds_number = false WHERE i.patient_id = absorb;
    IF 'identity' = ANY (chosen) THEN
        PERFORM rechallenge_move_rows('cases_patientidentity', keep, absorb, true);
        UPDATE cases_patient a SET sex = b.sex FROM cases_patient b
            WHERE (a.id, b.id) IN ((keep, absorb), (absorb, keep));
    END IF;
    UPDATE cases_patientidentity i SET birth_date = o.birth_date FROM cases_patientidentity o
        WHERE i.patient_id = keep AND o.patient_id = absorb AND i.birth_date IS NULL
          AND (i.died_latest IS NULL OR i.died_latest >= o.birth_date) AND o.birth_date IS NOT NULL;
    UPDATE cases_patientidentity i SET national_scheme = o.national_scheme, national_number = o.national_number
        FROM cases_patientidentity o
        WHERE i.patient_id = keep AND o.patient_id = absorb AND i.national_number = '' AND o.national_number <> '';
    UPDATE cases_patientidentity i SET died_state = o.died_state, died_earliest = o.died_earliest,
            died_latest = o.died_latest, died_precision = o.died_precision, died_text = o.died_text
        FROM cases_patientidentity o
        WHERE i.patient_id = keep AND o.patient_id = absorb
          AND i.died_precision IS NULL AND o.died_precision IS NOT NULL
          AND (i.birth_date IS NULL OR o.died_latest IS NULL OR o.died_latest >= i.birth_date);
"""

# Everybody who might see one of the two may see both: it is one patient.
ACCESS = """
    FOR one IN SELECT p.id FROM cases_patient p WHERE p.id IN (keep, absorb) OR p.merged_into_id IN (keep, absorb)
    LOOP
        INSERT INTO cases_patientaccess (patient_id, board_id, user_id, until, reason, created_at)
            SELECT DISTINCT ON (a.board_id, a.user_id) one.id, a.board_id, a.user_id, a.until,
                   CASE WHEN a.reason = 'owning' THEN 'shared' ELSE a.reason END, now()
            FROM cases_patientaccess a
            WHERE a.patient_id IN (keep, absorb)
              AND NOT EXISTS (SELECT 1 FROM cases_patientaccess h WHERE h.patient_id = one.id
                              AND h.board_id IS NOT DISTINCT FROM a.board_id
                              AND h.user_id IS NOT DISTINCT FROM a.user_id)
            ORDER BY a.board_id, a.user_id, a.until DESC NULLS FIRST;
        UPDATE cases_patientaccess h SET until = NULL
            WHERE h.patient_id = one.id AND h.until IS NOT NULL
              AND EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id IN (keep, absorb)
                          AND a.board_id IS NOT DISTINCT FROM h.board_id
                          AND a.user_id IS NOT DISTINCT FROM h.user_id AND a.until IS NULL);
    END LOOP;
"""

# Cases first, then the patients, as an edit locks them.
MERGE = f"""
CREATE FUNCTION rechallenge_merge_patients(keep bigint, absorb bigint, chosen text[], swapped text[])
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting bigint := rechallenge_acting_user();
    one record;
BEGIN
    PERFORM set_config('app.owner_reason', 'merge_patients', true);
    PERFORM 1 FROM cases_case c WHERE c.patient_id IN (keep, absorb) ORDER BY c.id FOR UPDATE;
    PERFORM 1 FROM cases_patient p WHERE p.id IN (keep, absorb) ORDER BY p.id FOR UPDATE;
    IF (SELECT count(DISTINCT p.id) FROM cases_patient p
        JOIN accounts_board b ON b.id = p.board_id AND b.active
        JOIN accounts_membership m ON m.board_id = b.id AND m.user_id = acting AND m.active
        JOIN accounts_user u ON u.id = m.user_id AND u.is_active
        WHERE p.id IN (keep, absorb) AND m.role IN ('coordinator')) <> 2 THEN
        RAISE EXCEPTION 'The acting user may not merge these patients.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM cases_patientmerge m WHERE m.patient_id = keep AND m.absorbed_id = absorb) THEN
        PERFORM set_config('app.owner_reason', '', true);
        RETURN false;
    END IF;
    IF EXISTS (SELECT 1 FROM cases_patienterasure e WHERE e.patient_id IN (keep, absorb))
       OR EXISTS (SELECT 1 FROM cases_patient p WHERE p.id IN (keep, absorb) AND p.merged_into_id IS NOT NULL) THEN
        RAISE EXCEPTION 'erased and merged records cannot be merged' USING ERRCODE = 'restrict_violation';
    END IF;
    SET CONSTRAINTS ALL DEFERRED;
    INSERT INTO cases_patientmerge (patient_id, absorbed_id, by_id, at, taken)
        VALUES (keep, absorb, acting, transaction_timestamp(), to_jsonb(chosen));
    {IDENTITY}
    {COURSES}
    FOR one IN
        SELECT k.conrelid::regclass AS of_table FROM pg_constraint k
        JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND k.confrelid = 'cases_patient'::regclass
          AND array_length(k.conkey, 1) = 1 AND c.attname = 'patient_id'
          AND k.conrelid NOT IN ('cases_patientidentity'::regclass, 'cases_patientaccess'::regclass,
                                 'cases_patienterasure'::regclass, 'cases_patientmerge'::regclass)
        ORDER BY k.conrelid::regclass::text
    LOOP
        PERFORM rechallenge_move_rows(one.of_table, keep, absorb, one.of_table::text = ANY (swapped));
    END LOOP;
    {ACCESS}
    UPDATE cases_patient p SET merged_into_id = keep WHERE p.id = absorb OR p.merged_into_id = absorb;
    -- Every form that is open on one of the two was opened on something else.
    UPDATE cases_casesection s SET version = s.version + 1, changed_by_id = acting, changed_at = now()
        WHERE s.patient_id = keep;
    SET CONSTRAINTS ALL IMMEDIATE;
    PERFORM set_config('app.owner_reason', '', true);
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_merge_patients(bigint, bigint, text[], text[]) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_merge_patients(bigint, bigint, text[], text[]) TO {APP};
REVOKE EXECUTE ON FUNCTION rechallenge_move_rows(regclass, bigint, bigint, boolean) FROM {APP}, {WORKER}, PUBLIC;
"""
MERGE_UNDO = """
DROP FUNCTION rechallenge_merge_patients(bigint, bigint, text[], text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_patient_merge")]
    operations = [
        EnableRowSecurity("cases_patientmerge"),
        Revoke("cases_patientmerge", "INSERT, UPDATE, DELETE, TRUNCATE"),
        Freeze("cases_patientmerge"),
        migrations.RunSQL(IS_MERGING, "DROP FUNCTION rechallenge_is_merging(jsonb, jsonb);"),
        migrations.RunSQL(NO_NEW_CASE, NO_NEW_CASE_UNDO),
        migrations.RunSQL(
            MOVE, "DROP FUNCTION rechallenge_move_rows(regclass, bigint, bigint, boolean);"
        ),
        migrations.RunSQL(MERGE, MERGE_UNDO),
    ]
