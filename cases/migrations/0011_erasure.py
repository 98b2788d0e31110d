"""Erasing a patient: one function that checks who asks, and what goes from the record and from what is typed."""

from django.db import migrations

from accounts.erasing import EMPTY, GONE, EraseTexts
from accounts.rowsecurity import APP, OWNER, WORKER, EnableRowSecurity, Freeze, Revoke

# Names are compared by their words, so that neither case nor punctuation hides one.
WORDS = """
CREATE FUNCTION rechallenge_words(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS
    $$ SELECT ' ' || btrim(regexp_replace(lower(said), '[^[:alnum:]]+', ' ', 'g')) || ' ' $$;
"""

# Cases first, then the patient, as an edit locks them. The patient's row is held: what is written meanwhile
# is erased, or waits for the end and is refused (accounts.erasing).
ERASE = f"""
CREATE FUNCTION rechallenge_erase_patient(erased bigint, because text) RETURNS boolean
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
    PERFORM set_config('app.owner_reason', '', true);
    RETURN fresh;
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_erase_patient(bigint, text) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_erase_patient(bigint, text) TO {APP};
"""

# Before the identity goes, what was typed and searched for goes by it: of everybody who may see the patient,
# and of nobody else, who may have met the same person as a patient of their own.
TYPED = f"""
CREATE POLICY owner_with_reason ON cases_draft TO {OWNER}
    USING (coalesce(current_setting('app.owner_reason', true), '') <> '')
    WITH CHECK (coalesce(current_setting('app.owner_reason', true), '') <> '');
CREATE POLICY owner_with_reason ON cases_savedsearch TO {OWNER}
    USING (coalesce(current_setting('app.owner_reason', true), '') <> '')
    WITH CHECK (coalesce(current_setting('app.owner_reason', true), '') <> '');
CREATE POLICY owner_with_reason ON cases_savedfilter TO {OWNER}
    USING (coalesce(current_setting('app.owner_reason', true), '') <> '')
    WITH CHECK (coalesce(current_setting('app.owner_reason', true), '') <> '');
CREATE FUNCTION begin_erasing_cases() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    people bigint[] := ARRAY(
        SELECT m.user_id FROM accounts_membership m
            JOIN cases_patientaccess a ON a.board_id = m.board_id WHERE a.patient_id = NEW.patient_id
        UNION SELECT a.user_id FROM cases_patientaccess a
            WHERE a.patient_id = NEW.patient_id AND a.user_id IS NOT NULL);
    family text; given text; numbers text[]; whole text;
BEGIN
    SELECT rechallenge_words(i.family_name), rechallenge_words(i.given_name),
           ARRAY(SELECT rechallenge_words(n) FROM unnest(ARRAY[i.hospital_number, i.national_number]) n
                 WHERE btrim(rechallenge_words(n)) <> ''),
           rechallenge_words(concat_ws(' ', i.family_name, i.given_name, i.family_name,
                                       i.hospital_number, i.national_number))
        INTO family, given, numbers, whole
        FROM cases_patientidentity i WHERE i.patient_id = NEW.patient_id;
    DELETE FROM cases_draft WHERE id IN (
        SELECT d.id FROM cases_draft d
        CROSS JOIN LATERAL (
            SELECT rechallenge_words(coalesce(string_agg(v #>> '{{}}', ' '), '')) AS words
            FROM jsonb_path_query(d.fields, '$.**') v WHERE jsonb_typeof(v) = 'string') said
        WHERE d.user_id = ANY (people)
          AND (EXISTS (SELECT 1 FROM cases_case c
                       WHERE c.patient_id = NEW.patient_id AND strpos(d.key, c.public_id::text) > 0)
               OR EXISTS (SELECT 1 FROM unnest(numbers) n WHERE strpos(said.words, n) > 0)
               OR (btrim(family) <> '' AND strpos(said.words, family) > 0
                   AND strpos(said.words, given) > 0)));
    -- Nobody loses work with a search: better one too many, and half a name is a name.
    DELETE FROM cases_savedsearch s
        WHERE s.user_id = ANY (people)
          AND (strpos(whole, btrim(rechallenge_words(s.text))) > 0
               OR EXISTS (SELECT 1 FROM unnest(numbers || family || given) w
                          WHERE btrim(w) <> '' AND strpos(rechallenge_words(s.text), w) > 0));
    DELETE FROM cases_savedfilter f
        WHERE f.user_id = ANY (people)
          AND EXISTS (SELECT 1 FROM unnest(numbers || family || given) w
                      WHERE btrim(w) <> ''
                        AND strpos(rechallenge_words(f.name || ' ' || f.query), w) > 0);
    RETURN NULL;
END $$;
CREATE TRIGGER begin_erasing_cases AFTER INSERT ON cases_patienterasure
    FOR EACH ROW EXECUTE FUNCTION begin_erasing_cases();
"""
TYPED_UNDO = """
DROP TRIGGER begin_erasing_cases ON cases_patienterasure; DROP FUNCTION begin_erasing_cases();
DROP POLICY owner_with_reason ON cases_savedfilter;
DROP POLICY owner_with_reason ON cases_draft; DROP POLICY owner_with_reason ON cases_savedsearch;
"""

