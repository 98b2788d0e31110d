"""Whether every organ was asked about: owed like any other fact until it was."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0031_no_return_no_grade'),
    ]

    operations = [
        migrations.AddField(
            model_name='casefacts',
            name='organs_asked',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='organs_asked_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
    ]
