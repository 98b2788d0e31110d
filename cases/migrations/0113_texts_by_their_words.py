"""What the beginnings of the words of a typed text are, and the functions that look for people read events and cases by it.

Under a policy the planner puts no condition to an index before the policy's own (`0039`): the owner's is settled before.
"""

from django.db import migrations

from accounts.rowsecurity import OWNER
from accounts.samepatient import SHORT_WAIT

# As `cases.searching.begun`: with a sign before each, by which a beginning is told from a code of the lists.
BEGUN = r"""
CREATE FUNCTION rechallenge_begun(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT '~' || left(w, n)), '{}')
    FROM regexp_split_to_table(lower(said), '[\s!-/:-@[-`{-~\u2010-\u201f]+') w,
         generate_series(least(3, length(w)), length(w)) n
    WHERE w <> ''
$$;
"""
TABLES = ("cases_irae", "cases_case")
LOOKING = [
    f"CREATE POLICY owner_looks_for_people ON {table} FOR SELECT TO {OWNER}"
    " USING (rechallenge_looking_for_people())"
    for table in TABLES
]
LOOKING_UNDO = [f"DROP POLICY owner_looks_for_people ON {table}" for table in TABLES]


class Migration(migrations.Migration):
    dependencies = [("cases", "0111_over_and_before_as_the_history_tells")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL([BEGUN], ["DROP FUNCTION rechallenge_begun(text)"]),
        migrations.RunSQL(LOOKING, LOOKING_UNDO),
    ]
