"""Nobody grows older after their death, in what is counted over cases of other boards as well."""

from importlib import import_module

from django.db import migrations

from accounts.samepatient import SHORT_WAIT

BEFORE = import_module("evidence.migrations.0025_answers_of_today").COUNTS
OLDER = """
            extract(year FROM age($1, i.birth_date)) AS carried_age_low,
            extract(year FROM age($1, i.birth_date)) AS carried_age_high"""
# As in `cases.carrying`: a day that is not there counts for nothing in the least of two.
UNTIL_DEATH = """
            CASE WHEN i.died_precision IS NOT NULL AND i.died_earliest IS NULL THEN 0
                 ELSE greatest(0, extract(year FROM age(least($1, i.died_earliest), i.birth_date)))
                 END AS carried_age_low,
            greatest(0, extract(year FROM age(least($1, i.died_latest), i.birth_date))) AS carried_age_high"""
assert OLDER in BEFORE
COUNTS = BEFORE.replace(OLDER, UNTIL_DEATH, 1)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0030_open_cases_of_counts"), ("cases", "0024_identity")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTS, BEFORE),
    ]
