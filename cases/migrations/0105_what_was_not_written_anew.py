"""Which cases could not be written anew under longer age limits, and which boards wait for somebody who may edit."""

import django.contrib.postgres.fields
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0104_doses_to_two_decimals'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='limitsweep',
            name='failed_cases',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name='limitsweep',
            name='boards_left',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
    ]
