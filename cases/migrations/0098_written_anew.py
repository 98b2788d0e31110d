"""How far open cases were written anew once an age limit became longer."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT

STATES = [('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('cancelled', 'Stopped')]


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0097_asked_for_beside_facts'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='limitsweep',
            name='rewrite_state',
            field=models.CharField(blank=True, choices=STATES, db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='limitsweep',
            name='rewrite_board',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='limitsweep',
            name='rewrite_case',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='limitsweep',
            name='rewritten',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name='limitsweep',
            constraint=models.CheckConstraint(
                condition=models.Q(('rewrite_state__in', ['', 'waiting', 'running', 'done', 'cancelled'])),
                name='limit_sweep_rewrite_state_is_known',
            ),
        ),
    ]
