"""An accent that stands alone, as in "O´Brien", is an apostrophe however it is typed: before it is decomposed.

As `0120`. All indexes that rest on the function are built anew; run again after a failure it goes on.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("cases.migrations.0120_names_without_accents").FOLDED
INDEXES = (
    *import_module("cases.migrations.0120_names_without_accents").INDEXES,
    # By `rechallenge_begun`.
    *import_module("cases.migrations.0121_found_without_accents").OF_TEXTS,
)
changed = import_module("cases.migrations.0121_found_without_accents").changed
# As `cases.folding.APOSTROPHES`.
APOSTROPHES = (
    r"\u2018\u2019\u201B\u2032\u02B9\u02BB\u02BC\u02BD\u02CA\u02CB\u0374\u0384\u00B4\u1FFD\u0060\u1FEF"
)
ONES = "''" * APOSTROPHES.count("u")
FOLDED = changed(
    BEFORE,
    ("normalize(said, NFKD)", f"normalize(translate(said, E'{APOSTROPHES}', '{ONES}'), NFKD)", 1),
    ("‘’ʼ´`‐–", "‐–", 1),
    ("þ" + "''" * 5 + "--", "þ--", 1),
)


def anew(name):
    """Return the statements that build an index anew, without what a run that was broken off left of it."""
    return [
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}_ccnew",
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}_ccold",
        f"REINDEX INDEX CONCURRENTLY {name}",
    ]


class Migration(migrations.Migration):
    # The indexes are built while the tables are in use; no table is altered.
    atomic = False
    dependencies = [("cases", "0127_that_nobody_knows_the_course_held")]
    operations = [
        # Undone in the other order: built anew once the function is as it was.
        *(migrations.RunSQL(migrations.RunSQL.noop, anew(name)) for name in INDEXES),
        migrations.RunSQL([FOLDED], [BEFORE]),
        *(migrations.RunSQL(anew(name), migrations.RunSQL.noop) for name in INDEXES),
    ]
