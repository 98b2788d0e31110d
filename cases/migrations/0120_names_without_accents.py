"""Names are found by an index of how they are written without their accents.

Built beside the indexes of the names as they stand, which are dropped once no function asks for them (`0121`).
"""

from django.db import migrations

# As `cases.folding.folded`. Its statement is parsed here and now, so that no search path is asked when it runs, and it
# can stand within the statements that call it.
FOLDED = r"""
CREATE OR REPLACE FUNCTION rechallenge_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(replace(replace(replace(translate(
    lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]', '', 'g')),
    'øØłŁđĐðÐħĦŧŦıςẞÆŒÞ‘’ʼ´`‐–', 'oollddddhhttiσßæœþ''''''''''--'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
"""
SEARCHABLE = "rechallenge_searchable(family_name, given_name, hospital_number)"
INDEXES = {
    "identity_family_plain": "((rechallenge_folded(family_name)) text_pattern_ops)",
    "identity_given_plain": "((rechallenge_folded(given_name)) text_pattern_ops)",
    "patient_search_plain": f"USING gin ((rechallenge_folded({SEARCHABLE})) gin_trgm_ops)",
}


class Migration(migrations.Migration):
    # Indexes are built while the table is in use.
    atomic = False
    dependencies = [("cases", "0119_where_cases_are_open")]
    operations = [
        migrations.RunSQL([FOLDED], ["DROP FUNCTION rechallenge_folded(text)"]),
        *(
            migrations.RunSQL(
                # What a run that was broken off left behind is built anew.
                [
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY {name} ON cases_patientidentity {by}",
                ],
                [f"DROP INDEX CONCURRENTLY IF EXISTS {name}"],
            )
            for name, by in INDEXES.items()
        ),
    ]
