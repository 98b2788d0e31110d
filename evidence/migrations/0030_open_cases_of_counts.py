"""A count says over how many open cases it began: whoever follows it counts none of them again."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):
    dependencies = [("evidence", "0029_vocabulary_of_replacement")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="reachcount",
            name="open_cases",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
