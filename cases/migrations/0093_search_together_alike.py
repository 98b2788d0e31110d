"""A name with a slip is found beside a drug, an irAE or a reference too, where nobody is written as it was typed.

As `0067`, with the ways in which the name may have been meant; those are looked up as in a search for a name alone.
"""

from importlib import import_module

from django.db import migrations

from accounts.rowsecurity import APP, WORKER
from accounts.samepatient import SHORT_WAIT

BEFORE = import_module("cases.migrations.0067_search_together")
STAGES = import_module("meetings.migrations.0014_search_by_stages")
SEARCHABLE, KEPT, ACCESS, NEWEST = BEFORE.SEARCHABLE, BEFORE.KEPT, BEFORE.ACCESS, BEFORE.NEWEST
NAMED, COUNTED, WHO_HAS, has = BEFORE.NAMED, BEFORE.COUNTED, BEFORE.WHO_HAS, BEFORE.has

ALIKE = f"""SELECT DISTINCT coalesce(p.merged_into_id, p.id)
                FROM ({STAGES.SLIPPED} UNION ALL {STAGES.SOUNDING}) n JOIN cases_patient p ON p.id = n.id"""

SEARCH = rf"""
CREATE FUNCTION rechallenge_search_together(names text, referred text, drugs text[], entities text[],
    spelt text[] DEFAULT NULL, one text[] DEFAULT '{{}}', other text[] DEFAULT '{{}}')
RETURNS TABLE (case_id bigint, alike boolean) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
-- One element of `drugs` and of `entities` a word, codes with commas between them: the patient has one of either.
DECLARE
    said text := btrim(regexp_replace(lower(names), '[[:space:],]+', ' ', 'g'));
    numbers text[] := ARRAY(SELECT upper(s) FROM unnest(spelt) s);
    parts text[] := ARRAY(
        SELECT '%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%'
        FROM unnest(string_to_array(said, ' ')) w WHERE w <> '' ORDER BY length(w) DESC);
    boards bigint[] := rechallenge_boards_with_patients();
    ids bigint[];
    people bigint[];
    found bigint[];
    given varchar[];
    happened varchar[];
    first integer := 0;
    least integer;
    counted integer;
BEGIN
    PERFORM set_config('app.owner_reason', 'search', true);
    IF said = '' AND referred = '' THEN
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
                RETURN QUERY SELECT c.id, false FROM cases_case c WHERE c.id = ANY (found)
                    ORDER BY c.changed_at DESC, c.id DESC LIMIT 50;
                PERFORM set_config('app.owner_reason', '', true);
                RETURN;
            END IF;
        END IF;
    END IF;
    -- As it is written first. As it may be meant only where that finds no case.
    FOR round IN 1 .. CASE WHEN spelt IS NULL OR said = '' THEN 1 ELSE 2 END LOOP
        IF said = '' THEN
            NULL;
        ELSIF round = 2 THEN
            PERFORM set_config('pg_trgm.strict_word_similarity_threshold', '0.45', true);
            people := ARRAY({ALIKE});
        ELSIF referred <> '' THEN
            NULL;
        ELSIF said ~ '[^ ]{{3}}' THEN
            people := ARRAY({NAMED} {SEARCHABLE} LIKE parts[1] AND {SEARCHABLE} LIKE coalesce(parts[2], parts[1])
                AND {SEARCHABLE} LIKE ALL (parts));
        ELSE
            -- A trigram index has nothing to say of shorter words: they are names or numbers as they stand.
            people := ARRAY({NAMED} i.id IN (
                SELECT s.id FROM cases_patientidentity s WHERE lower(s.family_name) = said
                UNION SELECT s.id FROM cases_patientidentity s WHERE lower(s.given_name) = said
                UNION SELECT s.id FROM cases_patientidentity s
                    WHERE upper(replace(s.hospital_number, ' ', '')) = upper(replace(said, ' ', ''))));
        END IF;
        IF referred <> '' THEN
            ids := ARRAY(SELECT {KEPT} FROM cases_case c
                WHERE c.reference = referred AND c.board_id = ANY (boards) AND {ACCESS});
            IF said <> '' AND round = 1 THEN
                ids := ARRAY({NAMED} (p.id = ANY (ids) OR p.merged_into_id = ANY (ids))
                    AND {SEARCHABLE} LIKE ALL (parts));
            ELSIF said <> '' THEN
                ids := ARRAY(SELECT unnest(ids) INTERSECT SELECT unnest(people));
            END IF;
        ELSIF said <> '' THEN
            ids := people;
        ELSE
            given := string_to_array(drugs[first], ','); happened := string_to_array(entities[first], ',');
            ids := ARRAY({WHO_HAS});
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
        counted := 0;
        IF referred <> '' THEN
            RETURN QUERY SELECT c.id, round = 2 FROM cases_case c
                WHERE c.reference = referred AND c.board_id = ANY (boards) AND {KEPT} = ANY (ids) AND {ACCESS};
            GET DIAGNOSTICS counted = ROW_COUNT;
        ELSIF cardinality(ids) > 0 THEN
            RETURN QUERY SELECT p.case_id, round = 2 FROM rechallenge_cases_of_people(
                ids, array_fill(0::real, ARRAY[cardinality(ids)]), 50) p;
            GET DIAGNOSTICS counted = ROW_COUNT;
        END IF;
        EXIT WHEN counted > 0;
    END LOOP;
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION
    rechallenge_search_together(text, text, text[], text[], text[], text[], text[]) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION
    rechallenge_search_together(text, text, text[], text[], text[], text[], text[]) TO {APP};
"""
UNDO = (
    "DROP FUNCTION rechallenge_search_together(text, text, text[], text[], text[], text[], text[]);"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0092_doubts_of_files"), ("meetings", "0014_search_by_stages")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL([BEFORE.UNDO, SEARCH], [UNDO, BEFORE.SEARCH]),
    ]