# The event from which a day is counted is one of a list; the forms take no other.
ANCHOR = (
    "CASE WHEN {} IN ('', 'ICI start', 'ICI stop', 'last dose', 'rechallenge start', 'irAE onset', 'diagnosis',"
    " 'an event') THEN {} ELSE 'an event' END"
)


def dated(*names):
    """Return what is left of partial dates: days and bounds stay, what was typed goes."""
    return {
        column: left
        for name in names
        for column, left in ((f"{name}_text", EMPTY), (f"{name}_anchor", ANCHOR))
    }


# A published case must say where it was published.
CITATION = "CASE WHEN {} = '' THEN '' ELSE 'erased' END"
IDENTITY = {
    "family_name": EMPTY, "given_name": EMPTY, "hospital_number": EMPTY, "birth_date": GONE,
    "hospital": EMPTY, "national_scheme": EMPTY, "national_number": EMPTY, "death_date": GONE,
}
BACKGROUND = {
    "autoimmune_text": EMPTY, "heart_text": EMPTY, "comorbidities": EMPTY, "preference": EMPTY,
}
# A number, a yes or no, or one of the item's answers stays; known facts must have a value.
ANSWER = """(CASE WHEN {} IS NULL OR EXISTS (
    SELECT 1 FROM cases_dossieritem i WHERE i.id = {.}item_id
      AND ({} = ANY (i.choices)
           OR i.kind = 'flag' AND lower({}) IN ('yes', 'no', 'true', 'false')
           OR i.kind = 'number' AND {} ~ '^[<>≤≥]? ?[0-9.,]{1,12}$'))
    THEN {} ELSE 'erased' END)"""
# A report has to have something in it.
REPORT = {
    "title": EMPTY, "text": "'erased'", "link": EMPTY, "file": EMPTY, "file_sha256": EMPTY,
    **dated("reported"),
}
# Results of one day are told apart by where they come from.
LAB_RESULT = {
    "value_entered": "(CASE WHEN {} ~ '^[<>≤≥]? ?[0-9.,]{1,20}$' THEN {} ELSE '' END)",
    "unit_entered": "(CASE WHEN EXISTS (SELECT 1 FROM cases_analyte a WHERE a.id = {.}analyte_id"
    " AND jsonb_exists(a.units, {})) THEN {} ELSE '' END)",
    "source": "(CASE WHEN {} = '' THEN '' ELSE 'erased ' || {.}id END)",
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_patient_erasure")]
    operations = [
        EnableRowSecurity("cases_patienterasure"),
        Freeze("cases_patienterasure"),
        Revoke("cases_patienterasure", "INSERT, UPDATE, DELETE, TRUNCATE"),
        migrations.RunSQL(WORDS, "DROP FUNCTION rechallenge_words(text);"),
        migrations.RunSQL(TYPED, TYPED_UNDO),
        EraseTexts("cases_patient", {"citation": CITATION}, column="id"),
        EraseTexts("cases_patientidentity", IDENTITY),
        EraseTexts(
            "cases_case",
            {"question": EMPTY, "prophylaxis_text": EMPTY, "alternatives_text": EMPTY},
        ),
        EraseTexts("cases_tumour", {"stage_text": EMPTY, "driver_text": EMPTY}),
        EraseTexts("cases_metastasis", {"detail": EMPTY}),
        EraseTexts("cases_drivertest", {"variant": EMPTY, **dated("sampled")}),
        EraseTexts("cases_biomarkerresult", {"entered": EMPTY, "assay": EMPTY, **dated("sampled")}),
        EraseTexts("cases_performancestatus", dated("assessed")),
        EraseTexts("cases_background", {**BACKGROUND, **dated("weighed")}),
        EraseTexts("cases_icicourse", {"regimen": EMPTY, **dated("start", "stop", "progressed")}),
        EraseTexts("cases_othertreatment", {"name": EMPTY, "site": EMPTY, **dated("start", "stop")}),
        EraseTexts("cases_responseassessment", {"note": EMPTY, **dated("assessed")}),
        EraseTexts(
            "cases_irae",
            {"severity_word": EMPTY, "sequelae_text": EMPTY, **dated("onset", "resolved")},
        ),
        EraseTexts("cases_dossierentry", {"answer": ANSWER, **dated("found_on")}),
        EraseTexts("cases_report", REPORT),
        EraseTexts("cases_steroidcourse", dated("start", "stop")),
        EraseTexts("cases_steroiddose", dated("since")),
        EraseTexts("cases_immunosuppressant", {"name": EMPTY, "dose": EMPTY, **dated("start", "stop")}),
        EraseTexts("cases_labresult", LAB_RESULT),
        migrations.RunSQL(ERASE, "DROP FUNCTION rechallenge_erase_patient(bigint, text);"),
    ]
