"""A patient is found, and offered as the one that is typed in, with the accents of the name or without them.

As `0085`, `0100` and `0114`, with both sides of every comparison of names folded; who is written so to the letter comes
first. The words of events and agents outside the lists are folded too, and their indexes built anew for it.
"""

from importlib import import_module

from django.db import migrations

ALIKE = import_module("cases.migrations.0085_alike_one_off").ALIKE
BEGUN = import_module("cases.migrations.0113_texts_by_their_words").BEGUN.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
# What the search for one kind does, and the one for several.
ONE_KIND = import_module("cases.migrations.0100_search_by_organ").SEARCH[0]
TOGETHER = import_module("cases.migrations.0114_search_of_typed_texts").SEARCH
OLD_INDEXES = {
    name: f"ON cases_patientidentity (({by}) text_pattern_ops)"
    for name, by in import_module("cases.migrations.0038_search_indexes").EXPRESSIONS.items()
    if name != "identity_number"
} | {
    "patient_search": "ON cases_patientidentity USING gin"
    " (rechallenge_searchable(family_name, given_name, hospital_number) gin_trgm_ops)"
}
OF_TEXTS = ("irae_unlisted_words", "case_proposed_words")

SEARCHABLE = "rechallenge_searchable(i.family_name, i.given_name, i.hospital_number)"
SAID = "said text := btrim(regexp_replace(lower({}), '[[:space:],]+', ' ', 'g'));"


def short(text):
    """Return the expression for a folded text in which "ue" is written as "u"."""
    return f"replace(replace(replace({text}, 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"


def long(text):
    """Return the expression for a text, folded, in which "ü" is written as "ue"."""
    for one, two in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa")):
        text = f"replace({text}, '{one}', '{two}')"
    return f"rechallenge_folded({text})"


def changed(sql, *changes):
    """Return the statement with every change made; a piece that is not there so often is an error."""
    for before, after, times in changes:
        if sql.count(before) != times:
            raise ValueError(f"{sql.count(before)} times and not {times} in the function: {before}")
        sql = sql.replace(before, after)
    return sql


def said(words):
    """Return what is typed, as it stands and folded."""
    return f"""typed text := {SAID.format(words).partition(" := ")[2]}
    said text := rechallenge_folded(typed);"""


SEARCH_ONE_KIND = changed(
    ONE_KIND,
    (
        SAID.format("words"),
        f"""{said("words")}
    otherwise text[] := array_remove(ARRAY[{short("said")}, {long("typed")}], said);""",
        1,
    ),
    (
        "CASE WHEN lower(i.family_name) = said THEN 0 ELSE 1 END",
        "CASE WHEN lower(i.family_name) = typed THEN 0 WHEN rechallenge_folded(i.family_name) = said THEN 0.5 ELSE 1 END",
        1,
    ),
    (
        """
            UNION ALL
            SELECT i.patient_id, 1 FROM cases_patientidentity i
            WHERE begins AND lower(i.given_name)""",
        """
            UNION ALL
            SELECT i.patient_id, 1 FROM cases_patientidentity i WHERE rechallenge_folded(i.family_name) = ANY (otherwise)
            UNION ALL
            SELECT i.patient_id, 1 FROM cases_patientidentity i WHERE rechallenge_folded(i.given_name) = ANY (otherwise)
            UNION ALL
            SELECT i.patient_id, 1 FROM cases_patientidentity i
            WHERE begins AND lower(i.given_name)""",
        1,
    ),
    (SEARCHABLE, f"rechallenge_folded({SEARCHABLE})", 5),
    ("lower(i.family_name) ~", "rechallenge_folded(i.family_name) ~", 2),
    ("lower(i.given_name) ~", "rechallenge_folded(i.given_name) ~", 2),
    ("lower(i.family_name) = ANY", "rechallenge_folded(i.family_name) = ANY", 3),
    ("lower(i.given_name) = ANY", "rechallenge_folded(i.given_name) = ANY", 3),
)
SEARCH_TOGETHER = changed(
    TOGETHER,
    (SAID.format("names"), said("names"), 1),
    (SEARCHABLE, f"rechallenge_folded({SEARCHABLE})", 6),
    ("lower(i.family_name) = ANY", "rechallenge_folded(i.family_name) = ANY", 3),
    ("lower(i.given_name) = ANY", "rechallenge_folded(i.given_name) = ANY", 3),
    ("lower(s.family_name) = said", "rechallenge_folded(s.family_name) = said", 1),
    ("lower(s.given_name) = said", "rechallenge_folded(s.given_name) = said", 1),
    ("upper(replace(said, ' ', ''))", "upper(replace(typed, ' ', ''))", 1),
)

