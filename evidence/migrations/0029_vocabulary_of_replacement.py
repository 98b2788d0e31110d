"""A version that is written from now on is read by the twelfth vocabulary."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0025_answers_of_today"),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="statementversion",
            name="vocabulary_version",
            field=models.PositiveSmallIntegerField(default=12),
        ),
        migrations.AlterField(
            model_name="statementversionevent",
            name="vocabulary_version",
            field=models.PositiveSmallIntegerField(default=12),
        ),
    ]
