"""New versions of statements are written in the vocabulary with the baseline of a hepatitis."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0006_vocabulary_of_organs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='statementversion',
            name='vocabulary_version',
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AlterField(
            model_name='statementversionevent',
            name='vocabulary_version',
            field=models.PositiveSmallIntegerField(default=5),
        ),
    ]
