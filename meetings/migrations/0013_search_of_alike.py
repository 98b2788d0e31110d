"""A search finds what is written alike too; what is written exactly so comes first, then what begins so.

Dropped and made anew in one transaction, since it takes more than before; called as before it does as before.
"""

from importlib import import_module

from django.db import migrations

from accounts.rowsecurity import APP, IN_FORCE, WORKER

BEFORE = import_module("meetings.migrations.0012_search_of_merged")
SEARCHABLE = "rechallenge_searchable(i.family_name, i.given_name, i.hospital_number)"
NUMBER = "upper(replace(i.hospital_number, ' ', ''))"

# Each branch goes by an index of its own, whatever the planner knows of the parameters: beginnings are ranges.
WRITTEN = f"""
            SELECT i.patient_id AS id, 0::real AS place FROM cases_patientidentity i
            WHERE numbered <> '' AND {NUMBER} = numbered
            UNION ALL
            SELECT i.patient_id, 0 FROM cases_patientidentity i
            WHERE numbered <> '' AND i.national_number <> '' AND i.national_number = replace(numbered, '-', '')
            UNION ALL
            SELECT i.patient_id, CASE WHEN lower(i.family_name) = said THEN 0 ELSE 1 END FROM cases_patientidentity i
            WHERE begins AND lower(i.family_name) ~>=~ said AND lower(i.family_name) ~<~ (said || last)
            UNION ALL
            SELECT i.patient_id, 1 FROM cases_patientidentity i
            WHERE begins AND lower(i.given_name) ~>=~ said AND lower(i.given_name) ~<~ (said || last)
            UNION ALL
            SELECT i.patient_id, 1 FROM cases_patientidentity i
            WHERE begins AND numbered <> '' AND {NUMBER} ~>=~ numbered AND {NUMBER} ~<~ (numbered || last)
            UNION ALL
            SELECT i.patient_id, 2 FROM cases_patientidentity i
            WHERE holds AND {SEARCHABLE} LIKE parts[1] AND {SEARCHABLE} LIKE coalesce(parts[2], parts[1])
              AND {SEARCHABLE} LIKE ALL (parts)"""

# Names and numbers that are one slip away are listed by who calls (`cases.spelling`); names are compared by
# their trigrams besides, numbers are not: those of one year are all alike.
ALIKE = f"""
            SELECT i.patient_id AS id, 0::real AS place FROM cases_patientidentity i
            WHERE lower(i.family_name) = ANY (spelt)
            UNION ALL
            SELECT i.patient_id, 0 FROM cases_patientidentity i WHERE lower(i.given_name) = ANY (spelt)
            UNION ALL
            SELECT i.patient_id, 0 FROM cases_patientidentity i WHERE {NUMBER} = ANY (numbers)
            UNION ALL
            SELECT i.patient_id, 0 FROM cases_patientidentity i
            WHERE lower(i.family_name) = ANY (one) AND lower(i.given_name) = ANY (other)
            UNION ALL
            SELECT i.patient_id, 0 FROM cases_patientidentity i
            WHERE lower(i.family_name) = ANY (other) AND lower(i.given_name) = ANY (one)
            UNION ALL
            SELECT i.patient_id, 1 - strict_word_similarity(said, {SEARCHABLE}) FROM cases_patientidentity i
            WHERE length(said) >= 4 AND said !~ '[0-9]' AND {SEARCHABLE} %>> said"""


def cases_of(named, most):
    """Return the statement that hands out the cases of whoever `named` finds, whichever record they are under."""
    return f"""
        RETURN QUERY WITH named AS ({named}),
        kept AS (
            SELECT coalesce(p.merged_into_id, p.id) AS id, min(n.place) AS place
            FROM named n JOIN cases_patient p ON p.id = n.id GROUP BY 1),
        records AS (
            SELECT k.id, k.place FROM kept k
            UNION ALL
            SELECT r.id, k.place FROM kept k JOIN cases_patient r ON r.merged_into_id = k.id),
        hits AS (
            SELECT c.id, c.patient_id, c.changed_at, 0::real AS place FROM cases_case c
            WHERE c.reference = upper(btrim(words))
            UNION ALL
            SELECT c.id, c.patient_id, c.changed_at, r.place FROM records r JOIN cases_case c ON c.patient_id = r.id)
        SELECT h.id FROM hits h
        WHERE EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id = h.patient_id AND {IN_FORCE})
        GROUP BY h.id, h.changed_at ORDER BY min(h.place), h.changed_at DESC, h.id DESC LIMIT {most};"""


SEARCH = rf"""
DROP FUNCTION rechallenge_search_cases(text, text[], text[]);
CREATE FUNCTION rechallenge_search_cases(words text, drugs text[], entities text[],
    spelt text[] DEFAULT NULL, one text[] DEFAULT '{{}}', other text[] DEFAULT '{{}}')
RETURNS TABLE (case_id bigint) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    said text := btrim(regexp_replace(lower(words), '[[:space:],]+', ' ', 'g'));
    numbered text := upper(replace(btrim(words), ' ', ''));
    numbers text[] := ARRAY(SELECT upper(s) FROM unnest(spelt) s);
    -- The longest word first: by it the index narrows most.
    parts text[] := ARRAY(
        SELECT '%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%'
        FROM unnest(string_to_array(said, ' ')) w WHERE w <> '' ORDER BY length(w) DESC);
    begins boolean := length(said) >= 2;
    -- A trigram index has nothing to say of shorter words.
    holds boolean := said ~ '[^ ]{{3}}';
    last text := chr(1114111);
BEGIN
    PERFORM set_config('app.owner_reason', 'search', true);
    IF spelt IS NULL THEN
        {cases_of(WRITTEN, 50)}
    ELSE
        PERFORM set_config('pg_trgm.strict_word_similarity_threshold', '0.45', true);
        {cases_of(ALIKE, 20)}
    END IF;
    IF drugs <> '{{}}' OR entities <> '{{}}' THEN
        RETURN QUERY
        SELECT c.id FROM cases_case c
        WHERE EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id = c.patient_id AND {IN_FORCE})
          AND ((rechallenge_search_cases.drugs <> '{{}}' AND EXISTS (
                   SELECT 1 FROM cases_icicourse k WHERE k.patient_id = {BEFORE.KEPT}
                     AND k.drugs && rechallenge_search_cases.drugs::varchar[]))
               OR (entities <> '{{}}' AND EXISTS (
                   SELECT 1 FROM cases_irae e WHERE e.patient_id = {BEFORE.KEPT}
                     AND e.entity = ANY (entities))))
        ORDER BY c.changed_at DESC, c.id DESC LIMIT 50;
    END IF;
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_search_cases(text, text[], text[], text[], text[], text[])
    FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_search_cases(text, text[], text[], text[], text[], text[]) TO {APP};
"""
UNDO = f"""
DROP FUNCTION rechallenge_search_cases(text, text[], text[], text[], text[], text[]);
{BEFORE.SEARCH}
REVOKE EXECUTE ON FUNCTION rechallenge_search_cases(text, text[], text[]) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_search_cases(text, text[], text[]) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0012_search_of_merged"), ("cases", "0039_identities_by_index")]
    operations = [migrations.RunSQL([SEARCH], [UNDO])]
