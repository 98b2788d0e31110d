"""Until which day the grades of now hold, and why a number is less certain than it was entered.

The facts of cases that are there already follow at their next save, or all at once by `verify_case_facts --repair`.
"""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):
    dependencies = [("cases", "0045_rise_of_a_week")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            migrations.AddField("casefacts", "grades_until", models.DateField(null=True)),
            migrations.AddField("casefacts", "widened", models.JSONField(null=True)),
        ]),
    ]
