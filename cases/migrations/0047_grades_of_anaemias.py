"""The grades of haemolytic and of aplastic anaemia among the facts of a case.

The facts of cases that are there already follow at their next save, or all at once by `verify_case_facts --repair`.
"""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together

KEYS = ("haemolysis_worst_grade", "aplastic_anaemia_worst_grade")
# What is written by processes that do not know the facts yet says that nothing is known of them.
MISSING = "ALTER TABLE cases_casefacts ALTER COLUMN {key}_state SET DEFAULT 'missing'"

STATES = [
    ("known", "Known"),
    ("not_yet", "Not yet"),
    ("unknown", "Unknown"),
    ("not_applicable", "Not applicable"),
    ("missing", "Missing"),
]


def number():
    return models.DecimalField(decimal_places=2, max_digits=10, null=True)


def state():
    return models.CharField(choices=STATES, default="missing", max_length=16)


class Migration(migrations.Migration):
    dependencies = [("cases", "0046_grades_of_now_grow_old")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            migrations.AddField("casefacts", name, field)
            for key in KEYS
            for name, field in (
                (f"{key}_low", number()), (f"{key}_high", number()), (f"{key}_state", state()),
            )
        ]),
        *(migrations.RunSQL(MISSING.format(key=key), migrations.RunSQL.noop) for key in KEYS),
    ]
