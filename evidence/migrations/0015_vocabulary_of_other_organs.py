"""The vocabulary has facts of blood, eye, joint, pancreas and vessels, and of the newest results."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0014_frozen_in_review'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='statementversion',
            name='vocabulary_version',
            field=models.PositiveSmallIntegerField(default=9),
        ),
        migrations.AlterField(
            model_name='statementversionevent',
            name='vocabulary_version',
            field=models.PositiveSmallIntegerField(default=9),
        ),
    ]
