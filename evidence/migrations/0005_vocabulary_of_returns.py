"""New versions of statements are written in the vocabulary with the grades of what came back."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0004_delivered_text'),
    ]

    operations = [
        migrations.AlterField(
            model_name='statementversion',
            name='vocabulary_version',
            field=models.PositiveSmallIntegerField(default=3),
        ),
        migrations.AlterField(
            model_name='statementversionevent',
            name='vocabulary_version',
            field=models.PositiveSmallIntegerField(default=3),
        ),
    ]
