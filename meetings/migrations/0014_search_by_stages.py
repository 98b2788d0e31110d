"""A search looks as far as it must: what is written so, then what holds the words, and of a drug the newest cases first.

A name that thousands share, and a drug that nobody or everybody was given, cost as little as others. Who is found is
put together with the cases of the searcher's own boards in one place, with the counts known before it is planned.
"""

from importlib import import_module

from django.db import migrations

from accounts.rowsecurity import APP, IN_FORCE, OWNER, WORKER
from accounts.samepatient import SHORT_WAIT

BEFORE = import_module("meetings.migrations.0013_search_of_alike")
SEARCHABLE, NUMBER = BEFORE.SEARCHABLE, BEFORE.NUMBER
KEPT = BEFORE.BEFORE.KEPT
ACCESS = f"EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id = c.patient_id AND {IN_FORCE})"

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
            WHERE begins AND numbered <> '' AND {NUMBER} ~>=~ numbered AND {NUMBER} ~<~ (numbered || last)"""
HELD = f"""
            SELECT i.patient_id AS id, 2::real AS place FROM cases_patientidentity i
            WHERE {SEARCHABLE} LIKE parts[1] AND {SEARCHABLE} LIKE coalesce(parts[2], parts[1])
              AND {SEARCHABLE} LIKE ALL (parts)"""

# Names and numbers that are one slip away are listed by who calls (`cases.spelling`); names are compared by
# their trigrams besides, numbers are not: those of one year are all alike.
SLIPPED = f"""
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
            WHERE lower(i.family_name) = ANY (other) AND lower(i.given_name) = ANY (one)"""
SOUNDING = f"""
            SELECT i.patient_id AS id, 1 - strict_word_similarity(said, {SEARCHABLE}) AS place
            FROM cases_patientidentity i
            WHERE length(said) >= 4 AND said !~ '[0-9]' AND {SEARCHABLE} %>> said"""


def asked(people: str, most: int) -> str:
    """Return the statements that hand out the cases of whoever `people` finds, and say how many there are."""
    return f"""
        SELECT array_agg(n.id), array_agg(n.place) INTO ids, places FROM ({people}) n;
        RETURN QUERY SELECT p.case_id FROM rechallenge_cases_of_people(ids, places, {most}) p;
        GET DIAGNOSTICS handed = ROW_COUNT;"""


# Whichever of several merged records people are under. The lists are planned with as they are, since three people and
# three thousand are joined with the cases of a board in different ways.
OF_PEOPLE = f"""
CREATE FUNCTION rechallenge_cases_of_people(ids bigint[], places real[], most integer)
RETURNS TABLE (case_id bigint, place real) LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE boards bigint[] := rechallenge_boards_with_patients();
BEGIN
    RETURN QUERY WITH named AS NOT MATERIALIZED (
        SELECT n.id, n.place FROM unnest(ids, places) n(id, place)),
    merged AS NOT MATERIALIZED (
        SELECT p.id, p.merged_into_id AS kept FROM cases_patient p WHERE p.merged_into_id IS NOT NULL),
    records AS (
        SELECT n.id, n.place FROM named n
        UNION ALL
        SELECT m.kept, n.place FROM named n JOIN merged m ON m.id = n.id
        UNION ALL
        SELECT s.id, n.place FROM named n JOIN merged m ON m.id = n.id JOIN merged s ON s.kept = m.kept
        UNION ALL
        SELECT m.id, n.place FROM named n JOIN merged m ON m.kept = n.id)
    SELECT c.id, min(r.place) FROM records r JOIN cases_case c ON c.patient_id = r.id
    WHERE c.board_id = ANY (boards) AND {ACCESS}
    GROUP BY c.id, c.changed_at ORDER BY min(r.place), c.changed_at DESC, c.id DESC LIMIT most;
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_cases_of_people(bigint[], real[], integer) FROM {APP}, {WORKER}, PUBLIC;
"""
NEWEST = 2000


def up_to(rows: str) -> str:
    """Return the text of a query for how many rows there are, which stops at `NEWEST`.

    As a text it is planned with what is asked for, and so by an index where that is rare.
    """
    return f"'SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {NEWEST}) n'"  # noqa: S608


# As identities since `cases.0039`: an index of lists is read only where no policy stands before it.
LOOKING = f"""
CREATE POLICY owner_looks_for_people ON cases_icicourse FOR SELECT TO {OWNER}
    USING (rechallenge_looking_for_people());
