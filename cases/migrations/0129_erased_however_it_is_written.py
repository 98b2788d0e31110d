"""What was typed of a patient is erased however it is written: without its accents, with "ue" for "ü", in either case.

As `0011`, with both sides of every comparison of names, numbers and words in all ways in which a name is found.
"""

from importlib import import_module

from django.db import migrations

from accounts.samepatient import SHORT_WAIT

FOUND = import_module("cases.migrations.0121_found_without_accents")
TYPED = import_module("cases.migrations.0011_erasure").TYPED
BEGIN, END = "CREATE FUNCTION begin_erasing_cases()", "CREATE TRIGGER begin_erasing_cases"
BEFORE = "CREATE OR REPLACE FUNCTION" + TYPED[TYPED.index(BEGIN) : TYPED.index(END)].removeprefix(
    "CREATE FUNCTION"
)
# As it stands, and as `cases.folding.foldings`. What is no word is no way to write anything.
WAYS = f"""
CREATE FUNCTION rechallenge_ways(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT rechallenge_words(w.way)), ARRAY[]::text[]) FROM unnest(ARRAY[
        said, rechallenge_folded(said), {FOUND.short("rechallenge_folded(said)")},
        {FOUND.long("normalize(lower(said), NFC)")}]) w(way)
    WHERE btrim(rechallenge_words(w.way)) <> ''
$$;
CREATE FUNCTION rechallenge_says(said text[], names text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM unnest(said) s(way), unnest(names) n(way) WHERE strpos(s.way, n.way) > 0)
$$;
"""
ERASING = FOUND.changed(
    BEFORE,
    (
        "family text; given text; numbers text[]; whole text;",
        "family text[]; given text[]; numbers text[]; whole text[];",
        1,
    ),
    (
        """rechallenge_words(i.family_name), rechallenge_words(i.given_name),
           ARRAY(SELECT rechallenge_words(n) FROM unnest(ARRAY[i.hospital_number, i.national_number]) n
                 WHERE btrim(rechallenge_words(n)) <> ''),
           rechallenge_words(concat_ws(""",
        """rechallenge_ways(i.family_name), rechallenge_ways(i.given_name),
           rechallenge_ways(i.hospital_number) || rechallenge_ways(i.national_number),
           rechallenge_ways(concat_ws(""",
        1,
    ),
    (
        "rechallenge_words(coalesce(string_agg(v #>> '{}', ' '), '')) AS words",
        """rechallenge_ways(coalesce(string_agg(v #>> '{}', ' '), '')) AS words,
                   rechallenge_words(coalesce(string_agg(v #>> '{}', ' '), '')) AS plain""",
        1,
    ),
    (
        "EXISTS (SELECT 1 FROM unnest(numbers) n WHERE strpos(said.words, n) > 0)",
        # A number has one way: "AE12" is not "A12", and a draft is work.
        """EXISTS (SELECT 1 FROM cases_patientidentity i, unnest(ARRAY[i.hospital_number, i.national_number]) n
                          WHERE i.patient_id = NEW.patient_id AND btrim(rechallenge_words(n)) <> ''
                            AND strpos(said.plain, rechallenge_words(n)) > 0)""",
        1,
    ),
    (
        """(btrim(family) <> '' AND strpos(said.words, family) > 0
                   AND strpos(said.words, given) > 0)""",
        "(rechallenge_says(said.words, family) AND rechallenge_says(said.words, given))",
        1,
    ),
    (
        """(strpos(whole, btrim(rechallenge_words(s.text))) > 0
               OR EXISTS (SELECT 1 FROM unnest(numbers || family || given) w
                          WHERE btrim(w) <> '' AND strpos(rechallenge_words(s.text), w) > 0))""",
        """(rechallenge_says(whole, ARRAY(SELECT btrim(w) FROM unnest(rechallenge_ways(s.text)) w))
               OR rechallenge_says(rechallenge_ways(s.text), numbers || family || given))""",
        1,
    ),
    (
        """EXISTS (SELECT 1 FROM unnest(numbers || family || given) w
                      WHERE btrim(w) <> ''
                        AND strpos(rechallenge_words(f.name || ' ' || f.query), w) > 0)""",
        "rechallenge_says(rechallenge_ways(f.name || ' ' || f.query), numbers || family || given)",
        1,
    ),
)


class Migration(migrations.Migration):
    # No table is altered: only what the function of an erasure does.
    dependencies = [("cases", "0128_accents_alone_are_apostrophes")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(
            [WAYS], ["DROP FUNCTION rechallenge_says(text[], text[]); DROP FUNCTION rechallenge_ways(text);"]
        ),
        migrations.RunSQL([ERASING], [BEFORE]),
    ]
