"""Forced row-level security on every table about a patient, and the functions that cross it."""

from django.db import migrations

from accounts.rowsecurity import _GRANTED, APP, OWNER, WORKER, EnableRowSecurity, Revoke, visible

OWNED = [
    "case", "casefacts", "casesection", "facttask", "biomarkerresult", "icicourse", "irae",
    "patientidentity", "performancestatus", "steroidcourse", "tumour",
]
HISTORY = [name + "event" for name in OWNED if name != "casefacts"] + ["patientaccessevent"]

# The rows by which access is given are seen by those to whom it is given; `app` writes none of them.
ACCESS = f"""
ALTER TABLE cases_patientaccess ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_patientaccess FORCE ROW LEVEL SECURITY;
CREATE POLICY patient_scope ON cases_patientaccess AS PERMISSIVE FOR SELECT TO {APP} USING (
    user_id = rechallenge_acting_user()
    OR board_id IN (SELECT m.board_id FROM accounts_membership m
                    WHERE m.user_id = rechallenge_acting_user() AND m.active));
CREATE POLICY owner_with_reason ON cases_patientaccess TO {OWNER}
    USING (coalesce(current_setting('app.owner_reason', true), '') <> '')
    WITH CHECK (coalesce(current_setting('app.owner_reason', true), '') <> '');
"""
ACCESS_UNDO = """
DROP POLICY patient_scope ON cases_patientaccess;
DROP POLICY owner_with_reason ON cases_patientaccess;
ALTER TABLE cases_patientaccess NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cases_patientaccess DISABLE ROW LEVEL SECURITY;
"""

# Drafts and searches may hold names: their owner alone sees them.
MINE = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON {table} TO {APP} USING (user_id = rechallenge_acting_user())
    WITH CHECK (user_id = rechallenge_acting_user());
"""
    for table in ("cases_draft", "cases_savedsearch")
)
MINE_UNDO = "".join(
    f"DROP POLICY own_rows ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
    f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    for table in ("cases_draft", "cases_savedsearch")
)

# Everybody adds to the trail; entries about a patient are read by those who may see the patient, the others
# by the one who acted and by the board's administrators and chair.
TRAIL = f"""
ALTER TABLE audit_trailentry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_trailentry FORCE ROW LEVEL SECURITY;
CREATE POLICY add ON audit_trailentry FOR INSERT TO {APP}, {WORKER} WITH CHECK (true);
CREATE POLICY sealer ON audit_trailentry FOR SELECT TO {WORKER}, {OWNER} USING (true);
CREATE POLICY patient_scope ON audit_trailentry FOR SELECT TO {APP} USING (
    CASE WHEN patient_id IS NOT NULL THEN {visible("audit_trailentry", "patient_id")}
    ELSE actor_id = rechallenge_acting_user()
         OR board_id IN (SELECT m.board_id FROM accounts_membership m
                         WHERE m.user_id = rechallenge_acting_user() AND m.active
                           AND m.role IN ('chair', 'administrator'))
    END);
"""
TRAIL_UNDO = """
DROP POLICY add ON audit_trailentry; DROP POLICY sealer ON audit_trailentry;
DROP POLICY patient_scope ON audit_trailentry;
ALTER TABLE audit_trailentry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_trailentry DISABLE ROW LEVEL SECURITY;
"""

REGISTER = """
CREATE FUNCTION rechallenge_register_patient(
    board bigint, new_public_id uuid, provenance text, citation text, sex text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE patient bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM accounts_membership m
                   WHERE m.board_id = board AND m.user_id = rechallenge_acting_user() AND m.active
                     AND m.role IN ('member', 'chair', 'coordinator', 'nurse')) THEN
        RAISE EXCEPTION 'The acting user may not register a patient on this board.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('app.owner_reason', 'register_patient', true);
    INSERT INTO cases_patient (public_id, board_id, provenance, citation, sex, created_at)
        VALUES (new_public_id, board, provenance, citation, sex, now()) RETURNING id INTO patient;
    INSERT INTO cases_patientaccess (patient_id, board_id, reason, created_at)
        VALUES (patient, board, 'owning', now());
    PERFORM set_config('app.owner_reason', '', true);
    RETURN patient;
END $$;
"""

# A search by name under row-level security cannot use an index (its operators are not leakproof), so one
# function searches with the owner's rights and filters by access itself. At most 50 rows.
SEARCH = f"""
CREATE FUNCTION rechallenge_searchable(family text, given text, number text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT lower(family || ', ' || given || ' ' || family || ' ' || number) $$;
CREATE INDEX patient_search ON cases_patientidentity
    USING gin (rechallenge_searchable(family_name, given_name, hospital_number) gin_trgm_ops);
CREATE FUNCTION rechallenge_search_cases(words text, drugs text[], entities text[])
RETURNS TABLE (case_id bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('app.owner_reason', 'search', true);
    RETURN QUERY
        SELECT c.id FROM cases_case c
        WHERE EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id = c.patient_id AND {_GRANTED})
          AND (c.reference = upper(words)
               OR c.patient_id IN (
                   SELECT i.patient_id FROM cases_patientidentity i
                   WHERE rechallenge_searchable(i.family_name, i.given_name, i.hospital_number)
                         LIKE '%' || replace(replace(lower(words), '%', ''), '_', '') || '%')
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


# References are numbered across boards, so the counter stands outside every board's rows.
REFERENCE = """
CREATE TABLE cases_referencecounter (year integer PRIMARY KEY, last integer NOT NULL);
REVOKE ALL ON cases_referencecounter FROM rechallenge_app;
CREATE FUNCTION rechallenge_next_reference(of_year integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO cases_referencecounter (year, last) VALUES (of_year, 1)
    ON CONFLICT (year) DO UPDATE SET last = cases_referencecounter.last + 1 RETURNING last $$;
"""


# Functions that cross the boards are for the web alone: a worker acts for nobody.
WEB_ALONE = """
REVOKE EXECUTE ON FUNCTION rechallenge_register_patient(bigint, uuid, text, text, text) FROM rechallenge_worker;
REVOKE EXECUTE ON FUNCTION rechallenge_search_cases(text, text[], text[]) FROM rechallenge_worker;
REVOKE EXECUTE ON FUNCTION rechallenge_next_reference(integer) FROM rechallenge_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("accounts", "0002_worker_rights"),
        ("audit", "0003_append_only"),
    ]
    operations = [
        EnableRowSecurity("cases_patient", "id"),
        EnableRowSecurity("cases_patientevent", "id"),
        *[EnableRowSecurity(f"cases_{name}") for name in OWNED + HISTORY],
        migrations.RunSQL(ACCESS, ACCESS_UNDO),
        Revoke("cases_patient", "INSERT, DELETE, TRUNCATE"),
        Revoke("cases_patientaccess", "INSERT, UPDATE, DELETE, TRUNCATE"),
        migrations.RunSQL(MINE, MINE_UNDO),
        migrations.RunSQL(TRAIL, TRAIL_UNDO),
        migrations.RunSQL(
            REGISTER, "DROP FUNCTION rechallenge_register_patient(bigint, uuid, text, text, text);"
        ),
        migrations.RunSQL(
            REFERENCE,
            "DROP FUNCTION rechallenge_next_reference(integer); DROP TABLE cases_referencecounter;",
        ),
        migrations.RunSQL(
            SEARCH,
            "DROP FUNCTION rechallenge_search_cases(text, text[], text[]);"
            "DROP INDEX patient_search; DROP FUNCTION rechallenge_searchable(text, text, text);",
        ),
        migrations.RunSQL(WEB_ALONE, migrations.RunSQL.noop),
    ]
