"""Whether ALT or AST stayed half or more above the baseline for a week, among the facts of a case.

The facts of cases that are there already follow at their next save, or all at once by `verify_case_facts --repair`.
"""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together

# What is written by processes that do not know the fact yet says that nothing is known of it.
MISSING = "ALTER TABLE cases_casefacts ALTER COLUMN alt_ast_rise_lasted_week_state SET DEFAULT 'missing'"

STATES = [
    ("known", "Known"),
    ("not_yet", "Not yet"),
    ("unknown", "Unknown"),
    ("not_applicable", "Not applicable"),
    ("missing", "Missing"),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0044_answers_until_and_baseline")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            migrations.AddField("casefacts", "alt_ast_rise_lasted_week", models.BooleanField(null=True)),
            migrations.AddField(
                "casefacts",
                "alt_ast_rise_lasted_week_state",
                models.CharField(choices=STATES, default="missing", max_length=16),
            ),
        ]),
        migrations.RunSQL(MISSING, migrations.RunSQL.noop),
    ]