NAME = "lower(i.family_name || ' ' || i.given_name)"
PLAIN = "rechallenge_folded(i.family_name || ' ' || i.given_name)"
# The same name in two letters and in one is compared in one; as folded otherwise, so that nothing is less alike for it.
NEAR = f"greatest(similarity({PLAIN}, typed), similarity({short(PLAIN)}, {short('typed')}))"
WORD_NEAR = (
    f"greatest(word_similarity(rechallenge_folded(btrim(family)), {PLAIN}),"
    f" word_similarity({short('rechallenge_folded(btrim(family))')}, {short(PLAIN)}))"
)
WHOLE = "lower(btrim(family) || ', ' || btrim(given) || ' ')"
ESCAPED = (
    r"replace(replace(replace({}, '\', '\\'), '%', '\%'), '_', '\_')"
)
BY_BEGINNING = f"""SELECT i.patient_id, 4 FROM cases_patientidentity i
            WHERE named AND (born IS NULL OR i.birth_date IS NULL)
              AND {SEARCHABLE} LIKE begins || '%'"""
SEARCH_ALIKE = changed(
    ALIKE,
    (
        "typed text := lower(btrim(family) || ' ' || btrim(given));",
        "typed text := rechallenge_folded(btrim(family) || ' ' || btrim(given));",
        1,
    ),
    (
        f"""begins text := replace(replace(replace(
        {WHOLE}, '\\', '\\\\'), '%', '\\%'), '_', '\\_');""",
        f"""begins text[] := ARRAY(SELECT DISTINCT {ESCAPED.format("n")} || '%' FROM unnest(ARRAY[
        rechallenge_folded({WHOLE}), {short(f"rechallenge_folded({WHOLE})")}, {long(f"normalize({WHOLE}, NFC)")}]) n);""",
        1,
    ),
    (f"similarity({NAME}, typed)", NEAR, 2),
    (f"word_similarity(lower(btrim(family)), {NAME})", WORD_NEAR, 1),
    (
        "left(lower(i.given_name), 1) = left(lower(btrim(given)), 1)",
        "left(rechallenge_folded(i.given_name), 1) = left(rechallenge_folded(btrim(given)), 1)",
        1,
    ),
    # Each by the index: as an array it would be read row by row.
    (
        BY_BEGINNING,
        "\n            UNION ALL\n            ".join(
            BY_BEGINNING.replace(SEARCHABLE, f"rechallenge_folded({SEARCHABLE})").replace(
                "begins || '%'", f"begins[{n}]"
            )
            for n in (1, 2, 3)
        ),
        1,
    ),
)
SEARCH_BEGUN = changed(BEGUN, ("lower(said)", "public.rechallenge_folded(said)", 1))


class Migration(migrations.Migration):
    # Indexes are built and dropped while the tables are in use; no table is altered.
    atomic = False
    dependencies = [("cases", "0120_names_without_accents")]
    operations = [
        *(
            migrations.RunSQL([after], [before])
            for before, after in (
                (ONE_KIND, SEARCH_ONE_KIND),
                (TOGETHER, SEARCH_TOGETHER),
                (ALIKE, SEARCH_ALIKE),
            )
        ),
        # Undone in the other order: built anew once the function is as it was.
        *(
            migrations.RunSQL(migrations.RunSQL.noop, [f"REINDEX INDEX CONCURRENTLY {name}"])
            for name in OF_TEXTS
        ),
        migrations.RunSQL([SEARCH_BEGUN], [BEGUN]),
        *(
            migrations.RunSQL([f"REINDEX INDEX CONCURRENTLY {name}"], migrations.RunSQL.noop)
            for name in OF_TEXTS
        ),
        *(
            migrations.RunSQL(
                [f"DROP INDEX CONCURRENTLY IF EXISTS {name}"],
                [f"CREATE INDEX CONCURRENTLY {name} {by}"],
            )
            for name, by in OLD_INDEXES.items()
        ),
    ]
