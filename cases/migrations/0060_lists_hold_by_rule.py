"""Until which day a complete list of steroids, or of second-line agents, counts: kept with the facts.

How long that is stands in the rules of readiness. The next migration works the days out for the cases that are there.
"""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):
    dependencies = [("cases", "0059_tasks_by_owner_and_fact")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            migrations.AddField("casefacts", "steroids_until", models.DateField(null=True)),
            migrations.AddField("casefacts", "second_line_until", models.DateField(null=True)),
        ]),
    ]
