"""The day of the last ICI dose, and those on which ECOG, PD-L1 and NLR are from, among the facts of a case.

The facts of cases that are there already follow at their next save, or all at once by `verify_case_facts --repair`.
"""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together

KEYS = ("last_ici_dose_on", "ecog_on", "pdl1_recent_on", "nlr_on")
# What is written by processes that do not know the facts yet says that nothing is known of them.
MISSING = "ALTER TABLE cases_casefacts ALTER COLUMN {key}_state SET DEFAULT 'missing'"

STATES = [
    ("known", "Known"),
    ("not_yet", "Not yet"),
    ("unknown", "Unknown"),
    ("not_applicable", "Not applicable"),
    ("missing", "Missing"),
]


def day():
    return models.DateField(null=True)


def state():
    return models.CharField(choices=STATES, default="missing", max_length=16)


class Migration(migrations.Migration):
    dependencies = [("cases", "0049_lists_by_index")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            migrations.AddField("casefacts", name, field)
            for key in KEYS
            for name, field in (
                (f"{key}_low", day()), (f"{key}_high", day()), (f"{key}_state", state()),
            )
        ]),
        *(migrations.RunSQL(MISSING.format(key=key), migrations.RunSQL.noop) for key in KEYS),
    ]