"""
LOOKING_UNDO = "DROP POLICY owner_looks_for_people ON cases_icicourse;"

SEARCH = rf"""
CREATE OR REPLACE FUNCTION rechallenge_search_cases(words text, drugs text[], entities text[],
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
    last text := chr(1114111);
    given varchar[] := rechallenge_search_cases.drugs;
    boards bigint[] := rechallenge_boards_with_patients();
    ids bigint[];
    places real[];
    handed integer;
    of_drugs integer := 0;
    of_entities integer := 0;
BEGIN
    PERFORM set_config('app.owner_reason', 'search', true);
    RETURN QUERY SELECT c.id FROM cases_case c
        WHERE c.reference = upper(btrim(words)) AND c.board_id = ANY (boards) AND {ACCESS};
    IF spelt IS NULL THEN
        {asked(WRITTEN, 50)}
        -- A trigram index has nothing to say of shorter words.
        IF handed < 50 AND said ~ '[^ ]{{3}}' THEN
            {asked(HELD, 100)}
        END IF;
    ELSE
        {asked(SLIPPED, 20)}
        IF handed < 20 THEN
            PERFORM set_config('pg_trgm.strict_word_similarity_threshold', '0.45', true);
            {asked(SOUNDING, 40)}
        END IF;
    END IF;
    IF given <> '{{}}' OR entities <> '{{}}' THEN
        -- What many were given is found among the newest cases; what few were, by an index over all.
        IF given <> '{{}}' THEN
            EXECUTE {up_to("cases_icicourse k WHERE k.drugs && $1")} INTO of_drugs USING given;
        END IF;
        IF entities <> '{{}}' THEN
            EXECUTE {up_to("cases_irae e WHERE e.entity = ANY ($1)")} INTO of_entities USING entities;
        END IF;
        handed := 0;
        IF of_drugs + of_entities >= {NEWEST} THEN
            RETURN QUERY
            SELECT c.id FROM (SELECT n.* FROM cases_case n WHERE n.board_id = ANY (boards)
                              ORDER BY n.changed_at DESC, n.id DESC LIMIT {NEWEST}) c
            WHERE {ACCESS}
              AND ((given <> '{{}}' AND EXISTS (
                       SELECT 1 FROM cases_icicourse k WHERE k.patient_id = {KEPT} AND k.drugs && given))
                   OR (entities <> '{{}}' AND EXISTS (
                       SELECT 1 FROM cases_irae e WHERE e.patient_id = {KEPT} AND e.entity = ANY (entities))))
            ORDER BY c.changed_at DESC, c.id DESC LIMIT 50;
            GET DIAGNOSTICS handed = ROW_COUNT;
        END IF;
        IF handed < 50 THEN
            SELECT array_agg(n.id), array_agg(0::real) INTO ids, places FROM (
                SELECT k.patient_id AS id FROM cases_icicourse k WHERE k.drugs && given
                UNION
                SELECT e.patient_id FROM cases_irae e WHERE e.entity = ANY (entities)) n;
            RETURN QUERY SELECT p.case_id FROM rechallenge_cases_of_people(ids, places, 50) p;
        END IF;
    END IF;
    PERFORM set_config('app.owner_reason', '', true);
END $$;
{OF_PEOPLE}"""
UNDO = f"""
{BEFORE.SEARCH.replace("DROP FUNCTION rechallenge_search_cases(text, text[], text[]);", "")}
DROP FUNCTION rechallenge_cases_of_people(bigint[], real[], integer);
""".replace("CREATE FUNCTION rechallenge_search", "CREATE OR REPLACE FUNCTION rechallenge_search")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0013_search_of_alike"), ("cases", "0049_lists_by_index")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL([LOOKING], [LOOKING_UNDO]),
        migrations.RunSQL([SEARCH], [UNDO]),
    ]
