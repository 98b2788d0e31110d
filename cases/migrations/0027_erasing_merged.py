"""Erasing a patient reaches the records that were merged into theirs, and a search finds the one that is kept."""

from django.db import migrations

from accounts.rowsecurity import _GRANTED

ERASE = """
CREATE OR REPLACE FUNCTION rechallenge_erase_patient(erased bigint, because text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting bigint := rechallenge_acting_user();
    fresh boolean;
BEGIN
    PERFORM set_config('app.owner_reason', 'erase_patient', true);
    PERFORM 1 FROM cases_case c WHERE c.patient_id = erased ORDER BY c.id FOR UPDATE;
    PERFORM 1 FROM cases_patient p WHERE p.id = erased FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM cases_patient p
                   JOIN accounts_board b ON b.id = p.board_id AND b.active
                   JOIN accounts_membership m ON m.board_id = b.id AND m.user_id = acting AND m.active
                   JOIN accounts_user u ON u.id = m.user_id AND u.is_active
                   WHERE p.id = erased AND m.role IN ('chair')) THEN
        RAISE EXCEPTION 'The acting user may not erase this patient.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO cases_patienterasure (patient_id, by_id, reason) VALUES (erased, acting, because)
        ON CONFLICT (patient_id) DO NOTHING;
    fresh := FOUND;
    %s
    PERFORM set_config('app.owner_reason', '', true);
    RETURN fresh;
END $$;
"""
# What the absorbed records were not rid of, and their history, stands under their own keys.
ABSORBED = """INSERT INTO cases_patienterasure (patient_id, by_id, reason)
        SELECT p.id, acting, because FROM cases_patient p WHERE p.merged_into_id = erased ORDER BY p.id
        ON CONFLICT (patient_id) DO NOTHING;"""

SEARCH = f"""
CREATE OR REPLACE FUNCTION rechallenge_search_cases(words text, drugs text[], entities text[])
RETURNS TABLE (case_id bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('app.owner_reason', 'search', true);
    RETURN QUERY
        SELECT c.id FROM cases_case c
        WHERE EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id = c.patient_id AND {_GRANTED})
          AND (c.reference = upper(words)
               OR c.patient_id IN (
                   SELECT %s FROM cases_patientidentity i %s
                   WHERE rechallenge_searchable(i.family_name, i.given_name, i.hospital_number)
                         LIKE '%%' || replace(replace(lower(words), '%%', ''), '_', '') || '%%')
               OR (rechallenge_search_cases.drugs <> '{{}}' AND EXISTS (
                   SELECT 1 FROM cases_icicourse k WHERE k.patient_id = c.patient_id
                     AND k.drugs && rechallenge_search_cases.drugs::varchar[]))
               OR (entities <> '{{}}' AND EXISTS (
                   SELECT 1 FROM cases_irae e WHERE e.patient_id = c.patient_id
                     AND e.entity = ANY (entities))))
        ORDER BY c.changed_at DESC, c.id DESC LIMIT 50;
    PERFORM set_config('app.owner_reason', '', true);
END $$;
"""
KEPT = ("coalesce(p.merged_into_id, i.patient_id)", "JOIN cases_patient p ON p.id = i.patient_id")


class Migration(migrations.Migration):
    dependencies = [("cases", "0026_merging")]
    operations = [
        migrations.RunSQL(ERASE % ABSORBED, ERASE % ""),
        migrations.RunSQL(SEARCH % KEPT, SEARCH % ("i.patient_id", "")),
    ]
