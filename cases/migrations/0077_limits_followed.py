"""Under which age limits the days of a row of facts stand, and how far rows follow new ones."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0073_facts_of_diseases'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='casefacts',
            name='limits_by',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='surgery_until',
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name='LimitSweep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('cancelled', 'Stopped')], default='waiting', max_length=10)),
                ('changes', models.JSONField(default=dict)),
                ('last_pk', models.BigIntegerField(default=0)),
                ('done_rows', models.PositiveIntegerField(default=0)),
                ('total_rows', models.PositiveIntegerField(null=True)),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='limit_sweep', to='cases.readinessversion')),
            ],
            options={
                'verbose_name': 'age limits followed by the cases',
                'verbose_name_plural': 'age limits followed by the cases',
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'cancelled'])), name='limit_sweep_state_is_known')],
            },
        ),
    ]
