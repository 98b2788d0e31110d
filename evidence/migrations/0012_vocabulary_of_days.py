"""New versions of statements are written in the vocabulary with days, "known" and "always"."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0011_no_guidance_from_the_uninterpretable'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='statementversion',
            name='vocabulary_version',
            field=models.PositiveSmallIntegerField(default=8),
        ),
        migrations.AlterField(
            model_name='statementversionevent',
            name='vocabulary_version',
            field=models.PositiveSmallIntegerField(default=8),
        ),
    ]
