"""A search of several words of different kinds: a name, a reference, drugs and irAEs that are all of one patient.

It begins with what is rarest and holds everything else against the few that this leaves. Of what all have, the newest
cases are looked through first, as `meetings.0014` does for one kind alone.
"""

from django.db import migrations

from accounts.rowsecurity import APP, IN_FORCE, WORKER
from accounts.samepatient import SHORT_WAIT

SEARCHABLE = "rechallenge_searchable(i.family_name, i.given_name, i.hospital_number)"
KEPT = "(SELECT coalesce(p.merged_into_id, p.id) FROM cases_patient p WHERE p.id = c.patient_id)"
ACCESS = f"EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id = c.patient_id AND {IN_FORCE})"
NEWEST = 2000


def has(patient: str) -> str:
    """Return the condition that a patient was given one of `given`, or had one of `happened`."""
    return f"""(EXISTS (SELECT 1 FROM cases_icicourse k WHERE k.patient_id = {patient} AND k.drugs && given)
                OR EXISTS (SELECT 1 FROM cases_irae e WHERE e.patient_id = {patient} AND e.entity = ANY (happened)))"""


# Those of all patients, each list by its own index.
WHO_HAS = """SELECT k.patient_id AS id FROM cases_icicourse k WHERE k.drugs && given
                UNION SELECT e.patient_id FROM cases_irae e WHERE e.entity = ANY (happened)"""
# Whichever of several merged records the name stands in, the history is that of the one that was kept.
NAMED = f"""SELECT DISTINCT coalesce(p.merged_into_id, p.id) FROM cases_patientidentity i
                JOIN cases_patient p ON p.id = i.patient_id WHERE"""
# As a text it is planned with what is asked for, and so by an index where that is rare.
COUNTED = f"""'SELECT count(*) FROM (SELECT 1 FROM cases_icicourse k WHERE k.drugs && $1
                UNION ALL SELECT 1 FROM cases_irae e WHERE e.entity = ANY ($2) LIMIT {NEWEST}) n'"""

SEARCH = rf"""
CREATE FUNCTION rechallenge_search_together(names text, referred text, drugs text[], entities text[])
RETURNS TABLE (case_id bigint) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
-- One element of `drugs` and of `entities` a word, codes with commas between them: the patient has one of either.
DECLARE
    said text := btrim(regexp_replace(lower(names), '[[:space:],]+', ' ', 'g'));
    parts text[] := ARRAY(
        SELECT '%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%'
        FROM unnest(string_to_array(said, ' ')) w WHERE w <> '' ORDER BY length(w) DESC);
    boards bigint[] := rechallenge_boards_with_patients();
    ids bigint[];
    found bigint[];
    given varchar[];
    happened varchar[];
    first integer := 0;
    least integer;
    counted integer;
BEGIN
    PERFORM set_config('app.owner_reason', 'search', true);
    IF referred <> '' THEN
        ids := ARRAY(SELECT {KEPT} FROM cases_case c
            WHERE c.reference = referred AND c.board_id = ANY (boards) AND {ACCESS});
    ELSIF said ~ '[^ ]{{3}}' THEN
        ids := ARRAY({NAMED} {SEARCHABLE} LIKE parts[1] AND {SEARCHABLE} LIKE coalesce(parts[2], parts[1])
            AND {SEARCHABLE} LIKE ALL (parts));
    ELSIF said <> '' THEN
        -- A trigram index has nothing to say of shorter words: they are names or numbers as they stand.
        ids := ARRAY({NAMED} i.id IN (
            SELECT s.id FROM cases_patientidentity s WHERE lower(s.family_name) = said
            UNION SELECT s.id FROM cases_patientidentity s WHERE lower(s.given_name) = said
            UNION SELECT s.id FROM cases_patientidentity s
                WHERE upper(replace(s.hospital_number, ' ', '')) = upper(replace(said, ' ', ''))));
    ELSE
        FOR n IN 1 .. cardinality(drugs) LOOP
            EXECUTE {COUNTED} INTO counted
                USING string_to_array(drugs[n], ',')::varchar[], string_to_array(entities[n], ',')::varchar[];
            IF least IS NULL OR counted < least THEN
                first := n; least := counted;
            END IF;
        END LOOP;
        IF least >= {NEWEST} THEN
            found := ARRAY(SELECT n.id FROM cases_case n WHERE n.board_id = ANY (boards)
                           ORDER BY n.changed_at DESC, n.id DESC LIMIT {NEWEST});
            FOR n IN 1 .. cardinality(drugs) LOOP
                given := string_to_array(drugs[n], ','); happened := string_to_array(entities[n], ',');
                found := ARRAY(SELECT c.id FROM unnest(found) u(id) JOIN cases_case c ON c.id = u.id
                               WHERE {has(KEPT)} AND {ACCESS});
            END LOOP;
            IF cardinality(found) >= 50 THEN
                RETURN QUERY SELECT c.id FROM cases_case c WHERE c.id = ANY (found)
                    ORDER BY c.changed_at DESC, c.id DESC LIMIT 50;
                PERFORM set_config('app.owner_reason', '', true);
                RETURN;
            END IF;
        END IF;
        given := string_to_array(drugs[first], ','); happened := string_to_array(entities[first], ',');
        ids := ARRAY({WHO_HAS});
    END IF;
    IF referred <> '' AND said <> '' THEN
        ids := ARRAY({NAMED} (p.id = ANY (ids) OR p.merged_into_id = ANY (ids)) AND {SEARCHABLE} LIKE ALL (parts));
    END IF;
    FOR n IN 1 .. cardinality(drugs) LOOP
        CONTINUE WHEN n = first;
        given := string_to_array(drugs[n], ','); happened := string_to_array(entities[n], ',');
        IF cardinality(ids) <= {NEWEST} THEN
            ids := ARRAY(SELECT u.id FROM unnest(ids) u(id) WHERE {has("u.id")});
        ELSE
            ids := ARRAY(SELECT u.id FROM unnest(ids) u(id) WHERE u.id IN ({WHO_HAS}));
        END IF;
    END LOOP;
    IF referred <> '' THEN
        RETURN QUERY SELECT c.id FROM cases_case c
            WHERE c.reference = referred AND c.board_id = ANY (boards) AND {KEPT} = ANY (ids) AND {ACCESS};
    ELSIF cardinality(ids) > 0 THEN
        RETURN QUERY SELECT p.case_id FROM rechallenge_cases_of_people(
            ids, array_fill(0::real, ARRAY[cardinality(ids)]), 50) p;
    END IF;
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_search_together(text, text, text[], text[]) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_search_together(text, text, text[], text[]) TO {APP};
"""
UNDO = "DROP FUNCTION rechallenge_search_together(text, text, text[], text[]);"


class Migration(migrations.Migration):
    dependencies = [("cases", "0064_facts_of_causes"), ("meetings", "0014_search_by_stages")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL([SEARCH], [UNDO]),
    ]
