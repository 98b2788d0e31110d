"""A name with a slip beside a drug or an irAE: who is one slip away first, who only sounds so where nobody is.

As `0100` has it, which compared every name of the hospital by its trigrams even where one slip had told who was meant, and
read all patients, or all courses, where a few thousand were asked for.
"""

from importlib import import_module

from django.db import migrations

from accounts.samepatient import SHORT_WAIT

ALIKE = import_module("cases.migrations.0093_search_together_alike")
STAGES = ALIKE.STAGES
BEFORE = import_module("cases.migrations.0100_search_by_organ").SEARCH[1]
# Up to so many patients are looked up one by one: of more, all who were given the drug are read.
FEW = 20_000


def people(found: str) -> str:
    """Return the statements that take whoever `found` finds, under the record that was kept.

    Two, so that the second is planned with as many as there are: the planner takes so many spellings for everybody.
    """
    return f"""people := ARRAY(SELECT n.id FROM ({found}) n);
            people := ARRAY(SELECT DISTINCT coalesce(p.merged_into_id, p.id)
                FROM unnest(people) u(id) JOIN cases_patient p ON p.id = u.id);"""


# What is written otherwise, piece by piece.
CHANGES = (
    ("said = '' THEN 1 ELSE 2 END LOOP", "said = '' THEN 1 ELSE 3 END LOOP"),
    (
        "ELSIF round = 2 THEN",
        f"""ELSIF round = 2 THEN
            {people(STAGES.SLIPPED)}
        ELSIF round = 3 THEN""",
    ),
    (f"people := ARRAY({ALIKE.ALIKE});", people(STAGES.SOUNDING)),
    (f"cardinality(ids) <= {ALIKE.NEWEST}", f"cardinality(ids) <= {FEW}"),
    ("SELECT c.id, round = 2 FROM", "SELECT c.id, round > 1 FROM"),
    ("SELECT p.case_id, round = 2 FROM", "SELECT p.case_id, round > 1 FROM"),
    (
        "EXIT WHEN counted > 0;",
        """EXIT WHEN counted > 0;
        -- Who is one slip away was meant, if the searcher may see a case of theirs.
        EXIT WHEN round = 2 AND EXISTS (SELECT FROM rechallenge_cases_of_people(
            people, array_fill(0::real, ARRAY[cardinality(people)]), 1));""",
    ),
)


def changed(sql: str) -> str:
    """Return the statement with every change made; a piece that is not there once is an error."""
    for before, after in CHANGES:
        if sql.count(before) != 1:
            raise ValueError(f"Not once in the function: {before}")
        sql = sql.replace(before, after)
    return sql


SEARCH = changed(BEFORE)


class Migration(migrations.Migration):
    dependencies = [("cases", "0101_open_cases")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL([SEARCH], [BEFORE]),
    ]
