"""Until which day answers about organs hold, and from which ALT or AST a hepatitis rose.

The facts of cases that are there already follow at their next save, or all at once by `verify_case_facts --repair`.
"""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together

# What is written by processes that do not know the fact yet says that nothing is known of it.
MISSING = "ALTER TABLE cases_casefacts ALTER COLUMN alt_ast_baseline_x_uln_state SET DEFAULT 'missing'"

STATES = [
    ("known", "Known"),
    ("not_yet", "Not yet"),
    ("unknown", "Unknown"),
    ("not_applicable", "Not applicable"),
    ("missing", "Missing"),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0043_grades_have_their_version")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            migrations.AddField("casefacts", "answers_until", models.DateField(null=True)),
            migrations.AddField(
                "casefacts",
                "alt_ast_baseline_x_uln_low",
                models.DecimalField(decimal_places=2, max_digits=10, null=True),
            ),
            migrations.AddField(
                "casefacts",
                "alt_ast_baseline_x_uln_high",
                models.DecimalField(decimal_places=2, max_digits=10, null=True),
            ),
            migrations.AddField(
                "casefacts",
                "alt_ast_baseline_x_uln_state",
                models.CharField(choices=STATES, default="missing", max_length=16),
            ),
        ]),
        migrations.RunSQL(MISSING, migrations.RunSQL.noop),
    ]
