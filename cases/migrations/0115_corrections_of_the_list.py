"""Corrections of what two people answer for in an ICI of the list: what was proposed stays, and so does how it ended."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import Freeze
from accounts.samepatient import SHORT_WAIT

PROPOSED = ("drug_id", "before", "after", "source", "proposed_by_id", "proposed_at")
SAME = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in PROPOSED)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0114_search_of_typed_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='DrugCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second curator'), ('made', 'Made'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=10)),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('source', models.CharField(max_length=200)),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drug', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.listeddrug')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('drug',), name='one_correction_waits'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'made', 'withdrawn'])), name='correction_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='correction_is_decided_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'made'), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='correction_has_a_second_curator'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='correction_has_a_source')],
            },
        ),
        Freeze("cases_drugcorrection", allow=f"OLD.state = 'waiting' AND {SAME}"),
    ]
