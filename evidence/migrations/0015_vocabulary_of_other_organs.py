"""The vocabulary has facts of blood, eye, joint, pancreas and vessels, and of the newest results."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0009_vocabulary_of_anaemias'),
    ]

    operations = [
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
