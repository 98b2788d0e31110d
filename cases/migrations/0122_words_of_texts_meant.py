"""What the words of a search may mean among the typed texts is worked out once, by one look-up for each slip of a word.

A list of thousands of slips held against a text cost a millisecond a text, and the planner read all texts so: asked for one
by one, each is looked up in the index. Whoever searches learns only of what may stand in texts that they may read.
"""

from django.db import migrations

from accounts.rowsecurity import APP, IN_FORCE, WORKER

# Words of so many signs are forgiven a slip; of a name no more words are asked for than `cases.searching.MOST_WORDS`.
SHORTEST, LONGEST, MOST_WORDS = 5, 20, 8
# A beginning that so many texts have tells of nobody: it is handed out without asking whose they are.
COMMON = 500

# As `cases.spelling.slips`, without the signs that stand between words.
SLIPS = """
CREATE FUNCTION rechallenge_slips(word text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT word
    UNION SELECT left(word, n) || s || substr(word, n + skipped)
    FROM generate_series(0, length(word)) n, generate_series(1, 2) skipped,
         regexp_split_to_table('abcdefghijklmnopqrstuvwxyz', '') s
    UNION SELECT left(word, n) || substr(word, n + 2) FROM generate_series(0, length(word) - 1) n
    UNION SELECT left(word, n) || substr(word, n + 2, 1) || substr(word, n + 1, 1) || substr(word, n + 3)
    FROM generate_series(0, length(word) - 2) n
$$;
"""
EVENT = "e.entity = 'autoimmune_other' AND rechallenge_begun(e.entity_text) && ARRAY[w.way]"
AGENT = "t.proposed_text <> '' AND rechallenge_begun(t.proposed_text) && ARRAY[w.way]"
# An event is kept with the record that stays when two are merged, and may be read through the case of either.
MEANT = f"""
CREATE FUNCTION rechallenge_words_meant(words text[]) RETURNS TABLE (place bigint, meant text)
LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan
    SET enable_seqscan = off SET enable_indexscan = off SET jit = off AS $$
-- One element of `words` a word, the ways in which it is folded with commas between them.
DECLARE
    boards bigint[] := rechallenge_boards_with_patients();
    ways text[];
BEGIN
    PERFORM set_config('app.owner_reason', 'search', true);
    FOR n IN 1 .. least(cardinality(words), {MOST_WORDS}) LOOP
        ways := ARRAY(
            SELECT DISTINCT '~' || s.way
            FROM (SELECT p.part FROM unnest(string_to_array(words[n], ',')) p(part) LIMIT 3) p
            CROSS JOIN LATERAL (
                SELECT p.part AS way WHERE length(p.part) NOT BETWEEN {SHORTEST} AND {LONGEST}
                UNION ALL
                SELECT rechallenge_slips(p.part) WHERE length(p.part) BETWEEN {SHORTEST} AND {LONGEST}) s);
        -- Those that stand anywhere: few.
        ways := ARRAY(SELECT w.way FROM unnest(ways) w(way)
            WHERE (SELECT true FROM cases_irae e WHERE {EVENT} LIMIT 1)
               OR (SELECT true FROM cases_case t WHERE {AGENT} LIMIT 1));
        RETURN QUERY SELECT n::bigint, w.way FROM unnest(ways) w(way)
        WHERE EXISTS (
            SELECT 1 FROM (SELECT e.patient_id FROM cases_irae e WHERE {EVENT} LIMIT {COMMON}) f
            WHERE EXISTS (SELECT 1 FROM cases_patientaccess a WHERE a.patient_id IN (
                SELECT f.patient_id UNION ALL SELECT m.id FROM cases_patient m WHERE m.merged_into_id = f.patient_id)
                AND {IN_FORCE}))
        OR {COMMON} <= (SELECT count(*) FROM (SELECT 1 FROM cases_irae e WHERE {EVENT} LIMIT {COMMON}) f)
        OR EXISTS (SELECT 1 FROM cases_case t WHERE {AGENT} AND t.board_id = ANY (boards))
        ORDER BY w.way;
    END LOOP;
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_words_meant(text[]) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_words_meant(text[]) TO {APP};
"""
# What was written since the last vacuum stands beside an index and would be read anew for each slip.
INDEXES = "irae_unlisted_words", "case_proposed_words"


class Migration(migrations.Migration):
    # An index is altered, and what stands beside it is put in, while its table is in use.
    atomic = False
    dependencies = [("cases", "0121_found_without_accents")]
    operations = [
        *(
            operation
            for name in INDEXES
            for operation in (
                migrations.RunSQL(
                    [f"ALTER INDEX {name} SET (fastupdate = off)"],
                    [f"ALTER INDEX {name} RESET (fastupdate)"],
                ),
                migrations.RunSQL(
                    [f"SELECT gin_clean_pending_list('{name}')"], migrations.RunSQL.noop
                ),
            )
        ),
        migrations.RunSQL([SLIPS, MEANT], [
            "DROP FUNCTION rechallenge_words_meant(text[])",
            "DROP FUNCTION rechallenge_slips(text)",
        ]),
    ]
